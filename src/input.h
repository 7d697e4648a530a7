/* SPDX-License-Identifier: MIT */
/* input.h -- a JSON text that an option names. */
#ifndef INPUT_H
#define INPUT_H

#include <stddef.h>

struct arena;
struct err;

/* Reads the file name, or standard input for "-", whole: at most 1 MiB, also
 * from pipes.  what stands in messages. */
int input_read(const char *what, const char *name, const char **text,
	size_t *len, struct arena *a, struct err *e);

#endif
