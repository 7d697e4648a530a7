/* SPDX-License-Identifier: MIT */
/* json_lex.c -- JSON's tokens from chunks, each read in one pass; a token may
 * cross any number of chunks. */
#include "json_lex.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "json.h"

uint32_t
lex_at(const struct json *j)
{
	return j->base + j->pos;
}

void
lex_seek(struct json *j, uint32_t at)
{
	if (at < j->base || at > j->base + j->len) {
		j->base = at;
		j->len = 0;
	}
	j->pos = at - j->base;
}

void
lex_mark(struct json *j)
{
	j->tok_at = lex_at(j);
	j->tok_line = j->line;
	j->tok_col = j->tok_at - j->line_at + 1;
}

void
lex_reopen(struct json *r, const struct json *j, uint32_t at)
{
	memset(r, 0, offsetof(struct json, chunk));
	r->name = j->name;
	r->fd = j->fd;
	r->text = j->text;
	r->arena = j->arena;
	r->total = j->total;
	r->seed[0] = j->seed[0];
	r->seed[1] = j->seed[1];
	r->print_mask = j->print_mask;
	r->line = 1;
	r->unchecked = true;
	r->buf = r->text ? r->text : r->chunk;
	r->len = r->text ? r->total : 0;
	lex_seek(r, at);
}

int
lex_fail(struct json *j, uint32_t at, struct err *e, const char *fmt, ...)
{
	char text[128];
	va_list ap;

	va_start(ap, fmt);
	fmt_vto(text, sizeof(text), fmt, ap);
	va_end(ap);
	j->tok_line = j->line;
	j->tok_col = at - j->line_at + 1;
	j->broken = true;
	return json_fail(j, e, "%s", text);
}

const char *
lex_name(int c, char *buf, size_t size)
{
	if (c == LEX_END)
		return "the end";
	if (c > ' ' && c < 0x7f)
		fmt_to(buf, size, "'%c'", c);
	else
		fmt_to(buf, size, "byte 0x%02x", (unsigned)c);
	return buf;
}

/* The next chunk: 1, or 0 at the end of the input. */
static int
fill(struct json *j, struct err *e)
{
	size_t want;
	ssize_t n;

	if (j->text)
		return 0;
	j->base += j->len;
	j->pos = j->len = 0;
	want = j->total - j->base;
	if (!want)
		return 0;
	if (want > JSON_CHUNK)
		want = JSON_CHUNK;
	do
		n = pread(j->fd, j->chunk, want, (off_t)j->base);
	while (n < 0 && errno == EINTR);
	if (n > 0) {
		j->len = (uint32_t)n;
		return 1;
	}
	j->broken = true;
	if (n < 0)
		return err_sys(e, "%s: read", j->name);
	return err_set(e, EIO, "%s: it shrank while it was read", j->name);
}

/* The next byte, unread, or LEX_END; -1 as everywhere. */
static int
peek(struct json *j, struct err *e)
{
	int r;

	if (j->pos == j->len) {
		r = fill(j, e);
		if (r <= 0)
			return r < 0 ? -1 : LEX_END;
	}
	return (unsigned char)j->buf[j->pos];
}

int
lex_space(struct json *j, struct err *e)
{
	char c;
	int r;

	for (;;) {
		for (; j->pos < j->len; j->pos++) {
			c = j->buf[j->pos];
			if (c == '\n') {
				j->line++;
				j->line_at = lex_at(j) + 1;
			} else if (c != ' ' && c != '\t' && c != '\r') {
				return (unsigned char)c;
			}
		}
		r = fill(j, e);
		if (r <= 0)
			return r < 0 ? -1 : LEX_END;
	}
}

/* SipHash-1-3 over the pieces of a string, however they were cut. */
struct hash {
	uint64_t v[4];
	unsigned char word[8];
	unsigned fill;
};

#define ROTL(x, n) ((x) << (n) | (x) >> (64 - (n)))

