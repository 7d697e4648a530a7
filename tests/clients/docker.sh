#!/bin/sh
# SPDX-License-Identifier: MIT
# docker.sh -- dockerd drives wherry as it is (--add-runtime): what each command
# gives must be what it gives with another runtime (TAP).
#
# dockerd, its containerd, the shims and every container are in namespaces of
# their own (pid, mount, network): when the first process of those ends, by
# whatever signal, nothing is left running and no mount or network rule stays.
# No registry: the image is busybox.
. "${0%/*}/lib.sh"

if [ -z "${IN_PRIVATE:-}" ]; then
	prepare docker dockerd /usr/bin/docker containerd busybox script
	export PARENT="${T##*/}"
	tidy() {
		find /sys/fs/cgroup -depth -type d -path "*/$PARENT*" \
			-exec rmdir {} + 2>/dev/null
		rm -rf "$T"
	}
	trap tidy EXIT
	trap 'exit 143' HUP INT TERM
	unshare -m -n -p -f --kill-child --mount-proc --propagation private \
		sh "$0" "$@"
	exit $?
fi

# --- a host: a /dev of its own, since others chown /dev/null ------------------

own_dev
ip link set lo up

# A frozen process can't be killed, not even by the end of its namespace.
thaw() {
	for f in /sys/fs/cgroup/freezer/"$PARENT"/*/freezer.state; do
		[ ! -e "$f" ] || echo THAWED >"$f"
	done
	for f in /sys/fs/cgroup/"$PARENT"/*/cgroup.freeze; do
		[ ! -e "$f" ] || echo 0 >"$f"
	done
}
trap thaw EXIT
trap 'exit 143' HUP INT TERM

set --
for name in wherry crun runc; do
	path=$WHERRY
	[ $name = wherry ] || path=$(command -v $name) || continue
	# dockerd has a runtime "runc" already.
	set -- "$@" --add-runtime "test-$name=$path"
done
# What dockerd and its shim ask of a runtime, and how it ends.  With $T/refuse
# the container stays as it was created.
cat >"$T/logged" <<END
#!/bin/sh
rc=1
if [ -e "$T/refuse" ] && echo " \$*" | grep -q ' start '; then
	echo refused >&2
else
	"$WHERRY" "\$@"
	rc=\$?
fi
echo " \$* : \$rc" >>"$T/calls"
exit \$rc
END
chmod 755 "$T/logged"
mkdir "$T/tmp"
DOCKER_TMPDIR=$T/tmp dockerd --data-root "$T/root" --exec-root "$T/exec" \
	--pidfile "$T/pid" -H "unix://$T/sock" --bridge=none \
	--iptables=false --ip6tables=false --storage-driver=overlay2 \
	--exec-opt native.cgroupdriver=cgroupfs --cgroup-parent="/$PARENT" \
	--default-ulimit nofile=1024:1024 "$@" \
	--add-runtime "test-logged=$T/logged" >"$T/log" 2>&1 &
dock() {
	DOCKER_CONFIG=$T timeout 60 /usr/bin/docker -H "unix://$T/sock" "$@"
}
n=0
until dock version >/dev/null 2>&1; do
	n=$((n + 1))
	[ $n -lt 30 ] || skip_all "dockerd: $(tail -1 "$T/log")"
	sleep 1
done

image() {
	fill_image "$T/img"
	tar -C "$T/img" -c . | dock import - bb >/dev/null
}
image || skip_all "docker import: $(tail -1 "$T/log")"

for RT in $REFERENCE crun runc; do
	command -v "$RT" >/dev/null || continue
	dock run --rm --runtime "test-$RT" --network none bb true \
		>"$T/err" 2>&1 || {
		sed "s/^/# $RT: /" "$T/err"
		continue
	}
	REFERENCE=$RT
	break
done
[ -n "$REFERENCE" ] || skip_all "no other runtime works here"
echo "# compared with $REFERENCE"

# --- TAP ----------------------------------------------------------------------

