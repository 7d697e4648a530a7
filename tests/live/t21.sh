#!/bin/sh
# SPDX-License-Identifier: MIT
# t21.sh -- sec T21 (CVE-2023-25809): without a cgroup namespace no container
# writes to the host's cgroups, whichever mount brings them along.
HOST_PROPAGATION=rprivate
. "${0%/*}/lib.sh"
c=$P-21

rbind() {
	printf '%s' '{"destination":"'"$1"'","source":"'"$1"'","type":"none",
		"options":["rbind","nosuid","noexec","nodev","ro"]}'
}
cgroup='{"destination":"/sys/fs/cgroup","type":"cgroup","source":"cgroup",
	"options":["nosuid","noexec","nodev"]}'
user=',{"type":"user"}'

# What the container finds writable of the cgroup file systems that it has.
# OPTIONS and UNDER are of the command line.
try() { # DESC NAMESPACE MOUNTS [OPTIONS [UNDER]]
	NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"ipc"},
		{"type":"uts"}'$2
	[ -z "$2" ] || LINUX=',
		"uidMappings":[{"containerID":0,"hostID":0,"size":1}],
		"gidMappings":[{"containerID":0,"hostID":0,"size":1}]'
	MOUNTS=$PROC_MOUNT,$3
	CAPS=$ALL_CAPS AMBIENT= READONLY=false PATHS= RESOURCES=
	bundle ro sh -c 'awk "/ - cgroup2? / {
			n++
			if (\$6 !~ \"^ro\") print \"writable:\", \$5
		} END { print (n ? \"some\" : \"none\") }" /proc/self/mountinfo
		for d in /sys/fs/cgroup /sys/fs/cgroup/*; do
			stat -f -c %T "$d" | grep -q cgroup || continue
			mkdir "$d/'"$P-in"'" 2>/dev/null || continue
			echo "made in $d"
			rmdir "$d/'"$P-in"'"
		done
		true'
	under=$WRAP
	WRAP="$WRAP ${5:-}"
	w ${4:-} run -b "$B" $c || note "$(err)"
	WRAP=$under
	if [ $rc = 1 ] && grep -q "initramfs: unmount" "$T/err"; then
		skip "$1" "no user namespace leaves an initramfs"
		return
	fi
	is "guard: $1: all of it is read-only" "$(out)" some
}

grep -q ' - cgroup2\{0,1\} ' /proc/self/mountinfo ||
	skip_all "no cgroups are mounted here"
off="--cgroup-manager disabled"
try "/sys bound" "" "$(rbind /sys)" "$off"
try "/sys/fs/cgroup bound" "" "$(rbind /sys/fs/cgroup)" "$off"
try "a cgroup mount" "" "$(rbind /sys),$cgroup"
if "$BUSYBOX" unshare -Ur true 2>/dev/null; then
	try "/sys bound, user namespace" "$user" "$(rbind /sys)" "$off"
	try "a cgroup mount, user namespace" "$user" "$(rbind /sys),$cgroup"
	try "/sys bound, all of it in a user namespace" "" "$(rbind /sys)" \
		"$off" "$BUSYBOX unshare -Ur"
else
	skip "in a user namespace" "there are none here"
fi

done_testing
