#!/bin/sh
# SPDX-License-Identifier: MIT
# t37.sh -- sec T37 (CVE-2019-9893): conditions look at all 64 bits, of every
# argument, by every operator.
. "${0%/*}/lib.sh"
c=$P-37

kernel_has long64 || skip_all "arguments of 64 bits"
case $(uname -m) in
x86_64) getpid=39 ;;
aarch64|riscv64|loongarch64) getpid=172 ;;
*) skip_all "arguments of 64 bits" ;;
esac

# getpid looks at no argument.  0x100000001 against values around it:
EDGES="0 1 0xffffffff 0x100000000 0x100000001 0x100000002 0x8000000000000000
	0xffffffffffffffff"
deny() { # OP INDEX
	LINUX=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{
		"names":["getpid"],"action":"SCMP_ACT_ERRNO","args":[{
		"index":'$2',"op":"SCMP_CMP_'$1'","value":4294967297,
		"valueTwo":4294967297}]}]}'
	zeros=$(echo "0 0 0 0 0" | cut -c "1-$((2 * $2))")
	[ "$2" != 0 ] || zeros=
	set --
	for x in $EDGES; do
		# shellcheck disable=SC2086
		set -- "$@" -- $getpid $zeros $x
	done
	shift
	bundle deny call "$@"
	w run -b "$B" $c
	sed 's/^ok$/0/; s/^errno 1$/1/' "$T/out" | tr -d '\n'
}

LINUX=
bundle free call $getpid 0 -- $getpid 0x100000001
gives "control: without a filter" "ok
ok" run -b "$B" $c
for i in 0 1 2 3 4 5; do
	for t in EQ:00001000 NE:11110111 LT:11110000 LE:11111000 \
	    GE:00001111 GT:00000111 MASKED_EQ:00001001; do
		is "guard: argument $i, ${t%:*}" "$(deny "${t%:*}" $i)" \
			"${t#*:}"
	done
	[ -z "$QUICK" ] || break
done

done_testing
