/* SPDX-License-Identifier: MIT */
/* json.h -- streaming pull parser for JSON (RFC 8259) over a file or a text.
 *
 * Bounded memory: a fixed chunk, a fixed path, and four bytes per key of the
 * objects that are open (for the duplicate check).  Nothing of the input is
 * held but what the caller asks for by json_str.  Iterative, depth <= 32. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;

enum {
	JSON_DEPTH = 32,
	JSON_CHUNK = 4096,
	JSON_PATH = 192,        /* longer paths are cut in messages only */
	JSON_MAX_VALUES = 65536,
	JSON_MAX_BYTES = 4 << 20,
	JSON_PRINT_BLOCK = 512, /* fingerprints; a power of two */
};

#define JSON_NOWHERE UINT32_MAX /* level.here before the first */

enum json_kind {
	JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT,
};

/* All members are private to json*.c but name. */
struct json {
	const char *name;       /* shown in errors, e.g. "config.json" */
	int fd;                 /* used where text is NULL */
	const char *text;
	struct arena *arena;    /* keeps json_str results and fingerprints */
	const char *buf;        /* input from offset base: text or chunk */
	uint32_t base, len, pos;
	uint32_t total;         /* size of the input */
	uint32_t line;
	uint32_t line_at;       /* offset where this line starts */
	uint32_t tok_at;        /* the value last read or peeked */
	uint32_t tok_line, tok_col;
	unsigned values;
	unsigned depth;
	bool broken;            /* a syntax error: nothing more can be read */
	bool unchecked;         /* no duplicate check: a second reading */
	struct json_level {
		bool object, first;
		uint32_t here;          /* offset of the key being read, or */
		                        /* index of the element, or NOWHERE */
		uint32_t start, line, col;      /* the opening bracket */
		uint32_t prints;        /* fingerprints below this object's */
	} level[JSON_DEPTH];
	uint64_t seed[2];
	uint32_t print_mask;    /* all ones; a test sets fewer for collisions */
	uint32_t prints;        /* fingerprints of the keys of open objects, */
	                        /* one stack in blocks that are never freed  */
	uint32_t *print[JSON_MAX_VALUES / JSON_PRINT_BLOCK];
	char chunk[JSON_CHUNK];
};

/* Starts reading an open regular file (from offset 0, by pread: the file
 * position is neither used nor moved) or a text of len bytes.  The arena may be
 * shared with the caller, who must not roll it back while reading goes on.
 * Fails on anything but a regular file, on input above JSON_MAX_BYTES, on empty
 * input and on UTF-16 or a byte order mark. */
int json_open_fd(struct json *j, int fd, const char *name, struct arena *a,
	struct err *e);
int json_open_text(struct json *j, const char *text, size_t len,
	const char *name, struct arena *a, struct err *e);

/* The kind of the next value, which stays unread.  -1: syntax error. */
int json_peek(struct json *j, struct err *e);

/* Where the next value is not what was asked for (a kind, a range, an embedded
 * NUL), the functions below fail and leave it unread: json_skip can pass it.
 * After a syntax error every call fails. */

/* Enters the array or object that must come next ('[' or '{'). */
int json_enter(struct json *j, char bracket, struct err *e);

/* Moves to the next member or element of the innermost open container: 1 there
 * is one, 0 the container ended and was left, -1 error.  In an object the key
 * must then be fetched by json_key, before the value. */
int json_more(struct json *j, struct err *e);

/* The key of the member json_more found, cut to size - 1 bytes: a longer key
 * can't equal any key that we know.  The duplicate check, made when the object
 * ends, covers all of it.  A key with an embedded NUL is refused. */
int json_key(struct json *j, char *key, size_t size, struct err *e);

/* The string that must come next, NUL-terminated in the arena.  Text with an
 * embedded NUL is refused: every string here becomes a C string. */
int json_str(struct json *j, const char **s, struct err *e);

/* Numbers are exact: integers only, no fraction, no exponent, no rounding. */
int json_u64(struct json *j, uint64_t *v, uint64_t max, struct err *e);
int json_i64(struct json *j, int64_t *v, int64_t min, int64_t max,
	struct err *e);
int json_bool(struct json *j, bool *v, struct err *e);

/* Reads over the next value, checking it in full (syntax, UTF-8, duplicate
 * keys, depth).  at and len, where not NULL, say which bytes it took. */
int json_skip(struct json *j, uint64_t *at, uint64_t *len, struct err *e);

/* Offset of the next byte; after json_peek, of the value that comes next. */
uint64_t json_at(const struct json *j);

/* Only white space may be left. */
int json_end(struct json *j, struct err *e);

/* A failure at the value last read or peeked: "NAME:LINE:COL: PATH: text".
 * Returns -1.  Use it for every complaint about a value, so that all have the
 * same form. */
int json_fail(struct json *j, struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Line and column (both from 1; columns are bytes) of the value that path
 * names, such as "linux.namespaces[2].path", by reading the file again.  Where
 * the path's end is absent, the place of its nearest parent.  For messages
 * about values that are known by path only (spec_check.h); never fails, 0:0
 * when the file can't be read. */
void json_locate(int fd, const char *path, struct arena scratch,
	unsigned *line, unsigned *col);

#endif
