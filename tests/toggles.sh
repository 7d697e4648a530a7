#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds every set of features with gcc and clang, warnings being errors, and
# has each run a container that needs none of them (TAP).
. "${0%/*}/sets.sh"
n=0 bad=0
T=$(mktemp -d) P=wt$$
: "${TOOLS:=build/tools}"
BUSYBOX=$(command -v busybox)
trap 'rm -rf "$T"' EXIT
. "${0%/*}/live/bundle.sh"
bundle plain true

runs() { # WHERRY
	[ "$(id -u)" != 0 ] || [ -z "$BUSYBOX" ] ||
		"$1" --root "$T/state" --cgroup-manager disabled \
			run --bundle "$B" $P-run 2>&1 </dev/null
}

# What the build of NAME printed is on stdin; any word is a failure.
result() { # NAME
	n=$((n + 1))
	text=$(cat)
	if [ -z "$text" ] && [ -x "$sets/$1/wherry" ] &&
	    text=$(runs "$sets/$1/wherry"); then
		echo "ok $n - $1"
	else
		bad=1
		echo "not ok $n - $1"
		printf '%s\n' "$text" | head -n 20 | sed 's/^/# /'
	fi
}

out=$T/built
for cc in musl-gcc clang; do
	if ! command -v $cc >/dev/null; then
		n=$((n + 1))
		echo "ok $n - $cc # SKIP not installed"
		continue
	fi
	set_base $cc >"$out"
	result $cc-base <"$out"
	[ -x "$dir/wherry" ] || continue
	for f in $features; do
		set_other $cc "no-$f" "$f=n" >"$out"
		result "$cc-no-$f" <"$out"
	done
	for s in raw none; do
		set_other $cc SECCOMP-$s SECCOMP=$s >"$out"
		result $cc-SECCOMP-$s <"$out"
	done
	# shellcheck disable=SC2086
	set_other $cc all-off $all_off >"$out"
	result $cc-all-off <"$out"
done
echo "1..$n"
exit $bad
