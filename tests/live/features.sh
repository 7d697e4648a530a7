#!/bin/sh
# SPDX-License-Identifier: MIT
# features.sh -- `wherry features`: every member of features.md and
# features-linux.md of runtime-spec 1.3, of its kind, and true of this build.
. "${0%/*}/lib.sh"

w features
cp "$T/out" "$T/features"

# PATH KIND of each member; what is in a list counts as part of it.
members() {
	awk 'function kind(value) {
		if (value ~ /^\[/)
			return "list"
		return value ~ /^(true|false)/ ? "bool" : "string"
	}
	{
		match($0, /^[ \t]*/)
		depth = RLENGTH
		line = substr($0, depth + 1)
		if (!match(line, /^"[^"]*": */))
			next
		key = substr(line, 2, index(line, "\":") - 2)
		value = substr(line, RLENGTH + 1)
		while (n && at[n] >= depth)
			n--
		path = n ? name[n] "." key : key
		if (value ~ /^[{]/) {
			at[++n] = depth
			name[n] = path
		} else
			print path, kind(value)
	}' "$1"
}

members "$T/features" | sort >"$T/have"
sort >"$T/want" <<'END'
ociVersionMin string
ociVersionMax string
hooks list
mountOptions list
linux.namespaces list
linux.capabilities list
linux.cgroup.v1 bool
linux.cgroup.v2 bool
linux.cgroup.systemd bool
linux.cgroup.systemdUser bool
linux.cgroup.rdma bool
linux.seccomp.enabled bool
linux.seccomp.actions list
linux.seccomp.operators list
linux.seccomp.archs list
linux.seccomp.knownFlags list
linux.seccomp.supportedFlags list
linux.apparmor.enabled bool
linux.selinux.enabled bool
linux.intelRdt.enabled bool
linux.intelRdt.schemata bool
linux.intelRdt.monitoring bool
linux.memoryPolicy.modes list
linux.memoryPolicy.flags list
linux.mountExtensions.idmap.enabled bool
linux.netDevices.enabled bool
annotations.wherry.version string
annotations.wherry.commit string
annotations.org.opencontainers.runc.checkpoint.enabled string
potentiallyUnsafeConfigAnnotations list
END
off() { # a build without seccomp says no more than that
	grep -q '"enabled": false' "$1"
}
sed -n '/"seccomp"/,/}/p' "$T/features" >"$T/seccomp"
off "$T/seccomp" && sed -i '/seccomp\.[^e]/d' "$T/want"
is "every member is there, of its kind, and no other" \
	"$(diff "$T/want" "$T/have")" ""

tr -d ' \t\n' <"$T/features" >"$T/flat"
list() { # NAME: its elements
	sed -n "s/.*\"$1\":\[\([^]]*\)\].*/\1/p" "$T/flat" | tr -d '"'
}
says() { # NAME: whether its object is enabled
	sed -n "s/.*\"$1\":{\"enabled\":\([a-z]*\).*/\1/p" "$T/flat"
}
words() {
	list "$1" | tr , '\n' | grep -c .
}
is "namespaces" "$(list namespaces | tr , '\n' | sort | tr '\n' ' ')" \
	"cgroup ipc mount network pid time user uts "
is "41 capabilities" "$(words capabilities)" 41
case $(words hooks) in
0|6) pass "all hooks or none" ;;
*) fail "all hooks or none" ;;
esac
is "each mount option once" \
	"$(list mountOptions | tr , '\n' | sort | uniq -d)" ""
unlike "options of one file system are not among them" \
	"$(list mountOptions | sed 's/create=[a-z]*//g')" =
if [ "$(says seccomp)" = true ]; then
	is "actions, operators, architectures" \
		"$(words actions) $(words operators) $(words archs)" "9 7 23"
	is "known flags are supported" "$(list supportedFlags)" \
		"$(list knownFlags)"
fi
is "memory policy" "$(words modes) $(words flags)" "7 3"

# What it says is what it does: a config that asks for it is refused by name
# exactly where it says false.
honest() { # NAME MEMBER
	w check "$B"
	if grep -Eq "$2.*(built without|not supported by this)" "$T/out" \
	    "$T/err"; then
		is "$1: says false and refuses" "$(says "$1")" false
	else
		is "$1: says true and takes it" "$(says "$1")" true
	fi
}
PROCESS=',"apparmorProfile":"p"'
bundle f1
honest apparmor process.apparmorProfile
PROCESS=',"selinuxLabel":"l"'
bundle f2
honest selinux process.selinuxLabel
LINUX=',"netDevices":{"nosuch":{}}'
bundle f3
honest netDevices linux.netDevices
LINUX=',"intelRdt":{"closID":"x"}'
bundle f4
honest intelRdt linux.intelRdt
LINUX=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW"}'
bundle f5
honest seccomp linux.seccomp

"$TOOLS/limit" 10 "$BUSYBOX" unshare -m sh -c 'umount -l /proc; exec "$0" \
	features' "$WHERRY" >"$T/out" 2>"$T/err"
is "it works without /proc" "$? $(cmp "$T/out" "$T/features")" "0 "

done_testing
