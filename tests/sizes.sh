#!/bin/sh
# SPDX-License-Identifier: MIT
# sizes.sh -- builds every board and prints doc/size.md.
# BOARDS: "NAME..."  (all of them)
cd "${0%/*}/.." || exit 1
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
: "${BOARDS:=$(cd board && echo */)}"

show() { # VARIABLE
	# shellcheck disable=SC2086  # a list of settings
	make -s BOARD="$board" BUILD="$dir" $settings "show-$1"
}

row() { # BOARD DIR [SETTING...]
	board=$1 dir=$2
	shift 2
	settings=$*
	make -s -j"${JOBS:-2}" BOARD="$board" BUILD="$dir" "$@" all >&2 || {
		echo "| $board | not built |"
		return
	}
	"$(show CROSS_COMPILE)size" "$dir/wherry" | awk -v board="$board" \
	    -v form="$(show FORM)" -v seccomp="$(show SECCOMP_IS)" \
	    -v compiler="$("$(show CC)" -dumpfullversion)" \
	    -v file="$(wc -c <"$dir/wherry")" 'NR == 2 {
		printf "| %s | %s | %s | %s | %d | %d | %d | %d |\n", board, \
			form, seccomp, compiler, $1, $2, $3, file
	}'
}

cat <<'END'
# Sizes

Written by `make sizes`; do not edit.  Bytes of `wherry` for each board, every
feature on, stripped: text (code and constants), data, bss, and the file.  What
each feature costs is in `performance.md`.

| board | form | seccomp | gcc | text | data | bss | file |
|---|---|---|---|---|---|---|---|
END
for board in $BOARDS; do
	board=${board%/}
	case $board in
	host|uml-*)     # as qemu-x86_64
		continue ;;
	qemu-x86_64)
		row "$board" "build/$board"
		row "$board" "build/raw-$board" SECCOMP=raw ;;
	*)
		row "$board" "build/$board" ;;
	esac
done
