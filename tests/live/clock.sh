#!/bin/sh
# SPDX-License-Identifier: MIT
# clock.sh -- a board without a battery begins in 1970, and 32 bits of seconds
# end in 2038: containers work in 1970 and in 2049.  In guests only, as the last
# test: in 2049 a busybox with 32-bit times can't look at a file.
. "${0%/*}/lib.sh"
[ -n "${GUEST:-}" ] || skip_all "it sets the clock: in guests only"
c=$P-clock

# The kernel's clock can't be before it was booted.
read -r up _ </proc/uptime
bundle sleep
bundle one sh -c 'read x </proc/self/comm; echo "$x"; exit 3'
for when in $((${up%.*} + 1000)):1970-01-01 2500000000:2049-03-22; do
	day=${when#*:}
	ok "the clock: $day" "$TOOLS/clock" "${when%:*}"
	works "$day: create" create -b "$T/b/sleep" $c
	w state $c
	like "$day: created then" "$(field created)" "^${day}T"
	works "$day: start" start $c
	gives "$day: exec" "$day" exec $c echo "$day"
	works "$day: kill" kill $c KILL
	ok "$day: it stops" until_status $c stopped
	works "$day: delete" delete $c
	w run -b "$T/b/one" $c
	is "$day: run" "$rc: $(out)$(err)" "3: sh"
done
echo "1..$N"
exit $((BAD > 0))
