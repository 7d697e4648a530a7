/* SPDX-License-Identifier: MIT */
/* numlist.c -- reads lists of numbers. */
#include "numlist.h"

#include <errno.h>
#include <string.h>

/* A number at *text, which moves behind it; -1 with errno. */
static int
number(const char **text)
{
	const char *s = *text;
	int n = 0;

	for (; *s >= '0' && *s <= '9'; s++) {
		n = n * 10 + (*s - '0');
		if (n >= NUMLIST_BITS) {
			errno = ERANGE;
			return -1;
		}
	}
	if (s == *text) {
		errno = EINVAL;
		return -1;
	}
	*text = s;
	return n;
}

int
numlist_parse(const char *text, unsigned long *mask)
{
	enum { BITS = NUMLIST_BITS / NUMLIST_WORDS };
	int first, last;

	if (mask)
		memset(mask, 0, NUMLIST_WORDS * sizeof(*mask));
	for (;; text++) {
		first = last = number(&text);
		if (first >= 0 && *text == '-') {
			text++;
			last = number(&text);
		}
		if (first < 0 || last < 0)
			return -1;
		if (last < first || (*text && *text != ',')) {
			errno = EINVAL;
			return -1;
		}
		for (; mask && first <= last; first++)
			mask[first / BITS] |= 1UL << first % BITS;
		if (!*text)
			return 0;
	}
}
