#!/bin/sh
# SPDX-License-Identifier: MIT
# shadow.sh -- images that nobody can write to and that lack what the config
# mounts on: the directory is stood in for, the image stays as it is.
. "${0%/*}/lib.sh"
c=$P-s

FEW=$PROC_MOUNT,$DEV_MOUNTS

image() { # NAME: $T/img/NAME and bundle NAME, whose root is to be read-only
	IMG=$T/img/$1
	mkdir -p "$IMG"
	mount -t tmpfs -o mode=0755 image "$IMG"
	rootfs "$IMG"
	rm "$IMG"/bin/holdexe "$IMG"/bin/thief "$IMG"/bin/tiocsti
	mkdir -p "$IMG/opt/full/sub" "$IMG/empty"
	echo text >"$IMG/opt/full/file"
	echo app >"$IMG/opt/app"
	ln -s full/file "$IMG/opt/link"
	ln -s /nowhere "$IMG/opt/dangling"
	ln -s opt "$IMG/by-link"
	mkfifo "$IMG/opt/fifo"
	chown -h 7:8 "$IMG/opt/link" "$IMG/opt"
	chmod 2755 "$IMG/opt"
	chmod 1777 "$IMG/tmp"
	mkdir -p "$T/b/$1/rootfs"
}

# As a bind that is read-only, or a file system that is (squashfs, erofs).
freeze() { # NAME HOW
	"$TOOLS/fp" "$IMG" >"$T/image.before"
	mount --bind "$IMG" "$T/b/$1/rootfs"
	if [ "$2" = bind ]; then
		mount -o remount,ro,bind "$T/b/$1/rootfs"
	else
		mount -o remount,ro "$IMG"
	fi
}

thaw() { # DESC NAME
	"$TOOLS/fp" "$IMG" >"$T/image.after"
	ok "guard: $1: the image is as it was" \
		cmp "$T/image.before" "$T/image.after"
	umount "$T/b/$2/rootfs" "$IMG"
}

echo data >"$T/data"
mkdir "$T/vol"
echo volume >"$T/vol/v"
binds=",{\"destination\":\"/opt/a/b/c\",\"type\":\"bind\",\"source\":\"$T/vol\",
	\"options\":[\"bind\"]},
	{\"destination\":\"/data\",\"type\":\"bind\",\"source\":\"$T/data\",
	\"options\":[\"bind\"]},
	{\"destination\":\"/opt/a/file\",\"type\":\"bind\",
	\"source\":\"$T/data\",
	\"options\":[\"bind\"]},
	{\"destination\":\"/by-link/full/new\",\"type\":\"tmpfs\",
	\"source\":\"tmpfs\"}"
look='cat /opt/a/b/c/v /data /opt/a/file /opt/link /opt/app
	readlink /opt/dangling; echo / $(ls /) . $(ls /opt) . $(ls /opt/full)
	stat -c "%a %u:%g %F" /opt; stat -c "%a %F" / /tmp /opt/fifo
	stat -c %u:%g /opt/link
	for f in /x /opt/x /opt/a/x /opt/full/x /opt/full/sub/x /bin/x; do
		touch $f 2>&1 | sed "s/.*: //"
	done
	touch /opt/a/b/c/w /opt/full/new/w /dev/w && echo writable
	rm /opt/a/b/c/w'
want="volume data data text app /nowhere / bin by-link data dev empty etc mnt \
opt proc sys tmp . a app dangling fifo full link . file new sub \
2755 7:8 directory 755 directory 1777 directory 644 fifo 7:8\
$(for _ in 1 2 3 4 5 6; do printf ' Read-only file system'; done) writable"

shows() { # DESC OPTION...: what the container sees
	desc=$1
	shift
	w run "$@" -b "$B" $c
	is "$desc" "$rc $(tr '\n' ' ' <"$T/out")" "0 $want " || note "$(err)"
}

image plain
for readonly in true false; do
	for how in bind fs; do
		freeze plain $how
		MOUNTS=$FEW MORE_MOUNTS=$binds READONLY=$readonly
		bundle plain sh -c "$look"
		shows "a read-only $how, root.readonly $readonly"
		thaw "a read-only $how, root.readonly $readonly" plain
		image plain
	done
done

freeze plain fs
MOUNTS=$FEW MORE_MOUNTS=$binds
bundle plain sh -c "$look"
shows "--no-pivot" --no-pivot
old=$WRAP
for mask in "ENOSYS -s mountapi" "EPERM -s mountapi" \
    "ENOSYS -s mount_setattr" "ENOSYS -s openat2,statx"; do
	WRAP="$TOOLS/nosys -e $mask"
	if [ -z "$old" ] && $WRAP true 2>/dev/null; then
		shows "without ${mask#* -s } (${mask%% *})"
	else
		skip "without ${mask#* -s }" "no filters here"
	fi
done
WRAP=$old
if unshare -U true 2>/dev/null; then
	MOUNTS=$FEW MORE_MOUNTS=$binds
	NAMESPACES="$NAMESPACES,{\"type\":\"user\"}"
	LINUX=',"uidMappings":[{"containerID":0,"hostID":0,"size":100}],
		"gidMappings":[{"containerID":0,"hostID":0,"size":100}]'
	bundle plain sh -c "$look"
	shows "a user namespace"
fi
thaw "all of these" plain

image squash
if mksquashfs "$IMG" "$T/squash.img" -quiet >/dev/null 2>&1 &&
    mount -t squashfs -o loop "$T/squash.img" "$T/b/squash/rootfs" \
	2>/dev/null; then
	sum=$(cksum <"$T/squash.img")
	MOUNTS=$FEW MORE_MOUNTS=$binds
	bundle squash sh -c "$look"
	shows "squashfs"
	umount "$T/b/squash/rootfs"
	is "guard: squashfs is as it was" "$(cksum <"$T/squash.img")" "$sum"
else
	skip "squashfs" "none here"
fi
umount "$IMG"

# --- how much, and what not ---------------------------------------------------

image many
mkdir "$IMG/many"
i=0
while [ $i -lt 1500 ]; do
	i=$((i + 1))
	: >"$IMG/many/$i"
done
freeze many fs
MOUNTS=$FEW
MORE_MOUNTS=',{"destination":"/many/here","type":"tmpfs","source":"tmpfs"}'
bundle many sh -c 'ls /many | wc -l; touch /many/here/x && echo there'
gives "a directory of 1500 files" "1501
there" run -b "$B" $c
thaw "many" many
image many
mkdir "$IMG/many"
(cd "$IMG/many" && i=0 && while [ $i -lt 4097 ]; do
	i=$((i + 1))
	: >$i
done)
freeze many fs
fails "a directory of 4097: an error" "more than 4096 entries" run -b "$B" $c
thaw "too many" many

image writable
rm -rf "$T/b/writable/rootfs"
mount --bind "$IMG" "$T/b/plain/rootfs"
MOUNTS=$FEW MORE_MOUNTS=$binds READONLY=true
bundle plain true
works "control: an image that can be written to" run -b "$B" $c
ok "gets the directories, as always" test -d "$IMG/opt/a/b/c" -a -f "$IMG/data"
umount "$T/b/plain/rootfs" "$IMG"

done_testing
