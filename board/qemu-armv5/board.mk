# SPDX-License-Identifier: MIT
# ARMv5TE (ARM926): no kernel of Debian boots in QEMU; unit tests only.
# Small comes first, and the library cannot be asked under qemu-user.
SECCOMP = raw
DEB = armel
GNU = arm-linux-gnueabi
MUSL = arm-linux-musleabi
CFLAGS = -Os -march=armv5te
QEMU_USER = qemu-arm-static -cpu arm926
include board/debian.mk
