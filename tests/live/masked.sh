#!/bin/sh
# SPDX-License-Identifier: MIT
# masked.sh -- the fallbacks: what containers see, and what depends on a call,
# with the system calls of newer kernels missing (ENOSYS) or forbidden (EPERM).
# Each line of tests/masks/sets is one kernel.  SETS: other ones.
# FULL=1: every live test on each of them (half an hour); else those that such a
# kernel could break.
LIVE=${0%/*}
: "${WHERRY:=build/wherry}" "${TOOLS:=build/tools}"
case $TOOLS in /*) ;; *) TOOLS=$PWD/$TOOLS ;; esac
: "${SETS:=$(cat "$LIVE/../masks/sets")}"
shell=$(readlink /proc/$$/exe)
case $shell in */busybox) shell="$shell sh" ;; esac

[ "$(id -u)" = 0 ] || { echo "1..0 # SKIP needs root"; exit 0; }
[ -x "$TOOLS/nosys" ] || { echo "Bail out! no $TOOLS/nosys"; exit 1; }
"$TOOLS/nosys" -s openat2 true ||
	{ echo "1..0 # SKIP seccomp filters can't be loaded here"; exit 0; }
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

every_test() {
	for test in "$LIVE"/*.sh; do
		test=${test##*/}
		case $test in
		lib.sh|bundle.sh|masked.sh|red.sh|vm.sh) ;;
		*) echo "${test%.sh}" ;;
		esac
	done
}

# The live tests that such a kernel could break.
tests_for() { # SET
	if [ -n "${FULL:-}" ]; then
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
	case $1 in *pidfd|clone3*|closerange|all44) echo exec ;; esac
	case $1 in mountapi|open_tree|mount_setattr|all44)
		echo mounts mounts-bind mounts-ids t21 rootless ;;
	esac
	case $1 in seccomp) echo seccomp ;; esac
}

n=0 bad=0
for set in $SETS; do
	for errno in ENOSYS EPERM; do
		for test in $(tests_for "$set"); do
			n=$((n + 1))
			if QUICK=1 WRAP="$TOOLS/nosys -e $errno -s $set" \
			    $shell "$LIVE/$test.sh" >"$out" 2>&1; then
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
