#!/bin/sh
# SPDX-License-Identifier: MIT
# process.sh -- how the kernel treats the container's program: memory, CPUs,
# disks, personality, and the values of its namespaces (list section 12, L7-L15,
# Z13).
. "${0%/*}/lib.sh"
c=$P-p
APPLETS="$APPLETS uname ionice"
USER_MAPS=',"uidMappings":[{"containerID":0,"hostID":100000,"size":1000}],
	"gidMappings":[{"containerID":0,"hostID":100000,"size":1000}]'
MINIMAL="$PROC_MOUNT,$DEV_MOUNTS"

at() { # KEY: the value of KEY=value in what the container said
	sed -n "s/^$1=//p" "$T/out"
}

# The caps of the bits of CapEff, which bash and ash can't shift in 64 bits.
has_cap() { # LETTERS OF 4 BITS FROM THE RIGHT, BIT
	digit=$(sed -n 's/^CapEff:.*\(.\)'"$(printf '%*s' "$1" '' |
		tr ' ' .)"'$/\1/p' /proc/self/status)
	[ $((0x$digit >> $2 & 1)) = 1 ]
}

without() { # SET ERRNO DESC ERE: the call is not there: the error names it
	WRAP="$OUTER $TOOLS/nosys -e $2 -s $1"
	fails "$3" "$4" run -b "$B" $c
	WRAP=$OUTER
}
OUTER=$WRAP

# --- capabilities -------------------------------------------------------------

if grep -q ^CapAmb /proc/self/status; then
	CAPS='"CAP_KILL","CAP_CHOWN"' AMBIENT='"CAP_KILL"'
	bundle ambient grep CapAmb /proc/self/status
	# permitted, but not inheritable
	sed -i 's/"ambient": \[/&"CAP_CHOWN",/' "$B/config.json"
	w --log-level warning run -b "$B" $c
	is "an ambient one that can't be is left out" "$(out)" \
		"CapAmb:	0000000000000020"
	like "... with a warning" "$(err)" \
		"capabilities.ambient: not granted, .*: CAP_CHOWN"
else
	skip "ambient capabilities" "this kernel has none"
fi

# --- environment --------------------------------------------------------------

ENV=',"A=1","HOME=/x","AB=3","HOME=","A=2","PATH=/bin"'
bundle env env
gives "of a name that is given twice the last one counts" "TERM=xterm
WHERRY_TEST=$P
AB=3
A=2
PATH=/bin
HOME=/" run -b "$B" $c

# --- memory shortage ----------------------------------------------------------

own=$(cat /proc/self/oom_score_adj)
for adj in 0 1 500 1000; do
	PROCESS=',"oomScoreAdj":'$adj
	bundle oom cat /proc/self/oom_score_adj
	gives "oomScoreAdj $adj" $adj run -b "$B" $c
done
PROCESS=',"oomScoreAdj":300'
bundle oom
works "created with an oomScoreAdj" create -b "$B" $c
is "it has it from the start" "$(cat "/proc/$(pid_of $c)/oom_score_adj")" 300
is "and nobody else" "$(cat /proc/self/oom_score_adj)" "$own"
w delete -f $c
bundle oom cat /proc/self/oom_score_adj
gives "without: the caller's" "$own" run -b "$B" $c
PROCESS=',"oomScoreAdj":-999'
bundle oom cat /proc/self/oom_score_adj
if has_cap 6 0; then
	gives "oomScoreAdj below the caller's" -999 run -b "$B" $c
else
	fails "oomScoreAdj below the caller's needs a capability" \
		"process.oomScoreAdj -999: .*denied.*CAP_SYS_RESOURCE" \
		run -b "$B" $c
fi

NAMESPACES='{"type":"mount"},{"type":"pid"},
	{"type":"uts","path":"/proc/self/ns/uts"}'
PROCESS=',"oomScoreAdj":77' HOST_NAME=
bundle oom cat /proc/self/oom_score_adj
gives "oomScoreAdj by way of the stage" 77 run -b "$B" $c
if [ -e /proc/self/ns/user ] && unshare -U true 2>/dev/null; then
	NAMESPACES="$NAMESPACES,{\"type\":\"user\"}" MOUNTS=$MINIMAL
	PROCESS=',"oomScoreAdj":78' LINUX=$USER_MAPS
	bundle oom cat /proc/self/oom_score_adj
	gives "oomScoreAdj in a user namespace" 78 run -b "$B" $c
