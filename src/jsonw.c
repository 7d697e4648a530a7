/* SPDX-License-Identifier: MIT */
/* jsonw.c -- punctuation, escaping and buffering of JSON output. */
#include "jsonw.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "json_lex.h"

void
jsonw_init(struct jsonw *w, int fd, bool pretty)
{
	memset(w, 0, offsetof(struct jsonw, buf));
	w->fd = fd;
	w->pretty = pretty;
}

static void
flush(struct jsonw *w)
{
	if (!w->error && write_all(w->fd, w->buf, w->len))
		w->error = errno;
	w->len = 0;
}

static void
put(struct jsonw *w, const char *s, size_t n)
{
	size_t room;

	while (n) {
		if (w->len == sizeof(w->buf))
			flush(w);
		room = sizeof(w->buf) - w->len;
		if (room > n)
			room = n;
		memcpy(w->buf + w->len, s, room);
		w->len += room;
		s += room;
		n -= room;
	}
}

static void
puts_raw(struct jsonw *w, const char *s)
{
	put(w, s, strlen(s));
}

static void
new_line(struct jsonw *w)
{
	unsigned i;

	if (!w->pretty)
		return;
	puts_raw(w, "\n");
	for (i = 0; i < w->depth; i++)
		puts_raw(w, "  ");
}

/* What stands before a key, or before a value that has none. */
static void
separate(struct jsonw *w)
{
	uint32_t bit = UINT32_C(1) << w->depth;

	if (w->keyed) {
		w->keyed = false;
		return;
	}
	if (!w->depth)
		return;
	if (w->filled & bit)
		puts_raw(w, ",");
	w->filled |= bit;
	new_line(w);
}

static void
open_level(struct jsonw *w, bool array)
{
	uint32_t bit;

	separate(w);
	if (w->depth == JSONW_DEPTH) {
		w->error = w->error ? w->error : EOVERFLOW;
		return;
	}
	bit = UINT32_C(1) << ++w->depth;
	w->filled &= ~bit;
	w->arrays = array ? w->arrays | bit : w->arrays & ~bit;
	puts_raw(w, array ? "[" : "{");
}

void
jsonw_obj(struct jsonw *w)
{
	open_level(w, false);
}

void
jsonw_arr(struct jsonw *w)
{
	open_level(w, true);
}

void
jsonw_end(struct jsonw *w)
{
	uint32_t bit = UINT32_C(1) << w->depth;

	if (!w->depth)
		return;
	w->depth--;
	if (w->filled & bit)
		new_line(w);
	puts_raw(w, w->arrays & bit ? "]" : "}");
}

/* How many characters from s on are written without a look at what they are. */
static unsigned
plain(const char *s, const char *end)
{
	const char *p = s;

	while (p < end && *p >= ' ' && *p <= '~' && *p != '"' &&
	    *p != '\\')
		p++;
	return (unsigned)(p - s);
}

static void
quoted(struct jsonw *w, const char *s)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *end = s + strlen(s), *hit;
	char text[8] = "\\";
	unsigned n;

	puts_raw(w, "\"");
	for (; s < end; s += n ? n : 1) {
		n = plain(s, end);
		if (n) {
			put(w, s, n);
			continue;
		}
		n = utf8_seq(s, (size_t)(end - s));
		hit = memchr(from, *s, sizeof(from) - 1);
		if (hit) {
			text[1] = to[hit - from];
			put(w, text, 2);
		} else if (!n) {
			puts_raw(w, "\xef\xbf\xbd");
		} else if ((unsigned char)*s < ' ') {
			fmt_to(text + 1, sizeof(text) - 1, "u%04x",
				(unsigned)*s);
			puts_raw(w, text);
		} else {
			put(w, s, n);
		}
	}
	puts_raw(w, "\"");
}

void
jsonw_key(struct jsonw *w, const char *key)
{
	separate(w);
	quoted(w, key);
	puts_raw(w, w->pretty ? ": " : ":");
	w->keyed = true;
}

void
jsonw_str(struct jsonw *w, const char *s)
{
	separate(w);
	if (s)
		quoted(w, s);
	else
		puts_raw(w, "null");
}

void
jsonw_u64(struct jsonw *w, uint64_t v)
{
	char text[24];

	separate(w);
	fmt_to(text, sizeof(text), "%llu", (unsigned long long)v);
	puts_raw(w, text);
}

void
jsonw_i64(struct jsonw *w, int64_t v)
{
	char text[24];

	separate(w);
	fmt_to(text, sizeof(text), "%lld", (long long)v);
	puts_raw(w, text);
}

void
jsonw_hundredths(struct jsonw *w, uint64_t whole, unsigned hundredths)
{
	char text[32];

	separate(w);
	fmt_to(text, sizeof(text), "%llu.%02u", (unsigned long long)whole,
		hundredths);
	puts_raw(w, text);
}

void
jsonw_bool(struct jsonw *w, bool v)
{
	separate(w);
	puts_raw(w, v ? "true" : "false");
}

void
jsonw_copy(struct jsonw *w, int fd, uint64_t at, uint64_t len)
{
	size_t room;
	ssize_t n;

	separate(w);
	while (len && !w->error) {
		if (w->len == sizeof(w->buf))
			flush(w);
		room = sizeof(w->buf) - w->len;
		if (room > len)
			room = (size_t)len;
		n = pread(fd, w->buf + w->len, room, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			w->error = n ? errno : EIO;
			w->reading = true;
			return;
		}
		w->len += (size_t)n;
		at += (uint64_t)n;
		len -= (uint64_t)n;
	}
}

int
jsonw_finish(struct jsonw *w, struct err *e)
{
	puts_raw(w, "\n");
	flush(w);
	if (!w->error)
		return 0;
	errno = w->error;
	return err_sys(e, "JSON output: %s", w->reading ? "copy" : "write");
}
