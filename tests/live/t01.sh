#!/bin/sh
# SPDX-License-Identifier: MIT
# t01.sh -- sec T01 (CVE-2015-3627, -3629): mount points that are symbolic links
# of the image stay inside the root.
. "${0%/*}/lib.sh"
c=$P-1

bundle plain cat /etc/hosts
echo bound >"$T/bound"
MORE_MOUNTS=',{"destination":"/etc/hosts","source":"'$T/bound'",
	"options":["bind"]}'
READONLY=false
bundle plain cat /etc/hosts
w run -b "$B" $c
is "control: a file is bound" "$(out)" bound

attack() { # NAME LINK DESTINATION
	MORE_MOUNTS=',{"destination":"'$3'","source":"'$T/bound'",
		"options":["bind"]}'
	READONLY=false
	bundle "$1" cat "$3"
	ln -s "$2" "$R$3"
	if w run -b "$B" $c; then
		is "guard: $1: bound inside the root" "$(out)" bound
	elif [ $rc = 1 ]; then
		pass "guard: $1: refused"
	else
		fail "guard: $1: status $rc"
	fi
	canary_same "guard: $1: the host is as it was"
}
mkdir -p "$T/b/existing/rootfs"
attack absolute "$CAN/f" /etc/hosts
attack climbing "../../../../../../../../../../$CAN/f" /etc/hosts
attack new "$CAN/new" /etc/resolv.conf
attack deep "../../../../../../../..$CAN/conf.d/a/b/new" /etc/new
attack loop /etc/loop /etc/loop
attack self /proc/self/root/etc/x /etc/self

# A directory on the way is the link.
MORE_MOUNTS=',{"destination":"/var/lib/x","source":"tmpfs","type":"tmpfs"}'
READONLY=false
bundle parent sh -c 'grep -c " /[^ ]*x " /proc/self/mountinfo'
ln -s "$CAN" "$R/var"
if w run -b "$B" $c; then
	is "guard: parent: mounted inside the root" "$(out)" 1
else
	is "guard: parent: refused" $rc 1
fi
canary_same "guard: parent: the host is as it was"

done_testing
