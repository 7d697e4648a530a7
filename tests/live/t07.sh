#!/bin/sh
# SPDX-License-Identifier: MIT
# t07.sh -- sec T07 (CVE-2016-10124, CVE-2017-5226): the caller's terminal is
# the container's stdin, and nothing more.
. "${0%/*}/lib.sh"
c=$P-07
[ -c /dev/ptmx ] || skip_all "no /dev/ptmx here"

# Where the kernel lets nobody type for others, /dev/tty and TIOCSCTTY show as
# well whose session it is.
probe() { # what the container could do, and what the caller's shell then read
	"$TOOLS/limit" 30 "$TOOLS/pty" -- "$BUSYBOX" sh -c "$*"'
		echo "status $?"
		read -t 1 line
		echo "read <$line>"' >"$T/out" 2>"$T/err" </dev/null
	tr -d '\r' <"$T/out"
}
run="$WRAP $WHERRY --root $STATE"

is "control: from the session itself /dev/tty is there" \
	"$(probe "$TOOLS/tiocsti" | grep -c '^/dev/tty')" 1
USER='{"uid":0,"gid":0}'
bundle plain tiocsti
is "guard: run: the caller's terminal is out of reach" \
	"$(probe "$run run -b $B $c" | tr '\n' ' ')" "status 0 read <> "
bundle plain tiocsti
is "guard: create and start: the same" \
	"$(probe "$run create -b $B $c && $run start $c && sleep 0.5" |
	tr '\n' ' ')" "status 0 read <> "
w delete -f $c
if "$WHERRY" help | grep -q '^ *exec '; then
	bundle sleep
	w create -b "$B" $c
	w start $c
	is "guard: exec: the same" "$(probe "$run exec $c tiocsti" |
		tr '\n' ' ')" "status 0 read <> "
	w delete -f $c
fi

done_testing
