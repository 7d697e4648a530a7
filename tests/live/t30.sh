#!/bin/sh
# SPDX-License-Identifier: MIT
# t30.sh -- sec T30: whatever an image or a volume has at /dev/null, the
# container's stdio are the caller's, and nobody's file changes its owner.  The
# host's null device is not the container's to change.
. "${0%/*}/lib.sh"
c=$P-30

mkdir -p "$CAN/dlink" "$CAN/dfile"
ln -s /file/null "$CAN/dlink/null"
echo 0 >"$CAN/dfile/null"
leaks >"$T/leak.before"

prepare() { # DIR: /dev is that directory of the canary
	MOUNTS="$PROC_MOUNT"',{"destination":"/dev","type":"bind",
		"source":"'$CAN/$1'","options":["rbind"]},
		{"destination":"/file","type":"bind","source":"'$CAN/dfile'",
		"options":["rbind"]}' PATHS=
	USER='{"uid":1000,"gid":1000}' READONLY=false
	bundle "$1" fdlist
}

wherry() {
	"$TOOLS/limit" 30 $WRAP "$WHERRY" --root "$STATE" run -b "$B" $c
}

same() { # DESC FD FILE: what the container has as FD is what FILE is
	is "guard: $1" "$(sed -n "s/^$2 [a-z]* //p" "$T/list")" \
		"$(stat -L -c %d:%i "$3")"
}

for dir in dlink dfile; do
	prepare $dir
	wherry </dev/null >"$T/list" 2>"$T/err"
	is "control: $dir: it runs" "$?$(err)" 0
	same "$dir: null as stdin" 0 /dev/null
	same "$dir: a file as stdout" 1 "$T/list"
	same "$dir: a file as stderr" 2 "$T/err"

	mkfifo "$T/pipe.$dir"
	exec 7<>"$T/pipe.$dir"
	wherry <&7 2>&7 >"$T/list"
	is "control: $dir: it runs on a pipe" $? 0
	same "$dir: a pipe as stdin" 0 "$T/pipe.$dir"
	same "$dir: a pipe as stderr" 2 "$T/pipe.$dir"
	exec 7>&-
	is "guard: $dir: the pipe is the caller's" \
		"$(stat -c %u "$T/pipe.$dir")" 0
	canary_same "guard: $dir: the canary is as it was"
done

# Root may change the mode of a file of root's, without any capability.
mknod -m 666 "$T/null" c 1 3
CAPS='"CAP_KILL"' AMBIENT=
bundle mode sh -c 'chmod 600 /proc/self/fd/0 /proc/self/fd/2
	stat -L -c "%t:%T %a" /proc/self/fd/0; echo it ran >&2'
wherry <"$T/null" >"$T/list" 2>"$T/null"
is "control: the container's own null device" "$(cat "$T/list")" "1:3 600"
is "guard: the host's is as it was" "$(stat -c %a "$T/null")" 666
bundle mode
w run -d -b "$B" $c || note "$(err)"
chmod 666 "$T/null"
"$TOOLS/limit" 30 $WRAP "$WHERRY" --root "$STATE" exec $c chmod 600 \
	/proc/self/fd/0 <"$T/null" >"$T/list" 2>&1
is "guard: ... of exec too" "$? $(stat -c %a "$T/null")" "0 666"
w delete -f $c
done_testing
