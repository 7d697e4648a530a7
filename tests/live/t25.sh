#!/bin/sh
# SPDX-License-Identifier: MIT
# t25.sh -- sec T25 (CVE-2025-31133, CVE-2025-62161): what hides a masked file
# is the null device, whatever the image has at /dev/null and whoever swaps it.
HOST_PROPAGATION=rprivate
. "${0%/*}/lib.sh"
c=$P-25
rounds=600
[ -z "$QUICK" ] || rounds=60

secret=/etc/secret
# A file of the host that only such a hole lets write, and that does no harm.
# It is the whole machine's: what another run of this test does to it beside us
# (red.sh, masked.sh) is told from ours by the number.
victim=/proc/sys/kernel/printk_ratelimit_burst
mark=$((1000000000 + $$))
mkdir -p "$T/dev" "$T/dev/pts" "$T/dev/shm"
value=$(cat $victim)

# A container with the host's directory $T/dev as /dev: what a masked file
# reads, and whether it can be written through.
try() { # DESC
	MOUNTS=$PROC_MOUNT',{"destination":"/dev","source":"'$T/dev'",
		"options":["bind"]}'
	PATHS='"maskedPaths":["'$secret'","/proc/keys","/etc/hidden"],'
	CAPS=$ALL_CAPS AMBIENT= READONLY=false
	bundle null sh -c "cat $secret /proc/keys; ls -A /etc/hidden
		echo $mark >$secret; stat -c '%F %t:%T' $secret"
	echo secret >"$R$secret"
	mkdir -p "$R/etc/hidden"
	touch "$R/etc/hidden/f"
	w run -b "$B" $c
}
victim_same() {
	now=$(cat $victim)
	[ "$now" != $mark ] || echo "$value" >$victim
	is "guard: ... and the host's sysctl is the same" \
		"$([ "$now" = $mark ] && echo written || echo same)" same
}
check() {
	try
	if [ $rc = 0 ]; then
		is "guard: /dev/null is $1: masked all the same" "$(out)" \
			"character special file 1:3"
	else
		like "guard: /dev/null is $1: refused" "$(err)" "null"
	fi
	victim_same
	canary_same "guard: ... and the canary"
	rm -f "$T/dev/null"
}
mknod "$T/dev/null" c 1 3
check "the null device"
ln -s $victim "$T/dev/null"
check "a link to a sysctl"
ln -s "$CAN/f" "$T/dev/null"
check "a link to the canary"
check "not there"
echo "a regular file" >"$T/dev/null"
check "a regular file"
mknod "$T/dev/null" c 1 5
check "the zero device"
mkfifo "$T/dev/null"
check "a FIFO"

# As a racer has it.
mknod "$T/dev/null" c 1 3
ln -s "$secret-other" "$T/dev/link"
echo other >"$R$secret-other"
"$TOOLS/swap" "$T/dev/null" "$T/dev/link" &
racer=$!
n=0 wrong=0
while [ $n -lt $rounds ] && [ $wrong = 0 ]; do
	n=$((n + 1))
	try
	if [ $rc != 1 ] && [ "$(out)" != "character special file 1:3" ]; then
		wrong=1
		note "status $rc: $(out) $(err)"
	fi
done
kill $racer
wait $racer 2>/dev/null
is "guard: swapped, $n times: masked or refused" $wrong 0
victim_same

done_testing
