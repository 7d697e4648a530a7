#!/bin/sh
# SPDX-License-Identifier: MIT
# t30.sh -- sec T30: whatever an image or a volume has at /dev/null, the
# container's stdio are the caller's, and nobody's file changes its owner.
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

done_testing
