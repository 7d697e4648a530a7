#!/bin/sh
# SPDX-License-Identifier: MIT
# t11.sh -- sec T11 (CVE-2019-19921, CVE-2023-27561, -28642, CVE-2025-54867):
# proc and sysfs go on a real directory or nowhere.
. "${0%/*}/lib.sh"
c=$P-11
rounds=400
[ -z "$QUICK" ] || rounds=100

bundle plain sh -c 'stat -f -c %T /proc /sys'
works "control: an ordinary root" run -b "$B" $c

attack() { # NAME COMMAND [DESTINATION OF PROC]
	MOUNTS='{"destination":"'${3:-/proc}'","type":"proc","source":"proc"},
		{"destination":"/sys","type":"sysfs","source":"sysfs",
		"options":["nosuid","noexec","nodev","ro"]}'
	PATHS=
	READONLY=false
	bundle "$1" true
	mkdir -p "$R/bad" "$R/real/deep"
	(cd "$R" && eval "$2")
	fails "guard: refused: $1" "proc|sys|/a" create -b "$B" $c
	w delete -f $c
	canary_same "guard: $1: the host is as it was"
}
attack proc-link 'rmdir proc && ln -s /bad proc'
attack sys-link 'rmdir sys && ln -s /bad sys'
attack proc-dot 'rmdir proc && ln -s . proc'
attack proc-out 'rmdir proc && ln -s ../../../../../../../../proc proc'
attack proc-host 'rmdir proc && ln -s '"$CAN/d"' proc'
attack dest-link 'ln -s proc a' /a
attack dest-parent 'mkdir x && ln -s x/../real a' /a/deep
attack dangling 'rmdir proc && ln -s /nowhere proc'
attack file 'rmdir proc && : >proc'
attack fifo 'rmdir proc && mkfifo proc'

# The same under a racer that exchanges directory and link all the time.  Where
# procfs went is read from outside: at the real directory, whichever of the two
# names that has at the moment, or at what the link leads to.
PATHS= MOUNTS="$PROC_MOUNT"
bundle race
mkdir "$R/bad"
ln -s /bad "$R/link"
"$TOOLS/swap" "$R/proc" "$R/link" &
racer=$!
n=0 direct=0 refused=0 wrong=0
while [ $n -lt $rounds ]; do
	n=$((n + 1))
	if w create -b "$B" $c; then
		case $(sed -n 's/.* \(\/[^ ]*\) [^ ]* .*- proc .*/\1/p' \
			"/proc/$(pid_of $c)/mountinfo" | sort -u) in
		/proc|/link) direct=$((direct + 1)) ;;
		*) wrong=$((wrong + 1)) ;;
		esac
		w delete -f $c
	elif [ $rc = 1 ]; then
		refused=$((refused + 1))
		cp "$T/err" "$T/refused"
	else
		wrong=$((wrong + 1))
		note "status $rc: $(err)"
	fi
	[ $wrong -lt 5 ] || break
done
kill $racer
wait $racer 2>/dev/null
note "race: $direct direct, $refused refused, $wrong wrong"
[ ! -e "$T/refused" ] || note "such as: $(head -1 "$T/refused")"
is "guard: race: procfs is on a real directory or nowhere" $wrong 0
if [ $wrong = 0 ]; then
	ok "control: race: both orders were seen" \
		test $direct -ge 20 -a $refused -ge 20
fi
canary_same "guard: race: the host is as it was"

done_testing
