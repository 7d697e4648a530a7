#!/bin/sh
# SPDX-License-Identifier: MIT
# exec.sh -- a further process in a container: what it is, where it is, what it
# does not have, and what its caller learns.
. "${0%/*}/lib.sh"
c=$P-e

x() { # ARGS...: exec them
	w exec "$@"
}

# The same for the output of a program that only prints.
xout() {
	x "$@"
	out
}

# --- what the caller gets -----------------------------------------------------

RESOURCES='"resources":{"devices":[{"allow":false,"access":"rwm"}],
	"pids":{"limit":400}},'
NNP=false
ENV=',"KEEP=1","TWICE=old"'
bundle box
box=$B boxroot=$R
works "a container" run -d -b "$box" $c
init=$(pid_of $c)

gives "output" hello exec $c echo hello
x $c sh -c 'exit 7'
is "its status is ours" $rc 7
x $c sh -c 'kill -9 $$'
is "... and 128 with the signal" "$rc" 137
echo in | "$WHERRY" --root "$STATE" exec $c cat >"$T/out" 2>"$T/err"
is "stdin is the caller's" "$(out)" in
x $c sh -c 'echo oops >&2'
is "stderr as well" "$(out)$(err)" oops
gives "options behind the id are the program's" "-u -d" exec $c echo -u -d
gives "-- ends ours before it" "x -e" exec -- $c echo x -e
fails "no program: refused" 'argument missing' exec $c
fails "no container" 'does not exist' exec $c-none true
fails "an unknown option" 'unknown option' exec --nothing $c true

for d in "" --detach; do
	fails "not in PATH $d" 'executable file not found in \$PATH' \
		exec $d $c nosuchprogram
	fails "no such path $d" 'no such file or directory' \
		exec $d $c /bin/nosuchprogram
	echo text >"$boxroot/etc/plain"
	fails "not executable $d" 'permission denied' exec $d $c /etc/plain
	printf '\001\002garbage' >"$boxroot/bin/garbage"
	chmod 755 "$boxroot/bin/garbage"
	fails "what execve refuses $d" '[Ee]xec format error' \
		exec $d --pid-file "$T/pid" $c /bin/garbage
	ok "... and no pid file stays $d" test ! -e "$T/pid"
done

x -d --pid-file "$T/pid" $c sleep 1000
is "--detach returns" $rc 0
pid=$(cat "$T/pid")
is "--pid-file: the number, no newline" "$(tr -d 0-9 <"$T/pid" | wc -c)" 0
is "... of the program" "$(tr '\0' ' ' <"/proc/$pid/cmdline")" "sleep 1000 "
fails "a pid file that can't be written" 'no such file or directory' \
	exec -d --pid-file "$T/no/such/pid" $c sleep 1000
mkdir "$T/pids"
ln -s "$CAN/f" "$T/pids/pid"
x -d --pid-file "$T/pids/pid" $c true
ok "a pid file that is a link is replaced" test ! -L "$T/pids/pid"

S=$T/pidfd
"$TOOLS/limit" 10 "$TOOLS/recvtty" "$S" >"$T/peer" 2>&1 </dev/null &
job=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ ! -e "$S.ready" ] || break
	sleep 0.1
done
if x --pidfd-socket "$S" $c true; then
	wait $job
	like "--pidfd-socket: one message, one descriptor" \
		"$(cat "$T/peer")" "^message: 1 bytes, 1 fds"
else
	kill $job
	like "--pidfd-socket is refused by name" "$(err)" "pidfd-socket: not in"
fi
fails "--pidfd-socket: nobody there" 'pidfd-socket' \
	exec --pidfd-socket "$T/none" $c true

