/* SPDX-License-Identifier: MIT */
/* jsonw.h -- writer of JSON to a descriptor, through a fixed buffer.
 *
 * A failure sticks, and what follows does nothing: callers check once, at
 * jsonw_finish.  The calls must make a well-formed text: in an object every
 * value has its jsonw_key before it. */
#ifndef JSONW_H
#define JSONW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum { JSONW_BUFFER = 4096, JSONW_DEPTH = 31 };

/* All members are private. */
struct jsonw {
	int fd;
	int error;              /* errno of the first failure */
	bool reading;           /* ... which was of jsonw_copy's source */
	bool pretty;
	bool keyed;             /* the key was written, its value comes next */
	unsigned depth;
	uint32_t arrays;        /* a bit per level: it is an array */
	uint32_t filled;        /* a bit per level: it has a member */
	size_t len;
	char buf[JSONW_BUFFER];
};

/* Starts a text on fd, which stays the caller's: pretty with an indent of two
 * spaces, or on one line. */
void jsonw_init(struct jsonw *w, int fd, bool pretty);

/* Opens an object or an array; jsonw_end closes the innermost. */
void jsonw_obj(struct jsonw *w);
void jsonw_arr(struct jsonw *w);
void jsonw_end(struct jsonw *w);

void jsonw_key(struct jsonw *w, const char *key);

/* A string; NULL gives null.  Bytes that are no UTF-8 (paths may have them)
 * become U+FFFD each, so that the text is always valid. */
void jsonw_str(struct jsonw *w, const char *s);
void jsonw_u64(struct jsonw *w, uint64_t v);
void jsonw_i64(struct jsonw *w, int64_t v);
/* The number whole + hundredths / 100; hundredths < 100. */
void jsonw_hundredths(struct jsonw *w, uint64_t whole, unsigned hundredths);
void jsonw_bool(struct jsonw *w, bool v);

/* A value that is JSON already: len bytes of the file fd from offset at, as
 * json_skip has checked and measured them.  Neither uses nor moves fd's
 * position. */
void jsonw_copy(struct jsonw *w, int fd, uint64_t at, uint64_t len);

/* Ends the text with a newline and writes what is left.  Returns -1 with the
 * first failure there was. */
int jsonw_finish(struct jsonw *w, struct err *e);

#endif