fi

# --- CPUs ---------------------------------------------------------------------

stat_of() { # FIELDS: of the container's /proc/self/stat, whose comm is plain
	cut -d' ' -f"$1" "$T/out"
}

sched() { # POLICY MEMBERS
	PROCESS=',"scheduler":{"policy":"SCHED_'$1'"'${2:-}'}'
	bundle sched cat /proc/self/stat
}

# Fields: 19 nice, 40 real-time priority, 41 policy.
sched OTHER ',"nice":7'
works "SCHED_OTHER" run -b "$B" $c
is "nice is seen" "$(stat_of 19,40,41)" "7 0 0"
sched BATCH ',"nice":19,"flags":["SCHED_FLAG_RESET_ON_FORK"]'
works "SCHED_BATCH" run -b "$B" $c
is "batch is seen" "$(stat_of 19,40,41)" "19 0 3"
sched IDLE
works "SCHED_IDLE" run -b "$B" $c
is "idle is seen" "$(stat_of 40,41)" "0 5"
NAMESPACES="$NAMESPACES,{\"type\":\"user\"}" LINUX=$USER_MAPS MOUNTS=$MINIMAL
sched BATCH ',"nice":3'
if [ -e /proc/self/ns/user ] && unshare -U true 2>/dev/null; then
	works "SCHED_BATCH in a user namespace" run -b "$B" $c
	is "batch is seen in there" "$(stat_of 19,41)" "3 3"
else
	skip "SCHED_BATCH in a user namespace" "this kernel gives none"
fi
for policy in FIFO:1 RR:2; do
	RESOURCES='"resources":{"cpu":{"realtimeRuntime":10000}},'
	grep -qE '[ ,]cpu(,|$)' /proc/self/mountinfo || RESOURCES=
	sched ${policy%:*} ',"priority":7'
	if ! w run -b "$B" $c &&
	    grep -q "process.scheduler: operation not" "$T/err"; then
		skip "SCHED_${policy%:*}" "no real time for cgroups here"
	else
		is "SCHED_${policy%:*}" "$rc: $(stat_of 40,41)" \
			"0: 7 ${policy#*:}"
	fi
done
sched DEADLINE ',"runtime":1000000,"deadline":10000000,"period":10000000'
if ! w run -b "$B" $c &&
    grep -q "process.scheduler: \(operation not\|device\)" "$T/err"; then
	skip "SCHED_DEADLINE" "this kernel gives none"
else
	is "SCHED_DEADLINE" "$rc: $(stat_of 41)" "0: 6"
fi
sched DEADLINE ',"runtime":1,"deadline":2,"period":2'
fails "what the kernel refuses is named" "process.scheduler: invalid" \
	run -b "$B" $c
is "nothing is left of it" "$(ls "$STATE" 2>/dev/null)" ""
sched BATCH
for errno in ENOSYS EPERM; do
	without sched_setattr $errno "no sched_setattr ($errno)" \
		"process.scheduler: (function not|operation not)"
done
for flag in KEEP_POLICY KEEP_PARAMS; do
	sched OTHER ',"flags":["SCHED_FLAG_'$flag'"]'
	works "SCHED_FLAG_$flag" run -b "$B" $c
done

if [ "$(grep -c ^processor /proc/cpuinfo)" -gt 1 ] &&
    command -v taskset >/dev/null; then
	WRAP="taskset 2 $OUTER"
	bundle cpus grep Cpus_allowed_list /proc/self/status
	gives "the caller's affinity is kept" "Cpus_allowed_list:	1" \
		run -b "$B" $c
	if grep -q '[, ]cpuset\(,\| \|$\)' /proc/self/mountinfo ||
	    grep -qw cpuset /sys/fs/cgroup/cgroup.controllers 2>/dev/null; then
		RESOURCES='"resources":{"cpu":{"cpus":"0-1"}},'
		bundle cpus grep Cpus_allowed_list /proc/self/status
		gives "but where the config names CPUs" \
			"Cpus_allowed_list:	0-1" run -b "$B" $c
	fi
	WRAP=$OUTER
fi

