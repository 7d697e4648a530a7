/* SPDX-License-Identifier: MIT */
/* words.c -- the only place that knows what stands between words. */
#include "words.h"

#include <string.h>

static const char between[] = ", \n";

const char *
words_next(const char **p, size_t *len)
{
	const char *word = *p + strspn(*p, between);

	*len = strcspn(word, between);
	*p = word + *len;
	return *len ? word : NULL;
}

bool
words_have(const char *list, const char *word, size_t len)
{
	const char *one;
	size_t n;

	while ((one = words_next(&list, &n))) {
		if (n == len && !memcmp(one, word, n))
			return true;
	}
	return false;
}

bool
words_has(const char *list, const char *word)
{
	return words_have(list, word, strlen(word));
}