# A signal to the command goes to the program.
cat >"$boxroot/trap.sh" <<'END'
trap 'exit 42' USR1
trap 'exit 43' TERM
echo ready
while :; do sleep 0.1; done
END
for sig in USR1:42 TERM:43; do
	: >"$T/out"     # the last one was ready as well
	"$WHERRY" --root "$STATE" exec $c sh /trap.sh >"$T/out" 2>&1 &
	job=$!
	until grep -q ready "$T/out" || ! kill -0 $job; do
		sleep 0.1
	done
	kill -${sig%:*} $job
	wait $job
	is "${sig%:*} is forwarded" $? ${sig#*:}
done

# --- where it is --------------------------------------------------------------

names() { # PID
	for ns in mnt pid net ipc uts user cgroup time; do
		readlink "/proc/$1/ns/$ns"
	done
}
is "its namespaces are init's" "$(names "$pid")" "$(names "$init")"
is "its cgroups are init's" "$(cat "/proc/$pid/cgroup")" \
	"$(cat "/proc/$init/cgroup")"
props='^(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp|Umask):'
is "its credentials are init's" "$(grep -E "$props" "/proc/$pid/status")" \
	"$(grep -E "$props" "/proc/$init/status")"
is "its limits are init's" "$(cat "/proc/$pid/limits")" \
	"$(cat "/proc/$init/limits")"
is "its environment is init's" \
	"$(tr '\0' '\n' <"/proc/$pid/environ" | sort)" \
	"$(tr '\0' '\n' <"/proc/$init/environ" | sort)"
is "its root is init's" "$(stat -Lc %d:%i "/proc/$pid/root")" \
	"$(stat -Lc %d:%i "/proc/$init/root")"
is "its session is its own" "$(cut -d' ' -f6 "/proc/$pid/stat")" "$pid"
like "it sees the container's processes" "$(xout $c ls /proc)" '^1$'
gives "it is no init" no exec $c sh -c 'test $$ = 1 || echo no'
w ps $c
like "ps lists it" "$(out)" "^$pid\$"

# --- what it does not have ----------------------------------------------------

x $c fdlist
is "only 0, 1 and 2 are open" "$(cut -d' ' -f1 "$T/out" | tr '\n' ' ')" "0 1 2 "
exec 3<"$T/err" 4<"$T/out" 5<"$T/pids"
x --preserve-fds 2 $c fdlist
exec 3<&- 4<&- 5<&-
is "--preserve-fds 2: 3 and 4 as well" \
	"$(cut -d' ' -f1 "$T/out" | tr '\n' ' ')" "0 1 2 3 4 "
fails "--preserve-fds: one that is closed" 'preserved fd 3 is not open' \
	exec --preserve-fds 1 $c true
is "no signal is blocked or ignored" "$(trap '' USR2 HUP
	x $c grep -E 'Sig(Blk|Ign)' /proc/self/status
	out | grep -v ':.0*$')" ""

# --- options ------------------------------------------------------------------

gives "--user 1000: the uid" 1000 exec -u 1000 $c id -u
gives "--user 1000:1001" "1000 1001 1001" exec --user 1000:1001 $c \
	sh -c 'echo $(id -u) $(id -g) $(id -G)'
gives "--additional-gids" "1001 7 8" exec -u 1000:1001 -g 7 -g 8 $c id -G
gives "--cwd" /tmp exec --cwd /tmp $c pwd
fails "--cwd: missing, and not made" 'no such file or directory' \
	exec --cwd /no/dir $c true
fails "--cwd: not absolute" 'not an absolute path' exec --cwd tmp $c true
gives "--env" "1 new x=y" exec -e TWICE=new --env MORE=x=y $c \
	sh -c 'echo $KEEP $TWICE $MORE'
fails "--env without =" 'not NAME=VALUE' exec -e FOO $c true
x --no-new-privs $c grep NoNewPrivs /proc/self/status
like "--no-new-privs" "$(out)" '1$'
x $c grep NoNewPrivs /proc/self/status
like "without it, as the container" "$(out)" '0$'
fails "-d --tty without a console socket" "needs --console-socket" \
	exec -d -t $c true
gives "HOME is there" / exec -u 1000 $c sh -c 'echo $HOME'

# --- process.json -------------------------------------------------------------

process() { # MORE
	printf '{"cwd":"/tmp","args":["sh","-c",%s]%s}' \
		'"echo $(id -u) $(id -G) $(pwd) $KEEP$NEW"' "${1:-}"
}
process >"$T/p.json"
gives "--process: what it lacks is the container's" "0 0 /tmp 1" \
	exec -p "$T/p.json" $c
process ',"user":{"uid":5,"gid":6,"additionalGids":[7]},
	"env":["PATH=/bin","NEW=n"]' >"$T/p.json"
gives "--process: what it has counts" "5 6 7 /tmp n" \
	exec --process "$T/p.json" $c
process | "$WHERRY" --root "$STATE" exec -p - $c >"$T/out" 2>"$T/err"
is "--process -" "$(out)$(err)" "0 0 /tmp 1"
gives "--process with options on top" "9 9 /tmp n" \
	exec -p "$T/p.json" -u 9:9 $c
echo '{"cwd":"/"}' >"$T/p.json"
fails "--process without args" 'args' exec -p "$T/p.json" $c
echo '{"cwd":"/","args":["true"],"user":{"uid":-1,"gid":0}}' >"$T/p.json"
fails "--process with a bad uid" 'uid' exec -p "$T/p.json" $c
echo '{"cwd":"/","args":["true"]' >"$T/p.json"
fails "--process that is torn" 'p\.json' exec -p "$T/p.json" $c
fails "--process that is missing" 'no such file or directory' \
	exec -p "$T/none.json" $c
