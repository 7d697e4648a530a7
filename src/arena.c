/* SPDX-License-Identifier: MIT */
/* arena.c -- bump allocation with overflow-checked sizes. */
#include "arena.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "err.h"
#include "fmt.h"

enum { ALIGN = _Alignof(max_align_t) };

static void
full(struct err *e)
{
	err_set(e, ENOMEM, "out of memory (raise ARENA_KB)");
}

void *
arena_alloc(struct arena *a, size_t n, size_t size, struct err *e)
{
	size_t pad = -(uintptr_t)a->at & (ALIGN - 1);
	size_t bytes, room = (size_t)(a->end - a->at);
	char *p;

	if (__builtin_mul_overflow(n, size, &bytes) || pad > room ||
	    bytes > room - pad) {
		full(e);
		return NULL;
	}
	p = a->at + pad;
	a->at = p + bytes;
	return memset(p, 0, bytes);
}

char *
arena_dup(struct arena *a, const char *s, size_t len, struct err *e)
{
	char *p = arena_alloc(a, len + 1, 1, e);

	if (p)
		memcpy(p, s, len);
	return p;
}

char *
arena_fmt(struct arena *a, struct err *e, const char *fmt, ...)
{
	size_t room = (size_t)(a->end - a->at);
	char *p = a->at;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = fmt_vto(p, room, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= room) {
		full(e);
		return NULL;
	}
	a->at += n + 1;
	return p;
}
