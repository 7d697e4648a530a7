#!/bin/sh
# SPDX-License-Identifier: MIT
# t05.sh -- sec T05 (CVE-2026-30892): what --user says is what the program is,
# and what can't be read is refused: never root by default.
# What one command does to the host's mounts must not meet the next (red.sh).
HOST_PROPAGATION=rprivate
. "${0%/*}/lib.sh"
c=$P-5

USER='{"uid":7,"gid":8,"additionalGids":[9]}'
bundle sleep
works "control: a container" run -d -b "$B" $c
ids() {
	w exec "$@" $c sh -c 'echo $(id -u):$(id -g):$(id -G)'
	echo "$rc $(out)"
}
is "control: the container's own" "$(ids)" "0 7:8:8 9"
is "guard: 1" "$(ids --user 1)" "0 1:8:8"
is "guard: 1:2" "$(ids --user 1:2)" "0 1:2:2"
is "control: 0:0" "$(ids --user 0:0)" "0 0:0:0"
is "guard: 4294967294" "$(ids --user 4294967294:1)" "0 4294967294:1:1"
for user in "" : 1: :2 0x1 " 1" "1 " -1 +1 4294967295 4294967296 1a a \
    1:4294967295 1:-1 1:2:3; do
	is "guard: '$user' is refused" "$(ids --user="$user")" "1 "
done
w delete -f $c

done_testing
