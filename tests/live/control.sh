#!/bin/sh
# SPDX-License-Identifier: MIT
# control.sh -- pause, resume, update, ps, stats, events on a container that
# runs, and the end of one that is frozen, forks or has cgroups of its own.
. "${0%/*}/lib.sh"
c=$P-ctl
CG=/sys/fs/cgroup

files() { # FILE: every file of that name in the container's cgroups
	for d in "$CG" "$CG"/*; do
		[ -e "$d/$c/$1" ] && echo "$d/$c/$1"
	done
}

says() { # FILE: what it says
	files "$1" | xargs cat | tr '\n' ' ' | sed 's/ $//'
}

LINUX=",\"cgroupsPath\":\"/$c\""
RESOURCES='"resources":{},'
bundle ctl sh -c 'sleep 1000 & sleep 1000 & wait'
works "run" run -d -b "$B" $c
pid=$(pid_of $c)
for _ in 1 2 3 4 5 6 7 8 9 10; do
	w ps $c
	[ "$(out | wc -l)" = 4 ] && break
	sleep 0.1
done
is "ps: a title and three processes" "$(out | wc -l)" 4
is "ps: init is one" "$(out | grep -cx "$pid")" 1
w ps -f json $c
like "ps --format json" "$(out)" '^\[[0-9]+,[0-9]+,[0-9]+\]$'
fails "ps --format xml" "not table or json" ps -f xml $c

# --- pause --------------------------------------------------------------------

w pause $c
if [ $rc != 0 ] && ! grep -q ' - cgroup' /proc/self/mountinfo; then
	like "pause" "$(err)" "freez|cgroup"
else
	is "pause" "$rc$(err)" 0
	is "state: paused" "$(status_of $c)" paused
	w list
	like "list: paused" "$(out)" "$c .* paused "
	fails "pause again" "container \`$c\` is paused" pause $c
	fails "start when paused" "is paused" start $c
	fails "delete when paused" "is paused, not stopped" delete $c
	fails "exec when paused" "is paused" exec $c true
	works "kill when paused" kill $c USR2
	works "ps when paused" ps $c
	is "ps when paused: three processes" "$(out | wc -l)" 4
	works "stats when paused" stats $c
	like "stats when paused: an object" "$(out)" '^\{"type":"stats"'
	works "events --stats when paused" events --stats $c
	if [ -n "$(files pids.max)" ]; then
		works "update when paused" update --pids-limit 77 $c
		is "update when paused: pids.max" "$(says pids.max)" 77
	else
		skip "update when paused" "no pids controller"
	fi
	is "still paused" "$(status_of $c)" paused
	works "resume" resume $c
	is "state: running" "$(status_of $c)" running
	fails "resume again" "container not paused" resume $c
	works "pause for the kill" pause $c
	works "kill KILL when paused" kill $c KILL
	ok "it stops" until_status $c stopped
	fails "pause when stopped" "container not running" pause $c
	w delete $c

	w create -b "$B" $c
	works "pause when created" pause $c
	is "state: paused" "$(status_of $c)" paused
	fails "start when paused" "is paused" start $c
	works "resume" resume $c
	is "state: created" "$(status_of $c)" created
	works "start" start $c
	works "pause for stop" pause $c
	works "stop when paused" stop -t 1 $c
	is "stopped" "$(status_of $c)" stopped
	w delete $c

	w run -d -b "$B" $c
	works "pause for delete" pause $c
	works "delete --force when paused" delete --force $c
	w run -d -b "$B" $c
fi
for op in pause resume ps update\ --pids-limit=5 stats events; do
	fails "$op of nothing" "container \`$P-none\` does not exist" \
		$op $P-none
done

# --- update -------------------------------------------------------------------

update() { # NAME V1FILE V2FILE V1WANT V2WANT OPTIONS...
	name=$1 f1=$2 f2=$3 w1=$4 w2=$5
	shift 5
	if [ -n "$(files "$f1")" ] && [ "$f1" != "$f2" ]; then
		f=$f1 want=$w1
	elif [ -n "$(files "$f2")" ]; then
		f=$f2 want=$w2
	else
		skip "update $name" "no $f2 here"
		return
	fi
	works "update $name" update "$@" $c
	is "update $name: $f" "$(says "$f")" "$want"
}

update "memory, more" memory.limit_in_bytes memory.max 134217728 134217728 \
	--memory 128m --memory-swap 256MiB
update "memory, less" memory.limit_in_bytes memory.max 16777216 16777216 \
	--memory 16384k --memory-swap 32m
update "swap" memory.memsw.limit_in_bytes memory.swap.max 50331648 33554432 \
	--memory-swap 48m
update "memory, more again" memory.limit_in_bytes memory.max \
	268435456 268435456 --memory 256M --memory-swap 1g
update "memory, none" memory.limit_in_bytes memory.max 9223372036854771712 \
	max --memory -1
update "reservation" memory.soft_limit_in_bytes memory.low 8388608 8388608 \
	--memory-reservation 8m
update "cpu shares" cpu.shares cpu.weight 512 59 --cpu-share 512
update "cpu quota" cpu.cfs_quota_us cpu.max 20000 "20000 100000" \
	--cpu-quota 20000
update "cpu period" cpu.cfs_period_us cpu.max 50000 "20000 50000" \
	--cpu-period 50000
update "cpu, less" cpu.cfs_quota_us cpu.max 2000 "2000 5000" \
	--cpu-quota 2000 --cpu-period 5000
update "cpu, more" cpu.cfs_quota_us cpu.max 200000 "200000 500000" \
	--cpu-quota 200000 --cpu-period 500000
update "cpu quota, none" cpu.cfs_quota_us cpu.max -1 "max 500000" \
	--cpu-quota -1
update "cpu burst" cpu.cfs_burst_us cpu.max.burst 1000 1000 \
	--cpu-quota 200000 --cpu-burst 1000
update "cpu quota, none again" cpu.cfs_quota_us cpu.max -1 "max 500000" \
	--cpu-quota -1 --cpu-burst 0
if [ -n "$(files cpu.rt_period_us)" ]; then
	update "real time" cpu.rt_runtime_us - 3000 - \
		--cpu-rt-runtime 3000 --cpu-rt-period 60000
	is "update real time: the period" "$(says cpu.rt_period_us)" 60000
	works "update real time: none" update --cpu-rt-runtime 0 $c
else
	fails "update real time" "cpu.realtime[A-Za-z]*: .*(no such|has the)" \
		update --cpu-rt-runtime 3000 $c
fi
update "mems" cpuset.mems cpuset.mems 0 0 --cpuset-mems 0
update "disk weight" blkio.bfq.weight io.bfq.weight 200 "default 200" \
	--blkio-weight 200
update "cpu idle" cpu.idle cpu.idle 1 1 --cpu-idle 1
update "cpus" cpuset.cpus cpuset.cpus 0 0 --cpuset-cpus 0
update "pids" pids.max pids.max 40 40 --pids-limit 40
update "pids, none" pids.max pids.max max max --pids-limit -1

json() { # TEXT: update from standard input
	printf '%s' "$1" | "$TOOLS/limit" 30 $WRAP "$WHERRY" --root "$STATE" \
		update -r - $c >"$T/out" 2>"$T/err"
	rc=$?
}

if [ -n "$(files pids.max)" ]; then
	json '{"pids":{"limit":33},"devices":[{"allow":false,"access":"rwm"}]}'
	is "update -r -" "$rc$(err)$(says pids.max)" 033
	echo '{"pids":{"limit":34}}' >"$T/new.json"
	works "update -r FILE" update -r "$T/new.json" $c
	is "update -r FILE: pids.max" "$(says pids.max)" 34
	# pids comes behind cpu, unified behind both
	json '{"pids":{"limit":35},"hugepageLimits":[{"pageSize":"3MB",
		"limit":1}]}'
	is "a limit that fails: update" $rc 1
	is "... and nothing has changed" "$(says pids.max)" 34
else
	skip "update -r" "no pids controller"
fi
json '{"pids":{"limit":"x"}}'
like "update -r: a wrong type" "$rc $(err)" "^1 .*pids.limit"
fails "update without a limit" "nothing to change" update $c
fails "update: no number" "\`5x\` is no number" update --memory 5x $c
fails "update: too large" "out of range" update --memory 9999999999g $c
fails "update: a weight out of range" "blockIO.weight" \
	update --blkio-weight 9 $c
fails "update: no resctrl group" "linux.intelRdt: not in the container's" \
	update --l3-cache-schema L3:0=ff $c
fails "update: nothing" "nothing to change" update --mem-bw-schema '' $c
if [ -n "$(files memory.limit_in_bytes)" ]; then
	fails "less memory than is used" "usage is [0-9]+, peak was" \
		update --memory 4096 $c
elif [ -n "$(files memory.max)" ]; then
	json '{"memory":{"limit":4096,"checkBeforeUpdate":true}}'
	like "less memory than is used" "$rc $(err)" \
		"^1 .*4096 is not more than the usage"
	is "... and it lives" "$(status_of $c)" running
else
	skip "less memory than is used" "no memory controller"
fi

# --- stats --------------------------------------------------------------------

w stats $c
like "stats: an object" "$rc $(out)" "^0 \{\"type\":\"stats\",\"id\":\"$c\""
for f in pids.current:'"pids":\{"current":[1-9]' \
    memory.current:'"usage":\{"limit":[0-9]+,"usage":[1-9]' \
    memory.usage_in_bytes:'"usage":\{"limit":[0-9]+,"usage":[1-9]' \
    cpuacct.usage:'"cpu":\{"usage":\{"total":[1-9]' \
    cpuacct.usage_percpu:'"percpu":\[[0-9]+[],]' \
    cpuacct.usage_percpu_sys:'"percpu_kernel":\[[0-9]+[],]' \
    cpuacct.usage_percpu_user:'"percpu_user":\[[0-9]+[],]' \
    cpuset.cpus:'"cpuset":\{"cpus":\[0(,[0-9]+)*\],"' \
    cpuset.mems:'"mems":\[0(,[0-9]+)*\][,}]' \
    cpuset.sched_relax_domain_level:'"sched_relax_domain_level":-?[0-9]+\}' \
    cpu.stat:'"cpu":\{"[a-z]+":\{"'; do
	[ -z "$(files "${f%%:*}")" ] || like "stats: ${f%%:*}" "$(out)" \
		"${f#*:}"
done
# The files are there but can't be read where the kernel was booted with psi=0.
line='\{"avg10":[0-9]+\.[0-9]{2},"avg60":[0-9.]+,"avg300":[0-9.]+,'
line="$line\"total\":[0-9]+\\}"
for f in cpu memory io; do
	if says $f.pressure 2>/dev/null | grep -q total=; then
		[ $f != io ] || f=blkio
		like "stats: pressure, $f" "$(out)" \
			"\"$f\":\{.*\"psi\":\{\"some\":$line"
	else
		skip "stats: pressure, $f" "no $f.pressure to read"
	fi
done
like "stats: the interfaces" "$(out)" \
	'"network_interfaces":\[.*\{"Name":"lo","RxBytes":0,"RxPackets":0,'
works "events --stats" events --stats $c
fails "events --interval 0" "greater than 0" events --interval 0 $c
works "delete" delete -f $c

# An OOM kill in a container that lives on.
RESOURCES='"resources":{"memory":{"limit":4194304,"swap":4194304},
	"unified":{"memory.oom.group":"0"}},'
[ -z "$(ls -d "$CG"/memory 2>/dev/null)" ] ||
	RESOURCES='"resources":{"memory":{"limit":4194304,"swap":4194304}},'
LINUX=",\"cgroupsPath\":\"/$c\""
bundle ctl sh -c 'sleep 1; (x=0123456789abcdef; while :; do x=$x$x; done)
	sleep 0.6'
w run -d -b "$B" $c
if [ $rc = 0 ]; then
	works "events, to the end" events --interval 500ms $c
	like "events: stats" "$(out)" '"type":"stats"'
	like "events: oom" "$(out)" "\{\"type\":\"oom\",\"id\":\"$c\"\}"
	w delete -f $c
else
	skip "events" "no memory controller"
fi

# --- the end of difficult ones ------------------------------------------------

now() {
	cut -d. -f1 /proc/uptime
}

# Forks as fast as it can, each child the same, none listens.
RESOURCES='"resources":{"pids":{"limit":64}},'
LINUX=",\"cgroupsPath\":\"/$c\""
NAMESPACES='{"type":"mount"}' HOST_NAME=
bundle bomb sh -c 'trap "" TERM HUP; f() { f & f; }; f'
if w run -d -b "$B" $c || ! grep -q 'has the controller pids' "$T/err"; then
	is "fork bomb: run" $rc 0     # the bomb shares our stderr
	sleep 0.3
	start=$(now)
	works "fork bomb: delete --force" delete -f $c
	ok "... within 10 s" [ $(($(now) - start)) -le 10 ]
	# a zombie keeps the name of its cgroup until somebody waits for it
	is "... to the last process" "$(for f in $(grep -l "/$c" \
		/proc/[0-9]*/cgroup 2>/dev/null); do
			readlink "${f%/*}/exe"
		done)" ""
else
	skip "fork bomb" "no pids controller"
fi

done_testing
