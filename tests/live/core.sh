#!/bin/sh
# SPDX-License-Identifier: MIT
# core.sh -- what every container needs, in few seconds: for emulated boards, on
# which the other tests take minutes.  Nothing is skipped on account of the
# machine; what a kernel may lack is asked for, and must work or be refused.
. "${0%/*}/lib.sh"
c=$P-core

path_of() { # CONTROLLER: the cgroup of $pid in that hierarchy; v2 has no name
	sed -n "s/^[0-9]*:$1://p" "/proc/$pid/cgroup"
}

# --- Life ---------------------------------------------------------------------

script run <<'END'
echo "$$ $(hostname) $(id -u) $*"
exit 7
END
w run -b "$B" $c
is "run: output and status" "$rc: $(out)$(err)" "7: 1 live 0 "

RESOURCES='"resources":{"devices":[{"allow":false,"access":"rwm"}],
	"pids":{"limit":44},"memory":{"limit":67108864}},'
bundle box
box=$B
w create -b "$B" $c
case $(err) in
*"controller "*)
	like "limits: refused where nothing can hold them" "$(err)" \
		"controller (pids|memory)"
	bundle box
	w create -b "$B" $c
	limited=n ;;
*)
	limited=y ;;
esac
is "create" "$rc: $(err)" "0: "
is "it is created" "$(status_of $c)" created
pid=$(pid_of $c)
works "start" start $c
is "it is running" "$(status_of $c)" running
is "as the same process" "$(pid_of $c)" "$pid"
gives "exec" "in 1" exec $c sh -c 'echo in $(ls -d /proc/1 | wc -l)'
w exec $c sh -c 'exit 9'
is "exec: its status" $rc 9
if [ $limited = y ]; then
	# What no v1 hierarchy holds is in v2, mounted or not.
	mkdir "$T/v2"
	mount -t cgroup2 none "$T/v2"
	v1=/sys/fs/cgroup
	is "limits are set" "$(cat \
		"$T/v2$(path_of '')/pids.max" \
		"$v1/pids$(path_of pids)/pids.max" \
		"$T/v2$(path_of '')/memory.max" \
		"$v1/memory$(path_of memory)/memory.limit_in_bytes" \
		2>/dev/null | tr '\n' ' ')" "44 67108864 " ||
		note "$(cat "/proc/$pid/cgroup")"
	umount "$T/v2"
	rmdir "$T/v2"
fi
works "pause" pause $c
is "it is paused" "$(status_of $c)" paused
works "resume" resume $c
works "kill" kill $c KILL
ok "it stops" until_status $c stopped
works "delete" delete $c

# --- What is inside -----------------------------------------------------------

mkdir "$T/vol"
echo here >"$T/vol/f"
MORE_MOUNTS=',{"destination":"/tmp","type":"tmpfs","source":"t",
		"options":["nosuid","size=64k"]},
	{"destination":"/mnt","source":"'$T/vol'","options":["bind","ro"]}'
script mounts <<'END'
cat /mnt/f
(: >/mnt/g) 2>/dev/null || echo read-only
(: >/g) 2>/dev/null || echo root read-only
: >/tmp/g && echo written
(: >/proc/sys/kernel/hostname) 2>/dev/null || echo proc read-only
wc -c </proc/timer_list 2>/dev/null || echo 0
echo full >/dev/null && echo null
echo x 2>/dev/null >/dev/full || echo full
ls /proc/self/fd | wc -l
END
gives "mounts, paths, devices" "here
read-only
root read-only
written
proc read-only
0
null
full
4" run -b "$B" $c

script caps <<'END'
grep -E '^(CapEff|CapBnd|NoNewPrivs|Uid|Groups):' /proc/self/status |
	tr -s '\t ' '  ' | sed 's/ *$//'
mknod /tmp/n c 1 3 2>/dev/null || echo no device
END
CAPS='"CAP_KILL"' AMBIENT='"CAP_KILL"' READONLY=false
USER='{"uid":100070,"gid":100080,"additionalGids":[100090]}'
bundle caps sh /run.sh
gives "ids beyond 16 bits, capabilities, noNewPrivileges" \
	"Uid: 100070 100070 100070 100070
Groups: 100090
CapEff: 0000000000000020
CapBnd: 0000000000000020
NoNewPrivs: 1
no device" run -b "$B" $c

LINUX=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
	{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":13}]}'
MORE_MOUNTS=',{"destination":"/tmp","type":"tmpfs","source":"t"}'
bundle filter sh -c 'mkdir /tmp/d 2>&1; touch /tmp/f && echo touched'
w run -b "$B" $c
if grep -q 'CONFIG_SECCOMP\|built without' "$T/err"; then
	skip "a filter" "$(err)"
else
	is "a filter gives what it says" "$rc: $(out)$(err)" \
		"0: mkdir: can't create directory '/tmp/d': Permission denied
touched"
fi

NAMESPACES="$NAMESPACES,{\"type\":\"user\"}"
MOUNTS="$PROC_MOUNT,$DEV_MOUNTS"
LINUX=',"uidMappings":[{"containerID":0,"hostID":100000,"size":1000}],
	"gidMappings":[{"containerID":0,"hostID":200000,"size":1000}]'
bundle userns sh -c 'head -n 1 /proc/self/uid_map | tr -s " "'
w run -b "$B" $c
if [ $rc = 1 ]; then
	like "a user namespace: refused with the reason" "$(err)" \
		"initramfs|user namespace"
else
	is "a user namespace" "$rc: $(out)$(err)" "0:  0 100000 1000"
fi

# --- A terminal ---------------------------------------------------------------

bundle pty sh -c 'test -t 0 && test -t 2 && echo terminal && read x;
 echo "got $x"; exit 3'
sed -i 's/"terminal": false/"terminal": true/' "$B/config.json"
"$TOOLS/limit" 40 "$TOOLS/pty" 'expect:terminal' 'send:word\n' \
	'expect:got word' -- "$WHERRY" --root "$STATE" run -b "$B" $c \
	>"$T/out" 2>"$T/err" </dev/null
rc=$?
if grep -q "built without PTY" "$T/err" "$T/out"; then
	skip "a terminal" "built without PTY"
else
	is "a terminal: what is typed arrives, the status comes back" \
		$rc 3 || note "$(out)$(err)"
fi

done_testing
