#!/bin/sh
# SPDX-License-Identifier: MIT
# check.sh -- `wherry check --host`: the table says what is true of this kernel,
# for root and for others, with calls taken away, and without /proc; its verdict
# is create's; nothing is changed.
. "${0%/*}/lib.sh"
c=$P

w check --host
if grep -q "built without CHECK_HOST" "$T/err"; then
	rm -rf "$T/b"
	skip "check --host" "built without CHECK_HOST"
	done_testing
fi
cp "$T/out" "$T/table"
is "what any container needs is there" "$rc $(err)" "0 "
is "no line is too short or has other words" "$(awk 'NR > 1 && (NF < 5 ||
	$2 !~ /^(yes|no|module|unknown)$/ || $3 !~ /^(yes|no)$/ ||
	!/ (fallback|weaker|refused): /)' "$T/table")" ""

cell() { # NAME: whether it is present, of the table printed last
	awk -v name="$1" '$1 == name { print $2 }' "$T/out"
}
needed() { # NAME
	awk -v name="$1" '$1 == name { print $3 }' "$T/out"
}

# --- against the truth --------------------------------------------------------

wrong=
says() { # NAME yes|no: what is true
	case $(cell "$1") in
	"$2") ;;
	unknown) [ "$2" = no ] || wrong="$wrong $1:unknown" ;;
	module) [ "$2" = no ] || wrong="$wrong $1:module" ;;
	*) wrong="$wrong $1:$(cell "$1")" ;;
	esac
}
truth() { # CMD...: yes or no
	"$@" >/dev/null 2>&1 && echo yes || echo no
}
for pair in cgroup:cgroup ipc:ipc mnt:mount net:network pid:pid time:time \
    user:user uts:uts; do
	says "ns-${pair#*:}" "$(truth test -e "/proc/self/ns/${pair%:*}")"
done
is "namespaces" "$wrong" ""
wrong=
for type in cgroup cgroup2 devpts erofs ext4 fuse hugetlbfs mqueue overlay \
    proc squashfs sysfs tmpfs vfat; do
	says "fs-$type" "$(truth grep -q "	$type\$" /proc/filesystems)"
