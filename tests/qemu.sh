#!/bin/sh
# SPDX-License-Identifier: MIT
# qemu.sh -- the limits that user-mode Linux has not on cgroup v2 (cpuset,
# hugetlb, weights of disks), on Debian's kernel; see boot.sh.
CELLS='
qemu-x86_64:bookworm:v2:initramfs:limits,control,tree:configfs,null_blk,bfq
qemu-x86_64:bookworm:v2:initramfs:limits:configfs,null_blk
'
export CELLS
exec sh "$(dirname "$0")/boot.sh"
