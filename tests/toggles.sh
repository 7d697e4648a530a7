#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds every set of features with gcc and clang, warnings being errors (TAP).
# Each set keeps its folder, so a second run builds only what changed.
top=${BUILD:-build}/sets
features="CGROUP_V1 CGROUP_V2 PTY HOOKS PIDFD USERNS CONF EXEC LSM"
all_off="SECCOMP=none"
for f in $features; do
	all_off="$all_off $f=n"
done
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL COMPILE
jobs=$(nproc 2>/dev/null || echo 1)
n=0 bad=0

# try NAME SETTING...
try() {
	name=$1
	shift
	for cc in musl-gcc clang; do
		command -v $cc >/dev/null || {
			n=$((n + 1))
			echo "ok $n - $cc $name # SKIP no $cc"
			continue
		}
		dir=$top/$cc-$name
		n=$((n + 1))
		if out=$(make -s -j"$jobs" BUILD="$dir" CC=$cc WERROR=y "$@" \
		    2>&1 >/dev/null) && [ -z "$out" ]; then
			echo "ok $n - $cc $name"
		else
			bad=1
			echo "not ok $n - $cc $name ($*)"
			printf '%s\n' "$out" | head -n 20 | sed 's/^/# /'
		fi
	done
}

try all-on
# shellcheck disable=SC2086
try all-off $all_off
for f in $features; do
	try "no-$f" "$f=n"
done
try SECCOMP-raw SECCOMP=raw
try SECCOMP-none SECCOMP=none
try no-PIE PIE=n
echo "1..$n"
exit $bad
