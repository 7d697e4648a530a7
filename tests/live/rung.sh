#!/bin/sh
# SPDX-License-Identifier: MIT
# rung.sh -- the container's root is all that it can reach (sec T33), whichever
# rung of the ladder this root file system allows: on a disk pivot_root, in an
# initramfs what replaces it, with --no-pivot the last one.
. "${0%/*}/lib.sh"
c=$P-r

type=$(awk '$5 == "/" { for (i = 7; $i != "-"; i++); t = $(i + 1) }
	END { print t }' /proc/self/mountinfo)
note "the root file system is $type"
echo secret >"$T/secret"
echo "$T/secret" >"$T/secret.path"

inside() {
	cat <<'END'
cut -d' ' -f5 /proc/self/mountinfo | sort -u | tr '\n' ' ' | sed 's/^/mounts=/'
echo
echo root=$(grep -c ' - rootfs ' /proc/self/mountinfo)
cd /tmp && echo escape=$(escape "$1")
cd / && ls -d "/proc/1/root$1" 2>/dev/null | sed 's/^/link=/'
unshare -U -r -m -p -f sh -c 'mount -t proc fresh /mnt && echo proc=mounted' \
	2>&1 | sed 's/^.*: /proc=/'
END
}

# The mount points of the config, the masked and the read-only ones.
allowed=' / /dev /dev/mqueue /dev/pts /dev/shm /proc /sys /tmp '

tries() { # NAME OPTION...
	name=$1
	shift
	CAPS=$ALL_CAPS AMBIENT= NNP=false
	MORE_MOUNTS=',{"destination":"/tmp","type":"tmpfs","source":"tmp"}'
	B=$T/b/rung
	R=$B/rootfs
	[ -d "$R" ] || rootfs "$R"
	inside >"$R/run.sh"
	bundle rung sh /run.sh "$T/secret"
	w run "$@" -b "$B" $c
	if [ $rc = 1 ] && [ $# -gt 0 ] && grep -q 'pivot' "$T/err"; then
		skip "$name" "$(err)"
		return
	fi
	is "$name: it runs" "$rc" 0 || note "$(err)"
	extra=
	for m in $(sed -n 's/^mounts=//p' "$T/out"); do
		case $allowed in *" $m "*) continue ;; esac
		case $m in
		/sys/fs/cgroup*|/sys/firmware|/proc/*) ;;
		*) extra="$extra $m" ;;
		esac
	done
	is "guard: $name: no mount of the host is left" "$extra" ""
	is "guard: $name: the climber stays in" \
		"$(sed -n 's/^escape=//p' "$T/out")" in
	is "guard: $name: no way by /proc" \
		"$(sed -n 's/^link=//p' "$T/out")" ""
	if ! unshare -U true 2>/dev/null; then
		skip "$name: no full procfs" "no user namespaces"
	else
		like "guard: $name: no procfs without the masks" \
			"$(sed -n 's/^proc=//p' "$T/out")" "ermitted"
	fi
	canary_same "guard: $name: the host is as it was"
}
tries "no flag"
tries "--no-pivot" --no-pivot

bundle check true
works "check" check "$B"
like "check says how the root is entered" "$(out)" "pivot|root"

done_testing
