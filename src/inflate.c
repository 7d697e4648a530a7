/* SPDX-License-Identifier: MIT */
/* inflate.c -- unpacks gzip.  Small and slow: what it reads are some hundred
 * kilobytes, once. */
#include "inflate.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "err.h"

enum {
	CODE_BITS = 15,         /* of the longest code */
	END_OF_BLOCK = 256, FIRST_LENGTH = 257,
	N_LITERAL = 286, N_DISTANCE = 30, N_LENGTHS = 19, /* symbols */
	FIXED_LITERAL = 288,    /* the last two can't occur */
};

struct unpack {
	const uint8_t *in, *end;
	uint8_t *out;
	size_t len, max;        /* of out */
	size_t from;            /* where this member's text begins in out */
	uint32_t hold;          /* bits that were read, the next one lowest */
	unsigned held;          /* number of them */
	const char *bad;        /* the first thing that is wrong; or NULL */
};

/* A prefix code: how many symbols there are of each length, and the symbols in
 * the order of their codes. */
struct code {
	uint16_t count[CODE_BITS + 1];
	uint16_t symbol[FIXED_LITERAL];
};

static void
fail(struct unpack *u, const char *why)
{
	if (!u->bad)
		u->bad = why;
}

/* A byte of the file, behind the bits that were used; 0 at the end. */
static unsigned
next_byte(struct unpack *u)
{
	if (u->in < u->end)
		return *u->in++;
	fail(u, "cut short");
	return 0;
}

/* n bits, at most 16. */
static unsigned
bits(struct unpack *u, unsigned n)
{
	unsigned v;

	while (u->held < n) {
		u->hold |= (uint32_t)next_byte(u) << u->held;
		u->held += 8;
	}
	v = u->hold & ((1u << n) - 1);
	u->hold >>= n;
	u->held -= n;
	return v;
}

/* A number of n bytes, lowest first, from a whole byte on. */
static uint32_t
number(struct unpack *u, unsigned n)
{
	uint32_t v = 0;
	unsigned i;

	for (i = 0; i < n; i++)
		v |= (uint32_t)next_byte(u) << 8 * i;
	return v;
}

static void
put(struct unpack *u, uint8_t byte)
{
	if (u->len < u->max)
		u->out[u->len++] = byte;
	else
		fail(u, "too large");
}

/* Lengths 0 to CODE_BITS; 0: the symbol has no code.  More codes than there is
 * room for could not be told apart; fewer are good only where one symbol is all
 * there is (or none: a text without repetitions). */
static void
make_code(struct unpack *u, struct code *c, const uint8_t *lengths, unsigned n)
{
	uint16_t at[CODE_BITS + 2] = { 0 };
	unsigned i, used = 0;
	int room = 1;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < n; i++)
		c->count[lengths[i]]++;
	c->count[0] = 0;
	for (i = 1; i <= CODE_BITS; i++) {
		room = 2 * room - c->count[i];
		used += c->count[i];
		at[i + 1] = (uint16_t)(at[i] + c->count[i]);
		if (room < 0) {
			fail(u, "too many codes");
			return;
		}
	}
	if (room > 0 && (used > 1 || used != c->count[1]))
		fail(u, "too few codes");
	for (i = 0; i < n; i++) {
		if (lengths[i])
			c->symbol[at[lengths[i]]++] = (uint16_t)i;
	}
}

/* Codes of a length are consecutive numbers, and the first of them is twice
 * the number behind the last that is a bit shorter.  So `behind` is how far the
 * bits so far are from the first code of their length. */
static unsigned
symbol(struct unpack *u, const struct code *c)
{
	unsigned len, behind = 0, at = 0;

	for (len = 1; len <= CODE_BITS; len++) {
		behind = 2 * behind + bits(u, 1);
		if (behind < c->count[len])
			return c->symbol[at + behind];
		behind -= c->count[len];
		at += c->count[len];
	}
	fail(u, "no such code");
	return 0;
}

/* The tables of RFC 1951 3.2.5 grow by a rule: after the first 2^(k+1) symbols,
 * each further 2^k have one bit more behind the code. */
static unsigned
with_extra(struct unpack *u, unsigned sym, unsigned k)
{
	unsigned extra, step = 1u << k;

	if (sym < 2 * step)
		return sym;
	extra = (sym >> k) - 1;
	return ((step + (sym & (step - 1))) << extra) + bits(u, extra);
}

/* A copy of what was written before, of which it may be a part itself. */
static void
repeat(struct unpack *u, unsigned sym, const struct code *distances)
{
	unsigned len = sym == 28 ? 258 : 3 + with_extra(u, sym, 2);
	unsigned d = symbol(u, distances), back;

	if (sym > 28 || d >= N_DISTANCE) {
		fail(u, "no such code");
		return;
	}
	back = 1 + with_extra(u, d, 1);
	if (back > u->len - u->from) {
		fail(u, "a copy of what is not there");
		return;
	}
	while (len-- && !u->bad)
		put(u, u->out[u->len - back]);
}

static void
coded(struct unpack *u, const struct code *literals,
	const struct code *distances)
{
	unsigned s;

	while (!u->bad) {
		s = symbol(u, literals);
		if (u->bad || s == END_OF_BLOCK)
			return;
		if (s < END_OF_BLOCK)
			put(u, (uint8_t)s);
		else
			repeat(u, s - FIRST_LENGTH, distances);
	}
}

