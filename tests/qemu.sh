#!/bin/sh
# SPDX-License-Identifier: MIT
# qemu.sh -- the limits that user-mode Linux has not on cgroup v2 (cpuset,
# hugetlb, weights of disks), seccomp on Debian's kernel, and an ARM board; see
# boot.sh.
CELLS='
qemu-x86_64:bookworm:v2:initramfs:limits,control,tree:configfs,null_blk,bfq
qemu-x86_64:bookworm:v2:initramfs:limits,seccomp:configfs,null_blk
qemu-aarch64:bookworm:v1:initramfs:unit/t_compat,unit/t_shield,rung,t13
'
export CELLS
exec sh "$(dirname "$0")/boot.sh"
