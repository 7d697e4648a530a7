#!/bin/sh
# SPDX-License-Identifier: MIT
# bare.sh -- hosts that lack what others take for granted: /run, a root that can
# be written to, /proc, /sys, device nodes, devpts, cgroups, a clock.  Each is a
# root file system with nothing but busybox, wherry and the bundles.
. "${0%/*}/lib.sh"
H=$T/host
c=$P-b
NOSYS= proc= proc_mount=
mkdir "$T/bin"
cp "$BUSYBOX" "$TOOLS/has" "$TOOLS/nosys" "$TOOLS/recvtty" "$T/bin"
cp "$WHERRY" "$T/bin/wherry.real"
for name in $APPLETS chroot kill; do
	ln "$T/bin/busybox" "$T/bin/$name"
done

none() {
	umount "$H/dev/shm" "$H/bin" "$H/b" "$H" 2>/dev/null
	rmdir "$H" 2>/dev/null
}

host() { # MODE (rw, ro) DIR...: makes one with these directories
	none
	mkdir -p "$H"
	mount -t tmpfs -o mode=0755 bare "$H"
	mkdir "$H/bin" "$H/b"
	mount --bind "$T/bin" "$H/bin"
	mount --bind "$T/b" "$H/b"
	printf '#!/bin/sh\nexec %s /bin/wherry.real "$@"\n' "$NOSYS" \
		>"$T/bin/wherry"
	chmod 755 "$T/bin/wherry"
	mode=$1
	shift
	for dir in $proc "$@"; do
		mkdir -p "$H/$dir"
		case $dir in tmp|dev/shm) chmod 1777 "$H/$dir" ;; esac
	done
	[ "$mode" = rw ] || mount -o remount,ro "$H"
}

# A container without rights gets the host's.
nodes() {
	for node in null:3 zero:5 full:7 random:8 urandom:9; do
		mknod -m 666 "$H/dev/${node%:*}" c 1 "${node#*:}"
	done
	mknod -m 666 "$H/dev/tty" c 5 0
}

# Runs the script on stdin as that host would.
on_host() {
	cat >"$T/script"
	"$TOOLS/limit" 60 unshare -m sh -c '
		mount --make-rprivate / && cd "$1" &&
		mount --move . / && exec chroot . /bin/sh -c "
			export PATH=/bin; cd /; $3 $2"' \
		sh "$H" "$(cat "$T/script")" "$proc_mount" \
		>"$T/out" 2>"$T/err" </dev/null
	rc=$?
}

gave() { # DESC TEXT: on_host ended well and printed that
	is "$1" "$rc $(tr '\n' ' ' <"$T/out")" "0 $2 " || note "$(err)"
}

refused() { # DESC ERE: in one line
	like "$1" "$rc $(wc -l <"$T/err") $(cat "$T/err")" "^1 1 .*($2)"
}

mini() {
	MOUNTS="$PROC_MOUNT,$DEV_MOUNTS" RESOURCES= HOST_NAME= PATHS=
	NAMESPACES='{"type":"pid"},{"type":"mount"}'
}
mini
bundle plain sh -c 'echo hello $$ $(grep -c . /proc/self/mountinfo)'
mini
bundle sleep sleep 100
DEVS=$DEV_MOUNTS
DEV_MOUNTS=$(echo "$DEV_MOUNTS" | sed 's/,"gid=5"//')
mini
DEV_MOUNTS=$DEVS
NAMESPACES="$NAMESPACES,{\"type\":\"user\"}"
LINUX=',"uidMappings":[{"containerID":0,"hostID":1000,"size":1}],
	"gidMappings":[{"containerID":0,"hostID":1000,"size":1}]'
bundle userns sh -c 'echo $(cat /proc/self/uid_map)
	echo hello $$ $(grep -c . /proc/self/mountinfo)'

bundle hook sleep 100
sed -i 's|"mounts":|"hooks":{"createRuntime":[{"path":"/bin/busybox",\
	"args":["busybox","true"],"timeout":2}]},&|' "$B/config.json"
mini
bundle tty tty
sed -i 's/"terminal": false/"terminal": true/' "$B/config.json"
ln -f "$R/bin/busybox" "$R/bin/tty"
pty=y
w create -b "$B" $c
grep -q "built without PTY" "$T/err" && pty=

# Where a kernel can't start wherry without /proc, only that is left to see, and
# the other hosts have one.
exec_fd=y
host rw dev
on_host <<END
	/bin/has exec-fd
END
[ "$rc" != 1 ] || {
	exec_fd=
	proc=proc proc_mount='mount -t proc proc /proc || exit;'
}

# --- where the state goes -----------------------------------------------------

for where in run var/run dev/shm tmp; do
	host rw tmp $where
	on_host <<-END
		wherry run -b /b/plain $c && wherry create -b /b/plain $c &&
			stat -c %a /$where/wherry
		wherry list -q && wherry state $c | grep -c '\"created\",'
		wherry delete -f $c && ls -A /$where/wherry
	END
	gave "state goes to /$where" "hello 1 5 700 $c 1"
done

host ro run tmp dev/shm
mount -t tmpfs -o mode=1777 shm "$H/dev/shm"
on_host <<END
	wherry create -b /b/plain $c && ls /dev/shm/wherry &&
		wherry delete -f $c && ls -A /dev/shm/wherry
