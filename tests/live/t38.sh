#!/bin/sh
# SPDX-License-Identifier: MIT
# t38.sh -- flags of the host's mounts in a user namespace, whose root is given
# CAP_SYS_ADMIN: behind directories that it can't enter it must not get mounts
# that it can make writable.
. "${0%/*}/lib.sh"
c=$P-38
user_ns() {
	NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"ipc"},
		{"type":"uts"},{"type":"network"},{"type":"user"}'
	LINUX=',"uidMappings":[{"containerID":0,"hostID":100000,"size":60000}],
		"gidMappings":[{"containerID":0,"hostID":100000,"size":60000}]'
	CAPS=$ALL_CAPS AMBIENT= READONLY=false
	MOUNTS=$PROC_MOUNT,$DEV_MOUNTS
}
maps=',"uidMappings":[{"containerID":0,"hostID":100000,"size":10}],
	"gidMappings":[{"containerID":0,"hostID":100000,"size":10}]'

mkdir -p "$T/closed/vol"
mount -t tmpfs vol "$T/closed/vol"
mkdir -m 777 "$T/closed/vol/sub"
echo text >"$T/closed/vol/sub/f"
ln -s "$T/closed/vol/sub" "$T/closed/vol/link"
mount --bind "$T/closed/vol/sub" "$T/closed/vol/sub"
mount -o remount,bind,ro,nosuid,nodev,noexec "$T/closed/vol/sub"
chown 7:7 "$T/closed"
chmod 700 "$T/closed"

owned() { # -- the image is the container's
	chown -R 100000:100000 "$R/mnt" "$R/proc" "$R/dev" "$R/sys" "$R"
}
# SOURCE MEMBERS of the mount: what root inside makes of it; or the error.
attempt() {
	MORE_MOUNTS=',{"destination":"/mnt","source":"'$1'",'$2'}'
	user_ns
	bundle vol sh -c 'cat /mnt/f
		mount -o remount,bind,rw,suid,dev,exec /mnt
		touch /mnt/new && echo wrote
		awk "\$5 == \"/mnt\" { print substr(\$6, 1, 22) }" \
			/proc/self/mountinfo'
	owned
	w run -b "$B" $c
	out | tr '\n' ' '
	grep -o "mounts\[.*" "$T/err"
}
kept='text ro,nosuid,nodev,noexec '
vol=$T/closed/vol

for without in '' open_tree openat2; do
	outer=$WRAP
	[ -z "$without" ] || {
		WRAP="${WRAP:+$WRAP }$TOOLS/nosys -e ENOSYS -s $without"
		without=" without $without"
	}
	is "guard: bind$without" \
		"$(attempt "$vol/sub" '"options":["bind"]')" "$kept"
	is "guard: rbind$without" \
		"$(attempt "$vol/sub" '"options":["rbind"]')" "$kept"
	is "guard: by a link$without" \
		"$(attempt "$vol/link" '"options":["bind"]')" "$kept"
	like "a link to copy must be within reach$without" \
		"$(attempt "$vol/link" '"options":["bind","copy-symlink"]')" \
		"/mnt: source .*: permission denied"
	like "guard: a flag can't be taken back$without" \
		"$(attempt "$vol/sub" '"options":["bind","rw"]')" \
		"/mnt: .*not permitted"
	like "what is not there has an error$without" \
		"$(attempt "$vol/none" '"options":["bind"]')" \
		"/mnt: source: .*no such file"
	is "... or may be left out$without" \
		"$(attempt "$vol/none" '"options":["bind","nofail"]')" "wrote "
	WRAP=$outer
done
got=$(attempt "$vol/sub" '"options":["bind","idmap"]'"$maps")
case $got in
*"can't map the ids"*|*"Linux 5."*|*"not permitted"*)
	skip "guard: with mapped ids" "$got" ;;
*)
	is "guard: with mapped ids" "$got" "$kept" ;;
esac
is "control: the file is as it was" "$(ls "$vol/sub") $(cat "$vol/sub/f")" \
	"f text"

# The root itself.
user_ns
bundle image sh -c 'mount -o remount,bind,suid,dev /
	awk "\$5 == \"/\" { print substr(\$6, 1, 15) }" /proc/self/mountinfo'
owned
mkdir "$vol/image"
cp -a "$B" "$vol/image/b"
mount --bind "$vol/image" "$vol/image"
mount -o remount,bind,nosuid,nodev "$vol/image"
if kernel_has open-tree; then
	works "control: an image behind a closed directory" \
		run -b "$vol/image/b" $c
	is "guard: its flags" "$(out)" "rw,nosuid,nodev"
else
	fails "without open_tree: refused by name" "open_tree: Linux 5.2" \
		run -b "$vol/image/b" $c
fi
umount "$vol/image" "$vol/sub" "$vol"
done_testing
