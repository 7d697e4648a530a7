/* SPDX-License-Identifier: MIT */
/* t_inflate.c -- gzip: what zlib packed, what a packer here made of every
 * length and distance there is, and damage of every kind. */
#include "../../src/inflate.c"
#include "tap.h"

/* --- A packer ------------------------------------------------------------- */

enum { ROOM = 1 << 18 };
static uint8_t packed[ROOM], unpacked[ROOM], want[ROOM];
static size_t at, n_want;
static unsigned n_bits;

static void
byte(unsigned b)
{
	packed[at++] = (uint8_t)b;
}

static void
numbers(uint32_t v, unsigned n)
{
	while (n--) {
		byte(v & 0xff);
		v >>= 8;
	}
}

static void
bit(unsigned b)
{
	if (n_bits % 8 == 0)
		byte(0);
	packed[at - 1] |= (uint8_t)(b << n_bits++ % 8);
}

/* Numbers come lowest bit first, codes highest. */
static void
low(unsigned v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		bit(v >> i & 1);
}

static void
high(unsigned v, unsigned n)
{
	while (n--)
		bit(v >> n & 1);
}

static void
begin(unsigned flags)
{
	at = n_want = n_bits = 0;
	numbers(0x088b1f, 3);
	byte(flags);
	numbers(0, 6);
}

/* Another way to the checksum than inflate.c's: bit by bit, highest first. */
static uint32_t
checksum(const uint8_t *p, size_t n)
{
	uint32_t c = UINT32_MAX, r = 0;

	for (size_t i = 0; i < 8 * n; i++) {
		unsigned in = p[i / 8] >> i % 8 & 1;

		c = c << 1 ^ (c >> 31 ^ in ? 0x04c11db7 : 0);
	}
	for (unsigned i = 0; i < 32; i++)
		r |= (~c >> i & 1) << (31 - i);
	return r;
}

static void
end(void)
{
	numbers(checksum(want, n_want), 4);
	numbers((uint32_t)n_want, 4);
	n_bits = 0;
}

static void
stored(bool last, const uint8_t *p, size_t n)
{
	low(last, 1);
	low(0, 2);
	n_bits = 0;
	numbers((uint32_t)n, 2);
	numbers(~(uint32_t)n & 0xffff, 2);
	memcpy(packed + at, p, n);
	at += n;
	memcpy(want + n_want, p, n);
	n_want += n;
}

/* The fixed code of RFC 1951 3.2.6. */
static void
fixed_symbol(unsigned s)
{
	if (s < 144)
		high(0x30 + s, 8);
	else if (s < 256)
		high(0x190 + s - 144, 9);
	else if (s < 280)
		high(s - 256, 7);
	else
		high(0xc0 + s - 280, 8);
}

static void
fixed_byte(unsigned b)
{
	fixed_symbol(b);
	want[n_want++] = (uint8_t)b;
}

/* The tables of 3.2.5 as they stand there. */
static const uint16_t lengths[] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19,
	23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
