/* SPDX-License-Identifier: MIT */
/* words.h -- lists of words as the kernel writes them: "cpu,cpuacct" or
 * "cpu io\n". */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The next word at *p, *len bytes long, and *p behind it; NULL at the end. */
const char *words_next(const char **p, size_t *len);

/* Whether the first len bytes of word, or all of it, are one of them. */
bool words_have(const char *list, const char *word, size_t len);
bool words_has(const char *list, const char *word);

#endif
