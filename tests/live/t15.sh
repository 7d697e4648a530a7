#!/bin/sh
# SPDX-License-Identifier: MIT
# t15.sh -- sec T15 (CVE-2021-30465): a mount lands inside the root though
# another container swaps a directory on the way for a link out of it.
. "${0%/*}/lib.sh"
c=$P-15
rounds=1000
[ -z "$QUICK" ] || rounds=150

mkdir -p "$T/vol/x/y" "$T/vol/x/z"
ln -s ../../../../../../../../..$CAN "$T/vol/l"

READONLY=false
MORE_MOUNTS=',{"destination":"/vol","source":"'$T/vol'","options":["rbind"]},
	{"destination":"/vol/x/y","type":"tmpfs","source":"t15",
		"options":["slave","ro"]},
	{"destination":"/vol/x/z","source":"'$CAN/d'","options":["bind","ro"]}'
bundle race awk '/ - tmpfs t15 / || $5 ~ "/z$" {
	print $5, $6 }' /proc/self/mountinfo
mkdir -p "$R$CAN/y" "$R$CAN/z"

ok "control: without a race" w run -b "$B" $c
is "control: both mounts are there" "$(cut -d' ' -f1 "$T/out" | tr '\n' ' ')" \
	"/vol/x/y /vol/x/z "
cut -d' ' -f4- /proc/self/mountinfo | sort >"$T/host.before"

"$TOOLS/swap" "$T/vol/x" "$T/vol/l" &
racer=$!
n=0 direct=0 link=0 refused=0 wrong=0
both() {
	test $direct -ge 20 -a $((link + refused)) -ge 20
}
while [ $n -lt $rounds ] || { ! both && [ $n -lt $((5 * rounds)) ]; }; do
	n=$((n + 1))
	if w run -b "$B" $c; then
		# by whichever name the racer gives it meanwhile
		[ "$(grep -cE "^(/vol/[xl]|$CAN)/[yz] ro," "$T/out")" = 2 ] || {
			wrong=$((wrong + 1))
			note "$(out)"
		}
		if grep -q "^$CAN" "$T/out"; then
			link=$((link + 1))
		else
			direct=$((direct + 1))
		fi
	elif [ $rc = 1 ]; then
		refused=$((refused + 1))
		cp "$T/err" "$T/refused"
	else
		wrong=$((wrong + 1))
		note "status $rc: $(err)"
	fi
	# The first escape is proof enough.
	[ $((n % 20)) != 0 ] || {
		"$TOOLS/fp" "$CAN" >"$T/canary.now"
		grep "^$CAN" "$T/leak.before" | cmp -s - "$T/canary.now" ||
			break
	}
	[ $wrong = 0 ] || break
done
kill $racer
wait $racer 2>/dev/null
note "direct $direct, by the link $link, refused $refused, of $n"
[ ! -e "$T/refused" ] || note "such as: $(head -1 "$T/refused")"
is "guard: mounts are in the root, with their flags, or refused" $wrong 0
cut -d' ' -f4- /proc/self/mountinfo | sort | cmp -s - "$T/host.before"
is "guard: the host's mounts are the same" $? 0
if canary_same "guard: the canary is the same"; then
	[ $wrong != 0 ] || ok "control: both orders were seen" both
fi

done_testing
