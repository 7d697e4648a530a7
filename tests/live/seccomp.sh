#!/bin/sh
# SPDX-License-Identifier: MIT
# seccomp.sh -- filters in the kernel: what calls give, when the filter comes,
# what is refused.
. "${0%/*}/lib.sh"
c=$P-sc

seccomp() { # DEFAULT SYSCALLS [MORE]: sets LINUX
	LINUX=',"seccomp":{"defaultAction":"SCMP_ACT_'$1'","syscalls":['$2']'
	LINUX=$LINUX"${3:-}}"
}

# What runs a static program that calls what it is told.
NEEDED='"execve","exit","exit_group","write","writev","arch_prctl","brk",
	"set_tid_address","ioctl","mmap","munmap","mprotect","rt_sigprocmask",
	"rt_sigaction","getuid","geteuid","getgid","getegid","capset",
	"capget","setresuid","setresgid","setgroups","prctl","getcwd","lseek"'
allow() { # NAMES [ARGS]
	printf '{"names":[%s],"action":"SCMP_ACT_ALLOW"%s}' "$1" "${2:-}"
}

case $(uname -m) in
x86_64) mkdir=83 getpid=39 personality=135 uname=63 openat2=437 ;;
*) skip_all "numbers of x86_64" ;;
esac

# --- the filter holds ---------------------------------------------------------

for NNP in true false; do
	nnp=$NNP
	seccomp ALLOW '{"names":["mkdir","mkdirat"],
		"action":"SCMP_ACT_ERRNO","errnoRet":13}'
	bundle deny call $mkdir 0 -- $getpid
	gives "deny list, noNewPrivileges $nnp" "errno 13
ok" run -b "$B" $c

	NNP=$nnp
	seccomp ERRNO "$(allow "$NEEDED,\"getpid\""),
		$(allow '"personality"' ',"args":[{"index":0,
			"value":4294967295,"op":"SCMP_CMP_EQ"}]')" \
		',"architectures":["SCMP_ARCH_X86_64"]'
	bundle allow call $getpid -- $mkdir 0 -- $personality 0xffffffff -- \
		$personality 8 -- $personality 0x1ffffffff -- $openat2 -- 1000
	gives "allow list, noNewPrivileges $nnp" "ok
errno 1
ok
errno 1
errno 1
errno 38
errno 38" run -b "$B" $c
	NNP=$nnp
	seccomp ALLOW '{"names":["getpid"],"action":"SCMP_ACT_ERRNO"}'
	bundle status sh -c 'grep -E "^(Seccomp|NoNewPrivs):" /proc/self/status'
	w run -b "$B" $c
	like "it is a filter" "$(out)" 'Seccomp:.2'
	like "noNewPrivileges $nnp is as configured" "$(out)" \
		"NoNewPrivs:.$([ "$nnp" = true ] && echo 1 || echo 0)"
done

seccomp ALLOW '{"names":["uname"],"action":"SCMP_ACT_KILL_PROCESS"}'
bundle kill call $uname 0
if kernel_has seccomp-kill-process; then
	w run -b "$B" $c
	is "a kill is SIGSYS" $rc 159
else
	fails "an action that the kernel lacks" "KILL_PROCESS.*4\.14" \
		create -b "$B" $c
fi

# --- other architectures ------------------------------------------------------

seccomp ALLOW '{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}'
bundle foreign call -i 20
if kernel_has i386; then
	w run -b "$B" $c
	is "i386 that is not listed is killed" $rc 159
else
	skip "i386 that is not listed is killed" "no CONFIG_IA32_EMULATION"
fi
seccomp ALLOW '{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}'
bundle x32 call 0x40000027
w run -b "$B" $c
is "x32 that is not listed is killed" $rc 159
seccomp ALLOW '{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}' \
	',"architectures":["SCMP_ARCH_X86"]'
bundle i386 call -i 39 0 -- 20
if kernel_has i386; then
	gives "i386 that is listed has its own numbers" "errno 1
