/* SPDX-License-Identifier: MIT */
/* json_lex.h -- bytes and tokens of JSON, below the structure (json.c).
 *
 * Private to json*.c, but utf8_seq.  Functions that return int give -1 with err
 * set; the parser is broken then. */
#ifndef JSON_LEX_H
#define JSON_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct hash;
struct json;

enum { LEX_END = 256 };         /* not a byte: the end of the input */

/* Where a string's unescaped bytes go.  The first size bytes are stored. */
struct lex_text {
	char *buf;
	size_t size;
	size_t len;             /* of all, stored or not */
	bool nul;               /* there was a \u0000 */
	struct hash *hash;      /* set by lex_key */
};

struct lex_number {
	bool negative;
	bool whole;             /* no fraction, no exponent */
	bool huge;              /* the magnitude is above UINT64_MAX */
	uint64_t magnitude;
	unsigned len;
	char text[32];          /* as written, cut */
};

/* Offset of the next byte, and going there; no line may lie between. */
uint32_t lex_at(const struct json *j);
void lex_seek(struct json *j, uint32_t at);

/* The next token becomes the one whose place messages name. */
void lex_mark(struct json *j);

/* Makes r a second reader of j's input that stands at the given offset, counts
 * lines from 1 there and checks no duplicates. */
void lex_reopen(struct json *r, const struct json *j, uint32_t at);

/* Passes white space and returns the byte behind it, unread, or LEX_END. */
int lex_space(struct json *j, struct err *e);

/* Each reads the one token that lex_space has just found.  t may be NULL. */
int lex_string(struct json *j, struct lex_text *t, struct err *e);
int lex_number(struct json *j, struct lex_number *n, struct err *e);
int lex_word(struct json *j, const char *word, struct err *e);

/* A key and its colon.  The hash is of the unescaped key, keyed by j's seed. */
int lex_key(struct json *j, struct lex_text *t, uint64_t *hash, struct err *e);

/* A syntax error at the given offset of this line: breaks the parser. */
int lex_fail(struct json *j, uint32_t at, struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* How a message names the byte c (or LEX_END); buf is of 16 bytes or more. */
const char *lex_name(int c, char *buf, size_t size);

/* Bytes of the UTF-8 sequence at s, which has n > 0 bytes; 0 where it is none:
 * cut short, overlong, a surrogate or above U+10FFFF (RFC 3629). */
unsigned utf8_seq(const char *s, size_t n);

#endif