static void
sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = ROTL(v[1], 13) ^ v[0];
	v[3] = ROTL(v[3], 16) ^ v[2];
	v[0] = ROTL(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = ROTL(v[1], 17) ^ v[2];
	v[3] = ROTL(v[3], 21) ^ v[0];
	v[2] = ROTL(v[2], 32);
}

static void
sip_word(uint64_t v[4], const void *word)
{
	uint64_t w;

	memcpy(&w, word, sizeof(w));
	v[3] ^= w;
	sip_round(v);
	v[0] ^= w;
}

static void
hash_start(struct hash *h, const uint64_t seed[2])
{
	h->v[0] = seed[0] ^ 0x736f6d6570736575;
	h->v[1] = seed[1] ^ 0x646f72616e646f6d;
	h->v[2] = seed[0] ^ 0x6c7967656e657261;
	h->v[3] = seed[1] ^ 0x7465646279746573;
	h->fill = 0;
}

static void
hash_add(struct hash *h, const char *s, size_t n)
{
	const char *end = s + n;

	while (s < end) {
		if (!h->fill && end - s >= 8) {
			sip_word(h->v, s);
			s += 8;
			continue;
		}
		h->word[h->fill++] = (unsigned char)*s++;
		if (h->fill == sizeof(h->word)) {
			sip_word(h->v, h->word);
			h->fill = 0;
		}
	}
}

static uint64_t
hash_end(struct hash *h, size_t len)
{
	while (h->fill < sizeof(h->word))
		h->word[h->fill++] = 0;
	h->word[7] = (unsigned char)len;
	sip_word(h->v, h->word);
	h->v[2] ^= 0xff;
	sip_round(h->v);
	sip_round(h->v);
	sip_round(h->v);
	return h->v[0] ^ h->v[1] ^ h->v[2] ^ h->v[3];
}

unsigned
utf8_seq(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	unsigned i, len, low = 0x80, high = 0xbf;

	if (*p < 0x80)
		return 1;
	if (*p < 0xc2 || *p > 0xf4)
		return 0;
	len = *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
	if (n < len)
		return 0;
	if (*p == 0xe0)                 /* overlong below, surrogates next */
		low = 0xa0;
	else if (*p == 0xed)
		high = 0x9f;
	else if (*p == 0xf0)            /* the same and above U+10FFFF */
		low = 0x90;
	else if (*p == 0xf4)
		high = 0x8f;
	for (i = 1; i < len; i++) {
		if (p[i] < low || p[i] > high)
			return 0;
		low = 0x80;
		high = 0xbf;
	}
	return len;
}

static void
put(struct lex_text *t, const char *s, size_t n)
{
	size_t room;

	if (!t || !n)
		return;
	if (t->hash)
		hash_add(t->hash, s, n);
	if (t->len < t->size) {
		room = t->size - t->len;
		memcpy(t->buf + t->len, s, n < room ? n : room);
	}
	t->len += n;
}

static void
put_code(struct lex_text *t, unsigned c)
{
	char s[4];

	if (!c && t)
		t->nul = true;
	if (c < 0x80) {
		s[0] = (char)c;
		put(t, s, 1);
	} else if (c < 0x800) {
		s[0] = (char)(0xc0 | c >> 6);
		s[1] = (char)(0x80 | (c & 0x3f));
		put(t, s, 2);
	} else if (c < 0x10000) {
		s[0] = (char)(0xe0 | c >> 12);
		s[1] = (char)(0x80 | (c >> 6 & 0x3f));
		s[2] = (char)(0x80 | (c & 0x3f));
		put(t, s, 3);
	} else {
		s[0] = (char)(0xf0 | c >> 18);
		s[1] = (char)(0x80 | (c >> 12 & 0x3f));
		s[2] = (char)(0x80 | (c >> 6 & 0x3f));
		s[3] = (char)(0x80 | (c & 0x3f));
		put(t, s, 4);
	}
}

