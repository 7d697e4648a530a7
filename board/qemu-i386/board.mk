# SPDX-License-Identifier: MIT
# 32-bit x86 (686).
# Small comes first, and the library cannot be asked under qemu-user.
SECCOMP = raw
DEB = i386
GNU = i686-linux-gnu
MUSL = i386-linux-musl
DEB_LIB = i386-linux-gnu
QEMU_USER =
QEMU = qemu-system-i386 -machine q35 -cpu qemu32
CONSOLE = ttyS0
KERNEL = linux-image-686-pae
include board/debian.mk
