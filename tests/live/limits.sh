#!/bin/sh
# SPDX-License-Identifier: MIT
# limits.sh -- every limit is set by a container and read back from its cgroup,
# on whatever hierarchies there are.
. "${0%/*}/lib.sh"
c=$P-lim
CG=/sys/fs/cgroup

# Where nothing is mounted wherry mounts for itself; a mount of ours shows it.
mode=none
grep -q ' - cgroup2 ' /proc/self/mountinfo && mode=v2
grep -q ' - cgroup ' /proc/self/mountinfo && mode=${mode#none}v1
if [ $mode = none ]; then
	CG=$T/cg
	mkdir "$CG"
	mount -t cgroup2 none "$CG" || skip_all "no cgroups in this kernel"
	umount "$CG"
fi
note "cgroups: $mode"

# What a limit has passed on for the first time is taken back at the end.
passed_on() {
	for d in "$CG" "$CG/unified"; do
		cat "$d/cgroup.subtree_control" 2>/dev/null
	done
}
before=$(passed_on)
take_back() {
	for d in "$CG" "$CG/unified"; do
		for name in $(cat "$d/cgroup.subtree_control" 2>/dev/null); do
			case " $before " in
			*" $name "*) ;;
			*) echo "-$name" >"$d/cgroup.subtree_control" ;;
			esac
		done
	done
}

# The cgroup $c in which controller $1 is found; $2 for another name.
dir_of() {
	for d in "$CG/$1" "$CG/unified" "$CG"; do
		case $d in
		"$CG/$1") ;;
		*) [ -e "$d/cgroup.controllers" ] || continue ;;
		esac
		[ -d "$d/${2:-$c}" ] && echo "$d/${2:-$c}" && return
	done
	return 1
}

# How limit $1 of v1 (file $1) or of v2 (file $2) can be had: v1, v2 or not.
kind_of() {
	v1=${1%%.*} v2=${2%%.*}
	if [ "$v1" != - ] && [ -d "$CG/$v1" ] && [ $mode != none ]; then
		mkdir "$CG/$v1/$P-probe" || return
		[ -e "$CG/$v1/$P-probe/$1" ] && echo v1
		rmdir "$CG/$v1/$P-probe"
		return
	fi
	for d in "$CG" "$CG/unified"; do
		grep -qw "$v2" "$d/cgroup.controllers" 2>/dev/null || continue
		on=$(cat "$d/cgroup.subtree_control")
		echo "+$v2" >"$d/cgroup.subtree_control"
		mkdir "$d/$P-probe"
		[ -e "$d/$P-probe/$2" ] && echo v2
		rmdir "$d/$P-probe"
		case " $on " in
		*" $v2 "*) ;;
		*) echo "-$v2" >"$d/cgroup.subtree_control" ;;
		esac
	done
}

# What the file says, on one line; a device's line of those that have devices.
value() { # FILE WANT
	case $2 in
	*:*\ * | lo\ *) grep "^${2%% *} " "$1" ;;
	*) tr '\n' ' ' <"$1" | sed 's/ $//' ;;
	esac
}

# JSON and, for v1 and v2, a file and what it must say; "-" where the limit is
# to be refused.  A file or two more may follow.
limit() { # NAME JSON V1FILE V1WANT V2FILE V2WANT
	[ $mode != none ] || mount -t cgroup2 none "$CG"
	case $(kind_of "$3" "$5") in
	v1) file=$3 want=$4 ;;
	v2) file=$5 want=$6 ;;
	*) file= ;;
	esac
	[ $mode != none ] || umount "$CG"
	if [ -z "$file" ]; then
		skip "$1" "not in this kernel"
		return
	fi
	LINUX=",\"cgroupsPath\":\"/$c\""
	RESOURCES="\"resources\":{$2},"
	bundle lim
	if [ "$want" = - ]; then
		fails "$1: refused" "has no such setting" create -b "$B" $c
		return
	fi
	works "$1: create" create -b "$B" $c || return
	[ $mode != none ] || mount -t cgroup2 none "$CG"
	d=$(dir_of "${file%%.*}")
	is "$1: $file" "$(value "$d/$file" "$want")" "$want"
	[ $mode != none ] || umount "$CG"
	w delete -f $c
}

