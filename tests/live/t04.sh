#!/bin/sh
# SPDX-License-Identifier: MIT
# t04.sh -- sec T04 (CVE-2016-3697): a number is a number, also where the
# image's passwd has it as a name.
# What one command does to the host's mounts must not meet the next (red.sh).
HOST_PROPAGATION=rprivate
. "${0%/*}/lib.sh"
c=$P-4

bundle sleep
printf '1000:x:0:0::/:/bin/sh\n1001:x:0:0::/root:/bin/sh\n' >"$R/etc/passwd"
printf '1000:x:0:\n' >"$R/etc/group"
works "control: a container" run -d -b "$B" $c
gives "control: exec" 0 exec $c sh -c 'id -u'
for user in 1000:1000 1001:1000; do
	w exec -u $user $c sh -c 'grep -E "^(Uid|Gid):" /proc/self/status'
	is "guard: --user $user, uid" "$(awk '/^Uid/ { print $2 $3 $4 $5 }' \
		"$T/out")" "${user%:*}${user%:*}${user%:*}${user%:*}"
	is "guard: --user $user, gid" "$(awk '/^Gid/ { print $2 $3 $4 $5 }' \
		"$T/out")" "${user#*:}${user#*:}${user#*:}${user#*:}"
done
w exec -u 1000 $c sh -c 'grep ^Uid /proc/self/status'
is "guard: --user 1000" "$(awk '{ print $2 }' "$T/out")" 1000
fails "guard: a name is refused" 'numbers' exec -u root $c true
w delete -f $c

done_testing
