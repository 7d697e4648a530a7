/* SPDX-License-Identifier: MIT */
/* str.h -- a text that grows in a buffer of fixed size. */
#ifndef STR_H
#define STR_H

#include <stdbool.h>
#include <stddef.h>

/* Always NUL-terminated; text that does not fit is dropped and cut is set. */
struct str {
	char *buf;
	size_t size, len;
	bool cut;
};

/* Starts an empty text in buf; size must not be 0. */
void str_init(struct str *s, char *buf, size_t size);

void str_char(struct str *s, char c);

/* All of the text or as much as fits. */
void str_add(struct str *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* From a row of texts that stand behind each other, each with its NUL: the one
 * at *at, which moves to the next.  NULL: it is empty. */
const char *str_take(const char **at);

/* strstr in small: musl's has 1.3 KB for the worst cases of long texts. */
char *str_find(const char *in, const char *what);

#endif
