#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs `true` in the same bundle with wherry, crun and runc, in turns, and
# prints the time of one run, the peak memory of the command itself, the
# system calls of all processes, the container's included, and the smallest
# memory.limit in KiB with which five runs of five succeed:
#   bench.sh WHERRY [ROUNDS=50]
# Needs root.  A runtime that cannot run here is left out with its reason.
set -eu
wherry=$1 rounds=${2:-50}
tools=${TOOLS:-build/tools}
[ "$(id -u)" = 0 ] || { echo "bench: needs root" >&2; exit 1; }
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
# The state must not lie on a disk: fsync would be what is measured.
top=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$top"' EXIT

mkdir -p "$top/b/rootfs/bin"
cp "$(command -v busybox)" "$top/b/rootfs/bin/busybox"
ln -s busybox "$top/b/rootfs/bin/true"
mkdir "$top/b/rootfs/dev" "$top/b/rootfs/proc" "$top/b/rootfs/sys"
"$wherry" spec --bundle "$top/b"
tr -d '\n\t' <"$top/b/config.json" | sed '
	s/"ociVersion": *"[^"]*"/"ociVersion": "1.0.2"/
	s/"terminal": *true/"terminal": false/
	s/"args": *\[[^]]*\]/"args": ["true"]/' >"$top/config.json"
mv "$top/config.json" "$top/b/config.json"

now() { # microseconds
	echo $(($(date +%s%N) / 1000))
}

one() { # RUNTIME
	"$1" --root "$top/state-${1##*/}" run --bundle "$top/b" bench-$$ \
		</dev/null
}

able=
for r in "$wherry" crun runc; do
	if ! command -v "$r" >/dev/null; then
		echo "${r##*/}: not installed"
	elif one "$r" >"$top/out" 2>&1; then
		able="$able $r"
	else
		echo "${r##*/}: cannot run here: $(tail -n 1 "$top/out")"
		"$r" --root "$top/state-${r##*/}" delete --force bench-$$ \
			>/dev/null 2>&1 || :
	fi
done

# In turns, so that what else the machine does hits all of them.
i=0
while [ $i -lt "$rounds" ]; do
	i=$((i + 1))
	for r in $able; do
		from=$(now)
		one "$r"
		echo $(($(now) - from)) >>"$top/time-${r##*/}"
	done
done

limited() { # RUNTIME KIB: it works each time
	sed "s/\"resources\": *{/&\"memory\":{\"limit\":$(($2 * 1024))},/" \
		"$top/b/config.json" >"$top/l/config.json"
	for _ in 1 2 3 4 5; do
		"$1" --root "$top/s-${1##*/}" run --bundle "$top/l" bench-$$ \
			</dev/null >/dev/null 2>&1 && continue
		"$1" --root "$top/s-${1##*/}" delete --force bench-$$ \
			>/dev/null 2>&1 || :
		return 1
	done
}

smallest() { # RUNTIME
	low=0 high=16384
	limited "$1" $high || { echo -; return; }
	while [ $((high - low)) -gt 4 ]; do
		mid=$(((low + high) / 2))
		if limited "$1" $mid; then
			high=$mid
		else
			low=$mid
		fi
	done
	echo $high
}
mkdir "$top/l"
cp -r "$top/b/rootfs" "$top/l/rootfs"

printf '%-8s %10s %10s %10s %10s %10s\n' run "median us" "best us" "peak KiB" \
	calls "limit KiB"
for r in $able; do
	name=${r##*/}
	"$tools/maxrss" "$top/rss" "$r" --root "$top/s-$name" \
		run --bundle "$top/b" bench-$$ </dev/null
	strace -f -qq -o "$top/calls" "$r" --root "$top/s-$name" \
		run --bundle "$top/b" bench-$$ </dev/null
	sort -n "$top/time-$name" | awk -v name="$name" \
	    -v limit="$(smallest "$r")" \
	    -v rss="$(awk '{ print $NF }' "$top/rss")" \
	    -v calls="$(grep -vcE ' resumed>|^[0-9]+ +[+-]' "$top/calls")" '
		{ t[NR] = $1 }
		END { printf "%-8s %10d %10d %10d %10d %10s\n", name,
			t[int((NR + 1) / 2)], t[1], rss, calls, limit }'
done
