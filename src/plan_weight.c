/* SPDX-License-Identifier: MIT */
/* plan_weight.c -- the curve between shares and weights, in integers.
 *
 * The one that runtimes have agreed on since 2025 is
 *	weight = ceil(10 ^ ((l^2 + 125 l) / 612 - 7 / 34)), l = log2(shares)
 * that is, the smallest weight for which
 *	612 log2(weight) >= (l^2 + 125 l - 126) log2(10). */
#include "plan_weight.h"

enum { SHARES_MIN = 2, SHARES_MAX = 262144, WEIGHT_MAX = 10000, POINT = 48 };

/* a * b >> shift, computed in 128 bits; 0 < shift < 64. */
static uint64_t
mul(uint64_t a, uint64_t b, unsigned shift)
{
	uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
	uint64_t low = al * bl;
	uint64_t mid = ah * bl + (low >> 32);
	uint64_t mid2 = al * bh + (uint32_t)mid;
	uint64_t high = ah * bh + (mid >> 32) + (mid2 >> 32);

	low = mid2 << 32 | (uint32_t)low;
	return high << (64 - shift) | low >> shift;
}

/* log2 with POINT binary places: squaring the mantissa doubles its logarithm,
 * whose next bit is whether that reaches 2. */
static uint64_t
log2_of(uint64_t v)
{
	uint64_t m = v, r = 0;
	unsigned i, whole = 62;

	while (!(m >> 62)) {
		m <<= 1;
		whole--;
	}
	for (i = 0; i < POINT; i++) {
		m = mul(m, m, 62);
		r = r << 1 | m >> 63;
		m >>= m >> 63;
	}
	return (uint64_t)whole << POINT | r;
}

unsigned
weight_of_shares(uint64_t shares)
{
	const uint64_t one = UINT64_C(1) << POINT;
	unsigned low = 1, high = WEIGHT_MAX, mid;
	uint64_t l, want;

	if (shares <= SHARES_MIN)
		return 1;
	if (shares >= SHARES_MAX)
		return WEIGHT_MAX;
	l = log2_of(shares);
	want = mul(mul(l, l, POINT) + 125 * l - 126 * one, log2_of(10), POINT);
	/* powers of ten come out even: they must not be missed by rounding */
	want -= one >> 36;
	while (low < high) {
		mid = (low + high) / 2;
		if (612 * log2_of(mid) >= want)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

unsigned
weight_of_blkio(unsigned weight)
{
	return 1 + (weight - 10) * 9999 / 990;
}
