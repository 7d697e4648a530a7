/* SPDX-License-Identifier: MIT */
/* fmt.c -- formats text into a buffer or, chunk by chunk, to a descriptor. */
#include "fmt.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "io.h"

struct out {
	char *buf;
	size_t size, at;        /* at: what is in buf, or would be */
	int fd;                 /* takes what is in a full buf; -1: none */
	bool failed;
};

/* What stands between % and the conversion. */
struct how {
	bool left, zeros, mark;         /* - 0 # */
	size_t width, most;
};

static void
flush(struct out *o)
{
	if (!o->failed && write_all(o->fd, o->buf, o->at))
		o->failed = true;
	o->at = 0;
}

static void
put(struct out *o, const char *s, size_t n)
{
	size_t room, part;

	for (; n; s += part, n -= part) {
		if (o->at == o->size && o->fd >= 0)
			flush(o);
		room = o->at < o->size ? o->size - o->at : 0;
		part = o->fd >= 0 && n > room ? room : n;
		if (room)
			memcpy(o->buf + o->at, s, part < room ? part : room);
		o->at += part;
	}
}

static void
pad(struct out *o, char c, size_t n, size_t width)
{
	for (; n < width; n++)
		put(o, &c, 1);
}

static void
put_field(struct out *o, const struct how *h, const char *sign, const char *s,
	size_t n)
{
	size_t signs = strlen(sign), all = signs + n;

	if (!h->left && !h->zeros)
		pad(o, ' ', all, h->width);
	put(o, sign, signs);
	if (h->zeros)
		pad(o, '0', all, h->width);
	put(o, s, n);
	if (h->left)
		pad(o, ' ', all, h->width);
}

static void
put_number(struct out *o, const struct how *h, const char *sign, uint64_t v,
	unsigned base)
{
	char text[sizeof("1777777777777777777777")];
	char *end = text + sizeof(text), *s = end;

	if (h->mark && v)
		sign = base == 16 ? "0x" : "0";
	do
		*--s = "0123456789abcdef"[v % base];
	while (v /= base);
	put_field(o, h, sign, s, (size_t)(end - s));
}

/* The decimal number at *f, or the argument that stands for it. */
static size_t
count(const char **f, int star)
{
	size_t n = 0;

	if (**f == '*') {
		(*f)++;
		return star < 0 ? 0 : (size_t)star;
	}
	for (; **f >= '0' && **f <= '9'; (*f)++)
		n = 10 * n + (size_t)(**f - '0');
	return n;
}

static void
format(struct out *o, const char *f, va_list ap)
{
	for (;;) {
		size_t plain = strcspn(f, "%");
		struct how h = { .most = SIZE_MAX };
		unsigned longs = 0, base = 10;
		const char *s;
		int64_t v;
		char c;

		put(o, f, plain);
		f += plain;
		if (!*f++)
			return;
		for (; *f == '-' || *f == '0' || *f == '#'; f++)
			*(*f == '-' ? &h.left : *f == '0' ? &h.zeros :
				&h.mark) = true;
		h.width = count(&f, *f == '*' ? va_arg(ap, int) : 0);
		if (*f == '.') {
			f++;
			h.most = count(&f, *f == '*' ? va_arg(ap, int) : 0);
		}
		for (; *f == 'l' || *f == 'z'; f++)
			longs++;
		switch (*f++) {
		case 's':
			s = va_arg(ap, const char *);
			s = s ? s : "(null)";
			put_field(o, &h, "", s, strnlen(s, h.most));
			continue;
		case 'c':
			c = (char)va_arg(ap, int);
			put(o, &c, 1);
			continue;
		case '%':
			put(o, "%", 1);
			continue;
		case 'd':
			v = longs > 1 ? va_arg(ap, long long) :
				longs ? va_arg(ap, long) : va_arg(ap, int);
			put_number(o, &h, v < 0 ? "-" : "", v < 0 ?
				-(uint64_t)v : (uint64_t)v, 10);
			continue;
		case 'x':
			base = 16;
			break;
		case 'o':
			base = 8;
			break;
		}
		put_number(o, &h, "", longs > 1 ?
			va_arg(ap, unsigned long long) : longs ?
			va_arg(ap, unsigned long) : va_arg(ap, unsigned), base);
	}
}

int
fmt_vto(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct out o = { .buf = buf, .size = size, .fd = -1 };

	format(&o, fmt, ap);
	if (size)
		buf[o.at < size ? o.at : size - 1] = '\0';
	return (int)o.at;
}

int
fmt_to(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = fmt_vto(buf, size, fmt, ap);
	va_end(ap);
	return n;
}

int
fmt_vfd(int fd, const char *fmt, va_list ap)
{
	char buf[512];
	struct out o = { .buf = buf, .size = sizeof(buf), .fd = fd };

	format(&o, fmt, ap);
	flush(&o);
	return o.failed ? -1 : 0;
}

int
fmt_fd(int fd, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = fmt_vfd(fd, fmt, ap);
	va_end(ap);
	return r;
}
