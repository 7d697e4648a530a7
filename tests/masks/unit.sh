#!/bin/sh
# SPDX-License-Identifier: MIT
# unit.sh -- the unit tests of what has fallbacks, once for each line of sets:
# with these system calls missing (ENOSYS) or forbidden (EPERM).  SETS: other
# lines.  openat2 also says EAGAIN, as it may for any rename or mount elsewhere.
here=${0%/*}
: "${BUILD:=build}" "${TOOLS:=$BUILD/tools}"
: "${UNITS:=compat procfs inroot task sanitize shield}"
[ -x "$TOOLS/nosys" ] || { echo "Bail out! no $TOOLS/nosys"; exit 1; }
"$TOOLS/nosys" -s openat2 true ||
	{ echo "1..0 # SKIP seccomp filters can't be loaded here"; exit 0; }
# The random comparison itself needs openat2 and runs at length elsewhere.
export LOOKUPS="${LOOKUPS:-2500}"
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
: "${SETS:=$(sed 's/ .*//' "$here/sets")}"
n=0 bad=0
check() { # UNIT SET ERRNO
	n=$((n + 1)) verdict=
	"$TOOLS/nosys" -e "$3" -s "$2" "$BUILD/unit/t_$1" \
		>"$out" 2>&1 </dev/null &&
		grep -q '^1\.\.' "$out" || verdict='not '
	echo "${verdict}ok $n - $1 without $2 ($3)"
	[ -n "$verdict" ] || return 0
	bad=1
	grep -B2 -A4 -e '^not ok' -e '^Bail' "$out" | sed 's/^/# /'
	tail -n 1 "$out" | sed 's/^/# /'
}
for set in $SETS; do
	for errno in ENOSYS EPERM; do
		for unit in $UNITS; do
			check "$unit" "$set" $errno
		done
	done
done
for unit in $UNITS; do
	check "$unit" openat2 EAGAIN
done
echo "1..$n"
exit $bad
