#!/bin/sh
# SPDX-License-Identifier: MIT
# notify.sh -- NOTIFY_SOCKET (sd_notify(3), list G16): what of a container's
# messages reaches the host, and when start comes back.
. "${0%/*}/lib.sh"
c=$P-notify
S=$T/host.sock

# The host's end, for the command that follows.
listen() { # [-b] [ADDRESS]
	flag=
	[ "${1:-}" != -b ] || { flag=-b; shift; }
	where=${1:-$S}
	rm -f "$S"
	"$TOOLS/limit" 60 "$TOOLS/notify" $flag -l "$where" 50 \
		>"$T/heard" 2>&1 </dev/null &
	host=$!
	until grep -q listening "$T/heard"; do
		sleep 0.05
	done
}

hear() { # HEARD: the messages, one a line
	wait $host
	HEARD=$(tail -n +2 "$T/heard")
}

# Nobody will send anything.
deaf() {
	kill $host
	wait $host 2>/dev/null
}

told() { # ARGS...: wherry, with NOTIFY_SOCKET
	NOTIFY_SOCKET=$where w "$@"
}

# --- run ----------------------------------------------------------------------

bundle ready notify "STATUS=loading" "MAINPID=1" "READY=1x" LONG \
	"STATUS=done\nREADY=1\nFDSTORE=1"
listen
told run -b "$B" $c
is "run: ends as the program does" "$rc $(err)" "0 "
hear
like "run: READY=1 with init's number on the host, and nothing else" \
	"$HEARD" '^MAINPID=[1-9][0-9]+ READY=1 fds=0$'
is "run: one message" "$(echo "$HEARD" | wc -l)" 1
w state $c
like "run: nothing is left" "$(err)" "does not exist"

listen "@$P-abstract"
told run -b "$B" $c
hear
like "an abstract name" "$HEARD" '^MAINPID=[0-9]+ READY=1 fds=0$'

bundle signals sh -c 'trap "exit 42" TERM; trap "echo got IO" IO
	notify FLOOD READY=1 FLOOD &
	while :; do sleep 0.05; done'
listen
NOTIFY_SOCKET=$where $WRAP "$WHERRY" --root "$STATE" run -b "$B" $c \
	>"$T/o" 2>&1 </dev/null &
pid=$!
hear
like "run: a flood before and behind" "$HEARD" '^MAINPID=[0-9]+ READY=1'
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	kill -IO $pid
	grep -q 'got IO' "$T/o" && break
	sleep 0.2
done
ok "run: SIGIO of others goes to the program" grep 'got IO' "$T/o"
kill -TERM $pid
wait $pid
is "run: signals still go to the program" $? 42

# --- What the container sees --------------------------------------------------

bundle see sh -c 'echo "$NOTIFY_SOCKET"; ls -A /run/notify
	rm /run/notify/notify.sock || touch /run/notify/x || echo read-only
	grep " /run/notify " /proc/self/mountinfo | cut -d" " -f6'
listen
told run -b "$B" $c
is "the container's own socket, in a folder that is read-only" \
	"$(tr '\n' ' ' <"$T/out")" "/run/notify/notify.sock notify.sock\
 read-only ro,nosuid,nodev,noexec,relatime "
deaf
CAPS=$ALL_CAPS NNP=false
bundle litter sh -c 'mount -o remount,bind,rw /run/notify || exit
	mkdir -p /run/notify/a/b/c/d /run/notify/1 /run/notify/e
	touch /run/notify/a/x /run/notify/a/b/x /run/notify/1/x
	ln -s "$0" /run/notify/a/b/l; mkfifo /run/notify/a/b/c/f' "$CAN"
listen
told run -b "$B" $c
is "what it leaves in the folder goes" "$rc $(err) $(ls "$STATE")" "0  "
deaf
ENV=',"NOTIFY_SOCKET=/other"'
bundle own sh -c 'env | grep NOTIFY; exit 0'
where=$S
told run -b "$B" $c
is "a variable of the config gives way" "$(out)" \
	"NOTIFY_SOCKET=/run/notify/notify.sock"
bundle none sh -c 'env | grep NOTIFY; ls -d /run/notify/*; exit 0'
w run -b "$B" $c
is "nothing of it without NOTIFY_SOCKET" "$rc $(out)" "0 "
USER='{"uid":1000,"gid":1000}'
bundle user notify READY=1
listen
told run -b "$B" $c
hear
like "a user who is not root" "$HEARD" '^MAINPID=[0-9]+ READY=1'
if [ -e /proc/self/ns/user ]; then
	NAMESPACES='{"type":"pid"},{"type":"ipc"},{"type":"uts"},
		{"type":"mount"},{"type":"network"},{"type":"user"}'
	LINUX=',"uidMappings":[{"containerID":0,"hostID":100000,"size":65536}],
		"gidMappings":[{"containerID":0,"hostID":100000,"size":65536}]'
	bundle users notify READY=1
	chown -R 100000:100000 "$R"
	listen
	told run -b "$B" $c
	# nobody else may enter the state directory
	is "a user namespace: it runs" "$rc $(err)" "0 "
	hear
	like "... and is heard" "$HEARD" '^MAINPID=[0-9]+ READY=1'
else
	skip "a user namespace" "the kernel has none"
fi

# --- Runtimes that do not stay ------------------------------------------------

READONLY=false
bundle slow sh -c 'sleep 1; : >/tmp/said; notify READY=1; sleep 1000'
for how in run start; do
	rm -f "$R/tmp/said"
	listen -b
	if [ $how = run ]; then
		told run -d -b "$B" $c
	else
		told create -b "$B" $c
		told start $c
	fi
	is "$how: comes back when the program is ready" \
		"$rc $(err) $(ls "$R/tmp")" "0  said"
	hear
	like "$how: and the host has read that" \
		"$(echo "$HEARD" | tr '\n' ' ')" \
		"^MAINPID=$(pid_of $c) READY=1 fds=0 BARRIER=1 fds=1 $"
	w delete -f $c
done
[ ! -e "$STATE/$c" ]
is "delete: the folder is gone" $? 0

bundle early true
listen
told run -d -b "$B" $c
is "run -d: a program that ends and says nothing" "$rc $(err)" "0 "
deaf
w delete $c
bundle absent notify READY=1
where=$T/nobody
told --log-level warning run -b "$B" $c
like "nobody listens: a warning" "$rc $(err)" "^0 .*NOTIFY_SOCKET.*nobody"

bundle create
w create -b "$B" $c
told --log-level warning start $c
like "set for start only: a warning" "$rc $(err)" "^0 .*NOTIFY_SOCKET: not set"
w delete -f $c

# --- Refused ------------------------------------------------------------------

for where in relative / @ vsock:2:3 \
    "/$(printf '%0110d' 0)"; do
	told create -b "$B" $c
	like "NOTIFY_SOCKET=$(echo "$where" | cut -c1-9): refused" \
		"$rc $(err)" "^1 .*NOTIFY_SOCKET"
done
w state $c
like "... and nothing is left" "$(err)" "does not exist"

done_testing
