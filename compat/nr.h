/* SPDX-License-Identifier: MIT */
/* nr.h -- numbers of the system calls that libc headers may lack.
 *
 * Since Linux 5.1 a new call has one number on every port: above a base on
 * MIPS and x32, and 110 higher on alpha.  Older calls come from <sys/syscall.h>
 * (musl 1.1 and glibc 2.28 have all that are used here). */
#ifndef NR_H
#define NR_H

#include <sys/syscall.h>

#if defined(__mips__) && defined(_ABIO32) && _MIPS_SIM == _ABIO32
#define NR(n) (4000 + (n))
#elif defined(__mips__) && defined(_ABI64) && _MIPS_SIM == _ABI64
#define NR(n) (5000 + (n))
#elif defined(__mips__)
#define NR(n) (6000 + (n))
#elif defined(__x86_64__) && defined(__ILP32__)
#define NR(n) (0x40000000 + (n))
#elif defined(__alpha__)
#define NR(n) (110 + (n))
#else
#define NR(n) (n)
#endif

#define NR_PIDFD_SEND_SIGNAL NR(424)
#define NR_OPEN_TREE NR(428)
#define NR_MOVE_MOUNT NR(429)
#define NR_FSOPEN NR(430)
#define NR_FSCONFIG NR(431)
#define NR_FSMOUNT NR(432)
#define NR_PIDFD_OPEN NR(434)
#define NR_CLONE3 NR(435)
#define NR_CLOSE_RANGE NR(436)
#define NR_OPENAT2 NR(437)
#define NR_MOUNT_SETATTR NR(442)

#endif
