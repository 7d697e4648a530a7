#!/bin/sh
# SPDX-License-Identifier: MIT
# patient.sh -- $WHERRY for programs of the suite that do not wait for what they
# count on.  One sends a signal as soon as the container runs: its shell may not
# have set the trap by then, and PID 1 of a namespace does not get what it has
# no handler for.  Here kill waits until the shell waits for its child, which is
# what the program means by running.  Another takes what it started for ended.
state() {
	"$WHERRY" state "$1" 2>/dev/null
}
case $1 in
kill)
	pid=$(state "$2" | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p')
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ "$pid" != 0 ] || break
		grep -q '^State:.S' "/proc/$pid/status" &&
			grep -q "^PPid:.$pid\$" /proc/[0-9]*/status && break
		sleep 0.1
	done 2>/dev/null ;;
start)
	"$WHERRY" "$@" || exit
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		state "$2" | grep -q '"status": *"running"' || break
		sleep 0.1
	done
	exit 0 ;;
esac
exec "$WHERRY" "$@"
