#!/bin/sh
# SPDX-License-Identifier: MIT
# The release form of a binary, read from its headers (TAP):
#   elf.sh [-q] static-pie|static FILE       -q: no output, exit status only
quiet=n
[ "$1" != -q ] || { quiet=y; shift; }
form=$1 file=$2
n=0 bad=0

ok() {
	n=$((n + 1))
	word=ok
	[ "$2" = 0 ] || { word="not ok"; bad=1; }
	[ $quiet = y ] || echo "$word $n - $1"
}

has() {
	printf '%s\n' "$out" | grep -qE "$1"
}

out=$(LC_ALL=C readelf -hldnW "$file") || exit 1
case $form in
static-pie)
	has 'Type: +DYN'; ok "position independent (DYN)" $?
	has 'BIND_NOW|Flags:.* NOW'; ok "bound at start (BIND_NOW)" $?
	;;
*)
	has 'Type: +EXEC'; ok "fixed address (EXEC)" $?
	;;
esac
! has ' INTERP '; ok "no program interpreter" $?
! has '\(NEEDED\)'; ok "no shared library" $?
! has 'TEXTREL'; ok "no text relocation" $?
has 'GNU_RELRO'; ok "read-only relocations" $?
has 'GNU_STACK .* RW +0x'; ok "stack is not executable" $?
! has ' LOAD .* RWE '; ok "no segment writable and executable" $?
[ $quiet = y ] || echo "1..$n"
exit $bad