# Runs the function or command with each runtime: output and status are alike.
# What is called one doesn't outlive it; the container in $C
# does.
same() { # DESC COMMAND...
	desc=$1
	shift
	for RT in $REFERENCE wherry; do
		C=lasting-$RT USED=0
		{ "$@" 2>&1; echo "status $?"; } </dev/null >"$T/out"
		mask_ids <"$T/out" | sed "s/$C/C/g" >"$T/out-$RT"
		[ $USED = 0 ] || dock rm -f one >/dev/null 2>&1
	done
	compare "$desc"
}
is() { # DESC STATUS COMMAND...: where the reference gives another status
	desc=$1 want=$2 RT=wherry
	shift 2
	"$@" >"$T/out" 2>&1 </dev/null
	rc=$?
	[ $rc = "$want" ] || sed 's/^/# /' "$T/out"
	report "$desc" $((rc == want))
}

run() {
	dock run --rm --runtime "test-$RT" --network none "$@"
}
# run -d stops waiting when it returns, and its client may say so just then:
# "error waiting for container: context canceled" (docker/cli #5043).
started() { # runs a container called one
	USED=1
	dock run -d --name one --runtime "test-$RT" --network none "$@" \
		>/dev/null 2>"$T/started"
	rc=$?
	grep -v 'waiting for container: context canceled' "$T/started" >&2
	return $rc
}
status() { # only how it ends: the texts are the runtimes' own
	"$@" >/dev/null 2>&1
}
inspect() { # FORMAT
	dock inspect -f "$1" one
}

# --- run ----------------------------------------------------------------------

same "run: output" run bb echo hello
same "run: its status" run bb sh -c 'exit 7'
same "run: 128 and the signal" run --init bb sh -c 'kill -9 $$'
is "run: no such program is 127" 127 run bb nothing
is "run: no such path is 127" 127 run bb /no/such
is "run: not executable is 126" 126 run bb /etc/plain
same "run: stderr" run bb sh -c 'echo oops >&2'
from_stdin() {
	echo in | run -i bb cat
}
same "run -i: stdin" from_stdin
same "run -t: a terminal" run -t bb sh -c \
	'tty; test -c /dev/console; echo $?'
window() {
	script -qc "stty rows 33 cols 44; DOCKER_CONFIG=$T /usr/bin/docker \
		-H unix://$T/sock run --rm -it --runtime test-$RT \
		--network none bb sh -c 'sleep 1; stty size'" /dev/null
}
same "run -it: the size of the window" window
same "run -t --user: owns the terminal" run -t --user 5 bb sh -c \
	'stat -c "%u %a" $(tty); echo written >/dev/stdout'
same "run --user: opens /dev/stdout" run --user 5 bb sh -c \
	'echo written >/dev/stdout'
same "run: the user" run bb id
same "run --user 1000:1000" run --user 1000:1000 bb id
same "run --user by name" run --user user bb id
same "run --group-add" run --group-add 5 --group-add 6 bb id
same "run --workdir" run --workdir /tmp/new bb pwd
same "run --env" run --env A=1 --env B=2 bb sh -c 'echo $A$B$HOME'
same "run --hostname" run --hostname box bb hostname
same "run: namespaces" run bb sh -c 'ls /proc/self/ns; echo /proc/[0-9]*'
same "run: capabilities" run bb grep Cap /proc/self/status
same "run --cap-drop all" run --cap-drop all bb grep Cap /proc/self/status
same "run --cap-add" run --cap-add SYS_TIME bb grep Cap /proc/self/status
same "run --user: capabilities" run --user 5 bb grep Cap /proc/self/status
same "run --security-opt no-new-privileges" run --security-opt \
	no-new-privileges bb grep NoNew /proc/self/status
same "run: seccomp" run bb grep Seccomp: /proc/self/status
same "run: seccomp keeps what it should" run bb sh -c \
	'mount -t tmpfs t /tmp 2>&1; echo $?'
same "run --security-opt seccomp=unconfined" run --security-opt \
	seccomp=unconfined bb grep Seccomp: /proc/self/status
printf '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir",
	"mkdirat"],"action":"SCMP_ACT_ERRNO"}]}' >"$T/profile.json"
same "run --security-opt seccomp=FILE" run --security-opt \
	seccomp="$T/profile.json" bb mkdir /tmp/x
same "run: masked files" run bb sh -c \
	'wc -c </proc/timer_list; ls /sys/firmware | wc -l'
