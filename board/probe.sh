#!/bin/sh
# SPDX-License-Identifier: MIT
# Asks the toolchain what it can do and prints make variables:
#   probe.sh BUILD_DIR >BUILD_DIR/probe.mk
# Input: CC and the other variables of PROBED in the Makefile.
#
# Beside glibc, musl is linked by naming each start file: Debian's musl-gcc
# makes a dynamic binary of -static-pie and clang has no musl mode at all.
set -eu

build=$1
tmp=$build/probe
mkdir -p "$tmp"
trap 'rm -rf "$tmp"' EXIT

die() {
	echo "probe: $*" >&2
	exit 1
}

# CC may hold words, such as "clang --target=...": unquoted on purpose.
cc() {
	# shellcheck disable=SC2086
	$CC "$@"
}

command -v "${CC%% *}" >/dev/null || die "$CC: no such compiler"
triple=$(cc -dumpmachine)
arch=${triple%%-*}

# The file that CC would link, or nothing.
lib() {
	f=$(cc -print-file-name="$1")
	[ "$f" = "$1" ] || echo "$f"
}

# --- libc: a musl toolchain, musl beside glibc, or glibc ----------------------

# x86_64-pc-linux-gnu -> x86_64-linux-musl, arm-linux-gnueabihf -> ...musleabihf
musl=$(echo "$triple" | sed 's/-\(pc\|unknown\|none\)-/-/; s/-gnu/-musl/')
native=n
case $triple in *musl*) [ -n "$MUSL_LIB" ] || native=y ;; esac
MUSL_INC=${MUSL_INC:-/usr/include/$musl}
MUSL_LIB=${MUSL_LIB:-/usr/lib/$musl}
libc=${LIBC:-auto}
if [ "$libc" = auto ]; then
	libc=glibc
	if [ $native = y ] || [ -e "$MUSL_LIB/libc.a" ]; then
		libc=musl
	fi
fi
beside=n
if [ "$libc" = musl ] && [ $native = n ]; then
	beside=y
	[ -e "$MUSL_LIB/libc.a" ] ||
		die "no musl in $MUSL_LIB (see tests/deps.sh build)"
fi
[ "$libc" = glibc ] && [ -z "${SANITIZE}" ] &&
	echo "probe: no musl found, linking with $triple's own libc" >&2

# Kernel headers by links: beside musl no header of glibc may be seen.
cpp=
if [ $beside = y ]; then
	rm -rf "$build/inc"
	mkdir -p "$build/inc/uapi"
	gnu=$(echo "$musl" | sed 's/-musl/-gnu/')
	for d in linux asm asm-generic; do
		for from in $UAPI_INC "/usr/$gnu/include" "/usr/include/$gnu" \
		    /usr/include; do
			[ -d "$from/$d" ] || continue
			ln -s "$from/$d" "$build/inc/uapi/$d"
			break
		done
	done
	[ -e "$build/inc/uapi/asm" ] ||
		die "no kernel headers for $gnu (see tests/deps.sh build)"
	own=$(dirname "$(cc -print-file-name=include/stddef.h)")
	cpp="-nostdinc -isystem $MUSL_INC -isystem $own"
	cpp="$cpp -idirafter $build/inc/uapi"
fi

# --- libraries, by path -------------------------------------------------------

inih=
if [ "$CONF" = y ]; then
	inih=${INIH_LIB:-$(lib libinih.a)}
	[ -n "$inih" ] ||
		die "no libinih.a (see tests/deps.sh build, or CONF=n)"
	if [ $beside = y ]; then
		h=${INIH_INC:-/usr/include}/ini.h
		[ -e "$h" ] || die "no $h"
		ln -s "$h" "$build/inc/ini.h"
		cpp="$cpp -isystem $build/inc"
	fi
fi

seccomp=${SECCOMP:-auto}
case $seccomp in
auto)
	seccomp=raw
	[ -z "${SECCOMP_LIB:-$(lib libseccomp.a)}" ] || seccomp=libseccomp ;;
libseccomp)
	[ -n "${SECCOMP_LIB:-$(lib libseccomp.a)}" ] ||
		die "SECCOMP=libseccomp: no libseccomp.a" ;;
raw|none) ;;
*) die "SECCOMP=$seccomp: give libseccomp, raw, none or auto" ;;
esac

scmp=
if [ "$seccomp" = libseccomp ]; then
	scmp=${SECCOMP_LIB:-$(lib libseccomp.a)}
	if [ $beside = y ]; then
		h=${SECCOMP_INC:-/usr/include}
		[ -e "$h/seccomp.h" ] || die "no $h/seccomp.h"
		ln -s "$h/seccomp.h" "$h/seccomp-syscalls.h" "$build/inc"
		cpp="$cpp -isystem $build/inc"
	fi
fi

# The column of src/calls/list for this machine and its 32-bit partner.
partner=
case $arch in
x86_64) column=x86_64 partner=i386 ;;
i?86) column=i386 ;;
arm*) column=arm ;;
aarch64) column=aarch64 partner=arm ;;
mips|mipsel) column=mips ;;
powerpc64le) column=ppc64le ;;
riscv64|s390x|loongarch64) column=$arch ;;
*) column= ;;
esac
case ${SECCOMP_ARCHES-auto} in
auto) arches="$column $partner" ;;
all) arches=all ;;
*) arches="$column $SECCOMP_ARCHES" ;;
esac

