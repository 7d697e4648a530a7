# SPDX-License-Identifier: MIT
# ARMv6 (Raspberry Pi Zero): QEMU's raspi0.  Soft float: Debian's other musl is
# for ARMv7.
# Small comes first, and the library cannot be asked under qemu-user.
SECCOMP = raw
DEB = armel
GNU = arm-linux-gnueabi
MUSL = arm-linux-musleabi
CFLAGS = -Os -march=armv6
QEMU_USER = qemu-arm-static -cpu arm1176
# The timer fires when the clock is what it was set to: on a busy machine that
# has passed before it is set, and the guest sleeps for an hour.  By -icount the
# clock counts the guest's instructions.
QEMU = qemu-system-arm -machine raspi0 -icount shift=auto
CONSOLE = ttyAMA0
KERNEL = linux-image-rpi
QEMU_DTB = bcm2835-rpi-zero.dtb
APPEND = initcall_blacklist=bcm2835_power_driver_init
MEMORY = 512
GUEST_OFF = reboot
include board/debian.mk
