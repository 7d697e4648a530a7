# SPDX-License-Identifier: MIT
# Build settings.  Each can also be given on the command line, or for a device
# in board/NAME/board.mk (make BOARD=NAME).  With a feature off, a container
# that asks for it fails with "built without NAME".

# cgroups of old: a hierarchy for each controller
CGROUP_V1 = y
# cgroups since Linux 4.5: one unified hierarchy
CGROUP_V2 = y
# Terminals
PTY = y
# Lifecycle hooks
HOOKS = y
# Signals without a race (Linux 5.3); off: the start time is compared only
PIDFD = y
# User namespaces
USERNS = y
# /etc/wherry.conf; needs libinih
CONF = y
# Further processes in a running container
EXEC = y
# AppArmor and SELinux labels
LSM = y
# check --host and check --kconfig: what a kernel has, and what is needed
CHECK_HOST = y
# libseccomp, raw, none; auto: libseccomp where its static library is, else raw
SECCOMP = auto
# The command seccomp, which compiles and explains filters
SECCOMP_TOOL = y
# Whose system calls it knows beside those of the machine: x86_64 i386 x32 arm
# aarch64 riscv64 mips ppc64le s390x loongarch64 (columns of src/calls/list), or
# all; auto: the 32-bit partner, where there is one
SECCOMP_ARCHES = auto

# Upper limit of the memory one command takes; only what it touches costs
ARENA_KB = 4096
# y: static-pie; n: static, at a fixed address
PIE = y
# n: keep the symbols in build/wherry
STRIP = y
# y: a warning is an error
WERROR = n
# musl, glibc (not for release); auto: musl where it is found, else glibc
LIBC = auto
