#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints src/calls/list brought up to date from kernel headers:
#   refresh.sh ARCH=DIR[:DIR]... <old list >new list
# DIR holds asm/unistd.h and what it includes, such as /usr/include/TRIPLE and
# /usr/include of any linux-libc-dev.  Numbers in the headers replace those of
# the list; nothing is ever taken out, since a call stays where it was.
#   refresh.sh -n ARCH=DIR[:DIR]    prints "name number" of the headers only
set -eu

CC=${CC:-cc}
four='-D__SIZEOF_LONG__=4 -D__SIZEOF_POINTER__=4'
eight='-D__SIZEOF_LONG__=8 -D__SIZEOF_POINTER__=8'

# What the compiler of each architecture defines and the headers ask for.
defines() {
	case $1 in
	x86_64) echo "-D__x86_64__ $eight" ;;
	i386) echo "-D__i386__ $four" ;;
	x32) echo "-D__x86_64__ -D__ILP32__ $four" ;;
	arm) echo "-D__arm__ -D__ARM_EABI__ $four" ;;
	aarch64) echo "-D__aarch64__ $eight" ;;
	riscv64) echo "-D__riscv_xlen=64 -D__LP64__ $eight" ;;
	mips) echo "-D_ABIO32=1 -D_MIPS_SIM=1 $four" ;;
	ppc64le) echo "-D__powerpc64__ $eight" ;;
	s390x) echo "-D__s390x__ $eight" ;;
	loongarch64) echo "-D__loongarch_grlen=64 $eight" ;;
	*) echo "refresh: $1: no such architecture" >&2; return 1 ;;
	esac
}

# ARCH DIR:DIR -> "name number" lines.  The mark of x32 is taken off.
numbers() {
	flags="-E -undef -nostdinc -D__CHAR_BIT__=8 $(defines "$1")"
	for d in $(echo "$2" | tr : ' '); do
		flags="$flags -isystem $d"
	done
	# shellcheck disable=SC2086
	echo '#include <asm/unistd.h>' | $CC $flags -dM - |
		sed -n 's/^#define \(__\(ARM_\)*NR_[a-z_][a-z0-9_]*\) .*/\1/p' |
		grep -vE '_NR_((reserved|unused)[0-9]|(arch_spec.*)?syscalls?$)' |
		LC_ALL=C sort -u >"$tmp/names"
	{
		echo '#include <asm/unistd.h>'
		sed 's/\(.*NR_\(.*\)\)/@"\2" \1/' "$tmp/names"
	# shellcheck disable=SC2086
	} | $CC $flags -P - | sed -n 's/^@"\(.*\)" /\1 /p' |
	while read -r name value; do
		echo "$name $((($value) & ~0x40000000))"
	done
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

if [ "$1" = -n ]; then
	numbers "${2%%=*}" "${2#*=}"
	exit
fi
cat >"$tmp/old"
for a; do
	numbers "${a%%=*}" "${a#*=}" | sed "s/^/${a%%=*} /"
done >"$tmp/new"
sed -n '/^#/p' "$tmp/old"
awk 'FILENAME ~ /old$/ && /^# name / {
		for (i = 3; i <= NF; i++)
			col[$i] = i - 1
		width = NF - 1
	}
	/^#/ { next }
	FILENAME ~ /old$/ {
		for (i = 2; i <= NF; i++)
			number[$1, i] = $i
		name[$1]
		next
	}
	{
		name[$2]
		number[$2, col[$1]] = $3
	}
	END {
		for (n in name) {
			line = n
			for (i = 2; i <= width; i++)
				line = line " " ((n, i) in number ? \
					number[n, i] : "-")
			print line
		}
	}' "$tmp/old" "$tmp/new" | LC_ALL=C sort
