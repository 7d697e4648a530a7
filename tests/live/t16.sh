#!/bin/sh
# SPDX-License-Identifier: MIT
# t16.sh -- sec T16 (CVE-2024-45310, CVE-2026-87766): making mount points
# follows no link out of the root, also when another container swaps directories
# of a shared volume for links while they are made.
. "${0%/*}/lib.sh"
c=$P-16
rounds=1000
[ -z "$QUICK" ] || rounds=200

mkdir -p "$T/vol/x" "$T/file"
echo bound >"$T/file/f"
ln -s "$CAN" "$T/vol/l"

config_for() { # ROUND
	MORE_MOUNTS=',{"destination":"/vol","source":"'$T/vol'",
		"options":["rbind"]},
		{"destination":"/vol/x/d'$1'/a/b","type":"tmpfs","source":"t"},
		{"destination":"/vol/x/f'$1'/a/b","source":"'$T/file/f'",
		"options":["bind"]}'
	READONLY=false
	bundle race grep -E " /[^ ]*/[df]$1/a/b " /proc/self/mountinfo
}

config_for 0
ok "control: without a race" w run -b "$B" $c
rm -r "$T/vol/x/d0" "$T/vol/x/f0"

"$TOOLS/swap" "$T/vol/x" "$T/vol/l" &
racer=$!
n=0 direct=0 link=0 refused=0 wrong=0
# On a busy machine one side of the race can be rare: go on until both were
# seen, up to five times as long.
both() {
	test $direct -ge 20 -a $((link + refused)) -ge 20
}
while [ $n -lt $rounds ] || { ! both && [ $n -lt $((5 * rounds)) ]; }; do
	n=$((n + 1))
	config_for $n
	if w run -b "$B" $c; then
		if grep -q "$CAN" "$T/out"; then
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
done
kill $racer
wait $racer 2>/dev/null
note "direct $direct, by the link $link, refused $refused, of $n"
[ ! -e "$T/refused" ] || note "such as: $(head -1 "$T/refused")"
is "guard: each run ends well or is refused" $wrong 0
if canary_same "guard: nothing was made outside the root"; then
	ok "control: both orders were seen" both
fi

# A destination whose parent is a link out of the root.
for target in $CAN /proc/1/root$CAN /..$CAN \
    ../../../../../../../../../..$CAN; do
	MORE_MOUNTS=',{"destination":"/out/new/sub","type":"tmpfs",
		"source":"t"}'
	READONLY=false
	bundle parent true
	rm -f "$R/out"
	ln -s "$target" "$R/out"
	w run -b "$B" $c
	ok "guard: $target: ends well or is refused" test $rc -le 1
	canary_same "guard: $target: nothing was made"
done

done_testing
