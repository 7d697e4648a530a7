#!/bin/sh
# SPDX-License-Identifier: MIT
# t03.sh -- sec T03 (CVE-2015-1331, -1334): a state directory that is others' is
# not used, nor one that others have put where wherry looks for its own when
# there is no /run; exec writes nothing into what the container shows as /proc.
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

# --- no /run: below what every user may write to ------------------------------

# Runs the script on stdin on a host of which /tmp alone can be written to,
# after TRAP has put something there; the test's folder is /mnt then.
tmp_only() { # TRAP RUN (ro, rw)
	{
		echo 'set -e
		mount --make-rprivate /
		mount --rbind "$1" /mnt
		for d in /run /dev/shm; do
			[ ! -d $d ] || mount -t tmpfs -o mode=755 shut $d
		done
		mount -t tmpfs -o mode=1777 open /tmp'
		echo "$1"
		echo "for d in /run /dev/shm; do
			[ ! -d \$d ] || mount -o remount,$2 \$d
		done
		w() { \"\$LIMIT\" 20 \"\$EXE\" \"\$@\" </dev/null; }
		set +e"
		cat
	} >"$T/script"
	EXE=$WHERRY LIMIT=$TOOLS/limit "$BUSYBOX" unshare -m "$BUSYBOX" sh \
		"$T/script" "$T" >"$T/out" 2>&1 </dev/null
}

bundle sleep
works "control: a real container" create -b "$B" $c-r
others='mkdir -m 700 /tmp/wherry; cp -r /mnt/state/* /tmp/wherry
	chown -R 1234 /tmp/wherry'
link='cp -r /mnt/state /tmp/mine; ln -s mine /tmp/wherry'
mount='mkdir /tmp/wherry; mount -t tmpfs -o mode=700 theirs /tmp/wherry
	cp -r /mnt/state/* /tmp/wherry'
file=': >/tmp/wherry'
loose="$others; chown -R 0 /tmp/wherry; chmod 755 /tmp/wherry"
stage='chmod 777 /tmp; mkdir -m 700 /tmp/wherry; cp -r /mnt/state/* /tmp/wherry'

try() { # NAME TRAP WHY LIST: LIST is what `list -q` may say
	tmp_only "$2" ro <<-END
		w create -b /mnt/b/sleep $c-n >/tmp/said 2>&1
		echo create \$? \$(cat /tmp/said)
		echo list \$(w list -q 2>&1)
		echo state \$(w state $c-r 2>&1)
		find /tmp -name '$c-n*'
		w delete -f $c-n 2>/dev/null
	END
	like "guard: $1: create is refused, and says why" \
		"$(grep ^create "$T/out")" \
		"^create 1 .*state directory /tmp/wherry: .*$3"
	like "guard: $1: list does not believe it" \
		"$(grep ^list "$T/out")" "^list${4:-}\$"
	unlike "guard: $1: nor does state" "$(grep ^state "$T/out")" ociVersion
	is "guard: $1: nothing is made in it" "$(grep "^/" "$T/out")" ""
}
try "another user's" "$others" "owned by uid 1234"
try "a link" "$link" "a link"
try "a mount" "$mount" "a mount"
try "a file" "$file" "no directory"
try "one that others may look into" "$loose" "mode is 0755, not 0700" \
	'.*mode is 0755.*'
try "one that others may rename" "$stage" "chmod .t"

for trap in "$others" "$link" "$mount" "$file" "$stage"; do
	tmp_only "$trap" rw <<-END
		w create -b /mnt/b/sleep $c-n
		echo \$(w list -q) \$?
		w delete -f $c-n
		echo \$? \$(ls -A /run/wherry)
	END
	is "guard: with a /run nobody is kept from work by ${trap%%[ ;]*}" \
		"$(tr '\n' ' ' <"$T/out")" "$c-n 0 0 "
done
w delete -f $c-r

# --- A /proc of the container's own making ------------------------------------

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