limit memory.limit '"memory":{"limit":33554432}' \
	memory.limit_in_bytes 33554432 memory.max 33554432
limit "memory.limit, the group dies whole" '"memory":{"limit":33554432}' \
	memory.limit_in_bytes 33554432 memory.oom.group 1
limit "memory.limit -1" '"memory":{"limit":-1}' \
	memory.limit_in_bytes 9223372036854771712 memory.max max
limit memory.swap '"memory":{"limit":33554432,"swap":50331648}' \
	memory.memsw.limit_in_bytes 50331648 memory.swap.max 16777216
limit "memory.swap, none" '"memory":{"limit":33554432,"swap":33554432}' \
	memory.memsw.limit_in_bytes 33554432 memory.swap.max 0
limit memory.reservation '"memory":{"reservation":16777216}' \
	memory.soft_limit_in_bytes 16777216 memory.low 16777216
limit memory.swappiness '"memory":{"swappiness":7}' \
	memory.swappiness 7 memory.max -
limit memory.kernelTCP '"memory":{"kernelTCP":1048576}' \
	memory.kmem.tcp.limit_in_bytes 1048576 memory.max -
limit memory.disableOOMKiller '"memory":{"disableOOMKiller":true}' \
	memory.oom_control "oom_kill_disable 1 under_oom 0 oom_kill 0" \
	memory.max -
limit memory.useHierarchy '"memory":{"useHierarchy":true}' \
	memory.use_hierarchy 1 memory.max max
limit cpu.shares '"cpu":{"shares":512}' cpu.shares 512 cpu.weight 59
limit "cpu.shares 1024" '"cpu":{"shares":1024}' cpu.shares 1024 \
	cpu.weight 100
limit cpu.quota '"cpu":{"quota":20000,"period":50000}' \
	cpu.cfs_quota_us 20000 cpu.max "20000 50000"
limit cpu.period '"cpu":{"period":50000}' \
	cpu.cfs_period_us 50000 cpu.max "max 50000"
limit "cpu.quota alone" '"cpu":{"quota":30000}' \
	cpu.cfs_quota_us 30000 cpu.max "30000 100000"
limit cpu.burst '"cpu":{"quota":20000,"burst":15000}' \
	cpu.cfs_burst_us 15000 cpu.max.burst 15000
limit cpu.idle '"cpu":{"idle":1,"shares":512}' cpu.idle 1 cpu.idle 1
limit cpu.realtimeRuntime \
	'"cpu":{"realtimeRuntime":5000,"realtimePeriod":50000}' \
	cpu.rt_runtime_us 5000 cpu.max -
limit cpu.realtimePeriod '"cpu":{"realtimePeriod":50000}' \
	cpu.rt_period_us 50000 cpu.max -
limit cpu.cpus '"cpu":{"cpus":"0","mems":"0"}' cpuset.cpus 0 cpuset.cpus 0
limit pids.limit '"pids":{"limit":50}' pids.max 50 pids.max 50
limit "pids.limit -1" '"pids":{"limit":-1}' pids.max max pids.max max
limit "pids.limit 0" '"pids":{"limit":0}' pids.max 0 pids.max 0
limit hugepageLimits \
	'"hugepageLimits":[{"pageSize":"2MB","limit":4194304}]' \
	hugetlb.2MB.limit_in_bytes 4194304 hugetlb.2MB.max 4194304
limit "hugepageLimits, reserved" \
	'"hugepageLimits":[{"pageSize":"2MB","limit":4194304}]' \
	hugetlb.2MB.rsvd.limit_in_bytes 4194304 hugetlb.2MB.rsvd.max 4194304
limit network.classID '"network":{"classID":1048577}' \
	net_cls.classid 1048577 net_cls.classid -
limit network.priorities \
	'"network":{"priorities":[{"name":"lo","priority":5}]}' \
	net_prio.ifpriomap "lo 5" net_prio.ifpriomap -
limit blockIO.weight '"blockIO":{"weight":300}' \
	blkio.bfq.weight 300 io.bfq.weight "default 300"
