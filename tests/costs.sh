#!/bin/sh
# SPDX-License-Identifier: MIT
# What the commands of a runtime cost, by tests/tools/cost.c, as lines "COMMAND
# KEY VALUE":
#   costs.sh ROUNDS ID TRUE SLEEP RUNTIME [GLOBAL OPTION...]
# TRUE and SLEEP are bundles that run `true` and `sleep`.  What depends on who
# comes first, such as a wait that finds nothing yet, makes some rounds longer:
# the least of them is what the runtime asks for.  Of the calls by number those
# of the last round are printed.
set -u
rounds=$1 id=$2 true=$3 sleep=$4
shift 4
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

cost() { # COMMAND PROGRAM ARG...
	name=$1 program=$2
	shift 2
	if ! "$TOOLS/limit" 60 "$TOOLS/cost" "$tmp/cost" "$program" "$@" \
	    >"$tmp/out" 2>&1 </dev/null; then
		echo "costs: $name: $(tail -n 1 "$tmp/out")" >&2
		return 1
	fi
	grep -v '^call ' "$tmp/cost" | sed "s/^/$name /" >>"$tmp/all"
	grep '^call ' "$tmp/cost" | sed "s/^/$name /" >"$tmp/calls.$name"
}

round() { # RUNTIME [OPTION...]
	cost run true "$@" run --bundle "$true" "$id" || return 1
	cost create sleep "$@" create --bundle "$sleep" "$id" || return 1
	cost state - "$@" state "$id" && cost list - "$@" list &&
		cost exec true "$@" exec "$id" true &&
		cost start - "$@" start "$id"
	r=$?
	pid=$("$@" state "$id" | sed -n 's/.*"pid" *: *\([0-9]*\).*/\1/p')
	"$@" kill "$id" KILL
	# not just stopped, but reaped: else its cgroups may still be busy
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ -d "/proc/$pid" ] || break
		sleep 0.2
	done
	cost delete - "$@" delete "$id" && return $r
	"$@" delete --force "$id"
	return 1
}

i=0
while [ $i -lt "$rounds" ]; do
	i=$((i + 1))
	round "$@" || exit 1
done
awk '{ k = $1 " " $2 }
	!(k in least) || $3 < least[k] { least[k] = $3 }
	END { for (k in least) print k, least[k] }' "$tmp/all" | sort
cat "$tmp"/calls.*
