#!/bin/sh
# SPDX-License-Identifier: MIT
# t03.sh -- sec T03 (CVE-2015-1331, -1334): a state directory that is others' is
# not used; exec writes nothing into what the container shows as /proc.
# What one command does to the host's mounts must not meet the next (red.sh).
HOST_PROPAGATION=rprivate
. "${0%/*}/lib.sh"
c=$P-3

bundle sleep
works "control: a container" run -d -b "$B" $c
mkdir -m 777 "$T/open"
mkdir -m 770 "$T/group"
mkdir -m 700 "$T/other"
chown 1234 "$T/other"
for dir in open group other; do
	chmod go+w "$T/open"
	for cmd in "list" "exec $c true" "create -b $B $c-x" "delete -f $c-x"
	do
		# shellcheck disable=SC2086
		"$TOOLS/limit" 20 "$WHERRY" --root "$T/$dir" $cmd \
			>"$T/out" 2>"$T/err" </dev/null
		rc=$?
		like "guard: ${cmd%% *}: --root $dir is refused" "$rc $(err)" \
			'^1 .*(others can write|owned by uid)'
		"$WHERRY" --root "$T/$dir" delete -f $c-x 2>/dev/null
	done
done
w delete -f $c

# A /proc of the container's own making.
MOUNTS= PATHS= READONLY=false
bundle fake sh -c 'mkdir -p /proc/1/attr/apparmor /proc/self/attr/apparmor
	for p in 1 self; do
		for f in attr/exec attr/current attr/apparmor/exec \
		    oom_score_adj setgroups; do
			echo same >/proc/$p/$f
		done
	done
	echo done >/proc/ready
	sleep 1000'
if works "control: a container without /proc" run -d -b "$B" $c; then
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		w exec $c cat /proc/ready && break
		sleep 0.1
	done
	echo '{"cwd":"/","args":["true"],"oomScoreAdj":400}' >"$T/p.json"
	w exec -p "$T/p.json" $c
	w exec --apparmor box $c true
	w exec --process-label a:b:c $c true
	w exec -u 1000 $c true
	w exec $c sh -c 'cat /proc/*/attr/* /proc/*/attr/apparmor/* \
		/proc/*/oom_score_adj /proc/*/setgroups 2>/dev/null'
	is "guard: the fake files are as they were" \
		"$(sort "$T/out" | uniq -c | tr -s ' ')" " 10 same"
	w delete -f $c
fi

done_testing