same "run: read-only files" run bb sh -c 'echo 1 >/proc/sys/kernel/panic'
# crun and wherry show the cgroup2 of a hybrid host, runc doesn't.
same "run: mounts" run bb sh -c \
	'cut -d" " -f2-3 /proc/mounts | grep -v /unified | sort'
same "run --read-only" run --read-only bb touch /etc/x
same "run --tmpfs" run --tmpfs /mnt:size=64k,mode=700 bb sh -c \
	'grep /mnt /proc/mounts | cut -d" " -f2-; stat -c %a /mnt'
mkdir "$T/vol"
mount --bind "$T/vol" "$T/vol" && mount --make-shared "$T/vol"
echo there >"$T/vol/f"
same "run -v" run -v "$T/vol:/vol" bb cat /vol/f
same "run -v ro" run -v "$T/vol:/vol:ro" bb touch /vol/g
same "run -v: of a file" run -v "$T/vol/f:/etc/plain:ro" bb cat /etc/plain
same "run -v: its propagation" run -v "$T/vol:/vol:rslave" bb sh -c \
	'grep -c " /vol .* master:" /proc/self/mountinfo'
same "run --mount type=volume" run --mount type=volume,dst=/etc/plain.d bb sh \
	-c 'echo 1 >/etc/plain.d/x; cat /etc/plain.d/x'
same "run --shm-size" run --shm-size 1m bb grep shm /proc/mounts
same "run --device" run --device /dev/full:/dev/fill:r bb sh -c \
	'stat -c %t:%T:%a /dev/fill; head -c 1 /dev/fill | wc -c
	{ echo >/dev/fill; } 2>/dev/null; echo $?'
same "run: devices" run bb sh -c 'ls /dev; ls -l /dev/null /dev/ptmx |
	cut -d" " -f1'
same "run --device-cgroup-rule" run --device-cgroup-rule 'c 10:229 rw' \
	bb grep 10:229 /sys/fs/cgroup/devices/devices.list
same "run --ulimit" run --ulimit nofile=64:128 --ulimit nproc=100:100 bb \
	grep -E 'open files|processes' /proc/self/limits
same "run --sysctl" run --sysctl kernel.shmmax=4096000 \
	--sysctl net.ipv4.ip_forward=1 bb \
	cat /proc/sys/kernel/shmmax /proc/sys/net/ipv4/ip_forward
same "run --oom-score-adj" run --oom-score-adj 300 bb \
	cat /proc/self/oom_score_adj
same "run --init" run --init bb sh -c 'cat /proc/1/comm; exit 3'
same "run --pid host" run --pid host bb sh -c 'test $$ -gt 1; echo $?'
same "run --ipc host" run --ipc host bb sh -c 'grep -c shm /proc/mounts'
same "run --ipc none" run --ipc none bb sh -c 'grep -c shm /proc/mounts'
same "run --ipc private" run --ipc private bb grep shm /proc/mounts
same "run --uts host" run --uts host bb sh -c 'test -n "$(hostname)"; echo $?'
same "run --network none" run bb sh -c 'ip link | grep -c ^[0-9]; ip addr |
	grep inet'
on_host() {
	dock run --rm --runtime "test-$RT" --network host bb \
		readlink /proc/self/ns/net
}
same "run --network host" on_host
same "run --cgroupns private" run --cgroupns private bb sh -c \
	'cut -d: -f3 /proc/self/cgroup | sort -u'
same "run --memory" run --memory 64m --memory-reservation 32m bb sh -c \
	'cd /sys/fs/cgroup/memory
	cat memory.limit_in_bytes memory.memsw.limit_in_bytes \
		memory.soft_limit_in_bytes'
same "run --pids-limit" run --pids-limit 20 bb cat \
	/sys/fs/cgroup/pids/pids.max
same "run --cpus" run --cpus 0.5 --cpu-shares 512 bb sh -c \
	'cd /sys/fs/cgroup/cpu
	cat cpu.cfs_quota_us cpu.cfs_period_us cpu.shares'
same "run --cpuset-cpus" run --cpuset-cpus 0 bb grep Cpus_allowed_list \
	/proc/self/status
# Others fail where dockerd itself lacks one of all capabilities.
is "run --privileged" 0 run --privileged bb true

# --- a container that stays ---------------------------------------------------

