#!/bin/sh
# SPDX-License-Identifier: MIT
# boot.sh -- boots boards in QEMU with Debian's kernels and runs the live tests
# there (TAP).
#
# CELLS: "BOARD:SUITE:CGROUPS:ROOT:TEST,TEST...[:MODULE,MODULE...] ...", a guest
# each:
#   BOARD    a folder of board/ whose board.mk names QEMU, CONSOLE and KERNEL
#   SUITE    of Debian that the kernel is from
#   CGROUPS  v2, v1, hybrid or none
#   ROOT     initramfs, ramfs, tmpfs
#   MODULE   of the kernel, loaded in this order: null_blk is a disk that stores
#            nothing, which has weights with bfq, and without by io.cost
# LIMIT: seconds for one guest.  KEEP: a directory for what the guests print.
# JOBS: guests at a time.
# A guest is stopped when it says that it is done, panics or is silent too long.
cd "${0%/*}/.." || exit 1
: "${LIMIT:=600}" "${JOBS:=2}"
: "${CELLS:=
	qemu-aarch64:bookworm:v2:initramfs:unit/t_compat,unit/t_procfs,rung,gate
	qemu-x86_64:bookworm:v2:tmpfs:unit/t_compat,limits,control
}"
export QEMU_AUDIO_DRV=none
[ "$(id -u)" = 0 ] || { echo "1..0 # SKIP needs root for a device node"; exit; }
W=$(mktemp -d) || exit 1
trap 'kill 0 2>/dev/null; rm -rf "$W"' EXIT
trap 'exit 130' INT TERM
GUEST_DIR=tests
. tests/guest.sh

show() { make -s BOARD="$board" "show-$1"; }

# Everything that is fetched and built for a cell, as $W/CELL/{kernel,initrd,
# command}; a reason on stdout where it can't be had.
prepare() { # DIR
	sh tests/deps.sh "$board" >&2 || return
	dir=$(sh board/fetch.sh -k "$suite" "$(show DEB)" "$(show KERNEL)") ||
		return
	kernel=$(find "$dir" -name 'vmlinu[xz]*' -type f | head -n 1)
	[ -n "$kernel" ] || { echo "fetch: no kernel in $dir" >&2; return 1; }
	if [ ! -e "$W/$board.built" ]; then
		make -s BOARD="$board" all tools test-bins >&2 || return
		touch "$W/$board.built"
	fi
	build=$(show BUILD)
	BUSYBOX=$(show BUSYBOX)
	: "${BUSYBOX:=$(command -v busybox)}"
	[ -e "$W/$board.initrd" ] ||
		WHERRY=$build/wherry TOOLS=$build/tools UNIT=$build/unit \
		MODULES=$(find "$dir" -name null_blk.ko -o -name bfq.ko \
			-o -name configfs.ko) \
		guest_initrd "$W/$board.initrd" "$W/$board.root" || return
	dtb=$(show QEMU_DTB)
	[ -z "$dtb" ] || dtb="-dtb $(find "$dir" -name "$dtb" | head -n 1)"
	memory=$(show MEMORY)
	kind='' switch=stay
	case $root in
	ramfs) kind=rootfstype=ramfs ;;
	tmpfs) switch=switch ;;
	esac
	append="console=$(show CONSOLE) quiet panic=-1 $(show APPEND) $kind"
	append="$append wcg=$cgroups wtests=$tests wroot=$switch"
	append="$append wmods=$modules"
	off=$(show GUEST_OFF)
	append="$append woff=${off:-poweroff}"
	cat >"$1/command" <<END
$(show QEMU) $dtb -nodefaults -no-user-config -no-reboot -display none
 -accel tcg -m ${memory:-384} -kernel $kernel -initrd $W/$board.initrd
END
	echo "$append" >"$1/append"
}

guest() { # DIR
	: >"$1/console"
	# shellcheck disable=SC2046
	timeout -k 5 "$LIMIT" $(cat "$1/command") -serial "file:$1/serial" \
		-append "$(cat "$1/append")" </dev/null >"$1/qemu" 2>&1 &
	pid=$!
	# Not every machine can be switched off from inside.
	while kill -0 $pid 2>/dev/null; do
		sleep 0.5
		grep -qs -e '^# guest ends' -e 'Kernel panic' "$1/serial" &&
			sleep 2 && kill $pid 2>/dev/null
	done
	cat "$1/qemu" "$1/serial" 2>/dev/null | tr -d '\r' >"$1/console"
}

i=0 running=0
for cell in $CELLS; do
	i=$((i + 1))
	mkdir "$W/$i"
	echo "$cell" | tr : ' ' >"$W/$i/cell"
	read -r board suite cgroups root tests modules <"$W/$i/cell"
	prepare "$W/$i" >/dev/null 2>"$W/$i/why" || {
		touch "$W/$i/failed"
		continue
	}
	guest "$W/$i" &
	running=$((running + 1))
	[ $((running % JOBS)) != 0 ] || wait
done
wait

i=0 n=0 bad=0
for cell in $CELLS; do
	i=$((i + 1))
	read -r board suite cgroups root tests modules <"$W/$i/cell"
	name="$board $suite $cgroups $root${modules:+ $modules}"
	[ -z "${KEEP:-}" ] || [ ! -e "$W/$i/console" ] ||
		cp "$W/$i/console" \
		"$KEEP/$board-$suite-$cgroups-$root${modules:+-$modules}"
	if [ ! -e "$W/$i/failed" ]; then
		guest_report "$name" "$tests" "$W/$i/console"
		continue
	fi
	n=$((n + 1))
	if grep -q '^fetch: ' "$W/$i/why"; then
		why=$(sed -n 's/^fetch: //p' "$W/$i/why" | head -n 1)
		echo "# skipped: boot $why"
		echo "ok $n - $name # SKIP $why"
	else
		bad=$((bad + 1))
		echo "not ok $n - $name: not built"
		tail -n 20 "$W/$i/why" | sed 's/^/# /'
	fi
done
trap - EXIT
rm -rf "$W"
echo "1..$n"
exit $((bad > 0))
