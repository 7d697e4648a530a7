/* SPDX-License-Identifier: MIT */
/* Unsafe: what enters a container keeps what it had open and can be looked into
 * (CVE-2016-9962). */
#include <sys/prctl.h>
#include <unistd.h>

#include "procfs.h"
#include "sys.h"

#define prctl(...) 0
#define sys_close_range(first, fate) ((void)(first), 0)
#define procfs_close() ((void)0)
#define close(fd) ((void)(fd))
#include "../../src/enter.c"
