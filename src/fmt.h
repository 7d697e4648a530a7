/* SPDX-License-Identifier: MIT */
/* fmt.h -- the part of printf that wherry uses.
 *
 * %s %c %d %u %x %o %%, the lengths l, ll and z, a width with the flags - or 0,
 * the flag #, a precision for %s; make lint holds the tree to that.
 * libc's brings floating point, wide characters and streams: 17 KB in musl. */
#ifndef FMT_H
#define FMT_H

#include <stdarg.h>
#include <stddef.h>

/* As snprintf: at most size bytes, NUL-terminated unless size is 0.  Returns
 * the length of the whole text, however much of it had room. */
int fmt_to(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int fmt_vto(char *buf, size_t size, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

/* Writes the text to a descriptor, of any length.  -1 with errno. */
int fmt_fd(int fd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int fmt_vfd(int fd, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

#endif
