#!/bin/sh
# SPDX-License-Identifier: MIT
# t02.sh -- sec T02 (CVE-2015-3630, -3631): nothing is mounted over /proc or
# into it, but a procfs and the few files that are known.
. "${0%/*}/lib.sh"
c=$P-2

bundle plain cat /proc/1/comm
w run -b "$B" $c
is "control: /proc is a procfs" "$(out)" cat

echo 1.00 2.00 >"$T/uptime"
MORE_MOUNTS=',{"destination":"/proc/uptime","source":"'$T/uptime'",
	"options":["bind","ro"]}'
bundle lxcfs cat /proc/uptime
works "control: /proc/uptime may be bound" run -b "$B" $c
is "control: and shows" "$(out)" "1.00 2.00"

mkdir "$T/fake"
for dest in /proc /proc/ /proc/self /proc/self/attr /proc//sys \
    /proc/../proc/sys /./proc/x /proc/sys/kernel; do
	n=0
	for how in '"type":"tmpfs","source":"tmpfs"' \
	    '"type":"bind","source":"'$T/fake'","options":["rbind"]' \
	    '"type":"none","source":"'$T/fake'","options":["bind"]' \
	    '"source":"'$T/fake'","options":["bind"]'; do
		n=$((n + 1))
		MORE_MOUNTS=",{\"destination\":\"$dest\",$how}"
		bundle "x$n" true
		fails "guard: refused: $dest, way $n" "proc" create -b "$B" $c
		w delete -f $c
	done
done

done_testing
