#!/bin/sh
# SPDX-License-Identifier: MIT
# boot.sh -- boots boards in QEMU or user-mode Linux with Debian's kernels and
# runs the live tests there (TAP).
#
# CELLS: "BOARD:SUITE:CGROUPS:ROOT:TEST,TEST...[:MODULE,MODULE...] ...", a guest
# each:
#   BOARD    a folder of board/ whose board.mk names KERNEL; PROGRAMS@BOARD: the
#            programs of another one, such as 32-bit ones on a 64-bit kernel
#   SUITE    of Debian that the kernel is from
#   CGROUPS  v2, v1, hybrid or none
#   ROOT     initramfs (which the kernel makes a tmpfs) or ramfs, both without
#            a way out; tmpfs, by switch_root; squashfs: a read-only image
#   TEST     of tests/live; unit/t_NAME; masks/unit; masked=SET: masked.sh with
#            that line of masks/sets; red/NAME: that test by red.sh; core,
#            masks, all: see guest.sh
#   MODULE   of the kernel, loaded in this order: null_blk is a disk that stores
#            nothing, which has weights with bfq, and without by io.cost
# LIMIT: seconds for one guest.  SILENCE: seconds for one line of it.
# JOBS: guests at a time.
# KEEP: a folder for each guest's console, NAME, and what came of it, NAME.cell:
#   BOARD SUITE CGROUPS ROOT COLOUR RELEASE SECONDS TESTS COMMIT and the reason,
#   where no guest was booted; a kernel's configuration, config.SUITE.BOARD
# A guest is stopped when it says that it is done, panics or is silent too long.
cd "${0%/*}/.." || exit 1
: "${LIMIT:=600}" "${SILENCE:=900}" "${JOBS:=2}" "${KEEP:=}"
: "${CELLS:=
	qemu-aarch64:bookworm:v2:initramfs:unit/t_procfs,core,gate
	qemu-x86_64:bookworm:v2:tmpfs:core,limits,control
}"
export QEMU_AUDIO_DRV=none
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
[ "$(id -u)" = 0 ] || { echo "1..0 # SKIP needs root for a device node"; exit; }
W=$(mktemp -d) || exit 1
# shellcheck disable=SC2046  # a list
trap 'kill $(cat "$W"/*/pid 2>/dev/null) 2>/dev/null; rm -rf "$W"' EXIT
trap 'exit 130' INT TERM
GUEST_DIR=tests
. tests/guest.sh

show() { # BOARD VARIABLE
	make -s BOARD="$1" "show-$2"
}

# Copies modules of a kernel that are not built in, and those they need: NAME.ko
# and NAME.needs.
modules() { # KERNEL'S-FOLDER TO NAME...
	from=$1 to=$2
	shift 2
	mkdir -p "$to"
	while [ $# -gt 0 ]; do
		name=$1
		shift
		[ ! -e "$to/$name.ko" ] || continue
		# - in the name of a file is _ in that of the module
		file=$(find "$from" -name "$(echo "$name" | tr _ '?').ko*" |
			head -n 1)
		case $file in
		'') continue ;;
		*.xz) xz -dc "$file" >"$to/$name.ko" ;;
		*) cp "$file" "$to/$name.ko" ;;
		esac || return
		needs=$(tr '\0' '\n' <"$to/$name.ko" |
			sed -n 's/^depends=//p' | tr , ' ')
		echo "$needs" >"$to/$name.needs"
		# shellcheck disable=SC2086  # a list
		set -- "$@" $needs
	done
}

