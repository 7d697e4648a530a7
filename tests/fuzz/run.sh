#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs every fuzzer in DIR for SECONDS; what it finds is kept in DIR:
#   run.sh DIR SECONDS
# tests/fuzz/NAME/ may hold inputs to start from.
dir=$1 seconds=$2 status=0
for f in tests/fuzz/f_*.c; do
	name=$(basename "$f" .c)
	seeds=tests/fuzz/$name
	[ -d "$seeds" ] || seeds=
	mkdir -p "$dir/corpus-$name"
	# shellcheck disable=SC2086
	if "$dir/$name" -max_total_time="$seconds" -timeout=10 \
	    -artifact_prefix="$dir/$name-" "$dir/corpus-$name" $seeds \
	    >"$dir/$name.log" 2>&1; then
		echo "$name: $(grep -E '^Done' "$dir/$name.log")"
	else
		echo "$name: FOUND SOMETHING, see $dir/$name.log"
		tail -n 25 "$dir/$name.log"
		status=1
	fi
done
exit $status
