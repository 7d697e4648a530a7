#!/bin/sh
# SPDX-License-Identifier: MIT
# t33.sh -- sec T33: the container's root is all that it can reach, whichever
# rung of the ladder this root file system allows: on a disk pivot_root, in an
# initramfs what replaces it, with --no-pivot the last one.
. "${0%/*}/lib.sh"
c=$P-33

type=$(awk '$5 == "/" { for (i = 7; $i != "-"; i++); t = $(i + 1) }
	END { print t }' /proc/self/mountinfo)
note "the root file system is $type"
echo secret >"$T/secret"

inside() {
	cat <<'END'
cut -d' ' -f5 /proc/self/mountinfo | sort -u | tr '\n' ' ' | sed 's/^/mounts=/'
echo
cd /tmp && echo escape=$(escape "$1")
cd / && ls -d "/..$1" "/proc/1/root$1" "/proc/1/root/..$1" 2>/dev/null |
	sed 's/^/link=/'
unshare -U -r -m -p -f sh -c 'mount -t proc fresh /mnt && echo proc=mounted
	echo h >/mnt/sysrq-trigger' 2>&1 | sed 's/^.*: /proc=/' | head -1
unshare -U -r -m -n sh -c 'mount -t sysfs fresh /mnt && echo sys=mounted
	' 2>&1 | sed 's/^.*: /sys=/' | head -1
(echo h >/proc/sysrq-trigger) 2>/dev/null && echo proc=sysrq
true
END
}

# The mount points of the config, the masked and the read-only ones.
allowed=' / /dev /dev/mqueue /dev/pts /dev/shm /proc /sys /tmp '

tries() { # NAME OPTION...
	what=$1
	shift
	MOUNTS="$PROC_MOUNT,$DEV_MOUNTS$mqueue,$SYS_MOUNTS"
	# with CAP_SETFCAP it may map root (Linux 5.12)
	CAPS=$ALL_CAPS,'"CAP_SETFCAP"' AMBIENT= NNP=false
	NAMESPACES=$NAMESPACES$MAPPED
	[ -z "$MAPPED" ] || LINUX=$MAPS
	MORE_MOUNTS=',{"destination":"/tmp","type":"tmpfs","source":"tmp"}'
	B=$T/b/root
	R=$B/rootfs
	[ -d "$R" ] || rootfs "$R"
	inside >"$R/run.sh"
	bundle root sh /run.sh "$T/secret"
	w run "$@" -b "$B" $c
	if [ $rc = 1 ] && [ $# -gt 0 ] && grep -q 'pivot' "$T/err"; then
		skip "$what" "$(err)"
		return
	fi
	is "$what: it runs" "$rc" 0 || note "$(err)"
	extra=
	for m in $(sed -n 's/^mounts=//p' "$T/out"); do
		case $allowed in *" $m "*) continue ;; esac
		case $m in
		/sys/fs/cgroup*|/sys/firmware|/proc/*) ;;
		*) extra="$extra $m" ;;
		esac
	done
	is "guard: $what: no mount of the host is left" "$extra" ""
	is "guard: $what: the climber stays in" \
		"$(sed -n 's/^escape=//p' "$T/out")" in
	is "guard: $what: no way by a path" \
		"$(sed -n 's/^link=//p' "$T/out")" ""
	if ! unshare -U true 2>/dev/null; then
		skip "$what: no fresh procfs, sysfs" "no user namespaces"
	else
		like "guard: $what: no procfs without the masks" \
			"$(sed -n 's/^proc=//p' "$T/out")" \
			'^permission denied \(are you root'
		like "guard: $what: no sysfs that can be written to" \
			"$(sed -n 's/^sys=//p' "$T/out")" \
			'^permission denied \(are you root'
	fi
	canary_same "guard: $what: the host is as it was"
}
MAPPED=
tries "no flag"
tries "--no-pivot" --no-pivot

# A host of which WRAP shows what it has not, or has more of.
odd() { # SCRIPT
	printf '#!/bin/sh\nexec "%s" unshare -m sh -c '"'%s"'
		exec "$@"'"' sh \"\$@\"\n" "$BUSYBOX" "$1" >"$T/odd"
	chmod 755 "$T/odd"
	WRAP=$T/odd
}
without_proc() { # NAME OPTION...
	odd 'umount -l /proc'
	"$T/odd" "$TOOLS/has" exec-fd
	# In a squashfs nobody can write to it: no copy of it is executed.
	if [ $? != 1 ] || [ "$(stat -f -c %t "$WHERRY")" = 73717368 ]; then
		tries "$@"
	else
		name=$1
		shift
		fails "$name: the way out" \
			'\(mount -t proc proc /proc\)$' run "$@" \
			-b "$T/b/root" $c
	fi
}
plain=$WRAP
if [ -z "$plain" ]; then
	without_proc "no /proc"
	without_proc "no /proc, --no-pivot" --no-pivot
	odd 'mount -t tmpfs a /mnt; mkdir /mnt/b; mount -t tmpfs b /mnt/b
		mount -t tmpfs c /mnt'
	tries "mounts that others cover"
	tries "mounts that others cover, --no-pivot" --no-pivot
	WRAP=
fi
if unshare -U true 2>/dev/null; then
	MAPPED=',{"type":"user"}'
	MAPS=',"uidMappings":[{"containerID":0,"hostID":7000,"size":9}],
		"gidMappings":[{"containerID":0,"hostID":7000,"size":9}]'
	for dev in null zero full random urandom tty; do
		allowed="$allowed/dev/$dev "
	done
	tries "a user namespace"
	[ -n "$plain" ] || {
		without_proc "a user namespace, no /proc"
		WRAP=
	}
fi

# The mounts that a user namespace inherits are locked: no initramfs before
# Linux 7.0 lets go of it.
if unshare -Ur true 2>/dev/null; then
	NAMESPACES='{"type":"mount"},{"type":"pid"}' HOST_NAME= MOUNTS= PATHS=
	bundle userns true
	"$TOOLS/limit" 30 unshare -Ur "$WHERRY" --root "$STATE" \
		--cgroup-manager disabled run -b "$B" $c >"$T/out" 2>"$T/err" \
		</dev/null
	rc=$?
	if [ $rc = 0 ]; then
		pass "below a user namespace: it runs"
	else
		like "below a user namespace: the reason and the way out" \
			"$type $(err)" '^rootfs .*unmount .*switch_root'
	fi
	is "below a user namespace: no state is left" "$(ls "$STATE")" ""
fi

bundle check true
works "check" check "$B"
like "check says how the root is entered" "$(out)" "pivot|root"

done_testing