ok" run -b "$B" $c
else
	skip "i386 that is listed has its own numbers" \
		"no CONFIG_IA32_EMULATION"
fi

# --- flags --------------------------------------------------------------------

for f in '' '"SECCOMP_FILTER_FLAG_TSYNC"' '"SECCOMP_FILTER_FLAG_LOG"' \
    '"SECCOMP_FILTER_FLAG_LOG","SECCOMP_FILTER_FLAG_SPEC_ALLOW"'; do
	seccomp ALLOW '{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}' \
		',"flags":['"$f"']'
	bundle flags call $mkdir 0
	case $f in
	*_LOG*) kernel_has seccomp-log || {
			fails "a flag that the kernel lacks" "_LOG.*4\.14" \
				create -b "$B" $c
			continue
		} ;;
	esac
	gives "flags [$f]" "errno 1" run -b "$B" $c
done
seccomp ALLOW '{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}' \
	',"flags":["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]'
bundle flags call $mkdir 0
fails "a flag of notifications without any" \
	"WAIT_KILLABLE_RECV.*SCMP_ACT_NOTIFY" run -b "$B" $c

# --- notifications ------------------------------------------------------------

NOTE='{"names":["mkdir"],"action":"SCMP_ACT_NOTIFY"}'
notify() { # MORE
	seccomp ALLOW "$NOTE" ',"listenerPath":"'"$T/agent"'"'"${1:-}"
}
agent() {
	rm -f "$T/agent"
	"$TOOLS/limit" 20 "$TOOLS/agent" "$T/agent" 77 >"$T/told" 2>&1 &
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ ! -S "$T/agent" ] || break
		sleep 0.1
	done
}

if ! kernel_has seccomp-notify; then
	notify
	bundle notify call $mkdir 0
	fails "notifications that the kernel lacks" \
		"(NOTIFY|NEW_LISTENER).*5\.0" create -b "$B" $c
else
for NNP in true false; do
	nnp=$NNP
	agent
	NNP=$nnp
	notify ',"listenerMetadata":"some data"'
	bundle notify call $mkdir 0 -- $getpid
	gives "run: the agent answers, noNewPrivileges $nnp" "errno 77
ok" run -b "$B" $c
	wait
	cp "$T/told" "$T/out"
	is "it is told the status" "$(field status)" creating
	is "... and the metadata" "$(field metadata)" "some data"
	is "... and what comes with it" \
		"$(grep -c '"fds":\["seccompFd"\]' "$T/told")" 1
