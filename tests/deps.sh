#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what a group of goals needs (Debian packages) and nothing else:
#   deps.sh build|demo|check|bench|tidy|fuzz...
# Quick when nothing is missing.  Without root it prints the command.
set -eu

# group  package  what must exist (/file, *file below /usr/lib, or a command;
#                 - the package itself)
#        why
table='
build  gcc                gcc            compiles
build  binutils           readelf        links; checks the form of the binary
build  musl-tools         musl-gcc       the C library of the static binary
build  linux-libc-dev     /usr/include/linux/sched.h  kernel headers
build  libinih-dev        *libinih.a     reads wherry.conf (CONF=n: not needed)
build  libseccomp-dev     *libseccomp.a  seccomp (SECCOMP=raw: not needed)
demo   busybox-static     busybox        the programs in the demo container
check  libc6-dev          *libc.so       for the sanitizers
check  clang              clang          the second compiler
check  crun               crun           its bundles are run by wherry
check  runc               runc           its bundles are run by wherry
check  user-mode-linux    linux.uml      live tests with other sets of cgroups
check  cpio               cpio           makes the initramfs of its guests
check  shellcheck         shellcheck     checks the scripts
check  groff-base         groff          checks the man page
check  jq                 jq             reads the JSON that wherry prints
check  uidmap             newuidmap      maps ranges of ids for a user
check  strace             strace         shows system calls
check  golang-go          go             builds the OCI validation suite
check  xz-utils           xz             unpacks its source
check  golang-github-opencontainers-runtime-tools-dev  -  libraries of it
check  golang-github-google-uuid-dev  -  a library of it
check  qemu-user-static   qemu-arm-static  unit tests of other machines
check  golang-github-docker-docker-dev  -  a seccomp profile in use
check  golang-github-containers-common  -  a seccomp profile in use
check  podman             podman         runs containers with wherry
check  conmon             conmon         waits for those of podman
check  netavark           /usr/lib/podman/netavark    their networks
check  containerd         containerd     runs containers with wherry, by ctr
check  docker.io          dockerd        runs containers with wherry
check  iproute2           ip             brings its loopback up
check  catatonit          catatonit      podman run --init
bench  golang-github-docker-docker-dev  -  a seccomp profile in use
bench  golang-github-containers-common  -  a seccomp profile in use
bench  crun               crun           measured beside wherry
bench  runc               runc           measured beside wherry
bench  jq                 jq             settles profiles, makes JSON
bench  valgrind           valgrind       counts instructions
bench  busybox-static     busybox        the program in the container
board-arm64  gcc-aarch64-linux-gnu  aarch64-linux-gnu-gcc  compiles
board-armhf  gcc-arm-linux-gnueabihf  arm-linux-gnueabihf-gcc  compiles
board-armel  gcc-arm-linux-gnueabi  arm-linux-gnueabi-gcc  compiles
board-i386  gcc-i686-linux-gnu  i686-linux-gnu-gcc  compiles
board-riscv64  gcc-riscv64-linux-gnu  riscv64-linux-gnu-gcc  compiles
board-s390x  gcc-s390x-linux-gnu  s390x-linux-gnu-gcc  compiles
board-mipsel  gcc-mipsel-linux-gnu  mipsel-linux-gnu-gcc  compiles
qemu-aarch64  qemu-system-arm   qemu-system-aarch64  boots it
qemu-armv7    qemu-system-arm   qemu-system-arm      boots it
qemu-armv6    qemu-system-arm   qemu-system-arm      boots it
qemu-i386     qemu-system-x86   qemu-system-i386     boots it
qemu-x86_64   qemu-system-x86   qemu-system-x86_64   boots it
qemu-riscv64  qemu-system-misc  qemu-system-riscv64  boots it
qemu-s390x    qemu-system-misc  qemu-system-s390x    boots it
qemu-mipsel   qemu-system-mips  qemu-system-mipsel   boots it
squashfs      squashfs-tools    mksquashfs           makes a read-only root
tidy   clang              clang          clang-tidy sees its flags
tidy   clang-tidy         clang-tidy     static analysis
tidy   cppcheck           cppcheck       static analysis
fuzz   clang              clang          its fuzzer engine
fuzz   libclang-rt-dev    *libclang_rt.fuzzer-x86_64.a  its fuzzer engine
'

wanted=" "
for group; do
	case $group in
	build|bench) wanted="$wanted build $group " ;;
	demo) wanted="$wanted build demo " ;;
	check) wanted="$wanted build demo check " ;;
	tidy) wanted="$wanted build tidy " ;;
	fuzz|board-*|qemu-*|uml-*|squashfs) wanted="$wanted $group " ;;
	*) echo "deps: $group: no such group" >&2; exit 2 ;;
	esac
done

# sbin is where Debian has runc, and no user has it in PATH.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

have() {
	case $1 in
	-) dpkg -s "$2" >/dev/null 2>&1 ;;
	/*) [ -e "$1" ] ;;
	\**)
		for f in /usr/lib/*/"${1#?}" /usr/lib/clang/*/lib/*/"${1#?}" \
		    /usr/lib/llvm-*/lib/clang/*/lib/*/"${1#?}"; do
			[ ! -e "$f" ] || return 0
		done
		return 1 ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

missing=
while read -r group package what why; do
	case $wanted in *" $group "*) ;; *) continue ;; esac
	case " $missing " in *" $package "*) continue ;; esac
	have "$what" "$package" || {
		echo "needs $package: $why" >&2
		missing="$missing $package"
	}
done <<END
$(printf '%s' "$table" | sed '/^$/d')
END
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "Install them as root:" >&2
	echo "  apt-get install --no-install-recommends$missing" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
install() {
	# shellcheck disable=SC2086
	apt-get install -qq -y --no-install-recommends $missing </dev/null \
		>"$log" 2>&1
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The package lists may be absent or old: fetch them only if it fails without.
install || { apt-get update -qq >"$log" 2>&1 && install; } || {
	cat "$log" >&2
	echo "deps: apt-get could not install$missing" >&2
	exit 1
}
