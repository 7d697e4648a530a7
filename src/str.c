/* SPDX-License-Identifier: MIT */
/* str.c -- bounded text building. */
#include "str.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "fmt.h"

void
str_init(struct str *s, char *buf, size_t size)
{
	*s = (struct str){ .buf = buf, .size = size };
	buf[0] = '\0';
}

void
str_char(struct str *s, char c)
{
	if (s->len + 1 >= s->size) {
		s->cut = true;
		return;
	}
	s->buf[s->len++] = c;
	s->buf[s->len] = '\0';
}

void
str_add(struct str *s, const char *fmt, ...)
{
	size_t room = s->size - s->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = fmt_vto(s->buf + s->len, room, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= room) {
		s->cut = true;
		s->len = s->size - 1;
		return;
	}
	s->len += (size_t)n;
}

char *
str_find(const char *in, const char *what)
{
	size_t n = strlen(what);

	while ((in = strchr(in, *what)) && strncmp(in, what, n))
		in++;
	return (char *)(uintptr_t)in;
}

const char *
str_take(const char **at)
{
	const char *text = *at;

	*at += strlen(text) + 1;
	return *text ? text : NULL;
}