all=$(sed -n 's/^Cpus_allowed_list:.//p' /proc/self/status)
allowed() { # DESC WANT MEMBERS...: of an exec, and of nobody else
	desc=$1 want=$2
	shift 2
	PROCESS=',"execCPUAffinity":{'$1'}'
	bundle affinity
	works "$desc" run -d -b "$B" $c
	w exec $c grep Cpus_allowed_list /proc/self/status
	is "$desc: exec" "$(out)$(err)" "Cpus_allowed_list:	$want"
	w exec $c grep Cpus_allowed_list /proc/1/status
	is "$desc: the container" "$(out)" "Cpus_allowed_list:	$all"
	w delete -f $c
}
if ! w exec --help; then
	skip "execCPUAffinity" "built without exec"
elif [ "$(grep -c ^processor /proc/cpuinfo)" -gt 1 ]; then
	allowed "execCPUAffinity initial" 1 '"initial":"1"'
	allowed "execCPUAffinity final" 0 '"initial":"1","final":"0"'
	allowed "execCPUAffinity empty" "$all" '"initial":"","final":""'
	PROCESS=',"execCPUAffinity":{"final":"8000"}'
	bundle affinity
	works "execCPUAffinity of a CPU that is not there" run -d -b "$B" $c
	fails "... is an error of exec" \
		"process.execCPUAffinity.final: CPUs 8000: invalid" \
		exec $c true
	w delete -f $c
	PROCESS=',"execCPUAffinity":{"final":"0"},"oomScoreAdj":55,
		"scheduler":{"policy":"SCHED_BATCH","nice":4},
		"ioPriority":{"class":"IOPRIO_CLASS_IDLE","priority":0}'
	LINUX=',"memoryPolicy":{"mode":"MPOL_PREFERRED","nodes":"0"},
		"personality":{"domain":"LINUX32"}'
	[ -e /proc/self/numa_maps ] || LINUX=
	bundle affinity
	works "a container with all of it" run -d -b "$B" $c
	w exec $c sh -c 'cat /proc/self/oom_score_adj; ionice -p $$
		cut -d" " -f19,41 /proc/self/stat; cat /proc/self/personality
		grep -c prefer /proc/self/numa_maps'
	is "an exec has what its first process has, but no memory policy" \
		"$(out)" "55
idle
4 3
00000008
0"
	w delete -f $c
fi

# --- disks --------------------------------------------------------------------

for io in "RT 3:realtime: prio 3" "BE 7:best-effort: prio 7" "IDLE 0:idle"; do
	class=${io%% *} prio=${io#* }
	PROCESS=',"ioPriority":{"class":"IOPRIO_CLASS_'$class'",
		"priority":'${prio%%:*}'}'
	bundle io sh -c 'ionice -p $$'
	gives "ioPriority $class" "${io#*:}" run -b "$B" $c
done
for errno in ENOSYS EPERM; do
	without ioprio_set $errno "no ioprio_set ($errno)" \
		"process.ioPriority: (function not|operation not)"
done

# --- personality --------------------------------------------------------------

machine=$(uname -m)
LINUX=',"personality":{"domain":"LINUX32"}'
bundle personality sh -c 'uname -m; cat /proc/self/personality'
if [ "$machine" = x86_64 ] && kernel_has i386; then
	gives "personality LINUX32" "i686
00000008" run -b "$B" $c
else
	works "personality LINUX32" run -b "$B" $c
fi
for errno in ENOSYS EPERM; do
	without personality $errno "no personality ($errno)" \
		"linux.personality: (function not|operation not)"
done
LINUX=',"personality":{"domain":"LINUX"}'
bundle personality sh -c 'uname -m; cat /proc/self/personality'
if command -v setarch >/dev/null && setarch -R true 2>/dev/null; then
	WRAP="setarch $machine -R $OUTER"
	gives "personality LINUX takes the caller's flags away" "$machine
00000000" run -b "$B" $c
	WRAP=$OUTER
fi
LINUX=',"personality":{"domain":"LINUX","flags":["ADDR_NO_RANDOMIZE"]}'
bundle personality true
fails "no flag of personality is defined" "personality.flags\[0\]" \
	run -b "$B" $c

# --- memory policy ------------------------------------------------------------

numa() { # MODE MEMBERS
	LINUX=',"memoryPolicy":{"mode":"MPOL_'$1'"'${2:-}'}'
	bundle numa cat /proc/self/numa_maps
}

