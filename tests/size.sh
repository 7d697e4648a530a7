#!/bin/sh
# SPDX-License-Identifier: MIT
# The size of build/wherry, and what each feature adds to it.  "bytes" is code
# and data; the file is a little larger, in steps of a page.
. "${0%/*}/sets.sh"
cc=${CC:-musl-gcc}
all=

row() { # NAME
	bytes=$(size "$dir/wherry" | awk 'NR == 2 { print $1 + $2 }')
	: "${all:=$bytes}"
	printf '%-16s %8d %+8d %8d\n' "$1" "$bytes" $((bytes - all)) \
		"$(wc -c <"$dir/wherry")"
}

printf '%-16s %8s %8s %8s\n' set bytes change file
set_base "$cc" || exit 1
row all-on
for f in $features; do
	set_other "$cc" "no-$f" "$f=n" || exit 1
	row "$f=n"
done
for s in raw none; do
	set_other "$cc" SECCOMP-$s SECCOMP=$s || exit 1
	row SECCOMP=$s
done
# The numbers of each further architecture, with the raw translator.
for a in i386 x32 arm aarch64 all; do
	set_other "$cc" arches-$a SECCOMP=raw SECCOMP_ARCHES=$a || exit 1
	row "raw, $a"
done
# shellcheck disable=SC2086
set_other "$cc" all-off $all_off || exit 1
row all-off
dir=$sets/$cc-no-PIE
set_make PIE=n || exit 1
row PIE=n
