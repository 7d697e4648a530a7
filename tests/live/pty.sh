#!/bin/sh
# SPDX-License-Identifier: MIT
# pty.sh -- terminals, through a real one (list T1-T9; sec X23, X24).
. "${0%/*}/lib.sh"

# A build without them says so by name.
bundle probe true
sed -i 's/"terminal": false/"terminal": true/' "$B/config.json"
w create -b "$B" $P-probe
grep -q "built without PTY" "$T/err" && skip_all "built without PTY"
[ -c /dev/ptmx ] || skip_all "no /dev/ptmx here"

terminal() { # NAME ARGS...
	bundle "$@"
	sed -i 's/"terminal": false/"terminal": true/' "$B/config.json"
}

# pty STEP... -- ARGS of wherry
pty() {
	"$TOOLS/limit" 40 "$TOOLS/pty" "$@" >"$T/out" 2>"$T/err" </dev/null
	rc=$?
	return $rc
}
W="$WHERRY --root $STATE"
shown() {
	tr -d '\r' <"$T/out"
}
c=$P-pty

# --- Refusals -----------------------------------------------------------------

terminal plain true
fails "create without a console socket" "needs --console-socket" \
	create -b "$B" $c
fails "run -d without a console socket" "needs --console-socket" \
	run -d -b "$B" $c
bundle none true
fails "a console socket without a terminal" "process.terminal" \
	create --console-socket "$T/none" -b "$B" $c

# --- In the foreground --------------------------------------------------------

look='tty; stty size; ls -l /dev/console | cut -c1; stat -c %u:%t "$(tty)"
	[ "$(stat -c %t:%T /dev/console)" = "$(stat -c %t:%T "$(tty)")" ] &&
		echo same; for i in 0 1 2; do readlink /proc/self/fd/$i; done
	cut -d" " -f5-8 /proc/self/stat; echo end'
for n in stty tty; do
	ln "$T/base/bin/busybox" "$T/base/bin/$n" 2>/dev/null
done
terminal look sh -c "$look"
for n in stty tty ln; do
	ln -f "$T/base/bin/busybox" "$R/bin/$n"
done
pty size:33x101 -- $W run -b "$B" $c
is "run: it ends well" $rc 0
is "run: the program has a terminal of its own" \
	"$(shown | sed -n '1,8p' | tr '\n' ' ')" \
	"/dev/pts/0 33 101 c 0:88 same /dev/pts/0 /dev/pts/0 /dev/pts/0 "
like "run: it leads the session, the terminal is its" \
	"$(shown | sed -n 9p)" "^1 1 34816 "

sed -i 's/"terminal": true/&, "consoleSize": {"height":7,"width":13}/' \
	"$B/config.json"
pty size:33x101 -- $W run -b "$B" $c
is "consoleSize goes before the caller's" "$(shown | sed -n 2p)" "7 13"

USER='{"uid":1000,"gid":1000}'
terminal owner sh -c 'stat -c "%u %a" "$(tty)"; echo x >"$(tty)"'
ln -f "$T/base/bin/busybox" "$R/bin/tty"
pty -- $W run -b "$B" $c
is "the terminal is the program's user's" "$(shown | tr '\n' ' ')" \
	"1000 620 x "

# A shell that reads may look at its traps when the line is there, not before.
terminal size sh -c 'trap w=1 WINCH; echo ready
	until [ "$w" ]; do sleep 0.1; done; stty size; read x; echo "got $x"'
ln -f "$T/base/bin/busybox" "$R/bin/stty"
pty expect:ready size:40x132 'expect:40 132' 'send:word\n' \
	'expect:got word' -- $W run -b "$B" $c
is "resizing reaches the program" $rc 0

terminal keys sh -c 'trap "echo INT" INT; echo ready
	until read x; do :; done; echo "<$x>"; exit 9'
pty expect:ready 'send:\x03' expect:INT 'send:a\x7fb\n' 'expect:<b>' \
	-- $W run -b "$B" $c
is "^C and erase are the inner terminal's; the status is passed on" $rc 9
is "typed once, shown once" "$(shown | grep -c 'b')" 2

terminal sig sh -c 'trap "echo TERM; exit 5" TERM; echo ready
	while :; do sleep 0.1; done'