if [ -e /proc/self/numa_maps ]; then
	for mode in "BIND:bind:0" "INTERLEAVE:interleave:0" \
	    "PREFERRED:prefer:0"; do
		numa ${mode%%:*} ',"nodes":"0"'
		works "memoryPolicy ${mode%%:*}" run -b "$B" $c
		like "it is seen" "$(out)" " ${mode#*:} .*stack"
	done
	numa BIND ',"nodes":"0","flags":["MPOL_F_STATIC_NODES"]'
	works "memoryPolicy with a flag" run -b "$B" $c
	like "the flag is seen" "$(out)" ' bind=static:0 '
	numa LOCAL
	works "memoryPolicy LOCAL" run -b "$B" $c
	like "local is seen" "$(out)" ' local '
	numa DEFAULT
	works "memoryPolicy DEFAULT" run -b "$B" $c
	like "default is seen" "$(out)" ' default '
	numa BIND ',"nodes":"1000"'
	fails "a node that can't be" "linux.memoryPolicy: invalid" \
		run -b "$B" $c
	numa BIND ',"nodes":"0"'
	for errno in ENOSYS EPERM; do
		without set_mempolicy $errno "no set_mempolicy ($errno)" \
			"linux.memoryPolicy: (function not|operation not)"
	done
else
	numa BIND ',"nodes":"0"'
	fails "memoryPolicy without CONFIG_NUMA" \
		"linux.memoryPolicy: function not.*CONFIG_NUMA" run -b "$B" $c
fi

# --- session keyring ----------------------------------------------------------

if own=$("$TOOLS/keyring"); then
	bundle keys keyring
	cp "$TOOLS/keyring" "$R/bin/"
	gives "--no-new-keyring: the caller's keyring" "$own" \
		run --no-new-keyring -b "$B" $c
	works "a session keyring" run -b "$B" $c
	like "... has a number" "$(out)" '^[0-9]+$'
	unlike "... that is not the caller's" "$(out)" "^$own\$"
	if "$WHERRY" help | grep -q '^ *exec '; then
		bundle keys
		cp "$TOOLS/keyring" "$R/bin/"
		w run -d -b "$B" $c
		works "exec: a session keyring" exec $c keyring
		unlike "... that is not the caller's" "$(out)" "^$own\$"
		w delete -f $c
	fi
else
	skip "a session keyring" "$own"
fi

bundle keys true
WRAP="$OUTER $TOOLS/nosys -e ENOSYS -s keyctl"
works "a kernel without keys has none to hide" run -b "$B" $c
WRAP=$OUTER
without keyctl EPERM "the caller's keys can't be hidden" "session keyring"
WRAP="$OUTER $TOOLS/nosys -e EPERM -s keyctl"
works "... unless they need not be" run --no-new-keyring -b "$B" $c
for policy in warn:1 off:0; do
	echo "keyring = ${policy%:*}" >"$T/conf"
	w --config-file "$T/conf" --log-level warning run -b "$B" $c
	if grep -q "built without CONF" "$T/err"; then
		skip "keyring = ${policy%:*}" "built without CONF"
		continue
	fi
	is "keyring = ${policy%:*}: it runs, and what is said" \
		"$rc $(grep -c 'session keyring: operation not' "$T/err")" \
		"0 ${policy#*:}"
done
WRAP=$OUTER
if "$WHERRY" help | grep -q '^ *exec '; then
	bundle keys
	for opt in "" --no-new-keyring; do
		w run -d $opt -b "$B" $c
		WRAP="$OUTER $TOOLS/nosys -e EPERM -s keyctl"
		w exec $c true
		is "exec: as create did${opt:+, $opt}" \
			"$rc $(grep -c "session keyring" "$T/err")" \
			"$([ "$opt" ] && echo 0 0 || echo 1 1)"
		WRAP=$OUTER
		w delete -f $c
	done
fi

# --- values of namespaces -----------------------------------------------------

shared_values() {
	cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax \
		/proc/sys/fs/mqueue/msg_max /proc/sys/kernel/domainname \
		/proc/sys/kernel/sem 2>/dev/null
}
shared_values >"$T/shared"

ipc=
[ ! -e /proc/sys/kernel/msgmax ] ||
	ipc=',"kernel.msgmax":"4242","kernel/sem":"32 64 16 8"'
[ ! -e /proc/sys/fs/mqueue ] || ipc="$ipc"',"fs.mqueue.msg_max":"7"'
values='"net.ipv4.ip_forward":"1","net.ipv4.conf.lo.forwarding":"0",
	"net/ipv4/conf/lo/rp_filter":"2","kernel.domainname":"by.sysctl"'$ipc