[ "$(kind_of - io.bfq.weight)" = v2 ] ||
	limit "blockIO.weight, io.cost" '"blockIO":{"weight":300}' \
		- - io.weight "default 2930"
disk=
for f in /sys/block/*/dev; do
	[ -e "$f" ] && disk=$(cat "$f") && break
done
if [ "$disk" ]; then
	dev="\"major\":${disk%:*},\"minor\":${disk#*:}"
	limit blockIO.throttleReadBps \
		"\"blockIO\":{\"throttleReadBpsDevice\":[{$dev,\"rate\":5}]}" \
		blkio.throttle.read_bps_device "$disk 5" \
		io.max "$disk rbps=5 wbps=max riops=max wiops=max"
	# the policy must have been switched on for the disk
	weight="\"blockIO\":{\"weightDevice\":[{$dev,\"weight\":300}]}"
	if grep -q '\[bfq\]' "${f%/dev}/queue/scheduler"; then
		limit "blockIO.weightDevice" "$weight" \
			blkio.bfq.weight_device "$disk 300" \
			io.bfq.weight "$disk 300"
	elif grep -q "^$disk enable=1" "$CG/io.cost.qos" 2>/dev/null; then
		limit "blockIO.weightDevice, io.cost" "$weight" \
			- - io.weight "$disk 2930"
	else
		skip blockIO.weightDevice "neither BFQ nor io.cost for $disk"
	fi
	dev="[{$dev,\"rate\":5}]"
	limit blockIO.throttleWriteBps \
		"\"blockIO\":{\"throttleWriteBpsDevice\":$dev}" \
		blkio.throttle.write_bps_device "$disk 5" \
		io.max "$disk rbps=max wbps=5 riops=max wiops=max"
	limit blockIO.throttleReadIOPS \
		"\"blockIO\":{\"throttleReadIOPSDevice\":$dev}" \
		blkio.throttle.read_iops_device "$disk 5" \
		io.max "$disk rbps=max wbps=max riops=5 wiops=max"
	limit blockIO.throttleWriteIOPS \
		"\"blockIO\":{\"throttleWriteIOPSDevice\":$dev}" \
		blkio.throttle.write_iops_device "$disk 5" \
		io.max "$disk rbps=max wbps=max riops=max wiops=5"
else
	skip blockIO.throttle "no block device"
fi
limit unified '"unified":{"memory.high":"20971520"}' - - \
	memory.high 20971520
limit "unified overrides" '"memory":{"limit":33554432},
	"unified":{"memory.max":"41943040"}' - - memory.max 41943040

# v1: real time is given by the cgroups above, which have none to begin with.
rt=$CG/cpu/$c-up
if [ -e "$CG/cpu/cpu.rt_runtime_us" ]; then
	RESOURCES='"resources":{"cpu":{"realtimeRuntime":5000,
		"realtimePeriod":50000}},'
	LINUX=",\"cgroupsPath\":\"/$c-up/in/$c\""
	bundle lim
	works "cpu.realtimeRuntime below others" create -b "$B" $c
	is "... which get as much" "$(cat "$rt/cpu.rt_runtime_us" \
		"$rt/in/cpu.rt_runtime_us" "$rt/in/$c/cpu.rt_runtime_us" |
		tr '\n' ' ')" "100000 100000 5000 "
	w delete -f $c
	for d in "$CG"/*/"$c-up"; do
		rmdir "$d/in" "$d"
	done
else
	skip "cpu.realtimeRuntime below others" "not in this kernel"
fi

# A cgroup that the container may write to is its user's (config-linux.md).
owned() { # OPTIONS: who owns the v2 cgroup
	MOUNTS="$PROC_MOUNT,$DEV_MOUNTS,{\"destination\":\"/sys/fs/cgroup\",
		\"type\":\"cgroup\",\"source\":\"cgroup\",
		\"options\":[\"nosuid\",\"noexec\",\"nodev\"$1]}"
	NAMESPACES="$NAMESPACES,{\"type\":\"cgroup\"}"
	USER='{"uid":1234,"gid":0}'
	LINUX=",\"cgroupsPath\":\"/$c\""
	bundle lim
	w create -b "$B" $c || note "$(err)"
	[ $mode != none ] || mount -t cgroup2 none "$CG"
	d=$(dir_of unified)
	stat -c %u "$d" "$d/cgroup.procs" "$d/cgroup.threads" \
		"$d/cgroup.subtree_control" "$d/cgroup.max.depth" 2>&1 |
		tr '\n' ' '
	[ $mode != none ] || umount "$CG"
	w delete -f $c
}
if [ $mode = v1 ] || ! kernel_has cgroup-ns; then
	skip "owner of the cgroup" "no cgroup v2, or no namespaces of it"
