#!/bin/sh
# SPDX-License-Identifier: MIT
# setup.sh -- what the container's process finds around itself.
. "${0%/*}/lib.sh"
c=$P-s

# Runs the bundle made last; its output is asked with `has` and `at`.
run_it() {
	if w run "$@" -b "$B" $c; then
		return 0
	fi
	note "run: status $rc"
	note "$(err)"
	return 1
}

at() { # KEY: the value of KEY=value in what the container said
	sed -n "s/^$1=//p" "$T/out"
}

mounted() { # MOUNTPOINT FILE: type, options and propagation of the last mount
	awk -v m="$1" '$5 == m {
		for (i = 7; $i != "-"; i++)
			;
		p = ""
		for (j = 7; j < i; j++)
			p = p " " $j
		l = $(i + 1) " " $6 " " $(i + 3) p
	} END { print l }' "$2"
}

# --- the bundle that everybody uses -------------------------------------------

TOP=',"domainname":"live.test"'
script plain <<'END'
echo host=$(hostname)
echo domain=$(cat /proc/sys/kernel/domainname)
echo pid=$$
echo cwd=$(pwd)
echo user=$(id -u):$(id -g):$(id -G)
echo umask=$(umask)
echo nofile=$(ulimit -n):$(ulimit -Hn)
grep -E '^(Cap...|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\t' | tr : =
echo lo=$(cat /sys/class/net/lo/flags)
echo nets=$(ls /sys/class/net)
for f in /dev/*; do
	echo "dev $(stat -c '%n %F %t:%T %a %u:%g %N' "$f")"
done
for f in null zero full random urandom ptmx; do
	(: <>/dev/$f) 2>/dev/null && echo open=$f
done
for f in /proc/kcore /proc/keys /proc/timer_list /proc/acpi /proc/scsi \
    /sys/firmware; do
	if [ -d $f ]; then
		echo "masked $f $(ls -A $f | wc -l)"
	elif [ -e $f ]; then
		echo "masked $f $(head -c 10 $f | wc -c)"
	fi
done
for f in /proc/sys/kernel/panic /proc/sys/vm/swappiness; do
	(: >>$f) 2>&1 | sed 's/.*: /denied=/'
done
(: >/file) 2>&1 | sed 's/.*: /root=/'
env | sed 's/^/env /' | sort
cat /proc/self/mountinfo >&2
echo session=$(cut -d' ' -f6 /proc/self/stat)
echo cgroups=$(grep -c "$1" /proc/self/cgroup):$(grep -c . /proc/self/cgroup)
END
ok "run" run_it
cp "$T/err" "$T/mounts"
is "hostname" "$(at host)" live
is "domainname" "$(at domain)" live.test
is "pid" "$(at pid)" 1
is "cwd" "$(at cwd)" /
is "user" "$(at user)" 0:0:0
is "umask" "$(at umask)" 0022
is "rlimit" "$(at nofile)" 1024:1024
for set in CapInh CapPrm CapEff CapBnd CapAmb; do
	is "$set" "$(at $set)" 0000000020000420
done
is "no_new_privs" "$(at NoNewPrivs)" 1
is "session of its own" "$(at session)" 1
is "lo is up" $(($(at lo) & 1)) 1
is "and alone" "$(at nets)" lo
is "devices can be opened" "$(at open | tr '\n' ' ')" \
	"null zero full random urandom ptmx "
for dev in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
	like "node /dev/$dev" "$(out)" \
		"^dev /dev/${dev%%:*} character special file ${dev#*:} 666 0:0"
done
for link in fd:/proc/self/fd stdin:fd/0 stdout:fd/1 stderr:fd/2 ptmx:pts/ptmx
do
	like "link /dev/$link" "$(out)" "^dev /dev/${link%%:*} symbolic link \
.*-> '?(/proc/self/)?${link#*:}'?\$"
done
unlike "no console without a terminal" "$(out)" "/dev/console"
like "masked paths are there" "$(out)" "^masked /sys/firmware 0\$"
unlike "masked paths are empty" "$(out)" "^masked .* [1-9]"
is "read-only paths" "$(at denied | sort -u)" "Read-only file system"
is "root is read-only" "$(at root)" "Read-only file system"
is "environment: what the config says, and HOME" \
	"$(sed -n 's/^env //p' "$T/out" | grep -vE '^(PWD|SHLVL|_|OLDPWD)=')" \
	"HOME=/
PATH=$SHELL_PATH
TERM=xterm
WHERRY_TEST=$P"

like "mount /" "$(mounted / "$T/mounts")" '^[a-z]+ ro,'
like "mount /proc" "$(mounted /proc "$T/mounts")" '^proc rw,'
like "mount /dev" "$(mounted /dev "$T/mounts")" \
	'^tmpfs rw,nosuid .*mode=755'
unlike "mount /dev: strictatime" "$(mounted /dev "$T/mounts")" relatime
like "mount /dev/pts" "$(mounted /dev/pts "$T/mounts")" \
	'^devpts rw,nosuid,noexec,.*gid=5,mode=620,ptmxmode=666'
like "mount /dev/shm" "$(mounted /dev/shm "$T/mounts")" \
	'^tmpfs rw,nosuid,nodev,noexec,.*size=65536k'
like "mount /sys" "$(mounted /sys "$T/mounts")" \
	'^sysfs ro,nosuid,nodev,noexec,'
for dir in bus fs irq sys; do
	[ ! -d /proc/$dir ] || like "mount /proc/$dir" \
		"$(mounted /proc/$dir "$T/mounts")" '^proc ro,'
done
unlike "nothing of the host's is mounted" "$(cut -d' ' -f5 "$T/mounts")" \
	"^$T|old|unreachable"
unlike "nothing is shared with the host" "$(cat "$T/mounts")" ' shared:'
if [ -e /sys/fs/cgroup ] && grep -q ' - cgroup' /proc/self/mountinfo; then
	like "cgroups are seen" "$(cat "$T/mounts")" \
		' /sys/fs/cgroup[^ ]* .* - cgroup2? '
	unlike "and can't be changed" "$(grep ' - cgroup' "$T/mounts")" \
		' /sys/fs/cgroup[^ ]* rw'
fi

# --- credentials --------------------------------------------------------------

script user <<'END'
echo user=$(id -u):$(id -g):$(id -G)
echo umask=$(umask)
echo home=$HOME
echo core=$(ulimit -c):$(ulimit -Hc)
grep -E '^(Cap...|NoNewPrivs):' /proc/self/status | tr -d '\t' | tr : =
END
mkdir -p "$R/etc"
printf 'root:x:0:0::/root:/bin/sh\nme:x:1000:1001::/home/me:/bin/sh\n' \
	>"$R/etc/passwd"
AMBIENT='"CAP_KILL"' NNP=false
USER='{"uid":1000,"gid":1001,"umask":23,"additionalGids":[5,10]}'
bundle user sh /run.sh
sed -i 's/"rlimits": \[/&{"type":"RLIMIT_CORE","hard":4096,"soft":1024},/' \
	"$B/config.json"
ok "run as a user" run_it
is "user: ids" "$(at user)" "1000:1001:1001 5 10"
is "user: umask" "$(at umask)" 0027
is "user: HOME is from the container's passwd" "$(at home)" /home/me
is "user: rlimits" "$(at core)" 2:8
is "user: bounding" "$(at CapBnd)" 0000000020000420
is "user: inheritable" "$(at CapInh)" 0000000000000020
is "user: ambient" "$(at CapAmb)" 0000000000000020
is "user: effective" "$(at CapEff)" 0000000000000020
is "user: new privileges" "$(at NoNewPrivs)" 0

mask=$(umask)
bundle umask sh -c umask
umask 037
gives "without: the caller's umask" 0037 run -b "$B" $c
umask "$mask"

CAPS= AMBIENT=
bundle user sh /run.sh
sed -i 's/"additionalGids":\[5,10\]/"additionalGids":[]/' "$B/config.json"
run_it
for set in CapInh CapPrm CapEff CapBnd CapAmb; do
	is "empty lists drop everything: $set" "$(at $set)" 0000000000000000
done
is "no group of the caller's is kept" "$(at user)" 0:0:0
CAPS='"CAP_KILL","CAP_NO_SUCH_THING"'
bundle user sh /run.sh
ok "an unknown capability is no error" run_it
is "and gives nothing" "$(at CapBnd)" 0000000000000020

CWD=/new/deep READONLY=false
bundle cwd pwd
run_it
is "cwd is made" "$(out)" /new/deep
is "with mode 755" "$(stat -c %a "$R/new/deep")" 755
bundle rw sh -c ': >/file && echo fine'
sed -i 's/"readonly": true/"readonly": false/' "$B/config.json"
run_it
is "a writable root" "$(out)" fine

bundle rlimit true
sed -i 's/RLIMIT_NOFILE/RLIMIT_NONSENSE/' "$B/config.json"
fails "an unknown rlimit" "RLIMIT_NONSENSE|rlimits" create -b "$B" $c
PATHS='"maskedPaths":["/etc/dir/f"],"readonlyPaths":["/etc/dir"],'
READONLY=false
script both <<'END'
wc -c </etc/dir/f
touch /etc/dir/new 2>/dev/null || echo read-only
touch /etc/new && echo writable
END
mkdir -p "$R/etc/dir"
echo secret >"$R/etc/dir/f"
gives "a masked file in a read-only directory is both" "0
read-only
writable" run -b "$B" $c
PATHS='"maskedPaths":["proc/kcore"],'
bundle mask true
fails "a relative masked path" "maskedPaths" create -b "$B" $c

# --- mounts -------------------------------------------------------------------

mkdir -p "$T/vol/sub" "$T/one"
echo one >"$T/one/file"
mount -t tmpfs under "$T/vol/sub"
MORE_MOUNTS=',{"destination":"/vol/a","type":"none","source":"'$T/vol'",
	"options":["rbind","ro","nosuid","nodev","noexec"]},
	{"destination":"/vol/b","type":"none","source":"'$T/vol'",
	"options":["bind","rw"]},
	{"destination":"/etc/one","type":"none","source":"data/file",
	"options":["bind","ro"]},
	{"destination":"/tmp","type":"tmpfs","source":"x",
	"options":["ro","rw","size=64k"]},
	{"destination":"/slave","type":"none","source":"'$T/vol'",
	"options":["rbind","rslave"]},
	{"destination":"/private","type":"none","source":"'$T/vol'",
	"options":["rbind","rprivate"]},
	{"destination":"/shared","type":"none","source":"'$T/vol'",
	"options":["rbind","rshared"]},
	{"destination":"/unbindable","type":"tmpfs","source":"x",
	"options":["unbindable"]}'
READONLY=false
script vol <<'END'
read x </fifo
cat /etc/one
(: >/vol/a/x) 2>&1 | sed 's/.*: /a=/'
: >/vol/b/x && echo b=fine
(: >/vol/a/sub/x) 2>&1 | sed 's/.*: /sub=/'
: >/tmp/x && echo tmp=fine
ls /slave/late >/dev/null 2>&1 && echo slave=$(ls /slave/late)
echo private=$(ls /private/late)
cat /proc/self/mountinfo >&2
END
mkfifo "$R/fifo"
mkdir -p "$B/data"
echo one >"$B/data/file"
mkdir "$T/vol/late"
"$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" run -b "$B" $c \
	>"$T/out" 2>"$T/mounts" </dev/null &
runner=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	"$TOOLS/limit" 5 "$WHERRY" --root "$STATE" state $c 2>/dev/null |
		grep -q running && break
	sleep 0.1
done
mount -t tmpfs late "$T/vol/late"
: >"$T/vol/late/seen"
release "$R/fifo"
wait $runner
is "a file, its source relative to the bundle" "$(head -1 "$T/out")" one
like "rbind with options" "$(mounted /vol/a "$T/mounts")" \
	'^tmpfs ro,nosuid,nodev,noexec,'
is "ro is ro" "$(at a)" "Read-only file system"
is "bind, rw" "$(at b)" fine
like "the last of ro, rw wins" "$(mounted /tmp "$T/mounts")" '^tmpfs rw,'
is "a tmpfs is writable" "$(at tmp)" fine
like "rbind takes what is below" "$(cut -d' ' -f5 "$T/mounts")" '^/vol/a/sub$'
unlike "bind does not" "$(cut -d' ' -f5 "$T/mounts")" '^/vol/b/sub$'
like "rshared is shared" "$(mounted /shared "$T/mounts")" ' shared:'
like "unbindable is unbindable" "$(mounted /unbindable "$T/mounts")" \
	' unbindable'
[ "$HOST_PROPAGATION" = rprivate ] ||
	is "rslave sees what is mounted later" "$(at slave)" seen
is "rprivate does not" "$(at private)" ""
umount "$T/vol/late" "$T/vol/sub"

# In the order of the list, whatever the types.
MORE_MOUNTS=',{"destination":"/mnt","type":"tmpfs","source":"x",
	"options":["defaults"]},
	{"destination":"/mnt/a/file","source":"'$T/one/file'",
	"options":["bind"]},
	{"destination":"/mnt/a","type":"tmpfs","source":"x"},
	{"destination":"/mnt/a/b","source":"'$T/one'","options":["rbind"]}'
bundle order sh -c 'ls /mnt/a; cat /mnt/a/b/file'
run_it
is "mounts in the order of the list" "$(out)" "b
one"

MORE_MOUNTS=',{"destination":"/x","source":"'$T/nothing'","options":["bind"]}'
bundle nosource true
fails "a bind source that is missing" "[Nn]o such file" run -b "$B" $c

for p in shared private unbindable slave; do
	LINUX=',"rootfsPropagation":"'$p'"'
	bundle prop cat /proc/self/mountinfo
	ok "rootfsPropagation $p" run_it
	cp "$T/out" "$T/mounts"
	case $p in
	shared) like "it is shared" "$(mounted / "$T/mounts")" ' shared:' ;;
	unbindable) like "it is unbindable" \
		"$(mounted / "$T/mounts")" ' unbindable' ;;
	private) unlike "it is private" "$(mounted / "$T/mounts")" \
		' (shared|master|unbindable)' ;;
	slave) unlike "it is not shared" "$(mounted / "$T/mounts")" \
		' shared:' ;;
	esac
done
LINUX=',"rootfsPropagation":"sometimes"'
bundle prop true
fails "unknown rootfsPropagation" "rootfsPropagation" run -b "$B" $c

# --- devices ------------------------------------------------------------------

LINUX=',"devices":[
	{"path":"/dev/mine","type":"c","major":1,"minor":5,"fileMode":384,
	 "uid":5,"gid":6},
	{"path":"/dev/pipe","type":"p","fileMode":438},
	{"path":"/dev/sub/u","type":"u","major":1,"minor":7}]'
bundle devices stat -c '%n %F %t:%T %a %u:%g' /dev/mine /dev/pipe /dev/sub/u
ok "devices" run_it
is "devices are made as asked" "$(out)" \
"/dev/mine character special file 1:5 600 5:6
/dev/pipe fifo 0:0 666 0:0
/dev/sub/u character special file 1:7 666 0:0"
LINUX=',"devices":[{"path":"/etc/plain","type":"c","major":1,"minor":5}]'
READONLY=false
bundle devices true
echo text >"$R/etc/plain"
fails "something else is there already" "/etc/plain" run -b "$B" $c

# --- descriptors --------------------------------------------------------------

bundle fds fdlist
"$TOOLS/dirty" "$T" "$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" \
	run -b "$B" $c >"$T/out" 2>"$T/err" </dev/null
is "only 0, 1 and 2 are open" "$(cut -d' ' -f1 "$T/out" | tr '\n' ' ')" \
	"0 1 2 "
is "stdout is the caller's" \
	"$(sed -n 's/^1 reg //p' "$T/out")" "$(stat -c %d:%i "$T/out")"
is "stderr is the caller's" \
	"$(sed -n 's/^2 reg //p' "$T/out")" "$(stat -c %d:%i "$T/err")"
like "stdin is a character device" "$(out)" '^0 chr '
"$TOOLS/dirty" "$T" "$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" \
	run --preserve-fds 3 -b "$B" $c >"$T/out" 2>"$T/err" </dev/null
is "--preserve-fds 3" "$(cut -d' ' -f1 "$T/out" | tr '\n' ' ')" "0 1 2 3 4 5 "
fails "--preserve-fds of what is not open" "." \
	run --preserve-fds 3 -b "$B" $c
"$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" run -b "$B" $c \
	<&- >"$T/out" 2>"$T/err"
is "closed stdin is filled" "$(cut -d' ' -f1 "$T/out" | tr '\n' ' ')" "0 1 2 "

# --- namespaces ---------------------------------------------------------------

NAMESPACES="$NAMESPACES,{\"type\":\"cgroup\"}"
bundle cgroupns cat /proc/self/cgroup
if ! kernel_has cgroup-ns; then
	fails "cgroup namespace: refused by name" "cgroup namespace.*4\.6" \
		create -b "$B" $c
elif run_it; then
	unlike "cgroup namespace: / is the container's own" "$(out)" "$P"
	is "cgroup namespace: nothing of the host's" \
		"$(grep -v ':/$' "$T/out" | grep -v '^[0-9]*:memory:')" ""
else
	fail "cgroup namespace"
fi

bundle holder
w run -d -b "$B" $c
pid=$(pid_of $c)
cgroups=$(grep -c "$P" "/proc/$pid/cgroup")
if grep -q ' - cgroup2\{0,1\} ' /proc/self/mountinfo; then
	# A hierarchy can outlive its last mount: nobody can enter that one.
	is "it is in a cgroup of its own in each hierarchy" "$cgroups" \
		"$(grep -c ' - cgroup2\{0,1\} ' /proc/self/mountinfo)"
fi
if [ "$cgroups" -gt 0 ]; then
	LINUX=",\"cgroupsPath\":\"$P.slice:a:$P-b\""
	bundle slice cat /proc/self/cgroup
	w --systemd-cgroup --debug run -b "$B" $P-j
	like "--systemd-cgroup: a plain cgroup" "$rc $(out)" \
		"^0 |/$P\.slice/a-$P-b\.scope\$"
	like "--systemd-cgroup: it is said" "$(err)" \
		"no systemd is asked, .* $P\.slice/a-$P-b\.scope"
	LINUX=",\"cgroupsPath\":\"/$P-b\""
	bundle slice true
	fails "--systemd-cgroup: another form" "slice:prefix:name" \
		--systemd-cgroup run -b "$B" $P-j
	sweep
else
	skip "--systemd-cgroup" "no cgroup"
fi
for ns in net:network ipc:ipc uts:uts pid:pid; do
	type=${ns#*:} file=${ns%%:*}
	joined="\"type\":\"$type\",\"path\":\"/proc/$pid/ns/$file\""
	NAMESPACES=$(printf '%s' "$NAMESPACES" |
		sed "s|{\"type\":\"$type\"}|{$joined}|")
	bundle "join-$type" readlink "/proc/self/ns/$file"
	w run -b "$B" $P-j
	is "joined: $type" "$(out)$(err)" \
		"$(readlink "/proc/$pid/ns/$file")"
done
if unshare -U true 2>/dev/null; then
	NAMESPACES="{\"type\":\"user\"},{\"type\":\"mount\"},{\"type\":\"pid\"},
		{\"type\":\"network\",\"path\":\"/proc/$pid/ns/net\"}"
	LINUX=',"uidMappings":[{"containerID":0,"hostID":100000,"size":65536}],
		"gidMappings":[{"containerID":0,"hostID":100000,"size":65536}]'
	MOUNTS=$PROC_MOUNT PATHS= HOST_NAME=
	bundle join-user readlink /proc/self/ns/net
	w run -b "$B" $P-j
	is "joined network, new user namespace" "$(out)$(err)" \
		"$(readlink "/proc/$pid/ns/net")"
fi
other=ipc
[ "$(readlink /proc/self/ns/net)" != "$(readlink "/proc/$pid/ns/net")" ] ||
	note "no network namespaces"
NAMESPACES="{\"type\":\"mount\"},{\"type\":\"network\",
	\"path\":\"/proc/$pid/ns/$other\"}"
HOST_NAME=
bundle wrong true
fails "a namespace of another type" "namespaces\[1\]|network" \
	create -b "$B" $P-j
NAMESPACES='{"type":"mount"},{"type":"network","path":"/etc/passwd"}'
HOST_NAME=
bundle wrong true
fails "a file that is no namespace" "namespaces\[1\]|network" \
	create -b "$B" $P-j
w delete -f $c

NAMESPACES='{"type":"mount"},{"type":"pid"},{"type":"pid"}'
HOST_NAME=
bundle wrong true
fails "a namespace given twice" "namespaces\[2\]|pid" create -b "$B" $c
NAMESPACES='{"type":"pid"}'
HOST_NAME=
bundle wrong true
fails "masked paths without a mount namespace" "maskedPaths" create -b "$B" $c

# Mounts without a mount namespace are in a place of the state directory, and go
# with it; nothing else of the host's is mounted on.
outside() {
	cut -d' ' -f3- /proc/self/mountinfo | grep -v " $STATE/$c/root"
}
outside >"$T/outside"
held() { # EXTRA-MOUNTS
	NAMESPACES='{"type":"pid"}' HOST_NAME= PATHS= MORE_MOUNTS=$1
	bundle held sh -c ': >/mnt/ok; sleep 100'
}
held ',{"destination":"/mnt","type":"tmpfs","source":"held"}'
works "mounts without a mount namespace" create -b "$B" $c
outside | diff "$T/outside" - >"$T/diff"
is "nothing else of the host's is mounted on" "$(cat "$T/diff")" ""
is "the bundle's root is not mounted on" "$(ls -A "$R/proc")" ""
works "it starts" start $c
w exec $c sh -c 'until [ -e /mnt/ok ]; do sleep 0.1; done'
w exec $c sh -c 'stat -c %T -f /mnt /proc; (: >/x) 2>&1; ls -d /dev/null
	ls /mnt; readlink /proc/self/ns/mnt'
is "they are there, read-only root, same namespace" "$(out | tr '\n' ' ')" \
	"tmpfs proc sh: can't create /x: Read-only file system /dev/null ok \
$(readlink /proc/self/ns/mnt) "
w delete -f $c
is "delete unmounts them" "$(grep -c " $STATE/" /proc/self/mountinfo)" 0
held ',{"destination":"/mnt","type":"tmpfs","source":"held"},
	{"destination":"/proc/self/x","type":"tmpfs"}'
fails "a mount that fails" "/proc/self/x" create -b "$B" $c
held ',{"destination":"/tmp/a","source":"/nowhere","options":["rbind"]}'
fails "a mount that fails later" "/nowhere" create -b "$B" $c
is "they are unmounted" "$(grep -c " $STATE/" /proc/self/mountinfo)" 0

NAMESPACES='{"type":"pid"}' MOUNTS= PATHS= READONLY=false HOST_NAME=
bundle chroot ls -d /bin /lib/modules
w run -b "$B" $c
is "a root without a mount namespace: chroot" "$(out)" /bin
NAMESPACES='{"type":"mount"},{"type":"nonsense"}'
HOST_NAME=
bundle wrong true
fails "an unknown namespace" "nonsense" create -b "$B" $c
NAMESPACES='{"type":"mount"},{"type":"pid"}'
bundle wrong true
fails "hostname without a uts namespace" "hostname|uts" create -b "$B" $c
like "the host keeps its name" "$(hostname)" '^[^l]|^l[^i]|^live.'

if [ -e /proc/self/ns/user ] && unshare -U true 2>/dev/null; then
	script userns <<'END'
cat /proc/self/uid_map /proc/self/gid_map | tr -s ' '
echo setgroups=$(cat /proc/self/setgroups)
echo groups=$(setgroups)
echo user=$(id -u):$(id -g)
echo host=$(stat -c %u:%g /run.sh)
(: >/dev/null) && echo null=fine
echo name=$(hostname)
END
	NAMESPACES="$NAMESPACES,{\"type\":\"user\"}"
	CAPS="\"CAP_SETGID\",$CAPS" AMBIENT=
	LINUX=',"uidMappings":[{"containerID":0,"hostID":100000,"size":1000}],
	"gidMappings":[{"containerID":0,"hostID":200000,"size":1000}]'
	bundle userns sh /run.sh
	ok "user namespace" run_it
	is "its maps" "$(head -2 "$T/out")" " 0 100000 1000
 0 200000 1000"
	is "setgroups stays allowed where root wrote the map" \
		"$(at setgroups) $(at groups)" "allow ok"
	is "root in there" "$(at user)" 0:0
	is "the host's root is nobody" "$(at host)" 65534:65534
	is "/dev/null works" "$(at null)" fine
	is "hostname is set" "$(at name)" live
	LINUX=',"uidMappings":[{"containerID":0,"hostID":100000,"size":1000}],
	"gidMappings":[{"containerID":0,"hostID":200000,"size":1000}]'
	bundle wrong true
	fails "mappings without a user namespace" "[mM]apping|user" \
		create -b "$B" $c
	NAMESPACES="$NAMESPACES,{\"type\":\"user\"}"
	bundle wrong true
	fails "a user namespace without mappings" "[mM]apping|user" \
		create -b "$B" $c
else
	skip "user namespaces" "this kernel gives none"
fi

if kernel_has time-ns; then
	NAMESPACES="$NAMESPACES,{\"type\":\"time\"}"
	LINUX=',"timeOffsets":{"boottime":{"secs":10000000,"nanosecs":0},
		"monotonic":{"secs":20000000}}'
	bundle time cat /proc/uptime
	ok "time namespace" run_it
	ok "boottime is moved" test "$(cut -d. -f1 "$T/out")" -gt 10000000
else
	NAMESPACES="$NAMESPACES,{\"type\":\"time\"}"
	bundle time true
	fails "time namespace: refused by name" "time namespace.*5\.6" \
		create -b "$B" $c
fi
LINUX=',"timeOffsets":{"boottime":{"secs":1}}'
bundle wrong true
fails "time offsets without a time namespace" "timeOffsets" create -b "$B" $c

done_testing
