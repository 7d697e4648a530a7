#!/bin/sh
# SPDX-License-Identifier: MIT
# gate.sh -- start knows what became of execve, whatever happens on the way.
. "${0%/*}/lib.sh"
c=$P-g

# --- args[0] is looked up at create -------------------------------------------

bundle none nosuchprogram
fails "not in PATH" 'executable file not found in \$PATH' create -b "$B" $c
SHELL_PATH=/nowhere::/bin/sh:/sbin
bundle none true
fails "not where PATH says" 'executable file not found in \$PATH' \
	create -b "$B" $c
SHELL_PATH=/bin:/usr/bin
bundle none true
sed -i 's/"PATH=[^"]*",//' "$B/config.json"
fails "no PATH" 'executable file not found in \$PATH' create -b "$B" $c
CWD=/bin
bundle none ./true
sed -i 's/"PATH=[^"]*",//' "$B/config.json"
works "from the working directory" run -b "$B" $c
bundle none nosuchprogram
bundle nopath /bin/nosuchprogram
fails "no such path" 'no such file or directory' create -b "$B" $c
bundle noexec /etc/plain
echo text >"$R/etc/plain"
fails "not executable" 'permission denied' create -b "$B" $c
bundle dir /etc
fails "a directory" '[Pp]ermission denied|[Ii]s a directory' create -b "$B" $c
bundle notdir /etc/plain/x
echo text >"$R/etc/plain"
fails "not a directory" '[Nn]ot a directory' create -b "$B" $c
for name in none nopath noexec; do
	w run -b "$T/b/$name" $c
	is "run of it: status" $rc 1
done

# --- what execve itself refuses -----------------------------------------------

bundle enoexec /bin/garbage
printf '\001\002garbage' >"$R/bin/garbage"
chmod 755 "$R/bin/garbage"
enoexec=$B
bundle loader /bin/script
printf '#!/no/such/interpreter\n' >"$R/bin/script"
chmod 755 "$R/bin/script"
loader=$B
works "create with what is no program" create -b "$enoexec" $c
fails "start: Exec format error" '[Ee]xec format error' start $c
ok "it is stopped" until_status $c stopped
fails "a second start" "has stopped" start $c
w delete $c
w create -b "$loader" $c
fails "start: the interpreter is missing" '[Nn]o such file' start $c
w delete -f $c
w run -b "$enoexec" $c
is "run of it: status" $rc 1
like "run of it: the reason" "$(err)" '[Ee]xec format error'
ok "run of it: nothing is left" test ! -e "$STATE/$c"

# --- init dies between gate and execve ----------------------------------------

bundle sleep
sleeper=$B

# A profile may kill or deny what a runtime would report with.
for call in write sendmsg sendto; do
	w create -b "$enoexec" $c
	if "$TOOLS/atgate" "$(pid_of $c)" filter $call kill >"$T/gate" 2>&1
	then
		fails "$call kills: the reason comes through" \
			'[Ee]xec format error' start $c
	else
		skip "$call kills" "$(head -1 "$T/gate")"
	fi
	w delete -f $c
	w create -b "$sleeper" $c
	if "$TOOLS/atgate" "$(pid_of $c)" filter $call kill >"$T/gate" 2>&1
	then
		works "$call kills: a good program starts" start $c
		is "$call kills: it runs" "$(status_of $c)" running
	else
		skip "$call kills" "$(head -1 "$T/gate")"
	fi
	w delete -f $c
done
for action in kill deny; do
	reason='SIGSYS|init died'
	[ $action = kill ] || reason='[Oo]peration not permitted'
	w create -b "$sleeper" $c
	if "$TOOLS/atgate" "$(pid_of $c)" filter execve $action >"$T/gate" 2>&1
	then
		fails "execve, $action: start says so" "$reason" start $c
		ok "execve, $action: stopped" until_status $c stopped
	else
		skip "execve, $action" "$(head -1 "$T/gate")"
	fi
	w delete -f $c
done

w create -b "$sleeper" $c
: >"$T/gate"
"$TOOLS/atgate" "$(pid_of $c)" signal execve 9 >"$T/gate" 2>&1 &
for _ in 1 2 3 4 5 6 7 8 9 10; do
	grep -q ready "$T/gate" && break
	sleep 0.1
done
if grep -q '^vendor_id.*User Mode Linux' /proc/cpuinfo; then
	skip "SIGKILL at execve" "user-mode Linux does not stop at system calls"
elif grep -q ready "$T/gate"; then
	fails "SIGKILL at execve: start fails" "SIGKILL" start $c
	ok "SIGKILL at execve: stopped" until_status $c stopped
else
	skip "SIGKILL at execve" "$(head -1 "$T/gate")"
fi
w delete -f $c