pty expect:ready sig:15 expect:TERM -- $W run -b "$B" $c
is "SIGTERM is passed on, the mode put back" $rc 5
for s in 1 2 3 10 12 14; do
	terminal sig sh -c "trap 'exit 6' $s; echo ready
		while :; do sleep 0.1; done"
	pty expect:ready sig:$s -- $W run -b "$B" $c
	is "signal $s is passed on, the mode put back" $rc 6
done

terminal killed sh -c 'echo ready; exec sleep 1000'
(
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		sleep 0.3
		"$WHERRY" --root "$STATE" kill $c KILL 2>/dev/null && break
	done
) &
pty expect:ready -- $W run -b "$B" $c
is "killed from outside: the status, the mode put back" $rc 137
wait

terminal bad /nowhere
pty -- $W run -b "$B" $c
is "a program that is not there: the mode put back" $rc 1
TOP=',"hooks":{"poststart":[{"path":"/bin/false"}]}'
if "$WHERRY" features | grep -q '"poststart"'; then
	terminal bad sleep 100
	pty -- $W run -b "$B" $c
	is "a poststart hook that fails: the mode put back" $rc 1
else
	fresh
fi

terminal burst sh -c 'i=0; while [ $i -lt 3000 ]; do
	echo "line $i of what must not be lost"; i=$((i + 1)); done'
pty -- $W run -b "$B" $c
is "everything that was written before the end is shown" \
	"$(shown | grep -c '^line [0-9]* of what must not be lost$')" 3000

# --- A reader that stops ------------------------------------------------------

terminal yes sh -c 'echo ready; while :; do
	echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done'
stop=4000
[ -z "$QUICK" ] || stop=1500
pty expect:ready stop:$stop 'send:\x03' \
	-- $W run -b "$B" $c
is "a reader that stops: ^C works" $rc 130
terminal yes sh -c 'echo ready; read x; i=0; while [ $i -lt 20000 ]; do
	echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; i=$((i + 1)); done'
pty expect:ready 'send:\n' stop:1000 sig:0 idle:3000 \
	-- $W run -b "$B" $c
is "a reader that stops: no spinning, then all of it" \
	"$rc $(shown | grep -c yyy)" "0 20000"

# Nobody inside has the terminal open for a while.
terminal gone sh -c 'echo first; exec </dev/null >/dev/null 2>&1
	sleep 1.5; echo second >/dev/console; sleep 0.3'
pty expect:first idle:1000 expect:second -- $W run -b "$B" $c
is "closed by everybody for a while: no spinning, still there" $rc 0

terminal stdin cat
(for _ in $(seq 100); do
	! grep -q pipe "$T/out" || break
	sleep 0.1
done
"$WHERRY" --root "$STATE" kill $c KILL) &
printf 'from a pipe\n' | "$TOOLS/limit" 40 "$WHERRY" --root "$STATE" run \
	-b "$B" $c >"$T/out" 2>"$T/err"
wait
is "stdin need not be a terminal" "$(shown | sed -n 1p)" "from a pipe"
terminal stdin sh -c 'i=0; while [ $i -lt 2000 ]; do echo line; i=$((i + 1))
	done; exit 4'
"$TOOLS/limit" 40 "$WHERRY" --root "$STATE" run -b "$B" $c </dev/null |
	head -n 1 >"$T/out"
is "stdout may be closed by its reader" "$(shown)" line
echo before >"$T/file"
"$TOOLS/limit" 40 "$WHERRY" --root "$STATE" run -b "$B" $c </dev/null \
	>>"$T/file"
is "stdout to a file that is appended to" "$? $(grep -c . "$T/file")" "4 2001"

# --- Console sockets ----------------------------------------------------------

S=$T/console
peer() { # [MODE]
	rm -f "$S" "$S.ready"
	"$TOOLS/limit" 25 "$TOOLS/recvtty" "$@" "$S" >"$T/peer" 2>&1 \
		</dev/null &
	until [ -e "$S.ready" ]; do
		sleep 0.05
	done
}

terminal console sh -c 'stty size; tty; sleep 0.2'
for n in stty tty; do
	ln -f "$T/base/bin/busybox" "$R/bin/$n"
done
sed -i 's/"terminal": true/&, "consoleSize": {"height":7,"width":13}/' \
	"$B/config.json"
peer
works "create with a console socket" create --console-socket "$S" -b "$B" $c
works "start" start $c
wait
is "one message, one descriptor, what the program wrote" \
	"$(tr -d '\r' <"$T/peer" | tr '\n' ' ')" \
	"message: 1 bytes, 1 fds 7 13 /dev/pts/0 "
