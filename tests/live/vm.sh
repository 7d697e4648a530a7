#!/bin/sh
# SPDX-License-Identifier: MIT
# vm.sh -- the live tests in user-mode Linux: cgroup v2, v1, both or none, in an
# initramfs that nobody leaves.
#
# UNSAFE: for red/NAME, which must turn NAME red (red.sh).
# MODES: "v2:NAME,NAME... v1:... hybrid:... none:...", and with a security
# module "v2+apparmor:...".  Needs the package user-mode-linux.
# LIMIT: seconds for one guest.  KEEP: a directory for what the guests print.
# UNIT: the folder of the unit tests (make test-bins).
: "${WHERRY:=build/wherry}" "${TOOLS:=build/tools}" "${LIMIT:=900}"
: "${UNIT:=${WHERRY%/*}/unit}"
: "${UNSAFE:=build/wherry-unsafe}"
: "${UML:=linux.uml}" "${BUSYBOX:=$(command -v busybox)}"
units=unit/t_cgroup,unit/t_cgroup_dev
cg=limits,control,rules,$units
: "${MODES:=v2:gate,setup,t33,bare,shadow,t13,tree,exec,$cg
	v1:t33,t13,$cg
	hybrid:limits,control,$units
	none:t33,bare,t03,specs,$cg
	v2+apparmor:labels,red/labels,red/t33 v2+selinux:labels}"

command -v "$UML" >/dev/null 2>&1 || {
	echo "1..0 # SKIP no user-mode Linux ($UML)"
	exit 0
}
[ -x "$WHERRY" ] || { echo "Bail out! no $WHERRY"; exit 1; }

W=$(mktemp -d) || exit 1
trap 'rm -rf "$W"' EXIT
trap 'exit 130' INT TERM

[ "$(id -u)" = 0 ] || {
	echo "1..0 # SKIP needs root for a device node"
	exit 0
}
GUEST_DIR=${0%/*}/..
. "$GUEST_DIR/guest.sh"
guest_root "$W/root" && guest_archive "$W/root" "$W/initrd" || {
	echo "Bail out! no initramfs"
	exit 1
}

# Most initramfs never touch the propagation of mounts: one guest is like that.
guest() { # MODE TESTS: the guest's console to $W/tap.MODE
	how=rshared lsm=
	[ "$1" != none ] || how=rprivate
	case $1 in
	*+*) lsm="lsm=${1#*+} selinux=1 enforcing=0" ;;
	esac
	timeout -k 5 "$LIMIT" "$UML" mem=384M initrd="$W/initrd" \
		$lsm wcg="${1%+*}" wtests="$2" wprop=$how \
		con=null con0=null,fd:1 quiet \
		</dev/null 2>&1 | tr -d '\r' >"$W/tap.$1"
	[ -z "${KEEP:-}" ] || cp "$W/tap.$1" "$KEEP/"
}

for mode in $MODES; do
	guest "${mode%%:*}" "${mode#*:}" &
done
wait

n=0 bad=0
for mode in $MODES; do
	guest_report "${mode%%:*}" "${mode#*:}" "$W/tap.${mode%%:*}"
done
echo "1..$n"
exit $((bad > 0))
