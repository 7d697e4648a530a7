#!/bin/sh
# SPDX-License-Identifier: MIT
# rdt.sh -- linux.intelRdt: refused by name where the host has no resctrl; on
# one that has, a group that is made, entered by init and exec, and removed.
. "${0%/*}/lib.sh"
c=$P-rdt
rdt() { # JSON
	LINUX=",\"intelRdt\":{$1}"
	bundle rdt
}
dir=$(awk '$0 ~ / - resctrl / { print $5; exit }' /proc/self/mountinfo)

if [ -z "$dir" ]; then
	for one in '' '"closID":"/"' '"closID":"web","schemata":["L3:0=f"]' \
	    '"enableMonitoring":true'; do
		rdt "$one"
		fails "no resctrl: {$one}" \
			'linux.intelRdt: no resctrl .*CONFIG_X86_CPU_RESCTRL' \
			create -b "$B" $c
		ok "guard: {$one}: nothing is left" same_as_before
		fails "guard: {$one}: no container is left" 'does not exist' \
			state $c
	done
	skip "a group of its own" "no resctrl on this host"
	done_testing
fi

rdt ''
works "create" create -b "$B" $c
works "state" state $c
is "init is in the group" "$(cat "$dir/$c/tasks")" "$(field pid)"
works "start" start $c
works "exec" exec -d --pid-file "$T/pid" $c sleep 1000
like "so is what exec runs" "$(tr '\n' ' ' <"$dir/$c/tasks")" \
	"(^| )$(cat "$T/pid") "
works "delete" delete -f $c
ok "guard: the group is gone" test ! -e "$dir/$c"
rdt '"closID":"'$c'-not"'
fails "a group that has to be there" "group $c-not: open" create -b "$B" $c
ok "guard: it was not made" test ! -e "$dir/$c-not"
done_testing