static const uint8_t length_bits[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2,
	2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
static const uint16_t distances[] = { 1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49,
	65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
	6145, 8193, 12289, 16385, 24577 };
static const uint8_t distance_bits[] = { 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5,
	5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };

static void
fixed_copy(unsigned len, unsigned back)
{
	unsigned l = len == 258 ? 28 : 27, d = 29, i;

	while (lengths[l] > len)
		l--;
	while (distances[d] > back)
		d--;
	fixed_symbol(257 + l);
	low(len - lengths[l], length_bits[l]);
	high(d, 5);
	low(back - distances[d], distance_bits[d]);
	for (i = 0; i < len; i++, n_want++)
		want[n_want] = want[n_want - back];
}

static uint32_t seed = 1;

static unsigned
random_below(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* --- Checks --------------------------------------------------------------- */

static struct err e;

static const char *
result(const uint8_t *p, size_t n, size_t max)
{
	static char text[64];
	ssize_t r;

	e = (struct err){ 0 };
	/* a copy of its own, so that a sanitizer sees reads behind it */
	uint8_t *own = malloc(n ? n : 1), *to = malloc(max ? max : 1);

	memcpy(own, p, n);
	r = inflate_gzip(own, n, to, max, &e);
	snprintf(text, sizeof(text), "%zd%s%s", r, r < 0 ? " " : "",
		r < 0 ? err_str(&e) : "");
	if (r >= 0 && ((size_t)r != n_want || memcmp(to, want, n_want)))
		snprintf(text, sizeof(text), "another text");
	free(own);
	free(to);
	return text;
}

static bool
good(void)
{
	char text[32];

	snprintf(text, sizeof(text), "%zu", n_want);
	return !strcmp(result(packed, at, sizeof(unpacked)), text);
}

#include "t_inflate.h"

static void
test_zlib(void)
{
	n_want = strlen(text);
	memcpy(want, text, n_want);
	IS(result(dynamic, sizeof(dynamic), ROOM), "279");
	IS(result(literals, sizeof(literals), ROOM), "279");
	IS(result(dynamic, sizeof(dynamic), 279), "279");
	IS(result(dynamic, sizeof(dynamic), 278), "-1 gzip: too large");
	IS(result(dynamic, sizeof(dynamic), 0), "-1 gzip: too large");
}

/* Wherever it ends, and whatever bit of it is another one: never a wrong
 * text. */
static void
damage(const char *what, const uint8_t *p, size_t n)
{
	uint8_t copy[1024];
	size_t i, cut = 0, flipped = 0, same = 0;

	memcpy(copy, p, n);
	for (i = 0; i < n; i++)
		cut += strncmp(result(p, i, ROOM), "-1 ", 3) == 0;
	for (i = 0; i < 8 * n; i++) {
		copy[i / 8] ^= (uint8_t)(1 << i % 8);
		if (!strncmp(result(copy, n, ROOM), "-1 ", 3))
			flipped++;
		else if (strcmp(result(copy, n, ROOM), "another text"))
			same++;
		copy[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	printf("# %s: %zu bits don't matter\n", what, same);
	IS_INT(cut, n);
	/* time, system, the flag "text", padding, a distance as good */
	OK(flipped + same == 8 * n && same <= 64);
}

static void
test_blocks(void)
{
	unsigned i, k;

	begin(0);
	stored(false, (const uint8_t *)"ab", 2);
	stored(false, want, 0);
	stored(true, (const uint8_t *)"cd", 2);
	end();
	OK(good());
	damage("stored", packed, at);

	begin(0);
	low(3, 3);              /* last, fixed */
	fixed_byte('a');
	fixed_byte(200);
	fixed_copy(7, 1);
	fixed_copy(3, 2);
	fixed_symbol(256);
	end();
	OK(good());
	damage("fixed", packed, at);

	/* every length, every distance at the ends of its range */
	begin(0);
	low(2, 3);
	for (i = 0; i < 1000; i++)
		fixed_byte(i * 7 % 256);
	for (i = 3; i <= 258; i++)
		fixed_copy(i, i);
	for (i = 0; i < 30; i++) {
		for (k = 0; k < 2; k++)
			fixed_copy(3 + i, distances[i] + (k ?
				(1u << distance_bits[i]) - 1 : 0));
	}
	fixed_symbol(256);
	low(3, 3);
	fixed_symbol(256);
	end();
	OK(good());
	IS_INT(distances[29] + (1u << distance_bits[29]) - 1, 32768);

	/* random ones */
	for (k = 0; k < tap_times(200); k++) {
		begin(0);
		low(3, 3);
		fixed_byte(random_below(256));
		for (i = random_below(300); i; i--) {
			if (random_below(2))
				fixed_byte(random_below(256));
			else
				fixed_copy(3 + random_below(256), 1 +
					random_below((unsigned)(n_want < 32768 ?
					n_want : 32768)));
		}
		fixed_symbol(256);
		end();
		if (!good())
			break;
	}
	IS_INT(k, tap_times(200));
}

static void
test_members(void)
{
	begin(2 | 4 | 8 | 16);  /* checksum, extra field, name, comment */
	numbers(3, 2);
	numbers(0, 3);
	memcpy(packed + at, "name\0why\0", 9);
	at += 9;
	numbers(checksum(packed, at) & 0xffff, 2);
	stored(true, (const uint8_t *)"x", 1);
	end();
	OK(good());
	packed[3] |= 0x20;
	IS(result(packed, at, ROOM), "-1 gzip: unknown flags");
	packed[3] &= 0xdf;
	packed[24]++;           /* of the header's checksum */
	IS(result(packed, at, ROOM), "-1 gzip: wrong checksum");
	packed[24]--;
	packed[at++] = 0;
	IS(result(packed, at, ROOM), "-1 gzip: not a gzip file");
	IS(result(packed, 0, ROOM), "-1 gzip: not a gzip file");

	/* a copy can't reach into the member before */
	begin(0);
	stored(true, (const uint8_t *)"abc", 3);
	end();
	memcpy(packed + at, packed, at);
	at *= 2;
	memcpy(want + 3, want, 3);
	n_want = 6;
	OK(good());
	at /= 2;
	numbers(0x088b1f, 3);
	numbers(0, 7);
	low(3, 3);
	fixed_symbol(257);
	high(0, 5);
	fixed_symbol(256);
	IS(result(packed, at, ROOM), "-1 gzip: a copy of what is not there");
}

/* A dynamic block whose 19 lengths of lengths are given, the rest as bits. */
static const char *
dynamic_block(const uint8_t *ll, const char *more)
{
	begin(0);
	low(1, 1);
	low(2, 2);
	low(0, 5);
	low(0, 5);
	low(15, 4);
	for (unsigned i = 0; i < 19; i++)
		low(ll[i], 3);
	for (; *more; more++)
		bit(*more == '1');
	numbers(0, 32);
	return result(packed, at, ROOM);
}

static void
test_bad(void)
{
	static const uint8_t none[19], many[19] = { 1, 1, 1 };
	static const uint8_t gap[19] = { 2, 2, 2 };
	/* in the order 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1 15 */
	static const uint8_t runs[19] = { 1, 0, 1 }, zeros[19] = { 0, 0, 1, 1 };

	begin(0);
	low(7, 3);
	numbers(0, 8);
	IS(result(packed, at, ROOM), "-1 gzip: no such block");
	begin(0);
	low(1, 3);
	n_bits = 0;
	numbers(5, 4);
	numbers(0, 16);
	IS(result(packed, at, ROOM), "-1 gzip: lengths differ");
	begin(0);
	low(3, 3);
	fixed_symbol(286);
	high(0, 5);
	numbers(0, 8);
	IS(result(packed, at, ROOM), "-1 gzip: no such code");
	begin(0);
	low(3, 3);
	fixed_byte('a');
	fixed_symbol(257);
	high(30, 5);
	numbers(0, 8);
	IS(result(packed, at, ROOM), "-1 gzip: no such code");
	begin(0);
	low(1, 1);
	low(2, 2);
	low(30, 5);
	low(0, 9);
	numbers(0, 16);
	IS(result(packed, at, ROOM), "-1 gzip: too many codes");
	IS(dynamic_block(none, ""), "-1 gzip: no such code");
	IS(dynamic_block(many, ""), "-1 gzip: too many codes");
	IS(dynamic_block(gap, ""), "-1 gzip: too few codes");
	IS(dynamic_block(runs, "0"), "-1 gzip: nothing to repeat");
	/* two runs of 138 zeros are more than the 258 lengths */
	IS(dynamic_block(zeros, "1" "1111111" "1" "1111111"),
		"-1 gzip: too many lengths");
	/* 138 and 120 are all: 256 has none */
	IS(dynamic_block(zeros, "1" "1111111" "1" "1011011"),
		"-1 gzip: no end of a block");
}

int
main(void)
{
	test_zlib();
	damage("dynamic", dynamic, sizeof(dynamic));
	test_blocks();
	test_members();
	test_bad();
	return done();
}
