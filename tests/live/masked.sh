#!/bin/sh
# SPDX-License-Identifier: MIT
# masked.sh -- the fallbacks: what containers see and their life again, with
# the system calls of newer kernels missing (ENOSYS) or forbidden (EPERM).
LIVE=${0%/*}
: "${WHERRY:=build/wherry}" "${TOOLS:=build/tools}"
: "${SETS:=openat2 mountapi open_tree mount_setattr closerange pidfd clone3 memfd
	statx execveat all49}" "${TESTS:=setup t12 t22}"
shell=$(readlink /proc/$$/exe)
case $shell in */busybox) shell="$shell sh" ;; esac

[ "$(id -u)" = 0 ] || { echo "1..0 # SKIP needs root"; exit 0; }
[ -x "$TOOLS/nosys" ] || { echo "Bail out! no $TOOLS/nosys"; exit 1; }
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
n=0 bad=0
for set in $SETS; do
	for errno in ENOSYS EPERM; do
		for test in $TESTS; do
			n=$((n + 1))
			QUICK=1 WRAP="$TOOLS/nosys -e $errno -s $set" \
				$shell "$LIVE/$test.sh" >"$out" 2>&1
			if [ $? = 0 ]; then
				echo "ok $n - $test without $set ($errno)"
				continue
			fi
			bad=$((bad + 1))
			echo "not ok $n - $test without $set ($errno)"
			grep -A4 '^not ok' "$out" | head -30 | sed 's/^/# /'
		done
	done
done
echo "1..$n"
exit $((bad > 0))
