#!/bin/sh
# SPDX-License-Identifier: MIT
# t27.sh -- sec T27 (CVE-2025-52881), the part of mounts: what is to become
# read-only or hidden does, and nothing else, though another container swaps the
# directory on the way for a link to a place that looks the same.
HOST_PROPAGATION=rprivate
. "${0%/*}/lib.sh"
c=$P-27
rounds=600
[ -z "$QUICK" ] || rounds=120

mkdir -p "$T/vol/x/late" "$T/vol/x/mask" "$T/vol/x/ro"
ln -s ../mnt/o "$T/vol/l"

MORE_MOUNTS=',{"destination":"/vol","source":"'$T/vol'","options":["rbind"]},
	{"destination":"/mnt/o/late","type":"tmpfs","source":"decoy"},
	{"destination":"/vol/x/late","type":"tmpfs","source":"t27",
		"options":["ro"]}'
PATHS='"maskedPaths":["/vol/x/mask","/etc/mask"],
	"readonlyPaths":["/vol/x/ro"],'
READONLY=false
bundle race sh -c 'awk "/ - tmpfs t27 / || \$5 ~ \"/ro\$\" {
		print \$6 ~ \"^ro\" ? \"ro\" : \"rw \" \$5
	}" /proc/self/mountinfo
	ls -A /etc/mask'
mkdir -p "$R/mnt/o/late" "$R/mnt/o/mask" "$R/mnt/o/ro" "$R/etc/mask"
touch "$R/mnt/o/mask/decoy" "$R/etc/mask/secret"

w run -b "$B" $c
is "control: without a race" "$(out)" "ro
ro"

"$TOOLS/swap" "$T/vol/x" "$T/vol/l" &
racer=$!
n=0 good=0 refused=0 wrong=0
while [ $n -lt $rounds ] && [ $wrong = 0 ]; do
	n=$((n + 1))
	if w run -b "$B" $c; then
		# the readonly path may have led to either place, or to none
		if [ "$(sort -u "$T/out")" = ro ]; then
			good=$((good + 1))
		else
			wrong=1
			note "$(out)"
		fi
	elif [ $rc = 1 ]; then
		refused=$((refused + 1))
		cp "$T/err" "$T/refused"
	else
		wrong=1
		note "status $rc: $(err)"
	fi
done
kill $racer
wait $racer 2>/dev/null
note "good $good, refused $refused, of $n"
[ ! -e "$T/refused" ] || note "such as: $(head -1 "$T/refused")"
is "guard: read-only and hidden, or refused" $wrong 0
[ $wrong != 0 ] || ok "control: some were carried out" test $good -ge 10

done_testing