else
	is "owner of the cgroup" "$(owned "")" "1234 1234 1234 1234 0 "
	is "owner of a read-only one" "$(owned ',"ro"')" "0 0 0 0 0 "
fi

# What can't be.
RESOURCES='"resources":{"unified":{"cgroup.procs":"1"}},'
bundle lim
fails "unified: cgroup.procs" 'unified.cgroup.procs|no cgroup' \
	create -b "$B" $c
RESOURCES='"resources":{"unified":{"foo.bar":"1"}},'
bundle lim
fails "unified: no such controller" 'unified.foo.bar: .*foo' create -b "$B" $c
RESOURCES='"resources":{"hugepageLimits":[{"pageSize":"3MB","limit":1}]},'
bundle lim
fails "a page size that there is not" \
	'hugepageLimits\[0\]: .*(CONFIG_CGROUP_HUGETLB|hugetlb)' \
	create -b "$B" $c
RESOURCES='"resources":{"memory":{"limit":1048576}},'
bundle lim
fails "--cgroup-manager disabled" 'memory.limit: cgroups are disabled' \
	--cgroup-manager disabled create -b "$B" $c
RESOURCES='"resources":{"memory":{"limit":-1},"cpu":{"burst":0}},'
bundle lim
works "... and nothing to limit" --cgroup-manager disabled create -b "$B" $c
w delete -f $c

# A container that may have no process but init can run.
RESOURCES='"resources":{"pids":{"limit":0}},'
bundle lim /bin/busybox echo alone
w run -b "$B" $c
case $rc:$(err) in
*"controller pids"*) skip "pids.limit 0 runs init" "no pids controller" ;;
*) is "pids.limit 0 runs init" "$rc $(out)$(err)" "0 alone" ;;
esac

# --- memory that is too little ------------------------------------------------

little() { # BYTES PROGRAM...
	RESOURCES="\"resources\":{\"memory\":{\"limit\":$1}},"
	shift
	bundle lim "$@"
}

little 4096 true
w create -b "$B" $c
case $(err) in
*"controller memory"*)
	skip "memory: too little" "no memory controller"
	take_back
	done_testing
	;;
esac
like "4 KiB: create tells why" "$rc $(err)" "^1 .*(out of memory: .*limit of \
4096 is too low; usage [0-9]+, peak [0-9]+|limit is 4096, peak [0-9]+)"
unlike "4 KiB: nothing is left" "$(ls "$STATE")" "$c"
little 262144 true
# Each processor keeps some charged pages, which a busy machine gives back late.
for _ in 1 2 3; do
	w run -b "$B" $c
	[ $rc = 137 ] || break
done
is "256 KiB: busybox true runs" "$rc $(err)" "0 "
little 1048576 sh -c 'x=0123456789abcdef; while :; do x=$x$x; done'
w --log-level warning run --keep -b "$B" $c
is "killed later: status" $rc 137
like "killed later: a warning" "$(err)" \
	"out of memory: .*limit is 1048576.*peak.* [0-9]+"
works "killed later: state" state $c
is "killed later: oomKilled" "$(tr -d ' \n' <"$T/out" |
	grep -o '"oomKilled":[a-z]*')" '"oomKilled":true'
# a folder that a reboot has left: the cgroup is of somebody who came after it
mkdir -m 700 "$T/old" "$T/old/$c"
cp "$STATE/$c/cg" "$T/old/$c"
sed 's/"bootId": "./&x/' "$STATE/$c/state.json" >"$T/old/$c/state.json"
works "another boot: state" --root "$T/old" state $c
unlike "another boot: not oomKilled" "$(out)" oomKilled
w --root "$T/old" delete $c
w delete -f $c

take_back
done_testing