# $W/PROGRAMS.{root,cpio,start,image}: the root of a guest, as an archive; what
# brings up the read-only image, and the image.
programs() { # BOARD
	[ ! -e "$W/$1.image" ] || return 0
	build=$(show "$1" BUILD)
	case $CELLS in *red/*) unsafe=unsafe ;; *) unsafe= ;; esac
	# shellcheck disable=SC2046,SC2086,SC2059  # a list
	make -s BOARD="$1" all tools $unsafe \
		$(printf "$build/unit/t_%s " $GUEST_UNITS) >&2 || return
	BUSYBOX=$(show "$1" BUSYBOX)
	: "${BUSYBOX:=$(command -v busybox)}"
	WHERRY=$build/wherry TOOLS=$build/tools UNIT=$build/unit \
		UNSAFE=${unsafe:+$build/wherry-unsafe} \
		guest_root "$W/$1.root" &&
	guest_archive "$W/$1.root" "$W/$1.cpio" &&
	guest_archive "$W/$1.root" "$W/$1.start" init bin dev &&
	mkdir "$W/$1.packed" &&
	mksquashfs "$W/$1.root" "$W/$1.packed/root.image" -quiet -no-progress \
		-all-root >&2 &&
	guest_archive "$W/$1.packed" "$W/$1.image"
}

# $W/SUITE.MACHINE.{kernel,modules,config}
kernel() { # SUITE BOARD
	at=$W/$1.$2
	[ ! -e "$at.modules" ] || return 0
	deb=$(show "$2" DEB) name=$(show "$2" KERNEL)
	case $name in
	'') echo "fetch: $2: no package of a kernel for QEMU" >&2; return 1 ;;
	user-mode-linux) k= ;;
	*) k=-k ;;
	esac
	dir=$(sh board/fetch.sh $k "$1" "$deb" "$name") || return
	image=$(find "$dir" \( -name 'vmlinu[xz]*' -o -name linux.uml \) \
		-type f | head -n 1)
	[ -n "$image" ] || { echo "fetch: no kernel in $dir" >&2; return 1; }
	echo "$dir" >"$at.folder"
	ln -s "$image" "$at.kernel"
	config=$(find "$dir" -type f \( -path '*/boot/config*' -o \
		-path '*/modules/*/config' -o \
		-path '*/user-mode-linux/config.gz' \) | head -n 1)
	case $config in
	'') : ;;
	*.gz) gzip -dc "$config" ;;
	*) cat "$config" ;;
	esac >"$at.config"
	[ -z "$KEEP" ] || cp "$at.config" "$KEEP/config.$1.$2"
	modules "$dir" "$W/ko.$1.$2/modules" null_blk bfq configfs loop \
		squashfs &&
	guest_archive "$W/ko.$1.$2" "$at.modules"
}

# Everything that is fetched and built for a cell, as $W/CELL/run.
prepare() { # DIR
	sh tests/deps.sh "$machine" squashfs >&2 || return
	kernel "$suite" "$machine" || return
	programs "$own" || return
	at=$W/$suite.$machine
	kind='' switch=stay archives="$W/$own.cpio $at.modules"
	case $root in
	ramfs) kind=rootfstype=ramfs ;;
	tmpfs) switch=tmpfs ;;
	squashfs)
		switch=squashfs
		archives="$W/$own.start $at.modules $W/$own.image" ;;
	esac
	off=$(show "$machine" GUEST_OFF)
	append="quiet panic=-1 $kind wcg=$cgroups wroot=$switch wmods=$modules"
	append="$append woff=${off:-poweroff} wprop=$how"
	guest_tests "$tests" | tr ' \n' ,, >"$1/tests"
	append="$append wtests=$(cat "$1/tests")"
	append="$append $(show "$machine" APPEND)"
	memory=$(show "$machine" MEMORY)
	qemu=$(show "$machine" QEMU)
	if [ -z "$qemu" ]; then
		echo "exec $at.kernel mem=${memory:-384}M con=null" \
			"con0=null,fd:1 initrd=$1/initrd $append"
	else
		dtb=$(show "$machine" QEMU_DTB)
		[ -z "$dtb" ] || dtb="-dtb $(find "$(cat "$at.folder")" \
			-name "$dtb" | head -n 1)"
		echo "exec $qemu $dtb -nodefaults -no-user-config -no-reboot" \
			"-display none -accel tcg -m ${memory:-384}" \
			"-kernel $at.kernel -initrd $1/initrd -serial stdio" \
			"-append 'console=$(show "$machine" CONSOLE) $append'"
	fi >"$1/run"
	# shellcheck disable=SC2086  # a list
	echo $archives >"$1/archives"
}