/* The four digits behind \u, or -1. */
static int
hex4(struct json *j, struct err *e)
{
	int c, i, v = 0;
	char name[16];

	for (i = 0; i < 4; i++, j->pos++) {
		c = peek(j, e);
		if (c >= '0' && c <= '9')
			v = v * 16 + c - '0';
		else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			v = v * 16 + (c | 0x20) - 'a' + 10;
		else if (c < 0)
			return -1;
		else
			return lex_fail(j, lex_at(j), e,
				"\\u: expected a hex digit, found %s",
				lex_name(c, name, sizeof(name)));
	}
	return v;
}

/* Behind \u; at is the backslash's offset. */
static int
escape_u(struct json *j, uint32_t at, struct lex_text *t, struct err *e)
{
	int high, low, c;
	const char *next = "\\u";

	high = hex4(j, e);
	if (high < 0)
		return -1;
	if (high < 0xd800 || high > 0xdfff) {
		put_code(t, (unsigned)high);
		return 0;
	}
	for (; high < 0xdc00 && *next; next++, j->pos++) {
		c = peek(j, e);
		if (c < 0)
			return -1;
		if (c != *next)
			break;
	}
	if (*next)
		return lex_fail(j, at, e, "lone surrogate \\u%04x", high);
	low = hex4(j, e);
	if (low < 0)
		return -1;
	if (low < 0xdc00 || low > 0xdfff)
		return lex_fail(j, at, e, "lone surrogate \\u%04x", high);
	put_code(t, 0x10000 + ((unsigned)(high - 0xd800) << 10) +
		(unsigned)(low - 0xdc00));
	return 0;
}

/* At a backslash. */
static int
escape(struct json *j, struct lex_text *t, struct err *e)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	uint32_t at = lex_at(j);
	const char *hit;
	char name[16];
	int c;

	j->pos++;
	c = peek(j, e);
	if (c < 0)
		return -1;
	if (c == 'u') {
		j->pos++;
		return escape_u(j, at, t, e);
	}
	hit = c == LEX_END ? NULL : memchr(from, c, sizeof(from) - 1);
	if (!hit)
		return lex_fail(j, at, e, "unknown escape: \\ and %s",
			lex_name(c, name, sizeof(name)));
	put(t, to + (hit - from), 1);
	j->pos++;
	return 0;
}

/* At first, a byte above 0x7f. */
static int
multibyte(struct json *j, int first, struct lex_text *t, struct err *e)
{
	char seq[4] = { (char)first };
	uint32_t at = lex_at(j);
	size_t n = 1;
	int c;

	j->pos++;
	while (!utf8_seq(seq, n)) {
		c = peek(j, e);
		if (c < 0)
			return -1;
		if (n == sizeof(seq) || (c & 0x1c0) != 0x80)
			return lex_fail(j, at, e, "invalid UTF-8 (byte 0x%02x)",
				(unsigned)first);
		seq[n++] = (char)c;
		j->pos++;
	}
	put(t, seq, n);
	return 0;
}

#define BYTES(c) (UINT64_C(0x0101010101010101) * (c))

/* How many of the n bytes stand for themselves in a string.  Eight at a time:
 * the high bit of a byte of "stop" is set where it is below 0x20, a quote, a
 * backslash or above 0x7f.  A borrow can only add hits in higher bytes, which
 * are behind the first where the lowest byte comes first. */
