#!/bin/sh
# SPDX-License-Identifier: MIT
# shadow-race.sh -- while a directory of a read-only image is stood in for,
# somebody exchanges it with a link to one of the host: neither gets anything of
# the other's.
. "${0%/*}/lib.sh"
c=$P-sr

IMG=$T/img
mkdir "$IMG" "$CAN/in"
for i in 1 2 3 4 5 6 7 8; do
	echo secret >"$CAN/in/$i"
done
leaks >"$T/leak.before"
mount -t tmpfs -o mode=0755 image "$IMG"
rootfs "$IMG"
mkdir -p "$IMG/opt/in"
for i in 1 2 3 4 5 6 7 8; do
	echo own >"$IMG/opt/in/$i"
done
ln -s "$CAN" "$IMG/evil"
mkdir -p "$T/b/race/rootfs"
mount --bind "$IMG" "$T/b/race/rootfs"
mount -o remount,ro,bind "$T/b/race/rootfs"
# what mount.c of the unsafe binary does to a common /dev is not of interest
MOUNTS=$PROC_MOUNT,$(echo "$DEV_MOUNTS" | sed s/65536k/1m/)
MORE_MOUNTS=',{"destination":"/opt/in/here","type":"tmpfs","source":"tmpfs",
	"options":["mode=700"]}'
bundle race sh -c 'cat /opt/in/? /evil/in/? 2>/dev/null'

WRAP="$BUSYBOX unshare -m $WRAP"        # what is let out ends there
"$TOOLS/swap" "$IMG/opt" "$IMG/evil" &
swap=$!
runs() { # NAME
	i=0 own=0 secret=0
	while [ $i -lt 10 ]; do
		i=$((i + 1))
		w run -b "$B" $c
		! grep -q own "$T/out" || own=$((own + 1))
		! grep -q secret "$T/out" || secret=$((secret + 1))
	done
	ok "control: $1: $own of 10 saw the image's files" test $own -gt 0
	is "guard: $1: none saw the host's" "$secret" 0
}
runs "a directory of the host"
canary_same "guard: the host is as it was"
mount --bind "$CAN" "$CAN"
mount -o remount,ro,bind "$CAN"
runs "one that is read-only too"
umount "$CAN"
kill $swap
wait $swap 2>/dev/null
umount "$T/b/race/rootfs" "$IMG"

done_testing
