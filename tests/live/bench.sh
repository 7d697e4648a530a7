#!/bin/sh
# SPDX-License-Identifier: MIT
# bench.sh -- that `make bench` works, with few rounds and without other
# runtimes: every row is there, nothing failed, nothing is left.
. "${0%/*}/lib.sh"
[ -x "${TOOLS%/*}/bench/turns" ] || skip_all "no ${TOOLS%/*}/bench/turns"
[ -z "$WRAP" ] || skip_all "the floor has no fallbacks"
command -v jq >/dev/null || skip_all "jq is not installed"
mountpoint -q /sys/fs/cgroup/memory || skip_all "no v1 hierarchies"

before=$(find /sys/fs/cgroup -type d -name 'bench[0-9]*' | sort)
ok "bench" env -u T -u P QUICK=1 RUNTIMES= \
	sh "$LIVE/../bench.sh" "$WHERRY" "$T/data"
is "no cgroup is left" "$before" \
	"$(find /sys/fs/cgroup -type d -name 'bench[0-9]*' | sort)"
is "nothing failed" "$(grep ' failed [1-9]' "$T/data" |
	grep -v '^count-\|^mounts-.* wherry failed')" ""

ok "JSON" sh -c 'sh "$0" -j "$1" >"$2"' "$LIVE/../bench/report.sh" "$T/data" \
	"$T/json"
rows="run run-idle life life-idle list-1 list-3 state exec annotations mounts
	parallel alive-8-create alive-8-state mounts-8"
for row in $rows; do
	is "$row: ratio of the floor to itself" \
		"$(jq -r ".\"$row\".floor.ratio" "$T/json")" 1
	ok "$row: wherry has one" \
		jq -e ".\"$row\".wherry.ratio > 0" "$T/json"
done
is "the floor makes what wherry makes: mounts" \
	"$(jq '."count-run".floor.mounts' "$T/json")" \
	"$(jq '."count-run".wherry.mounts' "$T/json")"
ok "... and asks for less" jq -e '."count-run" |
	.floor.calls < .wherry.calls' "$T/json"
ok "PSS of a waiting init" jq -e '.waiting.wherry.pss > 0' "$T/json"

printf 'before\n<!-- bench -->\nold\n<!-- end -->\nbehind\n' >"$T/doc"
ok "tables" sh "$LIVE/../bench/report.sh" "$T/data" "$T/doc"
is "the document around them stays" \
	"$(sed -n '1,2p' "$T/doc"; tail -n 2 "$T/doc"; grep -c old "$T/doc")" \
	"$(printf 'before\n<!-- bench -->\n<!-- end -->\nbehind\n0')"
like "they have the targets" "$(cat "$T/doc")" \
	'^\| run true, back to back \| <= 1\.1x \| [0-9.]+x [(]CPU [0-9.]+x[)]'

done_testing
