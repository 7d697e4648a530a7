#!/bin/sh
# SPDX-License-Identifier: MIT
# t20.sh -- sec T20: an image's passwd is read in bounded time and memory,
# whatever it is, by run and by exec.
# What one command does to the host's mounts must not meet the next (red.sh).
HOST_PROPAGATION=rprivate
. "${0%/*}/lib.sh"
c=$P-20

try() { # DESC: of the passwd at $R/etc/passwd
	# the unsafe binary waits for ever
	"$TOOLS/limit" 8 "$WHERRY" --root "$STATE" run -b "$B" $c-r \
		>"$T/out" 2>"$T/err" </dev/null
	is "guard: run, $1" "$? $(out)" "0 ${2:-/}"
	"$TOOLS/limit" 8 "$WHERRY" --root "$STATE" exec $c \
		sh -c 'echo $HOME' >"$T/out" 2>"$T/err" </dev/null
	is "guard: exec, $1" "$? $(out)" "0 ${2:-/}"
	w delete -f $c-r
}

bundle sleep
box=$R
works "control: a container" run -d -b "$B" $c
bundle home sh -c 'echo $HOME'
rm -rf "$R/etc"
mkdir "$R/etc"
swap() { # puts the file $1 into both roots
	for root in "$R" "$box"; do
		rm -f "$root/etc/passwd"
		"$@" "$root/etc/passwd"
	done
}
sparse() {
	truncate -s 4294967296 "$1" 2>/dev/null ||
		dd if=/dev/zero of="$1" bs=1 count=1 seek=4294967295 2>/dev/null
}
lines() {
	awk 'BEGIN { for (i = 0; i < 200000; i++)
		print "user" i ":x:" i + 1000 ":0::/home/" i ":/bin/sh" }' \
		>"$1"
}
good() {
	echo 'root:x:0:0::/root:/bin/sh' >"$1"
}
zero() {
	mknod "$1" c 1 5
}
swap good
try "control: a passwd" /root
swap mkfifo
try "a FIFO"
swap sparse
try "4 GiB of nothing"
swap zero
try "/dev/zero"
swap lines
try "200000 lines"
swap mkdir
try "a directory"
for root in "$R" "$box"; do
	rmdir "$root/etc/passwd"
done

if [ -x "$TOOLS/maxrss" ]; then
	swap sparse
	"$TOOLS/limit" 8 "$TOOLS/maxrss" "$T/rss" "$WHERRY" --root "$STATE" \
		exec $c true >"$T/out" 2>"$T/err" </dev/null
	rss=$(cut -d' ' -f1 "$T/rss")
	ok "guard: exec takes less than 8 MiB" test "$rss" -lt 8192
	note "$rss KiB"
fi
w delete -f $c

done_testing
