/* SPDX-License-Identifier: MIT */
/* cloexec.c -- closes or marks whole ranges of descriptors.
 * Linux < 5.9 has no close_range(2), < 5.11 has it without CLOEXEC. */
#include "sys.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "nr.h"
#include "procfs.h"

enum { RANGE_CLOEXEC = 4, LOOP_MAX = 65536 };

/* What getdents64 fills in; opendir would allocate. */
struct entry {
	uint64_t ino, off;
	unsigned short len;
	unsigned char type;
	char name[];
};

static void
dispose(unsigned fd, enum fd_fate fate)
{
	if (fate == FD_CLOSE)
		close((int)fd);
	else
		fcntl((int)fd, F_SETFD, FD_CLOEXEC);
}

static int
walk_fds(unsigned first, enum fd_fate fate)
{
	_Alignas(struct entry) char buf[2048];
	AUTO_FD(dir, procfs_self_openat("fd", O_RDONLY | O_DIRECTORY));
	unsigned long long fd;
	const struct entry *d;
	long n, at;

	if (dir < 0)
		return -1;
	/* The kernel continues after the last number it gave, so closing what
	 * was read skips nothing. */
	while ((n = syscall(SYS_getdents64, dir, buf, sizeof(buf))) > 0) {
		for (at = 0; at < n; at += d->len) {
			d = (const struct entry *)(const void *)(buf + at);
			if (parse_u64(d->name, INT32_MAX, &fd))
				continue;
			if (fd >= first && (int)fd != dir)
				dispose((unsigned)fd, fate);
		}
	}
	return (int)n;
}

int
sys_close_range(unsigned first, enum fd_fate fate)
{
	unsigned flags = fate == FD_CLOSE ? 0 : RANGE_CLOEXEC;

	if (syscall(NR_CLOSE_RANGE, first, ~0U, flags) == 0)
		return 0;
	if (walk_fds(first, fate) == 0)
		return 0;
	/* RLIMIT_NOFILE is no upper end: it may have been lowered since. */
	for (; first < LOOP_MAX; first++)
		dispose(first, fate);
	return 0;
}
