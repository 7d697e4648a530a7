#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes tables (Markdown) or JSON of what tests/bench.sh has measured:
#   report.sh DATA             tables
#   report.sh -j DATA          JSON
#   report.sh DATA FILE        puts the tables into FILE, between the lines
#                              "<!-- bench -->" and "<!-- end -->"
set -eu
here=${0%/*}
if [ "$1" = -j ]; then
	jq -Rn 'reduce (inputs | split(" ")) as $l ({};
		setpath($l[:3]; $l[3] | tonumber? // $l[3]))' "$2"
	exit
fi
calls=$here/../../src/calls/list
if [ $# = 1 ]; then
	awk -f "$here/report.awk" "$calls" "$1"
	exit
fi
new=$(mktemp)
trap 'rm -f "$new"' EXIT
sed '/^<!-- bench -->$/q' "$2" >"$new"
awk -f "$here/report.awk" "$calls" "$1" >>"$new"
sed -n '/^<!-- end -->$/,$p' "$2" >>"$new"
cat "$new" >"$2"