for RT in $REFERENCE wherry; do
	dock run -d --name "lasting-$RT" --runtime "test-$RT" --network none \
		--memory 64m --memory-swap 64m bb \
		sh -c 'echo one; echo two >&2; exec sleep 1000' >/dev/null
done
lasting() { # COMMAND [OPTION...] -- ARG...: of the lasting container
	command=$1
	shift
	before=
	while [ "$1" != -- ]; do
		before="$before $1"
		shift
	done
	shift
	# shellcheck disable=SC2086
	dock $command $before "$C" "$@"
}
same "run -d: inspect" lasting inspect -f \
	'{{.State.Status}},{{.State.Running}},{{.State.ExitCode}}' --
logs() {
	lasting logs -- 2>&1 | sort
	lasting logs -- 2>/dev/null
}
same "logs" logs
same "exec: output" lasting exec -- echo hello
same "exec: its status" lasting exec -- sh -c 'exit 9'
same "exec: 128 and the signal" lasting exec -- sh -c 'kill -9 $$'
same "exec: no such program" status lasting exec -- nothing
same "exec: not executable" status lasting exec -- /etc/plain
same "exec -u" lasting exec -u 1000:1000 -- id
same "exec -u by name" lasting exec -u user -- id
same "exec -e" lasting exec -e A=b -- sh -c 'echo $A$HOME'
same "exec -w" lasting exec -w /tmp -- pwd
same "exec -t" lasting exec -t -- tty
same "exec: capabilities" lasting exec -- grep Cap /proc/self/status
same "exec -u: capabilities" lasting exec -u 5 -- grep Cap /proc/self/status
same "exec: seccomp" lasting exec -- grep Seccomp: /proc/self/status
is "exec --privileged" 0 dock exec --privileged lasting-wherry true
same "exec: cgroups and limits" lasting exec -- sh -c \
	'cat /sys/fs/cgroup/memory/cgroup.procs | grep -c "^$$\$"
	grep "open files" /proc/self/limits; cat /proc/self/oom_score_adj'
same "exec: no file is open" lasting exec -- sh -c \
	'for f in /proc/$$/fd/*; do echo ${f##*/}; done'
exec_stdin() {
	echo in | lasting exec -i -- cat
}
same "exec -i: stdin" exec_stdin
detached() {
	lasting exec -d -- sh -c 'echo done >/tmp/mark'
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		lasting exec -- cat /tmp/mark 2>/dev/null && break
		sleep 0.1
	done
}
same "exec -d" detached
tops() {
	lasting top -- -eo pid,comm | awk '{ print $2 }'
}
same "top" tops
stats() {
	dock stats --no-stream --format '{{.Name}} {{.PIDs}} {{.MemUsage}}' \
		"$C" | sed 's| [^ ]* / | / |'
}
same "stats" stats
copied() {
	dock cp "$T/vol/f" "$C:/tmp/f"
	lasting exec -- cat /tmp/f
	dock cp "$C:/etc/plain" "$T/copy"
	cat "$T/copy"
}
same "cp" copied
updated() {
	dock update --memory 96m --memory-swap 96m --cpu-shares 300 \
		--pids-limit 50 "$C"
	lasting exec -- sh -c 'cd /sys/fs/cgroup
		cat memory/memory.limit_in_bytes cpu/cpu.shares pids/pids.max'
}
same "update" updated
paused() {
	dock pause "$C"
	dock inspect -f '{{.State.Status}}' "$C"
	status dock exec "$C" true
	echo "exec $?"
	dock unpause "$C"
	dock inspect -f '{{.State.Status}}' "$C"
	dock exec "$C" echo again
}
same "pause and unpause" paused
shared() {
	run --pid "container:$C" --ipc host bb sh -c \
		'ps | grep -c "[s]leep 1000"'
}
same "run --pid container:" shared
restarted() {
	dock restart -t 0 "$C"
	dock inspect -f '{{.State.Status}} {{.RestartCount}}' "$C"
	dock exec "$C" echo alive
}
same "restart" restarted
stopped() {
	dock stop -t 0 "$C"
	dock inspect -f '{{.State.Status}} {{.State.ExitCode}}' "$C"
	dock start "$C"
	dock exec "$C" echo alive
}
same "stop and start" stopped
same "rm of a running one" status lasting rm --
removed() {
	dock rm -f "$C"
	dock ps -a --format '{{.Names}}' | grep -c "$C"
}
same "rm -f" removed