static void
block_stored(struct unpack *u)
{
	uint32_t len;

	u->hold = 0;            /* at most seven bits, up to the whole byte */
	u->held = 0;
	len = number(u, 2);
	if ((len ^ number(u, 2)) != 0xffff)
		fail(u, "lengths differ");
	while (len-- && !u->bad)
		put(u, (uint8_t)next_byte(u));
}

static void
block_fixed(struct unpack *u)
{
	struct code literals, distances;
	uint8_t lengths[FIXED_LITERAL];
	unsigned i;

	for (i = 0; i < FIXED_LITERAL; i++)
		lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	make_code(u, &literals, lengths, FIXED_LITERAL);
	memset(lengths, 5, 32);
	make_code(u, &distances, lengths, 32);
	coded(u, &literals, &distances);
}

/* The lengths of the two codes, themselves in a code: 16 repeats the last one,
 * 17 and 18 are runs of zeros. */
static void
read_lengths(struct unpack *u, const struct code *c, uint8_t *lengths,
	unsigned n)
{
	unsigned at = 0, s, times;
	uint8_t value;

	while (at < n && !u->bad) {
		s = symbol(u, c);
		if (s < 16) {
			lengths[at++] = (uint8_t)s;
			continue;
		}
		if (s == 16 && !at) {
			fail(u, "nothing to repeat");
			return;
		}
		value = s == 16 ? lengths[at - 1] : 0;
		times = s == 16 ? 3 + bits(u, 2) : s == 17 ? 3 + bits(u, 3) :
			11 + bits(u, 7);
		if (times > n - at) {
			fail(u, "too many lengths");
			return;
		}
		memset(lengths + at, value, times);
		at += times;
	}
}

static void
block_dynamic(struct unpack *u)
{
	static const uint8_t order[N_LENGTHS] = {
		16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1,
		15,
	};
	uint8_t lengths[N_LITERAL + N_DISTANCE] = { 0 };
	struct code literals, distances;
	unsigned n_literal = FIRST_LENGTH + bits(u, 5);
	unsigned n_distance = 1 + bits(u, 5), n = 4 + bits(u, 4), i;

	if (n_literal > N_LITERAL || n_distance > N_DISTANCE) {
		fail(u, "too many codes");
		return;
	}
	for (i = 0; i < n; i++)
		lengths[order[i]] = (uint8_t)bits(u, 3);
	make_code(u, &literals, lengths, N_LENGTHS);
	memset(lengths, 0, N_LENGTHS);
	if (u->bad)
		return;
	read_lengths(u, &literals, lengths, n_literal + n_distance);
	if (!lengths[END_OF_BLOCK])
		fail(u, "no end of a block");
	make_code(u, &literals, lengths, n_literal);
	make_code(u, &distances, lengths + n_literal, n_distance);
	coded(u, &literals, &distances);
}

static void
blocks(struct unpack *u)
{
	static void (*const kinds[])(struct unpack *) = {
		block_stored, block_fixed, block_dynamic,
	};
	unsigned last, kind;

	do {
		last = bits(u, 1);
		kind = bits(u, 2);
		if (kind == 3)
			fail(u, "no such block");
		else if (!u->bad)
			kinds[kind](u);
	} while (!last && !u->bad);
	u->hold = 0;
	u->held = 0;
}

static uint32_t
crc32(const uint8_t *p, size_t n)
{
	uint32_t c = ~(uint32_t)0;
	unsigned i;

	while (n--) {
		c ^= *p++;
		for (i = 0; i < 8; i++)
			c = c >> 1 ^ (c & 1 ? 0xedb88320 : 0);
	}
	return ~c;
}

/* A name or a comment, up to its NUL. */
static void
skip_text(struct unpack *u)
{
	while (next_byte(u) && !u->bad)
		;
}

static void
header(struct unpack *u)
{
	enum { HCRC = 2, EXTRA = 4, NAME = 8, COMMENT = 16, UNKNOWN = 0xe0 };
	const uint8_t *from = u->in;
	unsigned flags, n;

	if (number(u, 3) != 0x088b1f) {
		u->bad = "not a gzip file";
		return;
	}
	flags = next_byte(u);
	if (flags & UNKNOWN)
		fail(u, "unknown flags");
	number(u, 4);           /* time */
	number(u, 2);           /* how hard it tried, on which system */
	for (n = flags & EXTRA ? number(u, 2) : 0; n && !u->bad; n--)
		next_byte(u);
	if (flags & NAME)
		skip_text(u);
	if (flags & COMMENT)
		skip_text(u);
	n = (unsigned)(u->in - from);
	if (flags & HCRC && number(u, 2) != (crc32(from, n) & 0xffff))
		fail(u, "wrong checksum");
}

static void
member(struct unpack *u)
{
	u->from = u->len;
	header(u);
	if (!u->bad)
		blocks(u);
	if (!u->bad && number(u, 4) != crc32(u->out + u->from,
	    u->len - u->from))
		fail(u, "wrong checksum");
	if (!u->bad && number(u, 4) != (uint32_t)(u->len - u->from))
		fail(u, "wrong length");
}

ssize_t
inflate_gzip(const uint8_t *in, size_t n, uint8_t *out, size_t max,
	struct err *e)
{
	struct unpack u = { .in = in, .end = in + n, .out = out, .max = max };

	do {
		member(&u);
	} while (!u.bad && u.in < u.end);
	if (u.bad)
		return err_set(e, EINVAL, "gzip: %s", u.bad);
	return (ssize_t)u.len;
}