# A program that a signal of its own ends at once has run, reaped or not.
NAMESPACES='{"type":"mount"}' HOST_NAME=
bundle brief sh -c 'kill -ABRT $$'
lost=0
for _ in 1 2 3 4 5; do
	w create -b "$B" $c
	w start $c
	[ $rc = 0 ] || lost=$((lost + 1))
	until_status $c stopped
	w delete $c
done
is "a signal ends the program at once: it was started" $lost 0

w create -b "$sleeper" $c
kill -9 "$(pid_of $c)"
sleep 0.2
fails "killed while it waits" "." start $c
is "killed while it waits: stopped" "$(status_of $c)" stopped
w delete $c

# One that is killed there lets go of its lock long before it is a zombie: PID 1
# of a namespace waits for the zombies of others, as of one whose parent stands
# still.  It must not be told of as running.
w create -b "$sleeper" $c
pid=$(pid_of $c)
"$WHERRY" --root "$STATE" exec $c sleep 77$$ >/dev/null 2>&1 </dev/null &
host=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	has_argument 77$$ && break
	sleep 0.1
done
if has_argument 77$$; then
	kill -STOP $host
	kill -9 "$pid"
	until [ -z "$(readlink "/proc/$pid/exe")" ]; do
		sleep 0.01
	done 2>/dev/null
	ok "control: it still ends" grep -q '^State:.[SD]' "/proc/$pid/status"
	is "killed while it waits, and not yet dead" "$(status_of $c)" stopped
	kill -CONT $host
else
	skip "killed while it waits, and not yet dead" "no exec"
	kill $host
fi
wait $host
w delete -f $c

# execve copies the environment to new pages before it gives up the old ones:
# 1.2 MB of it do not fit 256 KiB above what the waiting init has, whatever the
# kernel can take back of that.
limit_memory() { # -- of the created container $c; false: no memory cgroup
	pid=$(pid_of $c)
	if path=$(grep ':memory:' "/proc/$pid/cgroup"); then
		dir=/sys/fs/cgroup/memory/${path##*:}
		use=memory.usage_in_bytes max=memory.limit_in_bytes
		swap=memory.swappiness
	elif path=$(grep '^0::' "/proc/$pid/cgroup") &&
	    [ -e "/sys/fs/cgroup/${path##*:}/memory.max" ]; then
		dir=/sys/fs/cgroup/${path##*:}
		use=memory.current max=memory.max swap=memory.swap.max
	else
		return 1
	fi
	# another cgroup than the container's is not ours to limit
	case $dir in *"$c"*) ;; *) return 1 ;; esac
	[ ! -e "$dir/$swap" ] || echo 0 >"$dir/$swap"
	echo $(($(cat "$dir/$use") + 262144)) >"$dir/$max"
}
for n in 0 1 2 3 4 5 6 7 8 9; do
	ENV=$ENV,\"V$n=$(printf '%0120000d' 0)\"
done
bundle much sleep 1000
works "1.2 MB of environment: create" create -b "$B" $c
works "... and start" start $c
w delete -f $c
w create -b "$B" $c
if limit_memory; then
	# before Linux 4.19 the kernel says so by E2BIG
	fails "out of memory at execve: start fails" \
		'SIGKILL|[Oo]ut of memory|[Cc]annot allocate|died|too long' \
		start $c
	ok "out of memory at execve: stopped" until_status $c stopped
else
	skip "out of memory at execve" "no memory cgroup"
fi
w delete -f $c

# --- one start wins -----------------------------------------------------------

w create -b "$sleeper" $c
for n in 1 2 3; do
	"$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" start $c \
		>"$T/start$n" 2>&1 </dev/null &
	eval "start$n=$!"
done
won=0
for n in 1 2 3; do
	eval "wait \$start$n" && won=$((won + 1))
done
is "of three starts one wins" $won 1
like "the others say why" "$(cat "$T/start1" "$T/start2" "$T/start3")" \
	"was started already"
w delete -f $c
w create -b "$sleeper" $c       # between the winner's word and init's execve
rm "$STATE/$c/exec.sock"
fails "a start behind the winner's says why" "was started already" start $c
w delete -f $c

# A caller that connects and leaves opens nothing.
w create -b "$sleeper" $c
fails "start without the right to is no start" "." start --frobnicate $c
is "it still waits" "$(status_of $c)" created
works "and starts" start $c
w delete -f $c

# No process: created, but never started (list B10).
bundle noprocess
sed '/"process": {/,/"noNewPrivileges"/d' "$B/config.json" >"$B/c"
cat "$B/c" >"$B/config.json"
works "create without process" create -b "$B" $c
fails "start without process" "process" start $c
is "it stays created" "$(status_of $c)" created
w delete -f $c

done_testing
