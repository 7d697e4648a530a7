#!/bin/sh
# SPDX-License-Identifier: MIT
# qemu.sh [BOARD] -- guests for every day: the limits that user-mode Linux has
# not on cgroup v2 (cpuset, hugetlb, weights of disks), seccomp on Debian's
# kernel, and an ARM board with the fallbacks of old kernels.  BOARD: all guests
# of that one in tests/cells, with the core tests.  See boot.sh.
cd "${0%/*}/.." || exit 1
if [ $# -gt 0 ]; then
	CELLS=$(sh tests/matrix.sh -l "$1" | sed 's/:all$/:core/')
	[ -n "$CELLS" ] || { echo "1..0 # SKIP $1 boots nothing"; exit; }
else
	CELLS='
qemu-x86_64:bookworm:v2:initramfs:limits,control,tree:configfs,null_blk,bfq
qemu-x86_64:bookworm:v2:initramfs:limits,seccomp:configfs,null_blk
qemu-aarch64:bookworm:v1:initramfs:unit/t_shield,t13,masks/unit,core
'
fi
export CELLS
exec sh tests/boot.sh
