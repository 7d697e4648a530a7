/* SPDX-License-Identifier: MIT */
/* io.c -- descriptor helpers; all report by errno, callers add context. */
#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void
fd_close(int fd)
{
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
}

int
write_all(int fd, const void *buf, size_t n)
{
	const char *p = buf;
	ssize_t r;

	while (n) {
		r = write(fd, p, n);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		p += r;
		n -= (size_t)r;
	}
	return 0;
}

ssize_t
read_full(int fd, void *buf, size_t n)
{
	size_t got = 0;
	ssize_t r;

	while (got < n) {
		r = read(fd, (char *)buf + got, n - got);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

ssize_t
read_kernel(int fd, void *buf, size_t n)
{
	ssize_t r;

	do
		r = read(fd, buf, n);
	while (r < 0 && errno == EINTR);
	return r;
}

ssize_t
read_small_at(int dir, const char *name, char *buf, size_t size)
{
	AUTO_FD(fd, openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY));
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read_kernel(fd, buf, size);
	if (n < 0)
		return -1;
	if ((size_t)n == size) {
		errno = EFBIG;
		return -1;
	}
	buf[n] = '\0';
	return n;
}

int
write_at(int dir, const char *name, const char *text)
{
	AUTO_FD(fd, openat(dir, name, O_WRONLY | O_CLOEXEC | O_NOCTTY));
	size_t len = strlen(text);
	ssize_t r;

	if (fd < 0)
		return -1;
	do
		r = write(fd, text, len);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return -1;
	if ((size_t)r != len) {
		errno = EIO;
		return -1;
	}
	return 0;
}

int
parse_u64(const char *s, unsigned long long max, unsigned long long *v)
{
	unsigned long long n = 0;

	if (!*s) {
		errno = EINVAL;
		return -1;
	}
	for (; *s; s++) {
		unsigned digit = (unsigned)*s - '0';

		if (digit > 9) {
			errno = EINVAL;
			return -1;
		}
		if (__builtin_mul_overflow(n, 10ULL, &n) ||
		    __builtin_add_overflow(n, digit, &n) || n > max) {
			errno = ERANGE;
			return -1;
		}
	}
	*v = n;
	return 0;
}
