# SPDX-License-Identifier: MIT
# 64-bit RISC-V: QEMU's virt machine.  Debian 12 has no packages of it.
# Small comes first, and the library cannot be asked under qemu-user.
SECCOMP = raw
DEB = riscv64
GNU = riscv64-linux-gnu
MUSL = riscv64-linux-musl
SUITE = sid
# fopen64 is what glibc calls it: musl 1.2.4 and later have no such name.
LDFLAGS = -Wl,--defsym=fopen64=fopen
QEMU_USER = qemu-riscv64-static
QEMU = qemu-system-riscv64 -machine virt
CONSOLE = ttyS0
KERNEL = linux-image-riscv64
include board/debian.mk
