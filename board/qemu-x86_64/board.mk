# SPDX-License-Identifier: MIT
# 64-bit x86 in QEMU: the compiler of the machine.
DEB = amd64
# Linux 6.12 dies of QEMU 7.2's cmpxchg16b; without it, it has another way.
QEMU = qemu-system-x86_64 -machine q35 -cpu qemu64,-cx16
CONSOLE = ttyS0
KERNEL = linux-image-cloud-amd64
