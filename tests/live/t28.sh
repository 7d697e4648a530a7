#!/bin/sh
# SPDX-License-Identifier: MIT
# t28.sh -- sec T28 (CVE-2026-41579, -47766): setting up /dev touches nothing
# behind a symbolic link of the image.
. "${0%/*}/lib.sh"
c=$P-28

MOUNTS=$PROC_MOUNT READONLY=false
bundle plain sh -c ': >/dev/null && readlink /dev/ptmx'
w run -b "$B" $c
is "control: /dev of an image" "$rc $(out)" "0 pts/ptmx"

attack() { # NAME COMMAND [MOUNTS]
	for way in run create; do
		MOUNTS=$PROC_MOUNT${3:-} READONLY=false PATHS=
		bundle "$1" true
		rm -rf "$R/dev"
		(cd "$R" && eval "$2")
		w $way -b "$B" $c
		ok "guard: $1, $way: ends well or is refused" test $rc -le 1
		[ $way = run ] || w start $c
		canary_same "guard: $1, $way: the host is as it was"
		w delete -f $c
	done
}
attack absolute "ln -s '$CAN' dev"
attack climbing "ln -s '../../../../../../../../../..$CAN' dev"
attack conf "ln -s '$CAN/conf.d' dev"
attack pts "mkdir dev && ln -s '$CAN/d' dev/pts"
attack ptmx "mkdir dev && ln -s '$CAN/ptmx' dev/ptmx"
attack null "mkdir dev && ln -s '$CAN/null' dev/null"
attack fd "mkdir dev && ln -s '$CAN/fd' dev/fd"
attack file ": >dev"
attack devpts "mkdir dev && ln -s '$CAN/d' dev/pts" \
	',{"destination":"/dev/pts","type":"devpts","source":"devpts"}'
attack shm "mkdir dev && ln -s '$CAN/new' dev/shm" \
	',{"destination":"/dev/shm","type":"tmpfs","source":"shm"}'

done_testing
