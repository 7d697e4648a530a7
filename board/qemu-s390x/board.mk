# SPDX-License-Identifier: MIT
# 64-bit s390x (zSeries): the big-endian one.
# Small comes first, and the library cannot be asked under qemu-user.
SECCOMP = raw
DEB = s390x
GNU = s390x-linux-gnu
MUSL = s390x-linux-musl
QEMU_USER = qemu-s390x-static
QEMU = qemu-system-s390x -machine s390-ccw-virtio
CONSOLE = ttysclp0
KERNEL = linux-image-s390x
include board/debian.mk
