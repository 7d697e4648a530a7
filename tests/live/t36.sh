#!/bin/sh
# SPDX-License-Identifier: MIT
# t36.sh -- sec T36: no mount of a container shows on the host, however the
# host's mounts propagate.
. "${0%/*}/lib.sh"
c=$P-36
mounts=200
[ -z "$QUICK" ] || mounts=20

host() {
	cut -d' ' -f5- /proc/self/mountinfo | sort
}

many=
n=0
while [ $n -lt $mounts ]; do
	many="$many,{\"destination\":\"/mnt/m$n\",\"type\":\"tmpfs\",
		\"source\":\"many\"}"
	n=$((n + 1))
done
mkdir "$T/vol"

for parent in shared private slave; do
	mkdir "$T/$parent"
	mount -t tmpfs "$parent" "$T/$parent"
	mount --make-shared "$T/$parent"
	mount "--make-$parent" "$T/$parent"
	for prop in shared slave private unset; do
		LINUX=',"rootfsPropagation":"'$prop'"'
		[ $prop != unset ] || LINUX=
		MORE_MOUNTS=$many',{"destination":"/vol","source":"'$T/vol'",
			"options":["rbind"]}'
		CAPS=$ALL_CAPS AMBIENT= READONLY=false NNP=false
		bundle image sh -c 'mount -t tmpfs inside /mnt &&
			mount -t tmpfs inside /vol
			while :; do sleep 1; done'
		# The image moves below the mount whose propagation is tried.
		mkdir -p "$T/$parent/b"
		[ -d "$T/$parent/b/rootfs" ] || rootfs "$T/$parent/b/rootfs"
		cp "$B/config.json" "$T/$parent/b/config.json"
		host >"$T/before"
		w create -b "$T/$parent/b" $c ||
			fail "control: $parent, $prop: create: $(err)"
		host | diff "$T/before" - >"$T/leaked"
		is "guard: $parent, $prop: created: nothing shows" \
			"$(head -2 "$T/leaked")" ""
		w start $c || fail "control: $parent, $prop: start: $(err)"
		inside="/proc/$(pid_of $c)/mountinfo"
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			[ "$(grep -c ' - tmpfs inside ' "$inside")" = 2 ] &&
				break
			sleep 0.1
		done
		is "control: $parent, $prop: it mounted inside" \
			"$(grep -c ' - tmpfs inside ' "$inside")" 2
		host | diff "$T/before" - >"$T/leaked"
		is "guard: $parent, $prop: running: nothing shows" \
			"$(head -2 "$T/leaked")" ""
		w delete -f $c
		host | diff "$T/before" - >"$T/leaked"
		is "guard: $parent, $prop: deleted: nothing shows" \
			"$(head -2 "$T/leaked")" ""
	done
	umount -l "$T/$parent"
done

done_testing