# --- how they end -------------------------------------------------------------

trapped() {
	started bb sh -c 'trap "exit 5" TERM; while :; do sleep 0.1; done'
	sleep 0.3
	dock stop -t 5 one
	inspect '{{.State.Status}} {{.State.ExitCode}}'
}
same "stop: SIGTERM first" trapped
signalled() {
	started bb sh -c \
		'trap "echo usr; exit 6" USR1; while :; do sleep 0.1; done'
	sleep 0.3
	dock kill -s USR1 one
	dock wait one
	dock logs one
}
same "kill -s USR1, wait, logs" signalled
killed() {
	started bb sleep 1000
	dock kill one
	dock wait one
	inspect '{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}'
}
same "kill, wait" killed
killed_paused() {
	started bb sleep 1000
	dock pause one
	dock rm -f one
}
same "rm -f of a paused one" killed_paused
# The shim may see the end before the memory cgroup's event, with any runtime.
out_of_memory() {
	for _ in 1 2 3; do
		started --memory 16m --memory-swap 16m bb tail /dev/zero
		dock wait one
		end=$(inspect '{{.State.OOMKilled}} {{.State.ExitCode}}')
		[ "$end" != "true 137" ] || break
		dock rm -f one
	done >/dev/null
	echo "$end"
}
same "out of memory" out_of_memory
again() {
	started --restart on-failure:1 bb sh -c 'exit 4'
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(inspect '{{.RestartCount}} {{.State.Status}}')" != \
			"1 exited" ] || break
		sleep 0.5
	done
	inspect '{{.RestartCount}} {{.State.ExitCode}} {{.State.Status}}'
}
same "run --restart on-failure" again
healthy() {
	started --health-cmd 'test -e /tmp/well' --health-interval 1s \
		--health-retries 1 bb sleep 1000
	for want in unhealthy healthy; do
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			[ "$(inspect '{{.State.Health.Status}}')" != $want ] ||
				break
			sleep 0.5
		done
		inspect '{{.State.Health.Status}}'
		dock exec one touch /tmp/well
	done
}
same "run --health-cmd" healthy
created() {
	USED=1
	dock create --name one --runtime "test-$RT" --network none bb echo late
	inspect '{{.State.Status}}'
	dock start -a one
	dock rm one
}
same "create, start -a, rm" created
removed_created() {
	USED=1
	dock create --name one --runtime "test-$RT" --network none bb true
	dock rm one
}
same "create, rm" removed_created
# Docker may lose what is said before attach has both streams, whoever runs the
# container: it is told until it answers.
attached() {
	started -i bb sh -c 'while read -r line; do echo "got $line"; done'
	: >"$T/said"
	{
		for _ in $(seq 100); do
			echo word
			sleep 0.1
			! grep -q got "$T/said" || break
		done
		dock kill one >/dev/null
	} | dock attach one >"$T/said"
	sort -u "$T/said"
}
same "attach: stdin" attached

# --- what dockerd asks for, and what stays ------------------------------------

RT=logged
for command in true nothing; do
	status run bb $command
done
started bb sleep 1000
dock rm -f one >/dev/null
bad=$(grep ' delete ' "$T/calls" | grep -vc ': 0$')
report "no delete that dockerd asks for is refused" $((bad == 0))
sleep 0.5
left=$(find "$T"/exec/runtime-*/moby -mindepth 1)
report "no state is left" $((!${#left}))
left=$(find /sys/fs/cgroup -mindepth 3 -type d -path "*/$PARENT/*")
report "no cgroup is left" $((!${#left}))

# The strict rule is that a plain delete of a created container fails.  When a
# start fails containerd's client won't ask for one ("task must be stopped
# before deletion: created"), so that container stays, with any runtime.
: >"$T/refuse"
: >"$T/calls"
status run bb sleep 1000
sleep 0.5
bad=$(grep ' delete ' "$T/calls" | grep -vc ' --force ')
report "a start that fails: no plain delete of what was created" $((bad == 0))
for left in "$T"/exec/runtime-*/moby/*; do
	"$WHERRY" --root "${left%/*}" delete --force "${left##*/}" || BAD=1
done

kill "$(cat "$T/pid")"
wait
echo "1..$N"
exit $((BAD > 0))