w delete -f $c
peer
works "run -d with a console socket" run -d --console-socket "$S" -b "$B" $c
wait
like "run -d: the terminal came" "$(cat "$T/peer")" "1 fds"
w delete -f $c

long=$T/$(printf '%0100d' 0)/$(printf '%0100d' 1)
mkdir -p "$long"
S=$long/console
peer
works "a path of more than 107 bytes" create --console-socket "$S" -b "$B" $c
works "start" start $c
wait
like "it came there too" "$(cat "$T/peer")" "1 fds"
w delete -f $c
S=$B/console
peer
works "a path relative to the bundle" create --console-socket console \
	-b "$B" $c
w delete -f $c
wait
rm -f "$S" "$S.ready"

S=$T/console
for mode in -dead -dgram -full; do
	[ -z "$QUICK" ] || [ $mode != -full ] || continue
	peer $mode
	fails "console socket $mode: an error" "console-socket|hand over" \
		create --console-socket "$S" -b "$B" $c
	w state $c
	like "console socket $mode: nothing is left" "$(err)" "does not exist"
	kill $! 2>/dev/null
	wait
done
# What was sent before the other side hung up is nobody's error.
peer -close
w create --console-socket "$S" -b "$B" $c
[ $rc = 0 ] && w delete -f $c || like "console socket -close: an error" \
	"$(err)" "hand over"
w state $c
like "console socket -close: nothing is left" "$(err)" "does not exist"
wait
peer -sit
works "console socket: accepted, never read" \
	create --console-socket "$S" -b "$B" $c
w delete -f $c
kill $! 2>/dev/null
wait
: >"$T/plain"
fails "console socket: a plain file" "console-socket" \
	create --console-socket "$T/plain" -b "$B" $c
fails "console socket: nothing there" "console-socket" \
	create --console-socket "$T/nothing" -b "$B" $c

# --- exec ---------------------------------------------------------------------

if "$WHERRY" help | grep -q '^ *exec '; then
	bundle base sleep 1000
	for n in stty tty; do
		ln -f "$T/base/bin/busybox" "$R/bin/$n"
	done
	works "a container without a terminal" run -d -b "$B" $c
	pty size:33x101 -- $W exec -t $c sh -c 'tty; stty size; exit 8'
	is "exec -t: a terminal of the container's devpts" \
		"$rc $(shown | tr '\n' ' ')" "8 /dev/pts/0 33 101 "
	peer
	works "exec -d -t with a console socket" exec -d -t --console-socket \
		"$S" $c sh -c 'tty; sleep 0.2'
	wait
	is "exec: one message, one descriptor" \
		"$(tr -d '\r' <"$T/peer" | tr '\n' ' ')" \
		"message: 1 bytes, 1 fds /dev/pts/0 "
	fails "exec -d -t without a console socket" "needs --console-socket" \
		exec -d -t $c true
	# slower than the writer: the terminal is never empty
	mkfifo "$T/slow"
	"$TOOLS/limit" 30 "$BUSYBOX" sh -c 'while :; do
		dd bs=1k count=1; sleep 0.01; done' <"$T/slow" >/dev/null 2>&1 &
	reader=$!
	# shellcheck disable=SC2086  # a list
	"$TOOLS/limit" 10 $W exec -t $c sh -c 'trap "" HUP
		cat /dev/zero & sleep 0.2; exit 8' >"$T/slow" </dev/null
	is "exec -t: it ends though something writes on" $? 8
	kill $reader
	w delete -f $c
fi

# --- Our own devpts, and none of the host's -----------------------------------

MOUNTS=$PROC_MOUNT
terminal own sh -c 'tty; echo $(ls /dev/pts); stat -c "%a" /dev/pts/ptmx; '
ln -f "$T/base/bin/busybox" "$R/bin/tty"
pty -- $W run -b "$B" $c
is "no mounts listed: a devpts is made" "$(shown | tr '\n' ' ')" \
	"/dev/pts/0 0 ptmx 666 "
unshare -m sh -c "mount -t tmpfs none /dev/pts && exec $TOOLS/limit 20 $W \
	run -b $B $c" >"$T/out" 2>"$T/err" </dev/null
is "a host without a devpts" "$? $(shown | sed -n 1p)" "0 /dev/pts/0"

# --- Without a terminal: whose stdio it is ------------------------------------

