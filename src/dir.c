/* SPDX-License-Identifier: MIT */
/* dir.c -- getdents64(2). */
#include "dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "io.h"

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

/* Moves what is in the directory name up beside it, under numbers. */
static int
lift(int top, const char *name, unsigned *number, struct err *e)
{
	AUTO_FD(fd, openat(top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
		O_CLOEXEC));
	const char *entry;
	char as[16];
	struct dir d;
	int r;

	if (fd < 0 || dir_start(&d, fd, e))
		return err_sys(e, "%s", name);
	while ((entry = dir_next(&d, e))) {
		do {
			fmt_to(as, sizeof(as), "%u", ++*number);
			r = renameat(fd, entry, top, as);
		} while (r && (errno == EEXIST || errno == ENOTEMPTY ||
			errno == EISDIR || errno == ENOTDIR));
		if (r)                  /* what is immutable, for one */
			return err_sys(e, "%s/%s", name, entry);
	}
	return e->code ? -1 : 0;
}

/* A directory may skip entries while it changes: again, until one pass finds
 * none. */
int
dir_clear(int fd, struct err *e)
{
	unsigned number = 0, seen;
	const char *name;
	struct dir d;

	do {
		if (dir_start(&d, fd, e))
			return -1;
		for (seen = 0; (name = dir_next(&d, e)); seen++) {
			if (unlinkat(fd, name, 0) == 0 || errno == ENOENT)
				continue;
			if (unlinkat(fd, name, AT_REMOVEDIR) == 0)
				continue;
			if (errno != ENOTEMPTY && errno != EEXIST)
				return err_sys(e, "%s", name);
			if (lift(fd, name, &number, e))
				return -1;
		}
		if (e->code)
			return -1;
	} while (seen);
	return 0;
}
