#!/bin/sh
# SPDX-License-Identifier: MIT
# t31.sh -- sec T31 (CVE-2026-84042): until the root is the container's, nothing
# is executed but the runtime's own second start and the hooks, which are the
# host's.  An image may have whatever helpers others look for.
. "${0%/*}/lib.sh"
c=$P-31

command -v strace >/dev/null || skip_all "no strace"
strace -f -o "$T/trace" true 2>/dev/null || skip_all "strace may not trace"
cp "$BUSYBOX" "$T/hook"

prepare() { # NAME
	TOP=
	! "$WHERRY" features | grep -q '"createRuntime"' || for kind in \
	    prestart createRuntime createContainer; do
		TOP=$TOP${TOP:+,}'"'$kind'":[{"path":"'$T/hook'",
			"args":["true"]}]'
	done
	TOP=${TOP:+",\"hooks\":{$TOP}"}
	HOST_NAME=$HOST_NAME'"domainname":"d",'
	MORE_MOUNTS=',{"destination":"/tmp","type":"tmpfs","source":"tmp",
		"options":["tmpcopyup"]}'
	bundle "$1" /bin/id -u
	mkdir -p "$R/sbin" "$R/usr/bin" "$R/usr/sbin"
	for name in passt pasta slirp4netns newuidmap newgidmap modprobe ip \
	    iptables getent ldconfig criu apparmor_parser restorecon sh; do
		for d in sbin usr/bin usr/sbin; do
			printf '#!%s sh\necho %s >>%s/f\n' "$BUSYBOX" \
				"$d/$name" "$CAN" >"$R/$d/$name"
			chmod 755 "$R/$d/$name"
		done
	done
}

# What was executed, and where the root was entered.
calls() {
	sed -n 's/^[0-9]* *//
		s/^execveat([0-9]*, "",.*/exec self/p
		s/^execve\(at([^"]*\|(\)"\([^"]*\)".*/exec \2/p
		s/^\(pivot_root\|chroot\)(.*/root/p' "$T/trace"
}

executed() { # NAME
	"$TOOLS/limit" 30 strace -f -qq -o "$T/trace" \
		-e trace=execve,execveat,pivot_root,chroot \
		$WRAP "$WHERRY" --root "$STATE" run -b "$B" $c \
		>"$T/out" 2>"$T/err" </dev/null
	is "control: $1: it runs" "$?: $(out)$(err)" "0: 0"
	calls >"$T/calls"
	is "control: $1: the root is entered, then the program executed" \
		"$(sed -n '/^root/,$p' "$T/calls" | sort -u | tr '\n' ' ')" \
		"exec /bin/id root "
	is "guard: $1: nothing of the image is executed before" \
		"$(sed '/^root/,$d' "$T/calls" | grep -vxF \
			-e "exec $WHERRY" -e "exec self" -e "exec $T/hook" \
			-e "exec ${WRAP%% *}")" ""
	canary_same "guard: $1: nobody's helper was at the canary"
}

prepare plain
executed "pivot_root"
if unshare -U true 2>/dev/null; then
	LINUX=',"uidMappings":[{"containerID":0,"hostID":0,"size":65536}],
		"gidMappings":[{"containerID":0,"hostID":0,"size":65536}]'
	NAMESPACES=$NAMESPACES',{"type":"user"}'
	prepare user
	executed "a user namespace"
fi

done_testing
