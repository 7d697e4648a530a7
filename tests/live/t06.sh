#!/bin/sh
# SPDX-License-Identifier: MIT
# t06.sh -- sec T06 (CVE-2016-9962, CVE-2016-8649): what exec brings into a
# container can't be ptraced before it is the program, and holds no directory of
# the host even for a container that may ptrace everything.
# What one command does to the host's mounts must not meet the next (red.sh).
HOST_PROPAGATION=rprivate
. "${0%/*}/lib.sh"
c=$P-6
rounds=500
[ -z "$QUICK" ] || rounds=60

hunt() { # NAME: execs into a container that runs the thief
	bundle "$1" sh -c 'thief >/tmp/log'
	works "control: the thief runs, $1" run -d -b "$B" $c
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		grep -qs ready "$R/tmp/log" && break
		sleep 0.1
	done
	n=0
	while [ $n -lt $rounds ] && w exec $c true; do
		n=$((n + 1))
	done
	is "control: $rounds execs, $1" $n $rounds
	saw=$(grep -c saw "$R/tmp/log")
	seized=$(grep -c seized "$R/tmp/log")
	stole=$(grep -c stole "$R/tmp/log")
	note "seen $saw, seized $seized, stolen from $stole"
	w delete -f $c
}

READONLY=false NNP=false CAPS='"CAP_KILL"' AMBIENT=
hunt plain
is "guard: nobody was seized before execve" "$seized" 0
is "guard: no directory of the host was found" "$stole" 0

READONLY=false NNP=false CAPS=$ALL_CAPS AMBIENT=$ALL_CAPS
hunt tracer
ok "control: the runtime was seen" test "$saw" -gt 0
is "guard: no directory of the host, by CAP_SYS_PTRACE" "$stole" 0

done_testing
