#!/bin/sh
# SPDX-License-Identifier: MIT
# t14.sh -- sec T14 (CVE-2020-15257): a container in the host's network
# namespace finds no abstract socket of ours, which no permission would guard.
# "The host" is a network namespace of the test's own: others have sockets too.
if [ -z "${IN_NET:-}" ]; then
	exe=$(readlink /proc/$$/exe)
	case $exe in */busybox) exe="$exe sh" ;; esac
	IN_NET=1
	export IN_NET
	unshare -n true || { echo "1..0 # SKIP no unshare -n"; exit; }
	exec unshare -n $exe "$0"
fi
. "${0%/*}/lib.sh"
c=$P-14

sockets() {
	awk '$8 ~ /^@/ { print $8 }' /proc/net/unix | sort -u
}
new() {
	sockets | while read -r name; do
		grep -qxF -e "$name" "$T/before" || printf '%s ' "$name"
	done
}
NAMESPACES='{"type":"pid"},{"type":"ipc"},{"type":"uts"},{"type":"mount"}'
MOUNTS="$PROC_MOUNT,$DEV_MOUNTS"
bundle host sh -c 'cat /proc/net/unix >/dev/null; sleep 1000'
sockets >"$T/before"
ok "control: create on the host's network" w create -b "$B" $c
is "guard: while it waits: no abstract socket" "$(new)" ""
ok "control: start" w start $c
is "guard: while it runs: none" "$(new)" ""
if "$WHERRY" help | grep -q '^ *exec '; then
	w exec -d $c sleep 5
	is "guard: with exec: none" "$(new)" ""
fi
w delete -f $c

done_testing
