#!/bin/sh
# SPDX-License-Identifier: MIT
# t13.sh -- sec T13 (GHSA-g54h-m393-cpwq): devices are denied unless allowed,
# also when the config has no rule.
. "${0%/*}/lib.sh"
c=$P-13

filtered=
grep -q ' - cgroup [^ ]* .*devices' /proc/self/mountinfo && filtered=v1
grep -q ' - cgroup2 ' /proc/self/mountinfo && filtered=${filtered:-v2}
[ -n "$filtered" ] || skip_all "no cgroups to filter devices with"

tries() {
	cat <<'END'
mknod /tmp/sda b 8 0 && echo made
(: </tmp/sda) 2>&1 | sed 's/.*: /sda=/'
mknod /tmp/mem c 1 1
(: </tmp/mem) 2>&1 | sed 's/.*: /mem=/'
mknod /tmp/kmsg c 1 11
(: </tmp/kmsg) 2>/dev/null && echo kmsg=read
(: >>/tmp/kmsg) 2>/dev/null && echo kmsg=write
for f in null zero full random urandom ptmx; do
	(: </dev/$f) 2>/dev/null && echo r=$f
done
for f in null zero random urandom; do
	(: >>/dev/$f) 2>/dev/null && echo w=$f
done
exit 0
END
}

devices() { # NAME RESOURCES
	RESOURCES=$2 CAPS='"CAP_MKNOD","CAP_SYSLOG"' AMBIENT= READONLY=false
	B=$T/b/$1
	R=$B/rootfs
	[ -d "$R" ] || rootfs "$R"
	tries >"$R/run.sh"
	bundle "$1" sh /run.sh
	works "control: $1: it runs ($filtered)" run -b "$B" $c
	is "control: $1: the usual devices can be read" \
		"$(grep '^r=' "$T/out" | tr '\n' ' ')" \
		"r=null r=zero r=full r=random r=urandom r=ptmx "
	is "control: $1: and written" \
		"$(grep '^w=' "$T/out" | tr '\n' ' ')" \
		"w=null w=zero w=random w=urandom "
	like "guard: $1: a disk can't be opened" "$(out)" \
		"^sda=Operation not permitted"
	like "guard: $1: memory can't be opened" "$(out)" \
		"^mem=Operation not permitted"
}
devices none ""
unlike "guard: none: the kernel log can't be opened" "$(out)" "^kmsg="
devices empty '"resources":{},'
devices deny '"resources":{"devices":[{"allow":false,"access":"rwm"}]},'
devices read '"resources":{"devices":[{"allow":false,"access":"rwm"},
	{"allow":true,"type":"c","major":1,"minor":11,"access":"r"}]},'
is "a rule that allows reading" "$(grep kmsg "$T/out")" "kmsg=read"
devices order '"resources":{"devices":[
	{"allow":true,"type":"c","major":1,"minor":11,"access":"rw"},
	{"allow":false,"type":"c","major":1,"minor":11,"access":"w"}]},'
is "the later rule wins, letter by letter" "$(grep kmsg "$T/out")" "kmsg=read"

done_testing
