#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes a bundle around busybox, runs it and shows what the container sees:
#   demo.sh WHERRY
# Leaves nothing behind.
set -eu
wherry=$1
busybox=$(command -v busybox)
top=$(mktemp -d)
root=$top/state
id=demo-$$

clean() {
	"$wherry" --root "$root" delete --force $id >/dev/null 2>&1 || :
	rm -rf "$top"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM

mkdir -p "$top/bundle/rootfs/bin"
cd "$top/bundle/rootfs"
mkdir dev etc proc sys tmp
cp "$busybox" bin/busybox
for name in $(bin/busybox --list); do
	[ "$name" = busybox ] || ln -s busybox "bin/$name"
done
cd "$OLDPWD"

rootless=
[ "$(id -u)" = 0 ] || rootless=--rootless
# shellcheck disable=SC2086
"$wherry" spec $rootless --bundle "$top/bundle"
# The new config asks for a terminal, as those of other runtimes do.
sed -i 's/"terminal": *true/"terminal": false/' "$top/bundle/config.json"

echo "Running a container from the bundle that \"wherry spec\" wrote:"
echo
# The config runs sh; what it shall do comes on its standard input.
"$wherry" --root "$root" run --bundle "$top/bundle" $id <<'END'
echo "hostname      $(hostname)"
echo "process 1     $(tr '\0' ' ' </proc/1/cmdline)(this shell is $$)"
echo "ids           $(id)"
echo "capabilities  $(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)"
echo "cgroups"
sed 's/^/    /' /proc/self/cgroup
echo "mounts"
while read -r what where type how; do
	echo "    $where ($type ${how%% *})"
done </proc/self/mounts
END
echo
echo "The container has ended and is gone:"
"$wherry" --root "$root" list