process >"$T/p.json"
blanks=$((1048576 - $(wc -c <"$T/p.json")))
head -c $blanks /dev/zero | tr '\0' ' ' >>"$T/p.json"
gives "--process of 1 MiB" "0 0 /tmp 1" exec -p "$T/p.json" $c
echo >>"$T/p.json"
fails "--process of a byte more" 'above 1 MiB' exec -p "$T/p.json" $c
if [ -x "$TOOLS/maxrss" ]; then
	process >"$T/p.json"
	for how in "$c true" "-p $T/p.json $c"; do
		# shellcheck disable=SC2086
		"$TOOLS/limit" 30 "$TOOLS/maxrss" "$T/rss" "$WHERRY" \
			--root "$STATE" exec $how >"$T/out" 2>&1 </dev/null
		cut -d' ' -f1 "$T/rss"
	done >"$T/both"
	note "KiB without and with --process: $(tr '\n' ' ' <"$T/both")"
	more=$(($(tail -n 1 "$T/both") - $(head -n 1 "$T/both")))
	ok "--process takes memory for its text only" test $more -lt 512
fi
head -c 2000000 /dev/zero >"$T/p.json"
fails "--process that is too large" 'above 1 MiB' exec -p "$T/p.json" $c

# The bundle's config does not matter any more.
cp "$box/config.json" "$T/saved"
echo nothing >"$box/config.json"
works "the config is the one of create" exec $c true
cp "$T/saved" "$box/config.json"

# --- cgroups ------------------------------------------------------------------

dirs=$(find /sys/fs/cgroup -type d -name $c 2>/dev/null)
for d in $dirs; do
	mkdir "$d/sub"
done
if [ -n "$dirs" ]; then
	[ ! -e /sys/fs/cgroup/cpuset/$c/cpuset.mems ] || for f in cpus mems; do
		cat /sys/fs/cgroup/cpuset/$c/cpuset.$f \
			>/sys/fs/cgroup/cpuset/$c/sub/cpuset.$f
	done
	is "--cgroup sub: in each hierarchy" "$(xout --cgroup sub $c \
		sh -c 'cat /proc/self/cgroup' | grep -c "$c/sub\$")" \
		"$(echo "$dirs" | wc -l)"
	works "--cgroup /: the container's" exec --cgroup / $c true
	fails "--cgroup: missing" 'cgroup.*no such file or directory' \
		exec --cgroup none $c true
	for bad in .. sub/.. ../$c-other sub/../.. . a//b; do
		fails "--cgroup $bad: refused" 'bad path' \
			exec --cgroup $bad $c true
	done
fi
if [ -d /sys/fs/cgroup/pids/$c ]; then
	is "--cgroup pids:sub: there only" "$(xout --cgroup pids:sub $c \
		sh -c 'cat /proc/self/cgroup' | grep "$c/sub\$" |
		cut -d: -f2)" pids
	fails "--cgroup: no such controller" 'no such cgroup' \
		exec --cgroup nothing:sub $c true
else
	skip "--cgroup pids:sub" "no v1 hierarchy"
fi
v2=
for d in $dirs; do
	[ ! -e "$d/cgroup.events" ] || v2=$d
done
# What systemd does: processes below, controllers on.
if [ -n "$v2" ] && grep -q pids "$v2/cgroup.controllers"; then
	for p in $(cat "$v2/cgroup.procs"); do
		echo "$p" >"$v2/sub/cgroup.procs"
	done
	echo +pids >"$v2/cgroup.subtree_control"
	like "it follows init below the container's cgroup" "$(xout $c \
		cat /proc/self/cgroup)" 'sub$'
	fails "--cgroup / does not" 'busy' exec --cgroup / $c true
	# before Linux 5.7 by a write, not by the clone
	outer=$WRAP
	WRAP="$TOOLS/nosys -e ENOSYS -s clone3 $outer"
	if $WRAP true 2>/dev/null; then
		like "... without clone3 as well" "$(xout $c \
			cat /proc/self/cgroup)" 'sub$'
		fails "... nor does --cgroup /" 'busy' exec --cgroup / $c true
	else
		skip "... without clone3" "seccomp filters can't be loaded here"
	fi
	WRAP=$outer
else
	skip "it follows init" "no v2 hierarchy with controllers"
fi
for d in $dirs; do
	rmdir "$d/sub" 2>/dev/null
done

# --- in each status -----------------------------------------------------------

