#!/bin/sh
# SPDX-License-Identifier: MIT
# review.sh -- defects that a review found: each test is red without its fix.
. "${0%/*}/lib.sh"
c=$P-r
rounds=20
[ -z "$QUICK" ] || rounds=8
IDS='"uidMappings":[{"containerID":0,"hostID":100000,"size":65536}],
	"gidMappings":[{"containerID":0,"hostID":100000,"size":65536}]'

users=y
"$TOOLS/limit" 5 "$BUSYBOX" unshare -U "$BUSYBOX" true 2>/dev/null || users=

wait_for() { # FILE ERE: within 5 s
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 \
	    21 22 23 24 25; do
		grep -Eqs "$2" "$1" && return 0
		sleep 0.2
	done
	return 1
}

# --- The root of a joined user namespace must not ptrace init -----------------

seize() {
	NAMESPACES=$NAMESPACES',{"type":"user"}' LINUX=,$IDS
	MOUNTS=$PROC_MOUNT RESOURCES= PATHS= READONLY=false
	CAPS='"CAP_SYS_PTRACE"' AMBIENT=
	script seizer <<-'RUN'
		sleep 1000 &
		exec seizer >/log
	RUN
	cp "$TOOLS/seizer" "$R/bin/seizer"
	: >"$R/log"
	chmod 666 "$R/log"
	log=$R/log
	works "control: the attacker runs" run -d -b "$B" $c
	ok "control: it can seize a process of its own" \
		wait_for "$log" '^ordinary'
	ns=/proc/$(pid_of $c)/ns

	NAMESPACES='{"type":"mount"},{"type":"uts"},{"type":"ipc"},
		{"type":"user","path":"'$ns'/user"},
		{"type":"pid","path":"'$ns'/pid"}'
	MOUNTS=$PROC_MOUNT RESOURCES= PATHS=
	bundle victim
	n=0
	while [ $n -lt $rounds ] && w create -b "$B" $c-v && w delete -f $c-v
	do
		n=$((n + 1))
	done
	is "control: all rounds were run" "$n $(err)" "$rounds "
	met=$(grep -cE '^(refused|early)' "$log")
	ok "control: the attacker met $met" test "$met" -ge $((rounds / 2))
	is "guard: nobody was seized before execve" "$(grep -c early "$log")" 0
	w delete -f $c
}
if [ -n "$users" ]; then
	seize
else
	skip "guard: nobody was seized before execve" "no user namespaces"
fi

# --- Linux 5.2 to 5.11 have open_tree, but no mount_setattr -------------------

mkdir "$T/vol"
chmod 777 "$T/vol"
echo text >"$T/vol/text"
wrap=$WRAP
for errno in ENOSYS EPERM; do
	MORE_MOUNTS=',{"destination":"/vol","source":"'$T/vol'",
		"options":["bind","ro","nosuid","nodev"]}'
	script setattr <<-'RUN'
		cat /vol/text
		grep ' /vol ' /proc/self/mountinfo
		touch /vol/new || echo refused
	RUN
	WRAP="$wrap $TOOLS/nosys -e $errno -s mount_setattr"
	if "$TOOLS/nosys" -s mount_setattr true 2>/dev/null; then
		works "no mount_setattr, $errno: a bind" run -b "$B" $c
		like "no mount_setattr, $errno: is read" "$(out)" '^text$'
		like "no mount_setattr, $errno: has its flags" "$(out)" \
			' /vol ro,nosuid,nodev'
		like "no mount_setattr, $errno: is not written to" "$(out)" \
			'^refused$'
	else
		skip "no mount_setattr, $errno" "no seccomp filters"
	fi
	WRAP=$wrap
done

# --- What the host made read-only stays so in a user namespace ----------------

remount() {
	mount --bind "$T/vol" "$T/vol"
	mount -o remount,ro,bind "$T/vol"
	NAMESPACES=$NAMESPACES',{"type":"user"}' LINUX=,$IDS
	CAPS='"CAP_SYS_ADMIN"' AMBIENT= RESOURCES= PATHS=
	MOUNTS=$PROC_MOUNT,'{"destination":"/vol","source":"'$T/vol'",
		"options":["bind"]},
		{"destination":"/mnt","type":"tmpfs","source":"tmpfs",
		"options":["ro"]}'
	mkdir -p "$T/b/remount"
	script remount <<-'RUN'
		cat /vol/text
		mount -o remount,rw,bind /mnt && touch /mnt/x && echo mnt
		mount -o remount,rw,bind /vol && echo remounted
		touch /vol/new && echo written
	RUN
	# Its mount point, which the user namespace may not make here.
	mkdir "$R/vol"
	w run -b "$B" $c
	like "control: the container can change its own mounts" \
		"$(out)" '^mnt$'
	like "control: and reads the host's" "$(out)" '^text$'
	unlike "guard: it can't make the host's writable" "$(out)" remounted
	unlike "guard: nor write to it" "$(out)" written
	w delete -f $c
	umount "$T/vol"
}
if [ -n "$users" ]; then
	remount
