#!/bin/sh
# SPDX-License-Identifier: MIT
# The stripped size of build/wherry, and what each feature adds to it.
top=${BUILD:-build}/sets
features="CGROUP_V1 CGROUP_V2 PTY HOOKS PIDFD USERNS CONF EXEC LSM"
all_off="SECCOMP=none"
for f in $features; do
	all_off="$all_off $f=n"
done
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
jobs=$(nproc 2>/dev/null || echo 1)

# size NAME SETTING... -> bytes
size() {
	dir=$top/${CC:-musl-gcc}-$1
	shift
	make -s -j"$jobs" BUILD="$dir" CC="${CC:-musl-gcc}" WERROR=y "$@" \
		>/dev/null || exit 1
	wc -c <"$dir/wherry"
}

row() {
	printf '%-16s %8d %+8d\n' "$1" "$2" $(($2 - all))
}

all=$(size all-on) || exit 1
printf '%-16s %8s %8s\n' set bytes change
row all-on "$all"
for f in $features; do
	bytes=$(size "no-$f" "$f=n") || exit 1
	row "$f=n" "$bytes"
done
for s in raw none; do
	bytes=$(size SECCOMP-$s SECCOMP=$s) || exit 1
	row SECCOMP=$s "$bytes"
done
bytes=$(size no-PIE PIE=n) || exit 1
row PIE=n "$bytes"
# shellcheck disable=SC2086
bytes=$(size all-off $all_off) || exit 1
row all-off "$bytes"
