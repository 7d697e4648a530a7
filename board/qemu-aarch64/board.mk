# SPDX-License-Identifier: MIT
# 64-bit ARM (Cortex-A53): QEMU's virt machine.
# Small comes first, and the library cannot be asked under qemu-user.
SECCOMP = raw
DEB = arm64
GNU = aarch64-linux-gnu
MUSL = aarch64-linux-musl
QEMU_USER = qemu-aarch64-static
QEMU = qemu-system-aarch64 -machine virt,gic-version=2 -cpu cortex-a53
CONSOLE = ttyAMA0
KERNEL = linux-image-cloud-arm64
include board/debian.mk
