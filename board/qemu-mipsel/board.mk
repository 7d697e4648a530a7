# SPDX-License-Identifier: MIT
# 32-bit MIPS, little-endian (24Kf): QEMU's Malta.
# Small comes first, and the library cannot be asked under qemu-user.
SECCOMP = raw
DEB = mipsel
GNU = mipsel-linux-gnu
MUSL = mipsel-linux-musl
QEMU_USER = qemu-mipsel-static
QEMU = qemu-system-mipsel -machine malta -cpu 24Kf
CONSOLE = ttyS0
KERNEL = linux-image-4kc-malta
include board/debian.mk
