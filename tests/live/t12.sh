#!/bin/sh
# SPDX-License-Identifier: MIT
# t12.sh -- sec T12 (CVE-2019-18837): paths lead where the kernel's own chroot
# says, with openat2 and without.  (t_inroot compares the two on random trees.)
. "${0%/*}/lib.sh"
c=$P-12

# Each line: a link to make, its target, the destination of a mount.
cases() {
	cat <<-END
	etc/l1 /var/x /etc/l1
	etc/l2 ../../../../var/x /etc/l2
	etc/l3 ../etc/l1/../y /etc/l3
	etc/l4 /etc/l5 /etc/l4
	l6 . /l6/l6/l6/var/z
	l7 $CAN/d /l7/in
	var/l8 .. /var/l8/var/l8/var/w
	l9 /../../../..$CAN/d /l9
	l10 / /l10/l10/l10/l10/l10/l10/l10/l10/v
	END
}

MORE_MOUNTS=
expected=
bundle trees cat /proc/self/mountinfo
mkdir -p "$R/var/x" "$R/var/z" "$R/etc"
ln -s /var/x "$R/etc/l5"
mkdir -p "$R$CAN/d/in" "$R/var/y" "$R/var/w" "$R/v"
n=0
while read -r link target dest; do
	ln -s "$target" "$R/$link"
	n=$((n + 1))
	where=$(chroot "$R" /bin/realpath "$dest")
	expected="$expected$where
"
	MORE_MOUNTS="$MORE_MOUNTS,{\"destination\":\"$dest\",
		\"type\":\"tmpfs\",\"source\":\"case$n\"}"
done <<END
$(cases)
END
is "control: the kernel resolves all of them" \
	"$(printf %s "$expected" | grep -c .)" 9
bundle trees cat /proc/self/mountinfo

check() { # WITH WHAT
	w run -b "$B" $c
	is "guard: $1: mounted where chroot leads" "$rc
$(sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \([^ ]*\) .* - tmpfs case[0-9]* .*/\1/p' \
		"$T/out")" "0
${expected%
}"
	canary_same "guard: $1: the host is as it was"
}
check "as this kernel is"
if [ -x "$TOOLS/nosys" ]; then
	for errno in ENOSYS EPERM EAGAIN; do
		WRAP="$TOOLS/nosys -e $errno -s openat2"
		check "no openat2, $errno"
	done
	WRAP=
fi

done_testing