# Runs a prepared guest, its console to DIR/serial.
guest() { # DIR
	# shellcheck disable=SC2046  # a list
	cat $(cat "$1/archives") >"$1/initrd"
	from=$(date +%s) last=$from size=0
	timeout -k 5 "$LIMIT" sh "$1/run" </dev/null >"$1/serial" 2>"$1/qemu" &
	pid=$!
	echo $pid >"$1/pid"
	# Not every machine can be switched off from inside.
	while kill -0 $pid 2>/dev/null; do
		sleep 0.3
		now=$(date +%s) new=$(wc -c <"$1/serial")
		[ "$new" = $size ] || last=$now
		size=$new
		if [ $((now - last)) -gt "$SILENCE" ]; then
			echo "silent for $SILENCE s" >>"$1/qemu"
		elif grep -qs -e '^# guest ends' -e 'Kernel panic' "$1/serial"
		then
			sleep 1
		else
			continue
		fi
		kill $pid 2>/dev/null
		break
	done
	wait $pid
	rc=$?
	rm "$1/pid"
	[ $rc != 124 ] || echo "stopped after $LIMIT s" >>"$1/qemu"
	echo $(($(date +%s) - from)) >"$1/seconds"
	cat "$1/serial" "$1/qemu" | tr -d '\r' >"$1/console"
	rm "$1/initrd"
}

# Sets what a cell says.
read_cell() { # DIR
	read -r board suite cgroups root tests modules <"$1/cell"
	own=${board%@*} machine=${board#*@}
	name="$board $suite $cgroups $root${modules:+ $modules}"
	# Most initramfs never touch the propagation of mounts.
	how=rshared
	[ "$cgroups" != none ] || how=rprivate
}

# Writes what came of a cell.
keep() { # DIR COLOUR [REASON]
	[ -n "$KEEP" ] || return 0
	file=$KEEP/$board-$suite-$cgroups-$root${modules:+-$modules}
	release=$(sed -n 's/^# guest: \([^ ,]*\),.*/\1/p' "$1/console" \
		2>/dev/null)
	[ ! -e "$1/console" ] || cp "$1/console" "$file"
	echo "$board $suite $cgroups $root $2 ${release:--}" \
		"$(cat "$1/seconds" 2>/dev/null || echo -) $tests" \
		"$commit ${3:-}" \
		>"$file.cell"
}

# At once: a run that is cut loses only what it was at.
keep_guest() { # DIR
	read_cell "$1"
	n=0 bad=0
	guest_report "$name" "$(cat "$1/tests")" "$1/console" >/dev/null
	if [ $bad = 0 ]; then keep "$1" pass; else keep "$1" fail; fi
}

# The guests of this many workers at a time: each takes the next one.
worker() {
	for cell in "$W"/cell.*; do
		[ -e "$cell/run" ] && mkdir "$cell/taken" 2>/dev/null ||
			continue
		guest "$cell"
		[ -n "$KEEP" ] || continue
		sed "s/\$/ $(cat "$cell/seconds") s/" "$cell/cell" >&2
		keep_guest "$cell"
	done
}

commit=$(show host COMMIT)
i=100
for cell in $CELLS; do
	i=$((i + 1))
	mkdir "$W/cell.$i"
	echo "$cell" | tr : ' ' >"$W/cell.$i/cell"
	read_cell "$W/cell.$i"
	prepare "$W/cell.$i" >/dev/null 2>"$W/cell.$i/why" ||
		rm -f "$W/cell.$i/run"
done
for _ in $(seq "$JOBS"); do
	worker &
done
wait

n=0 bad=0
for cell in "$W"/cell.*; do
	read_cell "$cell"
	if [ -e "$cell/run" ]; then
		guest_report "$name" "$(cat "$cell/tests")" "$cell/console"
		continue
	fi
	n=$((n + 1))
	why=$(sed -n 's/^fetch: //p' "$cell/why" | head -n 1)
	case $why in
	*': no package '*)
		echo "ok $n - $name # SKIP no such kernel"
		keep "$cell" none "$why" ;;
	?*)
		echo "# skipped: $board $why"
		echo "ok $n - $name # SKIP $why"
		keep "$cell" skipped "$why" ;;
	*)
		bad=$((bad + 1))
		echo "not ok $n - $name: not built"
		tail -n 20 "$cell/why" | sed 's/^/# /'
		keep "$cell" fail "not built" ;;
	esac
done
trap - EXIT
rm -rf "$W"
echo "1..$n"
exit $((bad > 0))
