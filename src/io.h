/* SPDX-License-Identifier: MIT */
/* io.h -- file descriptors: scope-bound closing, whole reads and writes. */
#ifndef IO_H
#define IO_H

#include <stddef.h>
#include <sys/types.h>

struct err;

/* A descriptor that is closed when its scope ends; -1 means none.  A function
 * that keeps a descriptor says "takes". */
#define AUTO_FD(v, init) __attribute__((cleanup(fd_drop))) int v = (init)

/* Closes a descriptor, unless it is negative; keeps errno. */
void fd_close(int fd);

/* These two are inline so that a descriptor can live in a register. */
static inline void
fd_drop(int *fd)
{
	fd_close(*fd);
}

/* Hands a descriptor out of its AUTO_FD: returns it and leaves -1 behind. */
static inline int
fd_take(int *fd)
{
	int v = *fd;

	*fd = -1;
	return v;
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Writes everything; retries EINTR and short writes.  -1 with errno set. */
int write_all(int fd, const void *buf, size_t n);

/* Reads up to n bytes, fewer only at the end of the file.  -1 with errno. */
ssize_t read_full(int fd, void *buf, size_t n);

/* A file of procfs, sysfs or a cgroup that the kernel writes as a whole, as all
 * do but lists of processes or mounts: what fits into n bytes comes with the
 * first read.  -1 with errno. */
ssize_t read_kernel(int fd, void *buf, size_t n);

/* Reads such a file, dir/name, into buf as a string.  Files that do not fit are
 * refused (EFBIG).  Returns the length; -1 with errno. */
ssize_t read_small_at(int dir, const char *name, char *buf, size_t size);

/* One write(2) of text to the existing file dir/name, as kernel files want it
 * (no O_CREAT, no O_TRUNC; a short write is EIO).  -1 with errno. */
int write_at(int dir, const char *name, const char *text);

/* A whole decimal number, nothing around it: no sign, no space, no empty text,
 * no overflow past max.  -1 with errno (EINVAL or ERANGE). */
int parse_u64(const char *s, unsigned long long max, unsigned long long *v);

#endif
