#!/bin/sh
# SPDX-License-Identifier: MIT
# mounts.sh -- list section 9: what each option word does, read from the
# container's own mountinfo.
HOST_PROPAGATION=rshared  # which is what is tested here
. "${0%/*}/lib.sh"
c=$P-mnt

# Runs with the mounts of $MORE_MOUNTS and prints what mountinfo has behind
# each mount point: options, propagation, type, source, those of the fs.
info() { # DEST...
	READONLY=false
	bundle info sh -c 'for d; do
		awk -v d="$d" "\$5 == d {
			p = \"\"
			for (i = 7; \$i != \"-\"; i++) {
				sub(/:.*/, \"\", \$i)
				p = p \" \" \$i
			}
			print \$6 p, \$(i + 1), \$(i + 2), \$(i + 3)
		}" /proc/self/mountinfo
	done' sh "$@"
	w run -b "$B" $c || note "$(err)"
	out
}

# --- Words of a new file system and of a bind ---------------------------------

mkdir -p "$T/vol/sub" "$T/vol/plain"
echo here >"$T/vol/f"
mount -t tmpfs -o mode=755 sub "$T/vol/sub"

word() { # OPTIONS ERE: of a tmpfs, of a bind
	list=$(echo "$1" | sed 's/[^ ]\{1,\}/"&"/g; s/ /,/g')
	MORE_MOUNTS=',{"destination":"/mnt","type":"tmpfs","source":"t",
		"options":['$list']}'
	like "tmpfs $1" "$(info /mnt)" "$2"
	MORE_MOUNTS=',{"destination":"/mnt","source":"'$T/vol/plain'",
		"options":["bind",'$list']}'
	like "bind $1" "$(info /mnt)" "$2"
}
word "ro" "^ro,"
word "ro rw" "^rw,"
word "rw ro" "^ro,"
word "nosuid" "^rw,nosuid,"
word "nosuid suid" "^rw,relatime "
word "nodev" ",nodev,"
word "nodev dev" "^rw,relatime "
word "noexec" ",noexec,"
word "noexec exec" "^rw,relatime "
word "noatime" ",noatime "
word "noatime relatime" "^rw,relatime "
word "noatime atime" "^rw,relatime "
word "strictatime" "^rw "
word "nodiratime" ",nodiratime"
word "nodiratime diratime" "^rw,relatime "
word "defaults nosuid x-a comment=b" "^rw,nosuid,"
[ "$("$TOOLS/nosys" -s 999 uname -r | cut -d. -f1)" -lt 5 ] ||
	word "nosymfollow" ",nosymfollow"
word "shared" " shared (master )?tmpfs"
word "private" "relatime tmpfs"
word "unbindable" " unbindable tmpfs"
word "shared private" "relatime tmpfs"
word "rro" "^ro,"
word "rro rw" "^rw,"
word "rnoexec rexec" "^rw,relatime "

MORE_MOUNTS=',{"destination":"/mnt","type":"tmpfs","source":"t",
	"options":["sync","dirsync","lazytime","silent","size=64k"]}'
like "flags of a file system" "$(info /mnt)" \
	"tmpfs t rw,sync,dirsync,lazytime,size=64k"
MORE_MOUNTS=',{"destination":"/mnt","source":"'$T/vol'",
	"options":["bind","rslave"]}'
like "slave: of the host's mount" "$(info /mnt)" " master "

# --- r words: everything below ------------------------------------------------

rbind() {
	MORE_MOUNTS=',{"destination":"/mnt","source":"'$T/vol'",
		"options":["rbind",'$1']}'
	info /mnt /mnt/sub | cut -d' ' -f1 | tr '\n' ' '
}
is "ro: this mount" "$(rbind '"ro"')" "ro,relatime rw,relatime "
is "rro: all mounts" "$(rbind '"rro"')" "ro,relatime ro,relatime "
is "rro rw: all but this" "$(rbind '"rro","rw"')" "rw,relatime ro,relatime "
is "rnosuid rnodev rnoexec" "$(rbind '"rnosuid","rnodev","rnoexec"')" \
	"rw,nosuid,nodev,noexec,relatime rw,nosuid,nodev,noexec,relatime "
is "rnoatime" "$(rbind '"rnoatime"')" "rw,noatime rw,noatime "
is "rnodiratime" "$(rbind '"rnodiratime"')" \
	"rw,nodiratime,relatime rw,nodiratime,relatime "

MOUNTS='{"destination":"/proc","type":"proc","source":"proc",
	"options":["nosuid","hidepid=2"]}' PATHS=
like "proc with an option of its own" "$(info /proc)" \
	'^rw,nosuid.*hidepid=(2|invisible)'
fresh

# --- remount ------------------------------------------------------------------

MORE_MOUNTS=',{"destination":"/mnt","type":"tmpfs","source":"t",
	"options":["nosuid","size=64k"]},
	{"destination":"/mnt","options":["remount","noexec","size=128k"]},
	{"destination":"/sys","options":["remount","bind","noatime"]}'
is "remount: what is not named stays" \
	"$(info /mnt /sys | sed s/,inode64//)" \
"rw,nosuid,noexec,relatime tmpfs t rw,size=128k,mode=755
ro,nosuid,nodev,noexec,noatime sysfs sysfs ro"
MORE_MOUNTS=',{"destination":"/mnt","source":"'$T/vol'","options":["rbind"]},
	{"destination":"/mnt","options":["remount","rbind","rro"]}'
is "remount: all below" "$(info /mnt /mnt/sub | cut -d, -f1 | tr '\n' ' ')" \
	"ro ro "
MORE_MOUNTS=',{"destination":"/tmp","options":["remount","ro"]}'
READONLY=false
bundle not true
fails "remount: of no mount" "mounts\[[0-9]*\] /tmp: .*[Ii]nvalid argument" \
	run -b "$B" $c
MORE_MOUNTS=',{"destination":"/none","options":["remount","ro"]}'
bundle not true
fails "remount: of nothing" "/none: no such file" run -b "$B" $c

umount "$T/vol/sub"
done_testing
