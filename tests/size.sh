#!/bin/sh
# SPDX-License-Identifier: MIT
# The size of build/wherry, and what each feature adds to it.  "bytes" is code
# and data; the file is a little larger, in steps of a page.
top=${BUILD:-build}/sets
features="CGROUP_V1 CGROUP_V2 PTY HOOKS PIDFD USERNS CONF EXEC LSM"
all_off="SECCOMP=none"
for f in $features; do
	all_off="$all_off $f=n"
done
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
jobs=$(nproc 2>/dev/null || echo 1)

row() { # NAME FOLDER SETTING...
	name=$1
	dir=$top/${CC:-musl-gcc}-$2
	shift 2
	make -s -j"$jobs" BUILD="$dir" CC="${CC:-musl-gcc}" WERROR=y "$@" \
		>/dev/null || exit 1
	bytes=$(size "$dir/wherry" | awk 'NR == 2 { print $1 + $2 }')
	: "${all:=$bytes}"
	printf '%-16s %8d %+8d %8d\n' "$name" "$bytes" $((bytes - all)) \
		"$(wc -c <"$dir/wherry")"
}

printf '%-16s %8s %8s %8s\n' set bytes change file
row all-on all-on
for f in $features; do
	row "$f=n" "no-$f" "$f=n"
done
row SECCOMP=raw SECCOMP-raw SECCOMP=raw
row SECCOMP=none SECCOMP-none SECCOMP=none
row PIE=n no-PIE PIE=n
# shellcheck disable=SC2086
row all-off all-off $all_off