else
	skip "guard: it can't make the host's writable" "no user namespaces"
fi

# --- A full state file system is an error, not SIGBUS -------------------------

bundle sleep
sleeper=$B
state=$STATE
STATE=$T/small
mkdir "$STATE"
for size in 4 8 12; do
	mount -t tmpfs -o size=${size}k,mode=700 small "$STATE"
	fails "${size}k for the state: refused" '[Nn]o space left' \
		create -b "$sleeper" $c-f
	is "${size}k: no folder is left" "$(ls -A "$STATE")" ""
	is "${size}k: no cgroup is left" \
		"$(find /sys/fs/cgroup -type d -name "*$c-f*" 2>/dev/null)" ""
	w delete -f $c-f
	umount "$STATE"
done
rmdir "$STATE"

# --- --root is relative to where the caller is --------------------------------

here=$PWD
mkdir "$T/caller"
cd "$T/caller" || exit 1
STATE=relative
works "relative --root: create" create -b "$sleeper" $c-d
ok "relative --root: below the caller's directory" \
	test -d "$T/caller/relative/$c-d"
is "relative --root: state" "$(status_of $c-d)" created
works "relative --root: delete" delete -f $c-d
ok "relative --root: not in the bundle" test ! -e "$sleeper/relative"
rm -rf "$sleeper/relative"
cd "$here" || exit 1
STATE=$state

# --- The session keyring has no name that another user could have taken -------

PATHS=
bundle keys cat /proc/keys
if [ -e /proc/keys ]; then
	works "it has keys" run -b "$B" $c
	like "control: a session keyring without a name" "$(out)" \
		' keyring  *_ses: '
	unlike "guard: none has the container's" "$(out)" " keyring  *$c:"
else
	skip "guard: the session keyring" "no /proc/keys"
fi

# --- The pid file is the caller's if the container is -------------------------

works "create with a pid file" create --pid-file "$T/pid" -b "$sleeper" $c
is "it stays" "$(cat "$T/pid")" "$(pid_of $c)"
w delete -f $c
rm -f "$T/pid"
works "run -d with a pid file" run -d --pid-file "$T/pid" -b "$sleeper" $c
is "it stays too" "$(cat "$T/pid")" "$(pid_of $c)"
w delete -f $c
rm -f "$T/pid"
bundle loader /bin/script
printf '#!/no/such/interpreter\n' >"$R/bin/script"
chmod 755 "$R/bin/script"
for opt in "" -d; do
	fails "run $opt that fails late" '[Nn]o such file' \
		run $opt --pid-file "$T/pid" -b "$B" $c
	ok "run $opt: no pid file is left" test ! -e "$T/pid"
	w delete -f $c
	rm -f "$T/pid"
done

# --- run, and somebody else deletes the container -----------------------------

"$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" run -b "$sleeper" $c \
	>"$T/run" 2>&1 </dev/null &
run=$!
ok "run in the foreground" until_status $c running
works "delete -f from elsewhere" delete -f $c
wait $run
is "run: the status is SIGKILL's" "$? $(cat "$T/run")" "137 "

# --- init hangs between gate and execve ---------------------------------------

w create -b "$sleeper" $c
pid=$(pid_of $c)
kill -STOP "$pid"
"$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" start $c \
	>"$T/start" 2>&1 </dev/null &
start=$!
# Its socket goes when nobody else can start it any more.
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ -e "$STATE/$c/exec.sock" ] || break
	sleep 0.2
done
ok "init hangs: start is on its way" test ! -e "$STATE/$c/exec.sock"
ok "init hangs: kill is not kept out" "$TOOLS/limit" 2 $WRAP "$WHERRY" \
	--root "$STATE" kill $c KILL
kill -KILL "$pid" 2>/dev/null
wait $start
is "init hangs: start: status" $? 1
like "init hangs: start: the reason" "$(cat "$T/start")" 'SIGKILL|init died'
w delete -f $c

# --- A missing working directory ----------------------------------------------

CWD=/new/deep USER='{"uid":0,"gid":0,"umask":63}'
script cwd <<'RUN'
pwd
umask
RUN
mask=$(umask)
umask 077
works "a missing cwd of a read-only root" run -b "$B" $c
umask "$mask"
is "cwd: is there, with the umask" "$(out | tr '\n' ' ')" "/new/deep 0077 "
is "cwd: no umask is in its mode" \
	"$(stat -c %a "$R/new" "$R/new/deep" 2>&1 | tr '\n' ' ')" "755 755 "

done_testing