done
is "file systems" "$wrong" ""
wrong=
controller() { # NAME [v2 NAME]
	awk -v n="$1" '$1 == n && $4 == 1 { found = 1 }
		END { exit !found }' /proc/cgroups ||
	for list in /sys/fs/cgroup/cgroup.controllers \
	    /sys/fs/cgroup/*/cgroup.controllers; do
		[ -e "$list" ] && grep -qw "${2:-$1}" "$list" && return
	done
}
for name in cpu cpuset freezer hugetlb memory misc pids rdma; do
	says cgroup-$name "$(truth controller $name)"
done
says cgroup-io "$(truth controller blkio io)"
says cgroup-swap "$(truth test -e /proc/swaps)"
says cgroup-psi "$(truth test -e /proc/pressure)"
says sysctl "$(truth test -e /proc/sys)"
is "cgroups" "$wrong" ""
is "seccomp notifications" "$(cell seccomp-notify)" \
	"$(truth kernel_has seccomp-notify)"

# The kernel's own word for what it was built with, where it gives it.  What is
# turned on at boot only (LSMs), or is not in this machine, may be missing.
if [ -e /proc/config.gz ]; then
	w check --kconfig /proc/config.gz
	is "--kconfig /proc/config.gz" "$rc $(err)" "0 "
	cp "$T/out" "$T/built"
	is "the table is what the kernel was built with" "$(awk '
		NR == FNR { built[$1] = $2; next }
		$1 in built && $4 ~ /^CONFIG_/ && $2 != built[$1] &&
		    $1 !~ /^(lsm-|resctrl)/ {
			print $1, $2, built[$1] }' \
		"$T/built" "$T/table")" ""
	like "... and says so of many" "$(awk '$4 ~ /^CONFIG_/ &&
		$2 ~ /yes|no/' "$T/built" | wc -l)" '^ *[4-6][0-9]$'
fi

# --- as a user ----------------------------------------------------------------

# Whoever asks, the answer is the same, or unknown.
user() { # ARGS...
	"$TOOLS/as" 12345 "$TOOLS/limit" 30 $WRAP "$WHERRY" "$@" \
		>"$T/out" 2>"$T/err" </dev/null
	rc=$?
}
mkdir -m 700 "$T/home"
chown 12345 "$T/home"
chmod 755 "$T"
user --root "$T/home/state" check --host
is "a user: what is needed is there" "$rc $(err)" "0 "
is "... the answers are root's" "$(awk '
	NR == FNR { root[$1] = $2; next }
	$1 ~ /^[a-z]+-|^[a-z]+$/ && $2 != "unknown" && $2 != root[$1] &&
	    $1 !~ /^host-/ && $1 != "not"' "$T/table" "$T/out")" ""
is "... nothing is made" "$(ls -A "$T/home")" ""
is "... no filter of devices is needed" "$(needed cgroup-devices)" no
mkdir "$STATE"
user --root "$STATE" check --host
is "a state directory of somebody else" "$rc $(cell host-state-dir)" "1 no"
like "... is missing" "$(out)" '^missing:.* host-state-dir'
rmdir "$STATE"
w check --host
is "the state directory is not made" "$(cell host-state-dir)" yes
is "..." "$(ls -d "$STATE" 2>/dev/null)" ""

# --- calls that are not there -------------------------------------------------

without() { # SET ROW...: rows that turn to no
	set=$1
	shift
	for errno in ENOSYS EPERM; do
		case $errno:$set in
		EPERM:statx|EPERM:all44)
			kernel_has long64 || {
				skip "without $set (EPERM)" "32 bits: no stat"
				continue
			} ;;
		esac
		wrong=
		"$TOOLS/nosys" -e $errno -s "$set" "$WHERRY" --root "$STATE" \
			check --host >"$T/out" 2>"$T/err" </dev/null
		rc=$?
		for row; do
			[ "$(cell "$row")" = no ] || wrong="$wrong $row"
		done
		is "without $set ($errno): $*" "$rc$wrong" 0
	done
}
if "$TOOLS/nosys" -s openat2 true 2>/dev/null; then
	without openat2 call-openat2
	without mountapi call-mount-api call-mount-setattr
	without open_tree call-mount-api
	without mount_setattr call-mount-setattr
	without closerange call-close-range
	without pidfd call-pidfd
	without clone3 call-clone3 call-clone3-cgroup
	without memfd call-memfd
	without statx call-statx
	without execveat call-execveat
	without ioprio_set call-ioprio
	without set_mempolicy call-mempolicy
	without signalfd call-signalfd
	without seccomp seccomp-notify
	is "filters by prctl" "$(cell seccomp)" yes
	without all44 call-openat2 call-clone3 call-pidfd call-mount-api
	# as before the kernel has its seed: wherry waits for none
	bundle seed true
	"$TOOLS/nosys" -e 11 -s getrandom "$WHERRY" --root "$STATE" \
		check --host >"$T/out" 2>"$T/err" </dev/null
	is "without entropy" "$? $(cell host-entropy)" "0 no"
	wrap=$WRAP
	WRAP="$TOOLS/nosys -e 11 -s getrandom"
	gives "... a container runs" "" run -b "$B" $c
	WRAP=$wrap
	"$TOOLS/nosys" -s flock "$WHERRY" --root "$STATE" check --host \
		>"$T/out" 2>"$T/err" </dev/null
	is "without flock, which every command needs" \
		"$? $(tail -n 1 "$T/out")" "1 missing: call-flock"
fi

# --- a bundle -----------------------------------------------------------------

verdict() { # BUNDLE: check's and create's
	w --config-file "$T/conf" check --host "$1"
	checked=$rc
	cp "$T/out" "$T/checked"
	cp "$T/err" "$T/why"
	w --config-file "$T/conf" create -b "$1" $c
	echo $checked $rc
	cp "$T/checked" "$T/out"
	w delete -f $c
	cp "$T/checked" "$T/out"
}
: >"$T/conf"
bundle good true
is "a bundle that runs" "$(verdict "$B") $(cat "$T/why")" "0 0 "
is "... needs its namespaces, not others" \
	"$(needed ns-pid) $(needed ns-user)" "yes no"
MORE_MOUNTS=',{"destination":"/mnt","type":"nosuchfs"}'
bundle type true
found=$(verdict "$B")
# Where the kernel can load modules it might be one.
[ "$(cell fs-nosuchfs)" = no ] && sure=1 || sure=0
is "a type that there is not: create's verdict" "$found" "$sure 1"
like "... has its row" "$(out)" '^fs-nosuchfs +(no|unknown) +yes'
like "... a file system that is not known is no error of its own" \
	"$(out)$(cat "$T/why")" 'missing: fs-nosuchfs|not known: fs-nosuchfs'
MORE_MOUNTS=',{"destination":"/mnt","type":"nosuchfs","options":["nofail"]}'
bundle may true
is "the same, optional" "$(verdict "$B")" "0 0"
if "$TOOLS/nosys" -s openat2 true 2>/dev/null; then
	wrap=$WRAP
	MORE_MOUNTS=
	bundle keys true
	for x in "ENOSYS no yes 0 0" "EPERM yes no 1 1"; do
		WRAP="$TOOLS/nosys -e ${x%% *} -s keyctl"
		found=$(verdict "$B")
		is "keyctl says ${x%% *}: its rows, create's verdict" \
			"$(cell call-keyctl) $(cell host-keyring) $found" \
			"${x#* }"
	done
	mkdir "$T/vol"
	MORE_MOUNTS=',{"destination":"/mnt","source":"'$T/vol'",
		"options":["bind","shared"]}'
	LINUX=',"rootfsPropagation":"shared"' READONLY=false
	bundle out true
	WRAP="$TOOLS/nosys -s mountapi"
	like "a mount both ways without the mount API: create's verdict" \
		"$(verdict "$B") $(grep ^missing: "$T/out")" \
		"^1 1 missing: .*call-mount-api"
	MORE_MOUNTS=',{"destination":"/mnt","source":"'$T/vol'",
		"options":["bind","idmap","optional"],
		"uidMappings":[{"containerID":0,"hostID":7,"size":1}],
		"gidMappings":[{"containerID":0,"hostID":7,"size":1}]}'
	READONLY=false
	bundle ids true
	WRAP="$TOOLS/nosys -s mount_setattr"
	like "ids of an optional mount: create's verdict" \
		"$(verdict "$B") $(grep ^missing: "$T/out")" \
		"^1 1 missing: .*call-mount-setattr"
	WRAP=$wrap
fi
for x in rdma:rdma:'{"x":{"hcaHandles":1}}' \
    cpu-rt:cpu:'{"realtimeRuntime":1000}' misc:unified:'{"misc.max":"x 1"}'; do
	row=cgroup-${x%%:*} x=${x#*:}
	RESOURCES="\"resources\":{\"${x%%:*}\":${x#*:}},"
	bundle "limit-$row" true
	found=$(verdict "$B")
	if [ "$(cell $row)" = no ]; then
		is "$row: create's verdict" "$found $(tail -n 1 "$T/out")" \
			"1 1 missing: $row"
	fi
	is "$row is needed" "$(needed $row)" yes
done
RESOURCES=
echo 'devices_cgroup = off' >"$T/conf"
bundle off true
w --config-file "$T/conf" check --host "$B"
if ! grep -q "built without CONF" "$T/err"; then
	is "no device filter by the settings" "$(needed cgroup-devices)" no
fi

w check --host --format json "$B"
is "JSON: the same rows" "$(grep -c '"present": ' "$T/out")" \
	"$(($(wc -l <"$T/table") - 1))"
is "... two options of one" "$(tr -d ' \n' <"$T/out" |
	grep -o '"kconfig":\["CONFIG_CGROUP_BPF","CONFIG_CGROUP_DEVICE"\]' |
	wc -l | tr -d ' ')" 1
cp /proc/config.gz "$T/config.gz" 2>/dev/null ||
	echo CONFIG_X=y >"$T/config.gz"
(cd "$T" && "$WHERRY" check --kconfig config.gz "$B" >"$T/out" 2>"$T/err")
is "a relative file beside a bundle" "$(err)" ""
fails "a bundle with an error" 'config.json: no such file' \
	check --host "$T/base"

bundle sockets true
if "$TOOLS/nosys" -s openat2 true 2>/dev/null; then
	wrap=$WRAP
	WRAP="$TOOLS/nosys -e 97 -s socketpair"
	[ "$(uname -m)" != mips ] || WRAP="$TOOLS/nosys -e 124 -s socketpair"
	fails "create names the option" 'socket pair: .*CONFIG_UNIX' \
		create -b "$B" $c
	WRAP=$wrap
fi

# --- no /proc -----------------------------------------------------------------

bare() { # WRAP...: without a /proc that is mounted
	"$TOOLS/limit" 10 "$BUSYBOX" unshare -m sh -c 'umount -l /proc
		exec "$@"' sh "$@" "$WHERRY" --root "$STATE" check --host \
		>"$T/out" 2>"$T/err" </dev/null
	rc=$?
}
# shellcheck disable=SC2086  # a command
bare $WRAP
if [ "$(awk '$1 == "call-mount-api" { print $2 }' "$T/table")" = yes ]; then
	is "without /proc root mounts one, and the table is the same" \
		"$rc $(diff "$T/table" "$T/out")" "0 "
fi
if "$TOOLS/nosys" -s openat2 true 2>/dev/null; then
	bare "$TOOLS/nosys" -e ENOSYS -s mountapi
	is "... without the mount API as well" \
		"$rc $(grep -c 'host-proc *yes' "$T/out")" "0 1"
fi
bare "$TOOLS/as" 1000
is "where that can't be done it is missing" \
	"$rc $(grep missing: "$T/out" | grep -o host-proc)" "1 host-proc"
is "... and what /proc shows is unknown" \
	"$(cell ns-uts) $(cell fs-overlay) $(cell cgroup-pids)" \
	"unknown unknown unknown"

done_testing
