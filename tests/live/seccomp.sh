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
w run -b "$B" $c
is "i386 that is not listed is killed" $rc 159
seccomp ALLOW '{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}'
bundle x32 call 0x40000027
w run -b "$B" $c
is "x32 that is not listed is killed" $rc 159
seccomp ALLOW '{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}' \
	',"architectures":["SCMP_ARCH_X86"]'
bundle i386 call -i 39 0 -- 20
if "$TOOLS/call" -i 20 >/dev/null 2>&1; then
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
w delete -f $c
wait
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
seccomp ERRNO "$(allow '"openat2","rt_sigprocmask"')"
bundle noexec call $mkdir
fails "a filter that forbids execve and exit" \
	'exec: .*operation not permitted.*seccomp filter' run -b "$B" $c

done_testing
