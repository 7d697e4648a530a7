#!/bin/sh
# SPDX-License-Identifier: MIT
# masked.sh -- the fallbacks: what containers see, and what depends on a call,
# with the system calls of newer kernels missing (ENOSYS) or forbidden (EPERM).
# Each line of tests/masks/sets is one kernel.  SETS: other ones.
# FULL=1: on those marked there every live test (an hour); else, and on the
# others, those that such a kernel could break.  JOBS: tests at a time (2).
# KEEP: a directory for what the failed ones print.
LIVE=${0%/*}
: "${WHERRY:=build/wherry}" "${TOOLS:=build/tools}"
case $TOOLS in /*) ;; *) TOOLS=$PWD/$TOOLS ;; esac
: "${SETS:=$(sed 's/ .*//' "$LIVE/../masks/sets")}"
shell=$(readlink /proc/$$/exe)
case $shell in */busybox) shell="$shell sh" ;; esac

[ "$(id -u)" = 0 ] || { echo "1..0 # SKIP needs root"; exit 0; }
[ -x "$TOOLS/nosys" ] || { echo "Bail out! no $TOOLS/nosys"; exit 1; }
"$TOOLS/nosys" -s openat2 true ||
	{ echo "1..0 # SKIP seccomp filters can't be loaded here"; exit 0; }
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT

every_test() {
	for test in "$LIVE"/*.sh; do
		test=${test##*/}
		case $test in
		lib.sh|bundle.sh|masked.sh|red.sh|vm.sh|budget.sh|bench.sh) ;;
		*) echo "${test%.sh}" ;;
		esac
	done
}

# The live tests that such a kernel could break.
tests_for() { # SET
	if [ -n "${FULL:-}" ] && grep -q "^$1 full$" "$LIVE/../masks/sets"; then
		every_test
		return
	fi
	echo setup
	# all44 lacks what all49 lacks: the long ones run once
	case $1 in all44) echo specs limits seccomp process devices ;; esac
	case $1 in *openat2*|all4*) echo t12 t16 t32 ;; esac
	case $1 in *closerange*|all4*) echo t22 ;; esac
	case $1 in *memfd*|*execveat*|all4*) echo t09 ;; esac
	case $1 in pidfd*|*,pidfd|clone3*|all4*) echo lifecycle gate ;; esac
	case $1 in mountapi|all44) echo t15 t25 t27 t36 ;; esac
	case $1 in memfd) echo seccomp ;; esac
	case $1 in *pidfd|clone3*|closerange|all4*) echo exec ;; esac
	case $1 in all44) echo pty ;; esac      # no TIOCGPTPEER
	case $1 in mountapi|open_tree|mount_setattr|all44)
		echo mounts mounts-bind mounts-ids t21 rootless ;;
	esac
	case $1 in seccomp) echo seccomp ;; esac
}

one() { # SET ERRNO TEST FILE: the verdict's line to FILE, details behind it
	name="$3 without $1 ($2)"
	echo "# $name"        # a guest that is silent is stopped
	# those beside it leave and make files in a guest's /tmp
	if QUICK=1 LEAK_ALL='' WRAP="$TOOLS/nosys -e $2 -s $1" \
	    $shell "$LIVE/$3.sh" >"$4.out" 2>&1 </dev/null; then
		echo "ok - $name" >"$4"
	else
		echo "not ok - $name" >"$4"
		grep -A4 '^not ok' "$4.out" | head -30 | sed 's/^/# /' >>"$4"
		[ -z "${KEEP:-}" ] || cp "$4.out" "$KEEP/$3-$1-$2"
	fi
}

# JOBS at a time: most of them wait most of the time.
: "${JOBS:=2}"
n=0
for set in $SETS; do
	for errno in ENOSYS EPERM; do
		for test in $(tests_for "$set"); do
			n=$((n + 1))
			echo "$set $errno $test $out/$n"
		done
	done
done >"$out/list"
n=$(wc -l <"$out/list")
job=0
while [ $job -lt "$JOBS" ]; do
	job=$((job + 1))
	awk "NR % $JOBS == $job % $JOBS" "$out/list" |
	while read -r set errno test file; do
		one "$set" "$errno" "$test" "$file"
	done &
done
wait

bad=0
for i in $(seq "$n"); do
	grep -q '^ok' "$out/$i" || bad=1
	sed "s/^ok/ok $i/; s/^not ok/not ok $i/" "$out/$i"
done
echo "1..$n"
exit $bad
