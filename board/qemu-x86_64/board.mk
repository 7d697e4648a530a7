# SPDX-License-Identifier: MIT
# 64-bit x86 in QEMU: the compiler of the machine.
DEB = amd64
QEMU = qemu-system-x86_64 -machine q35 -cpu qemu64
CONSOLE = ttyS0
KERNEL = linux-image-cloud-amd64
