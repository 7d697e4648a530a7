#!/bin/sh
# SPDX-License-Identifier: MIT
# mounts-ids.sh -- list M14, M15, M19, M20: id-mapped mounts, and mounts in a
# user namespace.
. "${0%/*}/lib.sh"
c=$P-mi
maps='"uidMappings":[{"containerID":0,"hostID":1000,"size":10}],
	"gidMappings":[{"containerID":0,"hostID":2000,"size":10}]'
user_ns() {
	NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"ipc"},
		{"type":"uts"},{"type":"user"}'${1:-}
	LINUX=',"uidMappings":[{"containerID":0,"hostID":100000,"size":60000}],
		"gidMappings":[{"containerID":0,"hostID":100000,"size":60000}]'
}

mkdir -p "$T/vol/sub"
mount -t tmpfs -o mode=755 sub "$T/vol/sub"
touch "$T/vol/f" "$T/vol/sub/g"
chown 3:4 "$T/vol/f" "$T/vol/sub/g"

# MEMBERS of the mount: whose f and sub/g are; or why there is no container.
owners() {
	MORE_MOUNTS=',{"destination":"/mnt","source":"'$T/vol'",'$1'}'
	READONLY=false
	bundle ids sh -c 'stat -c %u:%g /mnt/f /mnt/sub/g'
	chown -R 100000:100000 "$R/mnt" "$R/proc" "$R/dev" "$R/sys" "$R"
	w run -b "$B" $c
	tr '\n' ' ' <"$T/out"
	sed 's/.*: mounts/mounts/' "$T/err"
}

probe=$(owners '"options":["bind","idmap"],'"$maps")
case $probe in
*"can't map the ids"*|*"Linux 5."*|*"not permitted"*)
	like "refused by name: $probe" "$probe" \
		"^mounts\[[0-9]*\] /mnt: " ;;
*)
	is "idmap: of the mount alone" \
		"$(owners '"options":["rbind","idmap"],'"$maps")" \
		"1003:2004 3:4 "
	is "ridmap: of all below" \
		"$(owners '"options":["rbind","ridmap"],'"$maps")" \
		"1003:2004 1003:2004 "
	is "mappings without the word" \
		"$(owners '"options":["rbind"],'"$maps")" "1003:2004 3:4 "
	is "with flags" \
		"$(owners '"options":["rbind","ridmap","rro"],'"$maps")" \
		"1003:2004 1003:2004 "
	user_ns
	is "of the container's user namespace" \
		"$(owners '"options":["rbind","ridmap"]')" "3:4 3:4 "
	user_ns
	is "without, ids of the host are nobody's" \
		"$(owners '"options":["rbind"]')" "65534:65534 65534:65534 "
	MORE_MOUNTS=',{"destination":"/mnt","source":"/sys/kernel",
		"options":["bind","idmap"],'$maps'}'
	READONLY=false
	bundle ids true
	fails "a file system that can't" \
		"/mnt: idmap: invalid argument \(this kernel can't map" \
		run -b "$B" $c
	;;
esac
WRAP="${WRAP:+$WRAP }$TOOLS/nosys -e ENOSYS -s mount_setattr"
like "without mount_setattr: refused by name" \
	"$(owners '"options":["bind","idmap"],'"$maps")" \
	"mounts\[[0-9]*\] /mnt: .*(\(Linux 5|not permitted)"
WRAP=${WRAP%"$TOOLS"*}

# --- In a user namespace ------------------------------------------------------

inside() {
	user_ns ',{"type":"network"}'
	READONLY=false
	bundle ids sh -c "$*"
	chown -R 100000:100000 "$R/mnt" "$R/proc" "$R/dev" "$R/sys" "$R"
	w run -b "$B" $c || note "$(err)"
	out
}
# Flags that the host's mount has are locked: they stay without being named.
mkdir -p "$T/locked/d"
mount -t tmpfs -o mode=777,nosuid,nodev,noexec,noatime locked "$T/locked"
mkdir -p "$T/locked/d"
MORE_MOUNTS=',{"destination":"/mnt","source":"'$T/locked/d'",
	"options":["bind","ro"]}'
is "locked flags are kept" \
	"$(inside 'awk "\$5 == \"/mnt\" { print \$6 }" /proc/self/mountinfo')" \
	"ro,nosuid,nodev,noexec,noatime"
MORE_MOUNTS=',{"destination":"/mnt","source":"'$T/locked/d'",
	"options":["bind","exec"]}'
user_ns ',{"type":"network"}'
bundle ids true
fails "... and can't be taken back" "/mnt: .*not permitted" run -b "$B" $c

# sysfs wants a network namespace of the container's own.
user_ns
READONLY=false
bundle ids sh -c 'awk "\$5 ~ \"^/sys\" && \$6 !~ \"^ro\"" /proc/self/mountinfo
	ls /sys | grep -c kernel'
chown -R 100000:100000 "$R/mnt" "$R/proc" "$R/dev" "$R/sys" "$R"
w run -b "$B" $c || note "$(err)"
is "sysfs without a network namespace: the host's, read-only" "$(out)" 1
# A host that has mounted no cgroups: in its cgroup namespace only its root
# could mount them, and the container sees its own all the same.
cat >"$T/bare" <<'END'
mount --make-rprivate /
for dir in $(awk '/ - cgroup/ { print $5 }' /proc/self/mountinfo | sort -r); do
	umount -l "$dir"
done
exec "$@"
END
outer=$WRAP
WRAP="unshare -m sh $T/bare $WRAP"
seen=$(inside '
	awk "\$3 == \"cgroup2\" { print \$2, substr(\$4, 1, 2) }" /proc/mounts
	cat /sys/fs/cgroup/cgroup.procs')
if kernel_has open-tree; then
	is "the cgroup of a host that mounts none" "$seen" "/sys/fs/cgroup ro
1"
else
	# before Linux 4.15 already for the device rules
	like "the cgroup of a host that mounts none: refused" "$seen" \
		"/sys/fs/cgroup: .*mount -t cgroup2|CONFIG_CGROUP_BPF"
fi
WRAP=$outer
# proc shows a PID namespace: one that is not the container's can't be mounted.
user_ns
NAMESPACES='{"type":"mount"},{"type":"uts"},{"type":"user"}'
bundle ids true
fails "proc without a PID namespace" \
	"/proc: mount proc: .*takes a PID namespace of its own" run -b "$B" $c

umount "$T/locked" "$T/vol/sub"
done_testing
