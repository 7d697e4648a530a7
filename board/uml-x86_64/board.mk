# SPDX-License-Identifier: MIT
# User-mode Linux on x86_64: the compiler of the machine.
DEB = amd64
KERNEL = user-mode-linux