END
gave "a read-only root and /dev/shm" "$c"

host ro run/wherry tmp
on_host <<END
	wherry create -b /b/plain $c
END
refused "a read-only root alone: what to do" \
	'state directory /run/wherry: .*read-only.*mount -t tmpfs tmpfs /run'

host rw
on_host <<END
	wherry create -b /b/plain $c && ls /run/wherry && wherry delete -f $c
END
gave "no place at all: /run is made" "$c"

# --- whichever holds them -----------------------------------------------------

seccomp=
"$TOOLS/nosys" -s openat2 true 2>/dev/null && seccomp=y

for early in tmp dev/shm; do
	# as before Linux 5.8
	[ $early$seccomp != tmpy ] || NOSYS='/bin/nosys -s faccessat2'
	host rw tmp $early
	NOSYS=
	on_host <<-END
		wherry run -d -b /b/sleep $c || exit
		mkdir -p /run /var && ln -s /run /var/run
		wherry run -d -b /b/sleep $c-2 || exit
		wherry list -q
		for f in /$early/wherry/* /run/wherry/*; do echo \$f; done
		wherry state $c | grep -c '\"running\",'
		wherry exec $c echo exec
		wherry create -b /b/sleep $c 2>&1 | sed 's/.*: con/con/'
		ls /run/wherry
		wherry kill $c KILL; wherry wait $c >/tmp/wait
		wherry state $c | grep -c '\"stopped\",'
		wherry delete $c; wherry delete -f $c-2
		wherry state $c 2>&1 | sed 's/.*: con/con/'
		ls -A /$early/wherry; ls -A /run/wherry
		echo \$(wherry list -q).
	END
	is "a /run that came later hides nothing in /$early" \
		"$(tr '\n' ' ' <"$T/out")" "$c-2 $c /$early/wherry/$c \
/run/wherry/$c-2 1 exec container \`$c\` already exists $c-2 1 \
container \`$c\` does not exist . " || note "$(err)"
done

# --- no /proc -----------------------------------------------------------------

no_proc() { # DESC TEXT: gave, or the way out
	if [ -n "$exec_fd" ]; then
		gave "$@"
	else
		refused "$1: the way out" '\(mount -t proc proc /proc\)$'
	fi
}

with_proc=$proc_mount proc_mount=

# The same without the calls that make it easy, where nosys can take them away.
userns=
unshare -U true 2>/dev/null && userns=y
for mask in none mountapi all44; do
	for errno in ENOSYS EPERM; do
		NOSYS="/bin/nosys -e $errno -s $mask"
		desc="no /proc, without $mask ($errno)"
		case $mask$errno in
		noneENOSYS) NOSYS='' desc="no /proc" ;;
		*EPERM) [ $mask = mountapi ] || continue ;;
		esac
		[ -n "$seccomp" ] || [ -z "$NOSYS" ] || {
			skip "$desc" "no seccomp filters here"
			continue
		}
		host rw proc tmp dev etc
		[ $mask != all44 ] ||           # no BPF for devices
			echo devices_cgroup = off >"$H/etc/wherry.conf"
		on_host <<-END
			wherry run -d -b /b/sleep $c || exit
			wherry state $c | grep -c '\"running\",'
			wherry exec $c sh -c 'echo exec \$((\$\$ > 1))'
			wherry ps $c | wc -l
			wherry kill $c KILL; wherry wait $c >/tmp/wait
			wherry state $c | grep -c '\"stopped\",'
			wherry delete $c
			wherry run -b /b/plain $c
			ls -A /proc | head -1
		END
		no_proc "$desc" "1 exec 1 2 1 hello 1 5"
		[ -n "$userns" ] || continue
		nodes
		on_host <<-END
			wherry run -b /b/userns $c
		END
		no_proc "$desc: a user namespace" "0 1000 1 hello 1 11"
	done
done
NOSYS= proc_mount=$with_proc

# --- no devpts, no clock, no kernel option ------------------------------------

if [ -n "${pty:-}" ]; then
	host rw tmp dev
	nodes
	on_host <<-END
		recvtty /tmp/console >/tmp/got &
		until [ -e /tmp/console.ready ]; do sleep 0.1; done
		wherry run --console-socket /tmp/console -b /b/tty $c
		wait
		grep -c /dev/pts/0 /tmp/got
	END
	gave "a terminal, where the host has none" "1"
else
	skip "a terminal, where the host has none" "built without PTY"
fi

# Only a guest's clock is ours to set.
if [ -n "${LEAK_ALL:-}" ]; then
	now=$(date +%s)
	date -s @90000 >/dev/null
	works "1970: run -d" run -d -b "$T/b/hook" $c
	w state $c
	like "1970: the state says so" "$(field created)" "^1970-01-02T01:00"
	works "1970: list" list
	works "1970: exec" exec $c true
	date -s @80000 >/dev/null           # it goes back as well
	works "1970: stop" stop --timeout 1 $c
	works "1970: delete" delete -f $c
	date -s "@$now" >/dev/null
else
	skip "1970" "only in a guest"
fi

none
done_testing