script sysctl <<'END'
echo forward=$(cat /proc/sys/net/ipv4/ip_forward)
echo lo=$(cat /proc/sys/net/ipv4/conf/lo/forwarding)
echo rp=$(cat /proc/sys/net/ipv4/conf/lo/rp_filter)
echo msgmax=$(cat /proc/sys/kernel/msgmax)
echo sem=$(cat /proc/sys/kernel/sem)
echo mqueue=$(cat /proc/sys/fs/mqueue/msg_max)
echo domain=$(cat /proc/sys/kernel/domainname)
END
values_seen() {
	is "net.ipv4.ip_forward" "$(at forward)" 1
	is "in the order of the file" "$(at lo)" 0
	is "a key with slashes" "$(at rp)" 2
	is "kernel.domainname" "$(at domain)" by.sysctl
	case $ipc in *msgmax*)
		is "kernel.msgmax" "$(at msgmax)" 4242
		is "kernel/sem" "$(at sem)" "32 64 16 8" ;;
	esac
	case $ipc in *mqueue*) is "fs.mqueue.msg_max" "$(at mqueue)" 7 ;; esac
}
LINUX=',"sysctl":{'$values'}'
bundle sysctl sh /run.sh
works "sysctl" run -b "$B" $c
values_seen
is "the host keeps its own" "$(shared_values)" "$(cat "$T/shared")"
if [ -e /proc/self/ns/user ] && unshare -U true 2>/dev/null; then
	NAMESPACES="$NAMESPACES,{\"type\":\"user\"}" MOUNTS=$MINIMAL
	LINUX=',"sysctl":{"user.max_uts_namespaces":"3",'$values'}'$USER_MAPS
	bundle sysctl sh /run.sh
	if ! w run -b "$B" $c &&
	    grep -q 'kernel.msgmax"\]: .*permission denied' "$T/err"; then
		skip "sysctl in a user namespace" "its root may not set IPC"
	else
		is "sysctl in a user namespace" "$rc$(err)" 0
		values_seen
	fi
	NAMESPACES="$NAMESPACES,{\"type\":\"user\"}" MOUNTS=$MINIMAL
	LINUX=',"sysctl":{"net.ipv4.ping_group_range":"0 2147483647"}'$USER_MAPS
	bundle sysctl true
	fails "groups that the user namespace lacks" \
		'ping_group_range"\]: .*invalid argument' run -b "$B" $c
fi
LINUX=',"sysctl":{"net.ipv4.no_such_thing":"1"}'
bundle sysctl true
fails "a sysctl that is not there is named" \
	'linux.sysctl\["net.ipv4.no_such_thing"\]: .*no such file' \
	run -b "$B" $c
LINUX=',"sysctl":{"net.ipv4.ip_forward":"many"}'
bundle sysctl true
fails "a value that the kernel refuses" \
	'linux.sysctl\["net.ipv4.ip_forward"\]: .*invalid argument' \
	run -b "$B" $c
LINUX=',"sysctl":{"net/../kernel/panic":"7"}'
bundle sysctl true
fails "a key that leads elsewhere" "not the name of a sysctl" run -b "$B" $c
for ns in net:network:net.ipv4.ip_forward ipc:ipc:kernel.msgmax; do
	file=${ns%%:*} key=${ns##*:} type=${ns#*:}
	type=${type%%:*}
	NAMESPACES='{"type":"mount"},{"type":"pid"},
		{"type":"'$type'","path":"/proc/self/ns/'$file'"}'
	LINUX=',"sysctl":{"'$key'":"1"}' HOST_NAME=
	bundle sysctl true
	fails "the host's own $type namespace" \
		"$key.*namespace to join is the host's" run -b "$B" $c
done
is "the host still keeps its own" "$(shared_values)" "$(cat "$T/shared")"

# --- time ---------------------------------------------------------------------

if kernel_has time-ns; then
	NAMESPACES="$NAMESPACES,{\"type\":\"time\"}"
	LINUX=',"timeOffsets":{"monotonic":{"secs":-9000000000}}'
	bundle time true
	if ! w run -b "$B" $c && grep -q CONFIG_TIME_NS "$T/err"; then
		skip "a clock that would start before 0" "$(err)"
	else
		fails "a clock that would start before 0" \
			"linux.timeOffsets: .*(represent|out of range)" \
			run -b "$B" $c
	fi
else
	skip "time offsets" "this kernel has no time namespace"
fi

done_testing