static size_t
plain(const char *s, size_t n)
{
	uint64_t w, stop;
	size_t i = 0;

	for (; n - i >= sizeof(w); i += sizeof(w)) {
		memcpy(&w, s + i, sizeof(w));
		stop = w | (w - BYTES(0x20)) |
			((w ^ BYTES('"')) - BYTES(1)) |
			((w ^ BYTES('\\')) - BYTES(1));
		stop &= BYTES(0x80);
		if (stop && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
			return i + (unsigned)__builtin_ctzll(stop) / 8;
		if (stop)
			break;
	}
	while (i < n && s[i] != '"' && s[i] != '\\' &&
	       (unsigned char)(s[i] - 0x20) < 0x60)
		i++;
	return i;
}

int
lex_string(struct json *j, struct lex_text *t, struct err *e)
{
	size_t run;
	int c, r;

	j->pos++;
	for (;;) {
		run = plain(j->buf + j->pos, j->len - j->pos);
		put(t, j->buf + j->pos, run);
		j->pos += (uint32_t)run;
		c = peek(j, e);
		if (c == '"') {
			j->pos++;
			return 0;
		}
		r = 0;
		if (c < 0)
			return -1;
		else if (c == LEX_END)
			r = lex_fail(j, lex_at(j), e,
				"expected '\"', found the end");
		else if (c == '\\')
			r = escape(j, t, e);
		else if (c < 0x20)
			r = lex_fail(j, lex_at(j), e,
				"raw control byte 0x%02x in a string",
				(unsigned)c);
		else if (c >= 0x80)
			r = multibyte(j, c, t, e);
		if (r)
			return -1;
	}
}

int
lex_key(struct json *j, struct lex_text *t, uint64_t *hash, struct err *e)
{
	struct hash h;
	char name[16];
	int c;

	hash_start(&h, j->seed);
	t->hash = &h;
	lex_mark(j);
	if (lex_string(j, t, e))
		return -1;
	*hash = hash_end(&h, t->len);
	c = lex_space(j, e);
	if (c < 0)
		return -1;
	if (c != ':')
		return lex_fail(j, lex_at(j), e, "expected ':', found %s",
			lex_name(c, name, sizeof(name)));
	j->pos++;
	return 0;
}

static void
number_take(struct json *j, struct lex_number *n)
{
	if (n->len < sizeof(n->text) - 1)
		n->text[n->len++] = j->buf[j->pos];
	j->pos++;
}

/* One or more digits; the value counts where n->whole is set. */
static int
digits(struct json *j, struct lex_number *n, struct err *e)
{
	uint32_t first = lex_at(j);
	char name[16];
	int c;

	while ((c = peek(j, e)) >= '0' && c <= '9') {
		if (n->whole &&
		    (__builtin_mul_overflow(n->magnitude, 10, &n->magnitude) ||
		     __builtin_add_overflow(n->magnitude, (uint64_t)(c - '0'),
			&n->magnitude)))
			n->huge = true;
		number_take(j, n);
	}
	if (c < 0)
		return -1;
	if (lex_at(j) == first)
		return lex_fail(j, first, e, "expected a digit, found %s",
			lex_name(c, name, sizeof(name)));
	return 0;
}

int
lex_number(struct json *j, struct lex_number *n, struct err *e)
{
	uint32_t first;
	int c;

	memset(n, 0, sizeof(*n));
	n->whole = true;
	if (peek(j, e) == '-') {
		n->negative = true;
		number_take(j, n);
	}
	first = lex_at(j);
	c = peek(j, e);
	if (digits(j, n, e))
		return -1;
	if (c == '0' && lex_at(j) != first + 1)
		return lex_fail(j, first, e, "a number with a leading zero");
	c = peek(j, e);
	if (c == '.') {
		n->whole = false;
		number_take(j, n);
		if (digits(j, n, e))
			return -1;
		c = peek(j, e);
	}
	if (c == 'e' || c == 'E') {
		n->whole = false;
		number_take(j, n);
		c = peek(j, e);
		if (c == '+' || c == '-')
			number_take(j, n);
		if (digits(j, n, e))
			return -1;
		c = peek(j, e);
	}
	return c < 0 ? -1 : 0;
}

int
lex_word(struct json *j, const char *word, struct err *e)
{
	uint32_t at = lex_at(j);
	const char *p;
	int c;

	for (p = word; *p; p++, j->pos++) {
		c = peek(j, e);
		if (c < 0)
			return -1;
		if (c != *p)
			return lex_fail(j, at, e, "unknown word; is it %s?",
				word);
	}
	return 0;
}
