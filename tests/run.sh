#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs TAP programs, PARALLEL at a time (two for each core: most of them wait
# most of the time), and sums them up:
#   run.sh @GROUP[:SECONDS] COMMAND... [@GROUP COMMAND...] [-- @GROUP ...]
# A COMMAND is one argument, run by sh -c.  What stands behind -- begins when
# all before it has ended.  A program that dies, prints no plan or runs another
# number of tests than planned counts as one more failure.  The last line is
# "N passed, N failed, N skipped"; the status is 1 on a failure.
LC_ALL=C
export LC_ALL
logs=${LOGS:-build/log}
sum=$logs/summary
: "${PARALLEL:=$(($(nproc 2>/dev/null || echo 1) * 2))}"

# Runs one program; the verdict comes in one piece, and its counts go to $sum.
one() { # GROUP SECONDS COMMAND
	name=${3#sh }
	name=${name%% *}
	name=$1/$(basename "$name" .sh)
	log=$logs/$(echo "$name" | tr / -).log
	from=$(date +%s)
	timeout -k 5 "$2" sh -c "$3" >"$log" 2>&1 </dev/null
	awk -v status=$? -v name="$name" -v limit="$2" -v sum="$sum" \
	    -v seconds=$(($(date +%s) - from)) '
	function bad(text) { out = out "    " text "\n"; fail++ }
	/^1\.\.[0-9]+/ {
		plans++
		plan = substr($1, 4) + 0
		if (plan == 0) {
			why = $0
			sub(/^[^#]*#? *(SKIP|skip)?[: ]*/, "", why)
			reason[why ? why : "no reason given"]++
			skip++
		}
		next
	}
	/^(not )?ok([ \t]|$)/ {
		run++
		diag = 0
		if (/# *(SKIP|skip)/) {
			why = $0
			sub(/.*# *(SKIP|skip)[a-z]*[: ]*/, "", why)
			reason[why ? why : "no reason given"]++
			skip++
		} else if (/^not/) {
			bad($0)
			named = diag = 1
		} else
			pass++
		next
	}
	/^Bail out!/ { bad($0); next }
	diag { out = out "      " $0 "\n" }
	{ tail[NR % 8] = $0; last = NR }
	END {
		if (status == 124)
			bad("no end after " limit " s")
		else if (!plans)
			bad("no plan, exit status " status)
		else if (plans > 1)
			bad(plans " plans")
		else if (plan != run + 0)
			bad("planned " plan ", ran " run + 0 \
			    ", exit status " status)
		else if (status && !fail)
			bad("exit status " status)
		if (fail && !named)
			for (i = last - 7; i <= last; i++)
				if (i > 0 && i % 8 in tail)
					out = out "      | " tail[i % 8] "\n"
		printf "%-28s %4d passed", name, pass
		if (fail)
			printf ", %d failed", fail
		if (skip)
			printf ", %d skipped", skip
		print (seconds < 5 ? "" : " (" seconds " s)")
		for (why in reason)
			printf "    skip: %s (%d)\n", why, reason[why]
		printf "%s", out
		print pass + 0, fail + 0, skip + 0 >>sum
	}' "$log" >"$log.sum"
	cat "$log.sum"
	rm "$log.sum"
}

if [ "${1-}" = -1 ]; then
	shift
	one "$@"
	exit 0
fi

# The programs up to -- as GROUP, SECONDS and COMMAND, each ended by a NUL.
list() {
	group=tests limit=120
	for arg; do
		case $arg in
		--) return ;;
		@*:*)
			group=${arg#@} limit=${arg##*:} group=${group%%:*} ;;
		@*)
			group=${arg#@} limit=120 ;;
		*)
			printf '%s\0' "$group" "$limit" "$arg" ;;
		esac
	done
}

mkdir -p "$logs" || exit 1
rm -f "$logs/result"
: >"$sum"
while [ $# -gt 0 ]; do
	list "$@" | xargs -0 -r -n 3 -P "$PARALLEL" sh "$0" -1
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		shift
	done
	[ $# = 0 ] || shift
done

awk '{ p += $1; f += $2; s += $3 }
	END {
		if (!NR) f++
		printf "%d passed, %d failed, %d skipped\n", p, f, s
		exit f > 0
	}' "$sum" >"$logs/result"
status=$?
cat "$logs/result"
exit $status
