/* SPDX-License-Identifier: MIT */
/* t_numlist.c -- lists of numbers: every form, and the edges. */
#include "numlist.h"

#include <errno.h>

#include "tap.h"

static unsigned long mask[NUMLIST_WORDS];

static const struct {
	const char *text;
	int error;              /* 0: these bits and no others are set */
	int n, bit[6];
} rows[] = {
	{ "0", 0, 1, { 0 } },
	{ "0-3,7", 0, 5, { 0, 1, 2, 3, 7 } },
	{ "7,0-3", 0, 5, { 0, 1, 2, 3, 7 } },
	{ "1,1,1-1", 0, 1, { 1 } },
	{ "0-1,1-2", 0, 3, { 0, 1, 2 } },
	{ "007", 0, 1, { 7 } },
	{ "31-32,63-64", 0, 4, { 31, 32, 63, 64 } },
	{ "8190-8191", 0, 2, { 8190, 8191 } },
	{ "8192", ERANGE, 0, { 0 } },
	{ "0-8192", ERANGE, 0, { 0 } },
	{ "2147483648", ERANGE, 0, { 0 } },
	{ "4294967296", ERANGE, 0, { 0 } },
	{ "18446744073709551616", ERANGE, 0, { 0 } },
	{ "3-0", EINVAL, 0, { 0 } },
	{ "", EINVAL, 0, { 0 } },
	{ ",", EINVAL, 0, { 0 } },
	{ "1,", EINVAL, 0, { 0 } },
	{ ",1", EINVAL, 0, { 0 } },
	{ "1,,2", EINVAL, 0, { 0 } },
	{ "-1", EINVAL, 0, { 0 } },
	{ "1-", EINVAL, 0, { 0 } },
	{ "1-2-3", EINVAL, 0, { 0 } },
	{ "1--2", EINVAL, 0, { 0 } },
	{ "1 ", EINVAL, 0, { 0 } },
	{ " 1", EINVAL, 0, { 0 } },
	{ "0x1", EINVAL, 0, { 0 } },
	{ "0-7:1/2", EINVAL, 0, { 0 } },
	{ "all", EINVAL, 0, { 0 } },
	{ "1\n", EINVAL, 0, { 0 } },
};

static bool
is_set(int bit)
{
	const int bits = 8 * (int)sizeof(long);

	return mask[bit / bits] >> bit % bits & 1;
}

int
main(void)
{
	size_t i;
	int bit, k, n, r;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(mask, 0xff, sizeof(mask));
		errno = 0;
		r = numlist_parse(rows[i].text, mask);
		if (!tap_ok(r == (rows[i].error ? -1 : 0) &&
		    errno == rows[i].error, rows[i].text, __FILE__, __LINE__) ||
		    r)
			continue;
		for (bit = n = 0; bit < NUMLIST_BITS; bit++)
			n += is_set(bit);
		OK(n == rows[i].n);
		for (k = 0; k < rows[i].n; k++)
			OK(is_set(rows[i].bit[k]));
		OK(numlist_parse(rows[i].text, NULL) == 0);
	}
	return done();
}