fails "an id that is a path" 'only letters' exec "../$c" true
works "pause" pause $c
fails "paused: refused" 'is paused' exec $c true
"$WHERRY" --root "$STATE" exec --ignore-paused $c echo late >"$T/late" 2>&1 &
job=$!
sleep 0.3
is "--ignore-paused: it waits" "$(cat "$T/late")" ""
works "resume" resume $c
wait $job
is "... and runs then" "$? $(cat "$T/late")" "0 late"
w delete -f $c
ok "delete --force ends what exec started" test ! -e "/proc/$pid/exe"

w create -b "$box" $c
gives "created: allowed" "hi" exec $c echo hi
is "... and it stays created" "$(status_of $c)" created
w delete -f $c
bundle brief true
w run -d -b "$B" $c
until_status $c stopped
fails "stopped: refused" 'container not running' exec $c true
w delete $c

# --- many at once -------------------------------------------------------------

works "a container for many" run -d -b "$box" $c
many=200
[ -z "$QUICK" ] || many=40
jobs= n=0 good=0
while [ $n -lt $many ]; do
	n=$((n + 1))
	"$TOOLS/limit" 60 "$WHERRY" --root "$STATE" exec $c \
		sh -c "exit $((n % 100))" >>"$T/many" 2>&1 &
	jobs="$jobs $!"
done
n=0
for job in $jobs; do
	n=$((n + 1))
	wait "$job"
	[ $? != $((n % 100)) ] || good=$((good + 1))
done
is "$many at once" "$good" "$many"
[ ! -s "$T/many" ] || note "$(sort "$T/many" | uniq -c | head -5)"
is "none of them is left" "$(w ps $c; out | grep -c '^[0-9]')" 1

# Against delete: it ran, or there was no container; nothing stays.
rounds=20
[ -z "$QUICK" ] || rounds=5
n=0
while [ $n -lt $rounds ]; do
	n=$((n + 1))
	w run -d -b "$box" $c-d
	for _ in 1 2 3 4 5; do
		"$TOOLS/limit" 20 "$WHERRY" --root "$STATE" exec -d $c-d \
			sleep 1000 >/dev/null 2>&1 &
	done
	w delete -f $c-d || break
	wait
done
is "exec against delete" \
	"$n $(find /sys/fs/cgroup -type d -name "$c-d" 2>/dev/null)" "$rounds "
w delete -f $c

# --- other kinds of containers ------------------------------------------------

MOUNTS= PATHS= READONLY=false
NAMESPACES='{"type":"pid"},{"type":"uts"}'
bundle chroot
touch "$R/mark"
if w run -d -b "$B" $c; then
	x $c ls /
	like "without a mount namespace: its root" "$(out)" '^mark$'
	is "... and its directory" "$(xout $c pwd)" /
	w delete -f $c
else
	skip "without a mount namespace" "$(err)"
fi

if [ -e /proc/self/ns/user ]; then
	PATHS=
	MOUNTS="$PROC_MOUNT"
	HOST_NAME=
	NAMESPACES='{"type":"pid"},{"type":"user"},{"type":"mount"}'
	LINUX=',"uidMappings":[{"containerID":0,"hostID":100000,"size":1000}],
		"gidMappings":[{"containerID":0,"hostID":100000,"size":1000}]'
	bundle user
	if w run -d -b "$B" $c; then
		gives "user namespace: root inside" 0 exec $c id -u
		gives "user namespace: another user" "7 8" exec -u 7:8 $c \
			sh -c 'echo $(id -u) $(id -G)'
		x -d --pid-file "$T/pid" -u 7:8 $c sleep 1000
		is "... and outside" "$(awk '/^Uid/ { print $2 }' \
			"/proc/$(cat "$T/pid")/status")" 100007
		fails "an id that is not mapped" 'not in linux.uidMappings' \
			exec -u 1000 $c true
		w delete -f $c
	else
		skip "user namespace" "$(err)"
	fi
fi

if kernel_has time-ns; then
	NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"time"}'
	HOST_NAME= MOUNTS="$PROC_MOUNT"
	LINUX=',"timeOffsets":{"boottime":{"secs":1000000}}'
	bundle time
	works "time namespace: a container" run -d -b "$B" $c
	like "time namespace: entered" "$(xout $c cut -d. -f1 /proc/uptime)" \
		'^1[0-9]{6}$'
	w delete -f $c
fi

if "$WHERRY" features | grep -q '"SCMP_ACT_ERRNO"'; then
	for NNP in true false; do
		nnp=$NNP
		LINUX=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":
			[{"names":["mkdir","mkdirat"],"action":
			"SCMP_ACT_ERRNO","errnoRet":13}]}'
		bundle "seccomp-$nnp"
		w run -d -b "$B" $c
		x $c mkdir /tmp/x
		like "the filter, noNewPrivileges $nnp" "$(err)" \
			'Permission denied'
		w delete -f $c
	done
fi

done_testing
