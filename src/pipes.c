/* SPDX-License-Identifier: MIT */
/* pipes.c -- changes the owner of inherited pipes. */
#include "pipes.h"

#include <stdbool.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { PIPEFS_MAGIC = 0x50495045 };

/* A FIFO with a name is a file of somebody's. */
static bool
is_pipe(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 &&
		(unsigned long)fs.f_type == PIPEFS_MAGIC;
}

void
pipes_give(uid_t uid, gid_t gid)
{
	int fd;

	for (fd = 0; fd < 3; fd++) {
		if (is_pipe(fd) && fchown(fd, uid, gid))
			return;
	}
}
