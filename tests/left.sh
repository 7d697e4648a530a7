#!/bin/sh
# SPDX-License-Identifier: MIT
# left.sh -- after all tests: no cgroup of a live test or of the OCI suite is
# left in any hierarchy, and no process of theirs.  Their names have the number
# of the process that made them; one that lives is another run's.
#   left.sh [FILE]    what is older than FILE does not count
n=0 bad=0
say() { # WHAT LEFT
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - no $1 is left"
	else
		bad=$((bad + 1))
		echo "not ok $n - no $1 is left"
		echo "$2" | head -n 20 | sed 's/^/# /'
	fi
}

ended() { # NAME: the process of wtNUMBER or suiteNUMBER in it is gone
	number=$(echo "$1" | sed 's/.*\(wt\|suite\)\([0-9][0-9]*\).*/\2/')
	[ ! -d "/proc/$number" ]
}

cgroups=$(find /sys/fs/cgroup -mindepth 1 -type d \
	\( -name '*wt[0-9]*' -o -name 'suite[0-9]*' \) \
	${1:+-newer "$1"} 2>/dev/null |
	while read -r d; do
		! ended "${d##*/}" || echo "$d"
	done)
say cgroup "$cgroups"

# Seconds since 1970 at which a process began.
boot=$(sed -n 's/^btime //p' /proc/stat)
began() { # /proc/NUMBER
	sed 's/.*) //' "$1/stat" 2>/dev/null | awk -v boot="$boot" \
		-v hz="$(getconf CLK_TCK 2>/dev/null || echo 100)" \
		'{ print boot + int($20 / hz) }'
}
since=0
# both clocks are cut to seconds
[ -z "${1-}" ] || since=$(($(stat -c %Y "$1") - 2))

# A program of a container has WHERRY_TEST, what the tests themselves run in
# the background has their P and TOOLS.
processes=$(grep -l 'WHERRY_TEST=wt[0-9]\|P=wt[0-9]' /proc/[0-9]*/environ \
	    2>/dev/null |
	while read -r f; do
		mark=$({ tr '\0' '\n' <"$f"; } 2>/dev/null |
			awk -F = -v top="$PWD/" '
			/^WHERRY_TEST=wt/ { mark = $2; ours = 1; exit }
			/^P=wt/ { mark = $2 }
			/^TOOLS=/ && index($2, top) == 1 { ours = 1 }
			END { if (ours) print mark }')
		if [ -z "$mark" ] || ! ended "$mark"; then
			continue
		fi
		p=${f%/environ} from=$(began "${f%/environ}")
		[ -z "$from" ] || [ "$from" -lt "$since" ] ||
			echo "$p $mark: $(tr '\0' ' ' <"$p/cmdline")"
	done)
say process "$processes"
echo "1..$n"
exit $((bad > 0))
