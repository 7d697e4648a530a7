/* SPDX-License-Identifier: MIT */
/* dir.c -- getdents64(2). */
#include "dir.h"

#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "err.h"

/* The kernel's struct linux_dirent64; the name follows at byte 19. */
enum { RECLEN_AT = 16, NAME_AT = 19 };

int
dir_start(struct dir *d, int fd, struct err *e)
{
	d->fd = fd;
	d->pos = d->len = 0;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(e, "directory");
	return 0;
}

const char *
dir_next(struct dir *d, struct err *e)
{
	const char *name;
	uint16_t size;
	long n;

	for (;;) {
		if (d->pos == d->len) {
			n = syscall(SYS_getdents64, d->fd, d->buf,
				sizeof(d->buf));
			if (n < 0)
				err_sys(e, "directory");
			if (n <= 0)
				return NULL;
			d->pos = 0;
			d->len = (size_t)n;
		}
		memcpy(&size, d->buf + d->pos + RECLEN_AT, sizeof(size));
		name = d->buf + d->pos + NAME_AT;
		d->pos += size;
		if (strcmp(name, ".") && strcmp(name, ".."))
			return name;
	}
}
