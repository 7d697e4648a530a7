# SPDX-License-Identifier: MIT
# 32-bit ARM with an FPU (Cortex-A7 and later): QEMU's virt machine.
# Small comes first, and the library cannot be asked under qemu-user.
SECCOMP = raw
DEB = armhf
GNU = arm-linux-gnueabihf
MUSL = arm-linux-musleabihf
QEMU_USER = qemu-arm-static
QEMU = qemu-system-arm -machine virt,highmem=off -cpu cortex-a15
CONSOLE = ttyAMA0
KERNEL = linux-image-armmp
include board/debian.mk
