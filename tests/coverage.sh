#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the unit tests of a build with --coverage and prints the share of lines
# that each file of src/ and compat/ had run:
#   coverage.sh BUILD_DIR
build=$1
find "$build" -name '*.gcda' -exec rm -f {} +
for t in "$build"/unit/t_*; do
	"$t" >/dev/null 2>&1 </dev/null
done
for o in "$build"/obj/src/*.o "$build"/obj/compat/*.o; do
	(cd "$(dirname "$o")" && gcov -n "$(basename "$o")" 2>/dev/null)
done | awk -F"'" '
	/^File/ { file = $2 }
	/^Lines executed:/ && file ~ /(^|\/)(src|compat)\/[^\/]*\.c$/ {
		split($0, part, /[:% ]+/)
		sub(/.*\/(src|compat)\//, "", file)
		printf "%-20s %6.1f %% of %d\n", file, part[3], part[5]
		hit += part[3] * part[5] / 100
		all += part[5]
		file = ""
	}
	END {
		if (all)
			printf "%-20s %6.1f %% of %d\n", "all",
			    100 * hit / all, all
	}'
