#!/bin/sh
# SPDX-License-Identifier: MIT
# red.sh -- an attack test proves something only if it fails where the guards
# are missing: runs each against build/wherry-unsafe (tests/unsafe) and wants
# its controls green and a guard red.
LIVE=${0%/*}
: "${UNSAFE:=build/wherry-unsafe}"
: "${TESTS:=$LIVE/t[0-9][0-9].sh $LIVE/shadow-race.sh}"
shell=$(readlink /proc/$$/exe)
case $shell in */busybox) shell="$shell sh" ;; esac

[ -x "$UNSAFE" ] || { echo "Bail out! no $UNSAFE"; exit 1; }
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
n=0 bad=0
for test in $TESTS; do
	n=$((n + 1))
	name=${test##*/}
	QUICK=1 WHERRY=$UNSAFE timeout 120 $shell "$test" >"$out" 2>&1
	rc=$?
	if grep -q '^1\.\.0 # SKIP' "$out"; then
		echo "ok $n - $name # SKIP $(sed 's/.*SKIP //' "$out")"
	elif [ $rc = 0 ]; then
		bad=$((bad + 1))
		echo "not ok $n - $name is green without the guards"
	elif ! grep -q '^not ok [0-9]* - guard:' "$out"; then
		bad=$((bad + 1))
		echo "not ok $n - $name is red, but no guard of it"
		grep -A3 '^not ok' "$out" | head -12 | sed 's/^/# /'
	else
		echo "ok $n - $name is red: $(grep -c '^not ok' "$out") of" \
			"$(grep -cE '^(not )?ok ' "$out")"
		grep '^not ok [0-9]* - control' "$out" | sed 's/^/# /'
	fi
done
echo "1..$n"
exit $((bad > 0))
