/* SPDX-License-Identifier: MIT */
/* fprintf_chk.c -- a function of glibc that Debian's libseccomp.a calls and
 * musl lacks.  Linked into musl builds with that library only. */
#include <stdarg.h>
#include <stdio.h>

int __fprintf_chk(FILE *f, int flag, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

int
__fprintf_chk(FILE *f, int flag, const char *fmt, ...)
{
	va_list ap;
	int n;

	(void)flag;
	va_start(ap, fmt);
	n = vfprintf(f, fmt, ap); /* NOLINT(clang-analyzer-valist*) */
	va_end(ap);
	return n;
}
