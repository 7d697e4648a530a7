#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh -- run in the foreground, and what of the caller's the program gets:
# signals, descriptors, listening sockets, exit codes (list G15, T9-T13; sec
# X25, X26).
. "${0%/*}/lib.sh"
c=$P-run
W="$WRAP $WHERRY --root $STATE"

# --- Signals, exit codes ------------------------------------------------------

for sig in HUP INT QUIT TERM USR1 USR2 ALRM CONT WINCH PROF IO PWR; do
	bundle signals sh -c "trap 'exit 42' $sig; echo ready
		while :; do sleep 0.05; done"
	: >"$T/o"
	$W run -b "$B" $c >"$T/o" 2>"$T/e" </dev/null &
	pid=$!
	# before that it would hit us, or be lost where the shell ignores it
	until grep -q ready "$T/o" || ! kill -0 $pid; do
		sleep 0.1
	done
	kill -$sig $pid
	wait $pid
	is "SIG$sig goes to the program" $? 42
done

bundle nothing true
if "$WHERRY" features | grep -q '"prestart"'; then
	TOP=",\"hooks\":{\"prestart\":[{\"path\":\"$BUSYBOX\",
		\"args\":[\"sleep\",\"20\"]}]}"
	bundle hang true
	$W run -b "$B" $c >/dev/null 2>&1 </dev/null &
	pid=$!
	until_status $c creating
	kill -TERM $pid
	wait $pid
	is "a create that hangs can be ended" $? 143
	until_status $c stopped
	works "... and what it left be deleted" delete $c
	is "... with its cgroups" "$(find /sys/fs/cgroup -name "$c")" ""
fi

# --- Descriptors --------------------------------------------------------------

bundle fds fdlist
numbers() {
	cut -d' ' -f1 "$T/o" | tr '\n' ' '
}
$W run -b "$B" $c >"$T/o" 2>"$T/e" 3<"$CAN/f" 4<"$CAN/f" </dev/null
is "open descriptors stay outside" "$(numbers)" "0 1 2 "
$W run --preserve-fds 1 -b "$B" $c >"$T/o" 2>"$T/e" \
	3<"$CAN/f" 4<"$CAN/f" </dev/null
is "--preserve-fds 1" "$(numbers)" "0 1 2 3 "

# sh replaces itself: the pid is the one in LISTEN_PID.
listen() { # FDS ARGS...
	fds=$1
	shift
	"$BUSYBOX" sh -c 'LISTEN_PID=$$ LISTEN_FDS='"$fds"' \
		LISTEN_FDNAMES=a:b exec "$@"' \
		sh "$WHERRY" --root "$STATE" "$@" \
		>"$T/o" 2>"$T/e" 3<"$CAN/f" 4<"$CAN/f" 5<"$CAN/f" \
		</dev/null
}
listen 2 run -b "$B" $c
is "LISTEN_FDS: 3 and 4" "$(numbers)" "0 1 2 3 4 "
listen 2 run --preserve-fds 1 -b "$B" $c
is "--preserve-fds counts from behind them" "$(numbers)" "0 1 2 3 4 5 "
ENV=',"LISTEN_PID=77","LISTEN_FDS=9"'
bundle env sh -c 'env | grep ^LISTEN | sort; echo pid $$'
listen 2 run -b "$B" $c
is "LISTEN_*: for this process, once" "$(tr '\n' ' ' <"$T/o")" \
	"LISTEN_FDNAMES=a:b LISTEN_FDS=2 LISTEN_PID=1 pid 1 "
NAMESPACES='{"type":"ipc"},{"type":"uts"},{"type":"mount"}'
MOUNTS="$DEV_MOUNTS"
PATHS=
bundle env sh -c 'env | grep ^LISTEN_PID; echo "LISTEN_PID=$$"'
listen 2 run -b "$B" $c
is "LISTEN_PID without a PID namespace" "$(sort -u "$T/o" | wc -l)" 1
bundle env sh -c 'env | grep ^LISTEN; exit 0'
LISTEN_PID=1 LISTEN_FDS=2 $W run -b "$B" $c >"$T/o" 2>"$T/e" </dev/null
is "LISTEN_FDS for another process is nothing to us" "$? $(cat "$T/o")" "0 "
listen x run -b "$B" $c
is "LISTEN_FDS that is no number: an error" \
	"$? $(grep -c 'LISTEN_FDS: `x`' "$T/e")" "1 1"
listen 9 run -b "$B" $c
is "LISTEN_FDS with closed ones: an error" \
	"$? $(grep -c 'preserved fd 6 is not open' "$T/e")" "1 1"

for n in 32768 2147483648 4294967295 4294967296 18446744073709551615; do
	fails "--preserve-fds $n" "more than 32767" run --preserve-fds $n \
		-b "$B" $c
done

# --- --pidfd-socket -----------------------------------------------------------

bundle pidfd sleep 1000
S=$T/pidfd
"$TOOLS/limit" 10 "$TOOLS/recvtty" "$S" >"$T/peer" 2>&1 </dev/null &
until [ -e "$S.ready" ]; do
	sleep 0.05
done
if w create --pidfd-socket "$S" -b "$B" $c; then
	sleep 0.2
	like "--pidfd-socket: one message, one descriptor" \
		"$(cat "$T/peer")" "^message: 1 bytes, 1 fds"
	w delete --force $c
	wait
else
	like "--pidfd-socket is refused by name" "$(err)" "pidfd-socket: not in"
	kill $!
	wait
fi
fails "--pidfd-socket: nobody there" "pidfd-socket" create \
	--pidfd-socket "$T/none" -b "$B" $c
w state $c
like "... and nothing is left" "$(err)" "does not exist"

# --- The pid file -------------------------------------------------------------

mkdir -p "$T/dir"
ln -s "$CAN/f" "$T/dir/link"
fails "pid file: no such directory" "pid file" create --pid-file \
	"$T/none/pid" -b "$B" $c
works "pid file: a link is replaced" create --pid-file "$T/dir/link" \
	-b "$B" $c
is "... not followed" "$(cat "$CAN/f")" canary
w delete --force $c
if mount -t tmpfs -o ro none "$T/dir"; then
	fails "pid file: a read-only file system" "pid file" create \
		--pid-file "$T/dir/pid" -b "$B" $c
	umount "$T/dir"
fi

# --- Stdio that is not there --------------------------------------------------

bundle seven sh -c 'exit 7'
$W run -b "$B" $c <&- >&- 2>&-
is "stdio is closed: the program's status" $? 7
if [ -c /dev/full ]; then
	$W run -b "$B" $c </dev/null >/dev/full 2>/dev/full
	is "stdio is full: the program's status" $? 7
	$W run -b "$T/none" $c </dev/null >/dev/full 2>/dev/full
	is "an error that nobody can read: the status" $? 1
fi
bundle fds fdlist
$W run -b "$B" $c 2>&1 </dev/null >"$T/o" 2>&-
is "a closed stderr is filled" "$(numbers)" "0 1 2 "

done_testing
