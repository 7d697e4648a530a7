#!/bin/sh
# SPDX-License-Identifier: MIT
# vm.sh -- the live tests in user-mode Linux: cgroup v2, v1, both or none, in an
# initramfs that nobody leaves.
#
# MODES: "v2:NAME,NAME... v1:... hybrid:... none:...".  Needs the package
# user-mode-linux.
# LIMIT: seconds for one guest.  KEEP: a directory for what the guests print.
: "${WHERRY:=build/wherry}" "${TOOLS:=build/tools}" "${LIMIT:=300}"
: "${UML:=linux.uml}" "${BUSYBOX:=$(command -v busybox)}"
LIVE=$(cd "${0%/*}" && pwd)
: "${MODES:=v2:gate,setup,rung,t13,limits,control
	v1:rung,t13,limits,control hybrid:limits,control
	none:rung,specs,limits,control}"

command -v "$UML" >/dev/null 2>&1 || {
	echo "1..0 # SKIP no user-mode Linux ($UML)"
	exit 0
}
[ -x "$WHERRY" ] || { echo "Bail out! no $WHERRY"; exit 1; }

W=$(mktemp -d) || exit 1
trap 'rm -rf "$W"' EXIT
trap 'exit 130' INT TERM

root=$W/root
mkdir -p "$root/bin" "$root/dev" "$root/wherry/live"
cp "$LIVE/vm-init" "$root/init"
cp "$BUSYBOX" "$root/bin/busybox"
cp "$WHERRY" "$root/wherry/wherry"
cp -r "$TOOLS" "$root/wherry/tools"
cp "$LIVE"/*.sh "$root/wherry/live/"
ln -s busybox "$root/bin/sh"
chmod 755 "$root/init"
# The kernel opens /dev/console before init runs; without it, init is mute.
if [ "$(id -u)" = 0 ]; then
	mknod "$root/dev/console" c 5 1
else
	echo "1..0 # SKIP needs root for a device node"
	exit 0
fi
(cd "$root" && find . | "$BUSYBOX" cpio -o -H newc 2>/dev/null) |
	gzip -1 >"$W/initrd"

# Most initramfs never touch the propagation of mounts: one guest is like that.
guest() { # MODE TESTS: the guest's console to $W/tap.MODE
	how=rshared
	[ "$1" != none ] || how=rprivate
	timeout -k 5 "$LIMIT" "$UML" mem=384M initrd="$W/initrd" \
		wcg="$1" wtests="$2" wprop=$how con=null con0=null,fd:1 quiet \
		</dev/null 2>&1 | tr -d '\r' >"$W/tap.$1"
	[ -z "${KEEP:-}" ] || cp "$W/tap.$1" "$KEEP/"
}

for mode in $MODES; do
	guest "${mode%%:*}" "${mode#*:}" &
done
wait

n=0 bad=0
for mode in $MODES; do
	tests=${mode#*:}
	cgroups=${mode%%:*}
	mv "$W/tap.$cgroups" "$W/tap"
	grep '^# guest' "$W/tap" || {
		echo "# $cgroups: the guest did not come up:"
		tail -5 "$W/tap" | sed 's/^/# /'
	}
	for name in $(echo "$tests" | tr , ' '); do
		n=$((n + 1))
		sed -n "/^BEGIN $name\$/,/^END $name /p" "$W/tap" >"$W/one"
		rc=$(sed -n "s/^END $name //p" "$W/one")
		ran=$(grep -c '^ok ' "$W/one")
		if [ "$rc" = 0 ] && grep -q '^1\.\.0 # SKIP' "$W/one"; then
			echo "ok $n - $cgroups: $name # SKIP" \
				"$(sed -n 's/^1\.\.0 # SKIP//p' "$W/one")"
		elif [ "$rc" = 0 ] && [ "$ran" -gt 0 ]; then
			echo "ok $n - $cgroups: $name ($ran)"
		else
			bad=$((bad + 1))
			echo "not ok $n - $cgroups: $name: ${rc:-not finished}"
			grep -v -e '^ok ' -e '^BEGIN' -e '^END' "$W/one" |
				head -60 | sed 's/^/# /'
		fi
	done
	[ -z "${VERBOSE:-}" ] || grep ' took ' "$W/tap"
done
echo "1..$n"
exit $((bad > 0))