owners() {
	stat -c '%u:%g %a' "$@"
}
mknod "$T/null" c 1 3
chmod 666 "$T/null"
# Not the /dev/null of the machine, which others may use and change meanwhile.
: >"$T/file"
mkfifo "$T/fifo"
before=$(owners "$T/null" "$T/file" "$T/fifo")
USER='{"uid":1000,"gid":1000}'
bundle pipes sh -c 'echo once >/dev/stdout; stat -L -c %u:%g /dev/stdout'
mkdir -p "$T/out.d"
"$WHERRY" --root "$STATE" run -b "$B" $c <"$T/null" 2>"$T/null" | cat >"$T/out"
is "a pipe is the user's, who can open it again" \
	"$(tr '\n' ' ' <"$T/out")" "once 1000:1000 "
"$WHERRY" --root "$STATE" run -b "$B" $c <"$T/null" >"$T/file" 2>&1
"$WHERRY" --root "$STATE" run -b "$B" $c </dev/null >/dev/null 2>&1
"$WHERRY" --root "$STATE" run -b "$B" $c <"$T/fifo" >/dev/null 2>&1 &
"$TOOLS/limit" 5 "$BUSYBOX" sh -c ": >$T/fifo"
wait
is "guard: no file, device or FIFO with a name changed its owner" \
	"$(owners "$T/null" "$T/file" "$T/fifo")" "$before"

NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"user"}'
LINUX=',"uidMappings":[{"containerID":0,"hostID":100000,"size":65536}],
	"gidMappings":[{"containerID":0,"hostID":100000,"size":65536}]'
MOUNTS=$PROC_MOUNT
HOST_NAME=
bundle userns sh -c 'echo once >/dev/stdout; stat -L -c %u:%g /dev/stdout'
chmod -R go+rX "$T/b" 2>/dev/null
"$WHERRY" --root "$STATE" run -b "$B" $c </dev/null 2>"$T/err" | cat >"$T/out"
if grep -q clone "$T/err"; then
	skip "user namespace: the pipe is root's" "$(err)"
else
	is "user namespace: the pipe is root's in there" \
		"$(tr '\n' ' ' <"$T/out")" "once 0:0 "
	NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"user"}'
	LINUX=',"uidMappings":[{"containerID":0,"hostID":100000,"size":65536}],
	"gidMappings":[{"containerID":0,"hostID":100000,"size":65536}]'
	MOUNTS="$PROC_MOUNT,$DEV_MOUNTS"
	HOST_NAME=
	terminal userns sh -c 'tty; stat -c %u:%g "$(tty)"'
	ln -f "$T/base/bin/busybox" "$R/bin/tty"
	pty -- $W run -b "$B" $c
	is "user namespace: a terminal" "$(shown | tr '\n' ' ')" \
		"/dev/pts/0 0:5 "
fi

# --- What README.md shows, word for word --------------------------------------

readme=$LIVE/../../README.md
if [ -e "$readme" ] && [ -x /bin/busybox ]; then
	sed -n '/^## Use/,/^`wherry check/s/^    //p' "$readme" >"$T/all"
	sed '/^wherry run /q' "$T/all" >"$T/shell"
	sed '1,/^wherry run /d' "$T/all" >"$T/steps"
	mkdir -p "$T/path" "$T/readme"
	printf '#!%s sh\nexec %s "$@"\n' "$BUSYBOX" "$W" >"$T/path/wherry"
	chmod 755 "$T/path/wherry"
	cat - "$T/shell" >"$T/shell.sh" <<-END
		set -e; cd "$T/readme"; PATH=$T/path:\$PATH
	END
	cat - "$T/steps" >"$T/steps.sh" <<-END
		set -x; cd "$T/readme"; PATH=$T/path:\$PATH
	END
	pty 'expect:/ #' 'send:echo $((40 + 2))\n' expect:42 'send:exit 4\n' \
		-- sh "$T/shell.sh"
	is "README: a shell on a terminal" $rc 4 || note "$(shown)$(err)"
	"$TOOLS/limit" 30 sh "$T/steps.sh" >"$T/out" 2>"$T/err" </dev/null
	is "README: the same in steps" "$? $(field status)" "0 running" ||
		note "$(err)"
	unlike "README: none of them fails" "$(err)" "wherry: "
else
	skip "README: what it shows" "no README or no /bin/busybox"
fi

done_testing
