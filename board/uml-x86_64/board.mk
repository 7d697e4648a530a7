# SPDX-License-Identifier: MIT
# User-mode Linux on x86_64: the compiler of the machine.
