#!/bin/sh
# SPDX-License-Identifier: MIT
# t26.sh -- sec T26, T29 (CVE-2025-52565, CVE-2026-88264): an image lays traps
# where a terminal is made.
. "${0%/*}/lib.sh"
c=$P-26
[ -c /dev/ptmx ] || skip_all "no /dev/ptmx here"

terminal() {
	bundle traps sh -c 'stat -c "%F %t" /dev/console'
	sed -i 's/"terminal": false/"terminal": true/' "$B/config.json"
}
run() { # prints what the program saw, or "error"
	"$TOOLS/limit" 20 "$TOOLS/pty" -- $WRAP "$WHERRY" --root "$STATE" run \
		-b "$B" $c >"$T/out" 2>"$T/err" </dev/null
	rc=$?
	case $rc in
	0) tr -d '\r' <"$T/out" ;;
	1) echo error ;;
	*) echo "status $rc" ;;
	esac
}
terminal
w create -b "$B" $c
grep -q "built without PTY" "$T/err" && skip_all "built without PTY"
is "control: a terminal" "$(run)" "character special file 88"

# Everything at once in an image whose own /dev is used, by a bind on itself.
traps() { # CONSOLE
	terminal
	rm -rf "$T/dev"
	mkdir -p "$T/dev/pts"
	ln -s "$1" "$T/dev/console"
	mkfifo "$T/dev/pts/ptmx"
	ln -s /proc/sysrq-trigger "$T/dev/pts/0"
}
BIND="{\"destination\":\"/dev\",\"type\":\"bind\",\"source\":\"$T/dev\",
	\"options\":[\"rbind\"]}"
PTS='{"destination":"/dev/pts","type":"devpts","source":"devpts",
	"options":["newinstance","ptmxmode=0666"]}'

MOUNTS="$PROC_MOUNT,$BIND"
traps "$CAN/f"
is "guard: ptmx is a FIFO: an error" "$(run)" error
for target in "$CAN/f" "$CAN/new" "../../..$CAN/new" /proc/1/root"$CAN/new"; do
	MOUNTS="$PROC_MOUNT,$BIND,$PTS"
	traps "$target"
	is "guard: console -> $target: an error" "$(run)" error
	canary_same "guard: console -> $target: the host is as it was"
	rm -f "$CAN/new"
done

# Without any mount in the config, the image's /dev is covered by ours.
MOUNTS=$PROC_MOUNT
terminal
rm -rf "$R/dev"
mkdir -p "$R/dev/pts"
ln -s "$CAN/new" "$R/dev/console"
mkfifo "$R/dev/pts/ptmx"
is "guard: an image's /dev is not used" "$(run)" "character special file 88"
canary_same "guard: nothing was made"

# The devpts of another, a FIFO and a device node where ptmx should be.
for what in "c 1 3" "c 5 2" p; do
	MOUNTS="$PROC_MOUNT,$BIND"
	traps "$CAN/f"
	rm -f "$T/dev/pts/ptmx" "$T/dev/console"
	mknod "$T/dev/pts/ptmx" $what
	is "guard: ptmx is $what, not devpts: an error" "$(run)" error
done

done_testing