done
agent
notify
bundle notify sh -c 'mkdir /tmp/a 2>/tmp/e; sleep 1000'
works "create with a listener" create -b "$B" $c
works "start with a listener" start $c
pid=$(pid_of $c)
like "the agent knows the pid" "$(cat "$T/told")" "\"pid\":$pid,"
fds=
for f in /proc/"$pid"/fd/*; do
	fds="$fds $(readlink "$f")"
done
unlike "the container has no descriptor of it" "$fds" seccomp
is "one thread" "$(sed -n 's/^Threads:.//p' /proc/"$pid"/status)" 1
agent
w exec --pid-file "$T/pid" $c call $mkdir 0
is "exec: the agent answers" "$(out)$(err)" "errno 77"
like "exec: it is told of this process" "$(cat "$T/told")" \
	"\"pid\":$(cat "$T/pid"),.*\"status\":\"running\",\"pid\":$pid,"
w delete -f $c
wait
# the same in a user namespace
if unshare -U true 2>/dev/null; then
	agent
	ns=$NAMESPACES
	NAMESPACES="$ns,{\"type\":\"user\"}"
	notify
	LINUX=$LINUX',"uidMappings":[{"containerID":0,"hostID":100000,
		"size":65536}],"gidMappings":[{"containerID":0,"hostID":100000,
		"size":65536}]'
	bundle mapped call $mkdir 0
	chown -R 100000:100000 "$B/rootfs"
	gives "the agent answers a user namespace" "errno 77" run -b "$B" $c
	NAMESPACES=$ns
	wait
else
	skip "the agent answers a user namespace" "no user namespaces"
fi
# the listener goes over though nothing but execve is allowed
agent
seccomp ERRNO "$NOTE,$(allow "$NEEDED")" ',"listenerPath":"'"$T/agent"'"'
bundle notify call $mkdir 0
gives "a filter that allows no message" "errno 77" run -b "$B" $c
wait
rm -f "$T/agent"
notify
bundle notify call $mkdir 0
fails "nobody listens" 'listenerPath.*no such file' run -b "$B" $c
notify
bundle notify call $mkdir 0
works "create" create -b "$B" $c
fails "nobody listens at start" 'listenerPath.*no such file' start $c
ok "init is gone" until_status $c stopped
w delete -f $c
fi
seccomp ALLOW '{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}' \
	',"listenerPath":"'"$T/nobody"'"'
bundle ignored call $mkdir 0
gives "listenerPath without notifications is ignored" "errno 1" run -b "$B" $c
seccomp NOTIFY "$(allow '"read"')" ',"listenerPath":"/nobody"'
bundle default call $mkdir 0
fails "notifications for all calls" "defaultAction" run -b "$B" $c

# --- refused ------------------------------------------------------------------

seccomp ALLOW '{"names":["no_such_call"],"action":"SCMP_ACT_ERRNO"}'
bundle unknown call $mkdir
fails "a deny for a call that nobody knows" 'no_such_call' run -b "$B" $c
rules=
for i in 0 1 2 3 4 5 6 7 8 9 10 11; do
	for j in 0 1 2 3 4 5 6 7 8 9 10 11; do
		k=0
		while [ $k -lt 12 ]; do
			v=$((i * 144 + j * 12 + k + 1))
			rules=$rules',{"index":'$((k % 6))',"value":'$v',
				"op":"SCMP_CMP_NE"}'
			k=$((k + 1))
		done
	done
done
seccomp ERRNO "$(allow '"read"' ',"args":['"${rules#,}"']')"
bundle long call $mkdir
fails "more than the kernel takes" \
	'program of [0-9]+ instructions|needs SECCOMP=raw' create -b "$B" $c
kill=KILL_PROCESS
kernel_has seccomp-kill-process || kill=KILL
seccomp $kill "$(allow '"openat2"')"
bundle noexec call $mkdir
fails "a filter that kills at execve" 'seccomp filter \(SIGSYS\)' run -b "$B" $c
# neither execve nor exit: nothing hangs, and the reason is told
seccomp ERRNO "$(allow '"openat2"')"
bundle noexec call $mkdir
fails "a filter that forbids execve and exit" \
	'exec: .*operation not permitted.*seccomp filter' run -b "$B" $c

# --- compiled beforehand ------------------------------------------------------

# A seccomp profile of its own, and the program that becomes of it.
profile() { # JSON
	printf '%s' "$1" >"$T/profile"
	w seccomp compile "$T/profile" -o "$T/filter"
}
made() { # NAME ARGS: a bundle without a filter in its config
	LINUX=
	bundle "$@"
}
DENY='{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
	{"names":["mkdir"],"action":"SCMP_ACT_ERRNO","errnoRet":13}]}'

if ! profile "$DENY"; then
	skip "filters compiled beforehand" "$(cat "$T/err")"
	done_testing
	exit
fi
for NNP in true false; do
	nnp=$NNP
	made bpf call $mkdir 0 -- $getpid
	gives "--seccomp-bpf, noNewPrivileges $nnp" "errno 13
ok" run --seccomp-bpf "$T/filter" -b "$B" $c
done
# exec gets it as well, whatever has become of the file
made exec sh -c 'sleep 1000'
cp "$T/filter" "$T/gone"
works "create with a filter" create --seccomp-bpf "$T/gone" -b "$B" $c
rm "$T/gone"
w start $c
if w exec $c true; then
	gives "exec is under it" "errno 13
ok" exec $c call $mkdir 0 -- $getpid
else
	skip "exec is under it" "$(cat "$T/err")"
fi
w delete -f $c
made note call $mkdir 0
cp "$T/filter" "$B/my.bpf"
sed -i 's/"ociVersion"/"annotations":{"a":"b","wherry.seccomp":"my.bpf"},&/' \
	"$B/config.json"
gives "the annotation, from the bundle on" "errno 13" run -b "$B" $c
works "plan knows it" plan "$B"
like "... as a step" "$(out)" '^seccomp'
fails "the option and the annotation" "names a filter as well" \
	run --seccomp-bpf "$T/filter" -b "$B" $c
rm "$B/my.bpf"
fails "the annotation's file is gone" "my.bpf.*no such file" run -b "$B" $c
seccomp ALLOW '{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}'
bundle both call $mkdir 0
fails "a compiled filter beside linux.seccomp" "linux.seccomp.*as well" \
	run --seccomp-bpf "$T/filter" -b "$B" $c

# What is no filter for this machine never starts unfiltered.
refused() { # DESC ERE
	made bad call $getpid
	fails "$1" "seccomp program.*$2" run --seccomp-bpf "$T/bad" -b "$B" $c
}
size=$(wc -c <"$T/filter")
: >"$T/bad"
refused "an empty file" '0 bytes'
head -c $((size - 1)) "$T/filter" >"$T/bad"
refused "a part of an instruction" 'bytes: not a program'
head -c $((size - 8)) "$T/filter" >"$T/bad"
refused "its end is missing" 'instruction|return'
head -c $((4097 * 8)) /dev/zero >"$T/bad"
refused "4097 instructions" '32776 bytes'
head -c 800 /dev/zero >"$T/bad"
refused "zeros" 'instruction 0'
printf '\6\0\0\0\0\0\377\177' >"$T/bad"
refused "it allows everything" 'other architectures'
printf '\6\0\0\0\0\0\0\0' >"$T/bad"
refused "it kills everything" 'not made for'
# ld [4]; jeq native, 0, 1; ld [64]; ret allow
printf '\40\0\0\0\4\0\0\0\25\0\0\2\76\0\0\300\40\0\0\0\100\0\0\0' \
	>"$T/bad"
printf '\6\0\0\0\0\0\377\177\6\0\0\0\0\0\0\0' >>"$T/bad"
refused "it looks behind the call" 'instruction 2'
rm "$T/bad"
refused "there is none" 'no such file'
mkdir "$T/bad"
refused "a folder" 'not a regular file|directory'
profile "$(printf '%s' "$DENY" | sed 's/ERRNO","errnoRet":13/NOTIFY"/
	s/"defaultAction"/"listenerPath":"\/x",&/')"
cp "$T/filter" "$T/note"
made bad call $getpid
fails "notifications" 'seccomp program.*linux.seccomp' \
	run --seccomp-bpf "$T/note" -b "$B" $c

# --- explained ----------------------------------------------------------------

DOCKER='{"defaultAction":"SCMP_ACT_ERRNO","archMap":[{"architecture":
	"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X86"]}],"syscalls":[
	{"names":["read","statx"],"action":"SCMP_ACT_ALLOW","args":null,
		"comment":""},
	{"names":["reboot"],"action":"SCMP_ACT_ALLOW",
		"includes":{"caps":["CAP_SYS_BOOT"]},"excludes":{}},
	{"names":["clone"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,
		"value":2114060288,"valueTwo":0,"op":"SCMP_CMP_MASKED_EQ"}],
		"excludes":{"caps":["CAP_SYS_ADMIN"],"arches":["s390x"]}},
	{"names":["ptrace"],"action":"SCMP_ACT_ALLOW",
		"includes":{"minKernel":"4.8"}},
	{"names":["setns"],"action":"SCMP_ACT_ALLOW",
		"excludes":{"minKernel":"4.8"}},
	{"name":"acct","action":"SCMP_ACT_ALLOW",
		"includes":{"arches":["amd64"]}},
	{"names":["iopl"],"action":"SCMP_ACT_ALLOW",
		"includes":{"arches":["arm64"]}}]}'
printf '%s' "$DOCKER" >"$T/profile"
told() { # DESC WANT ARGS: the first line, without architecture and number
	desc=$1 want=$2
	shift 2
	w seccomp explain "$T/profile" "$@"
	is "explain: $desc" "$(sed -n '1s/^[^:]*: //p' "$T/out")" "$want"
}
told "a rule" "ALLOW: syscalls[0]" read
told "a call that no rule names" "ERRNO 1: default" mkdir
told "a new call" "ERRNO 38: above the newest call of the profile" openat2
told "conditions" "ALLOW: syscalls[2]: arg0 & 0x7e020000 == 0" clone
told "that hold" "ALLOW: syscalls[2]: arg0 & 0x7e020000 == 0" clone 17
told "that do not hold" "ERRNO 1: default" clone 0x10000000
told "a capability that is missing" "ERRNO 1: default" reboot
told "... and is there" "ALLOW: syscalls[1]" reboot --caps sys_boot,CAP_KILL
told "an exclusion by capability" "ERRNO 1: default" clone --caps sys_admin
told "a new kernel" "ALLOW: syscalls[3]" ptrace --kernel 4.8
told "an old kernel" "ERRNO 1: default" ptrace --kernel 4.7.9-x
told "an exclusion by kernel" "ERRNO 1: default" setns --kernel 10.0
told "... of an old one" "ALLOW: syscalls[4]" setns --kernel 4.7
told "an architecture by Go's name, and name" "ALLOW: syscalls[5]" acct
told "another architecture" "ERRNO 1: default" iopl
w seccomp explain "$T/profile" read
is "both architectures" "$(cut -d: -f1 "$T/out")" "x86_64 read 0
i386 read 3"
w seccomp explain "$T/profile"
like "explain: all" "$(out)" '^x86_64 others: ERRNO 1$'
like "... and the rule for new calls" "$(out)" '^x86_64 above 332: ERRNO 38$'
echo 'seccomp_enosys = off' >"$T/conf"
w --config-file "$T/conf" seccomp explain "$T/profile" openat2
if grep -q 'built without CONF' "$T/err"; then
	skip "seccomp_enosys" "built without CONF"
else
	like "seccomp_enosys = off" "$(out)" 'ERRNO 1: default'
fi
works "dump of a profile" seccomp dump "$T/profile"
cp "$T/out" "$T/listing"
w seccomp compile "$T/profile" -o "$T/filter"
works "dump of a program" seccomp dump "$T/filter"
is "... is the same" "$(out)" "$(cat "$T/listing")"
like "it begins with the architecture" "$(head -n 1 "$T/out")" '^ *0 ld arch$'
printf '{"linux":{"seccomp":%s},"ociVersion":"1.0.0"}' "$DENY" >"$T/profile"
told "a config.json" "ERRNO 13: syscalls[0]" mkdir
for bad in '{}' '[]' '{"linux":{}}' '{"defaultAction":"SCMP_ACT_NO"}' \
    '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"action":
	"SCMP_ACT_ERRNO"}]}' '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{
	"names":["x"],"name":"x","action":"SCMP_ACT_ERRNO"}]}' \
    '{"defaultAction":"SCMP_ACT_KILL","syscalls":[{"names":["x"],"action":
	"SCMP_ACT_ALLOW","includes":{"caps":["CAP_X"]}}]}'; do
	printf '%s' "$bad" >"$T/profile"
	fails "no profile: $bad" . seccomp compile "$T/profile" -o "$T/none"
done
ok "... and no file is left" test ! -e "$T/none"
printf '%s' "$DENY" >"$T/profile"
fails "a full device" 'no space' seccomp compile "$T/profile" -o /dev/full
ok "... is still there" test -c /dev/full

done_testing