# --- compiler flags -----------------------------------------------------------

echo 'int main(void) { return 0; }' >"$tmp/a.c"

# Keeps the flags that the compiler takes without a word.
probe() {
	for f in "$@"; do
		# shellcheck disable=SC2086
		if cc -Werror $cpp $f -c -o "$tmp/f.o" "$tmp/a.c" 2>"$tmp/log"
		then
			printf ' %s' "$f"
		fi
	done
}

if [ -n "${SANITIZE}" ]; then
	flags="$SANITIZE -g -fno-omit-frame-pointer"
else
	flags=$(probe -fstack-protector-strong -fstack-clash-protection \
		-ftrivial-auto-var-init=zero -fno-delete-null-pointer-checks \
		-fno-strict-overflow -fno-strict-aliasing -fvisibility=hidden \
		-fno-common -ffunction-sections -fdata-sections \
		-fno-asynchronous-unwind-tables -fno-unwind-tables \
		-fno-exceptions)
	case $arch in
	aarch64) flags="$flags$(probe -mbranch-protection=standard)" ;;
	x86_64|i?86) flags="$flags$(probe -fcf-protection=none)" ;;
	esac
fi

# --- linking ------------------------------------------------------------------

hard="-Wl,-z,relro,-z,now,-z,noexecstack,--gc-sections"
[ "$STRIP" = n ] || hard="$hard,-s"
# All of it is one small segment chain: separate pages for code cost 8 KiB and
# two page faults per start, and hide nothing that gadgets could use.
# shellcheck disable=SC2086
if cc $cpp -Wl,-z,noseparate-code -nostdlib -r -o "$tmp/r.o" "$tmp/a.c" \
    2>"$tmp/log"; then
	hard="$hard,-z,noseparate-code"
fi

# Sets pre and post for a form; beside musl every start file has its path.
recipe() {
	pre='' libs='' post="$inih $scmp"
	case $1 in
	static-pie) mode="-fPIE" ld="-static-pie" crt=rcrt1.o s=S
		[ $beside = n ] ||
			ld="$ld -Wl,-static,-pie,--no-dynamic-linker,-z,text" ;;
	static) mode="-fno-pie" ld="-static" crt=crt1.o s='' ;;
	dynamic) mode="-fPIE" ld="-pie" crt='' s='' ;;
	esac
	[ $beside = y ] || return 0
	ld="$ld -nostdlib"
	pre="$MUSL_LIB/$crt $MUSL_LIB/crti.o $(lib "crtbegin$s.o")"
	libs="-Wl,--start-group $MUSL_LIB/libc.a"
	libs="$libs $(cc -print-libgcc-file-name) -Wl,--end-group"
	post="$post $libs $(lib "crtend$s.o") $MUSL_LIB/crtn.o"
}

# Links and looks at the result: a form counts only if it is the real thing.
works() {
	recipe "$1"
	# shellcheck disable=SC2086
	cc $cpp $flags $mode $CFLAGS $ld $hard $LDFLAGS -o "$tmp/a" $pre \
		"$tmp/a.c" $post >"$tmp/log" 2>&1 || return 1
	sh tests/elf.sh -q "$1" "$tmp/a"
}

form=
if [ -n "${SANITIZE}" ]; then
	recipe dynamic
	hard="-Wl,-z,now"
	form=dynamic
else
	form=static
	if [ "$PIE" = y ]; then
		form=static-pie
		works $form || {
			echo "probe: $CC makes no static-pie, using PIE=n" >&2
			form=static
		}
	fi
	[ $form = static-pie ] || works static ||
		die "$CC cannot link a static program: $(cat "$tmp/log")"
fi

# Relocations as a map of bits, instead of 24 bytes for each: only if libc's
# start code knows that (musl 1.2.4, glibc 2.36), which running one tells.
if [ $form = static-pie ]; then
	echo 'const char *const w[] = { "a", "b" };
		int main(int n, char **v) { return !v || *w[n - 1] != 97; }' \
		>"$tmp/a.c"
	plain=$hard
	hard="$hard,-z,pack-relative-relocs"
	if ! works $form || ! { "$tmp/a"; } >"$tmp/log" 2>&1; then
		hard=$plain
	fi
fi

# Smaller still, where that is wanted and the compiler has it (gcc 12).
smaller=
case " $CFLAGS " in
*" -Os "*) smaller=$(probe -Oz) ;;
esac

cat <<END
LIBC_IS := $libc
SECCOMP_IS := $seccomp
ARCHES_IS := $arches
FORM := $form
CPPFLAGS_TC := $cpp
CFLAGS_TC := $flags $mode
CFLAGS_SIZE :=$smaller
LDFLAGS_TC := $ld $hard
LINK_PRE := $pre
LINK_LIBC := $libs
LINK_POST := $post
END
