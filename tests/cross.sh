#!/bin/sh
# SPDX-License-Identifier: MIT
# cross.sh -- builds every board and runs its unit tests under qemu-user (TAP).
#
# BOARDS: "NAME NAME...", or all of them (make check-cross BOARDS=all); by
# default one of each kind: 64 bits, 32 bits, 32 bits on the machine itself.
# What qemu-user lacks is tested in the boots of boot.sh, where the same
# programs run on a kernel.
cd "${0%/*}/.." || exit 1
export QUICK=1
: "${BOARDS:=qemu-aarch64 qemu-armv7 qemu-i386}"
[ "$BOARDS" != all ] || BOARDS=$(grep -l '^QEMU_USER' board/*/board.mk |
	sed 's,board/,,; s,/.*,,')
W=$(mktemp -d) || exit 1
trap 'rm -rf "$W"' EXIT
n=0 bad=0

# name  what it needs
lacks='
t_compat  clone with namespaces
t_procfs  mounts in a namespace of its own
t_shield  a program that runs itself from a memfd
'

result() { # 0|1 NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		bad=1
		echo "not ok $n - $2"
		grep -v '^ok ' "$W/out" | head -n 20 | sed 's/^/# /'
	fi
}

# Runs one program; its last words go to a file beside its verdict.
one() { # QEMU PROGRAM
	# shellcheck disable=SC2086
	timeout 300 $1 "$2" >"$W/${2##*/}.out" 2>&1
	echo $? >"$W/${2##*/}.rc"
}

board() { # NAME
	rm -f "$W"/*.out "$W"/*.rc
	make -s BOARD="$1" all test-bins >"$W/out" 2>&1
	rc=$?
	if [ $rc != 0 ] && grep -q '^fetch: ' "$W/out"; then
		why=$(grep '^fetch: ' "$W/out" | head -n 1)
		echo "# skipped: $1 $why"
		n=$((n + 1))
		echo "ok $n - $1 # SKIP ${why#fetch: }"
		return
	fi
	result $rc "$1: builds"
	[ $rc = 0 ] || return
	qemu=$(make -s BOARD="$1" show-QEMU_USER)
	set --  "$1" "build/$1"/unit/t_*
	name=$1
	shift
	while [ $# -gt 0 ]; do
		# two at a time
		[ $# -lt 2 ] || one "$qemu" "$2" &
		one "$qemu" "$1"
		wait
		[ $# -lt 2 ] || shift
		shift
	done
	for rc in "$W"/*.rc; do
		test=${rc##*/} test=${test%.rc}
		cp "$W/$test.out" "$W/out"
		why=$(echo "$lacks" | sed -n "s/^$test  *//p")
		if [ -n "$qemu" ] && [ -n "$why" ]; then
			n=$((n + 1))
			echo "ok $n - $name: $test # SKIP qemu-user lacks $why"
		elif [ "$(cat "$rc")" = 0 ] && ! grep -q '^ok ' "$W/out"; then
			result 1 "$name: $test: nothing ran"
		else
			result "$(cat "$rc")" "$name: $test"
		fi
	done
}

for b in $BOARDS; do
	board "$b"
done
echo "1..$n"
exit $bad
