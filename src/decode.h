/* SPDX-License-Identifier: MIT */
/* decode.h -- JSON into structs by tables of members.  Knows types, not OCI.
 *
 * A member of a type other than its macro says does not compile.  Members that
 * no table lists are passed over and reported at debug level, or as a warning
 * where only the case of letters differs from one that is known: Go tools
 * would take it.  null counts as absent, as it does for Go tools. */
#ifndef DECODE_H
#define DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct diag;
struct err;
struct json;
struct names;

/* A string's bytes with its NUL: the kernel takes no longer argument
 * (MAX_ARG_STRLEN). */
enum { DECODE_MAX_STRING = 128 * 1024 };

/* What a reading needs. */
struct decode {
	struct json *json;
	struct arena *arena;    /* keeps strings, arrays, objects */
	struct diag *diag;
	struct err *err;
};

enum decode_type {
	D_STR, D_STRS, D_BOOL, D_U16, D_U32, D_U64, D_I32, D_I64, D_U32S,
	D_ENUM, D_CHAR, D_FLAGS, D_OBJ, D_PTR, D_LIST, D_MAP, D_PAIRS, D_CUSTOM,
};

struct decode_table {
	const struct decode_field *fields;
	unsigned n;             /* of fields, at most 64 */
	unsigned size;          /* of the struct */
	unsigned max;           /* elements of an array; 0: any number */
	const void *blank;      /* what an object starts as; NULL: zeros */
};

/* One member.  The key stands in place, so that it needs no relocation. */
struct decode_field {
	char key[24];
	uint8_t type;           /* enum decode_type */
	bool required;
	uint16_t off;           /* of the member */
	uint16_t aux;           /* 1 + offset of its has_ or n_; 0: none */
	int16_t min;            /* D_I64 and INT16_MIN: INT64_MIN */
	union {
		uint64_t max;           /* numbers; D_STRS: elements, 0 any */
		const struct names *names; /* D_ENUM, D_CHAR, D_FLAGS */
		const struct decode_table *table; /* D_OBJ .. D_MAP */
		/* Reads the value itself: of any kind but null. */
		int (*custom)(struct decode *d, void *member);
	} u;
};

#define TABLE(s, f, m) { (f), sizeof(f) / sizeof((f)[0]), sizeof(struct s), \
	(m), NULL }

/* The offset of member m of struct s, which must have type T. */
#define AT(s, m, T) (offsetof(struct s, m) + \
	0 * sizeof(char[_Generic(((struct s *)0)->m, T: 1)]))
#define AUX(s, m, T) (1 + AT(s, m, T))

#define FIELD(k, t, r, o, a, lo, ...) \
	{ .key = k, .type = t, .required = r, .off = o, .aux = a, .min = lo, \
	  .u = { __VA_ARGS__ } }

/* The H forms set has_<member> as well. */
#define STR(s, m, k, r) \
	FIELD(k, D_STR, r, AT(s, m, const char *), 0, 0, 0)
#define STR_H(s, m, k) \
	FIELD(k, D_STR, 0, AT(s, m, const char *), AUX(s, has_##m, bool), 0, 0)
#define STRS(s, m, k, r, mx) \
	FIELD(k, D_STRS, r, AT(s, m, const char *const *), \
	      AUX(s, n_##m, unsigned), 0, mx)
#define BOOL(s, m, k, r) FIELD(k, D_BOOL, r, AT(s, m, bool), 0, 0, 0)
#define BOOL_H(s, m, k) \
	FIELD(k, D_BOOL, 0, AT(s, m, bool), AUX(s, has_##m, bool), 0, 0)
#define NUM(T, s, m, k, r, lo, hi) \
	FIELD(k, _Generic((T)0, uint16_t: D_U16, uint32_t: D_U32, \
			  uint64_t: D_U64, int32_t: D_I32, int64_t: D_I64), \
	      r, AT(s, m, T), 0, lo, hi)
#define NUM_H(T, s, m, k, lo, hi) \
	FIELD(k, _Generic((T)0, uint16_t: D_U16, uint32_t: D_U32, \
			  uint64_t: D_U64, int32_t: D_I32, int64_t: D_I64), \
	      0, AT(s, m, T), AUX(s, has_##m, bool), lo, hi)
#define NUMS(s, m, k, hi) \
	FIELD(k, D_U32S, 0, AT(s, m, uint32_t *), AUX(s, n_##m, unsigned), 0, \
	      hi)
#define ENUM(s, m, k, r, set) \
	FIELD(k, D_ENUM, r, AT(s, m, unsigned), 0, 0, .names = &(set))
#define CHAR(s, m, k, r, set) \
	FIELD(k, D_CHAR, r, AT(s, m, char), 0, 0, .names = &(set))
#define FLAGS(s, m, k, set) \
	FIELD(k, D_FLAGS, 0, AT(s, m, unsigned), 0, 0, .names = &(set))
#define FLAGS_H(s, m, k, set) \
	FIELD(k, D_FLAGS, 0, AT(s, m, unsigned), AUX(s, has_##m, bool), 0, \
	      .names = &(set))
#define OBJ(s, m, k, T, tab) \
	FIELD(k, D_OBJ, 0, AT(s, m, struct T), 0, 0, .table = &(tab))
#define OBJ_H(s, m, k, T, tab) \
	FIELD(k, D_OBJ, 0, AT(s, m, struct T), AUX(s, has_##m, bool), 0, \
	      .table = &(tab))
#define PTR(s, m, k, T, tab) \
	FIELD(k, D_PTR, 0, AT(s, m, struct T *), 0, 0, .table = &(tab))
#define LIST(s, m, k, T, tab) \
	FIELD(k, D_LIST, 0, AT(s, m, struct T *), AUX(s, n_##m, unsigned), 0, \
	      .table = &(tab))
/* A map to objects, whose first member is the key, a const char *. */
#define MAP(s, m, k, T, tab) \
	FIELD(k, D_MAP, 0, AT(s, m, struct T *), AUX(s, n_##m, unsigned), 0, \
	      .table = &(tab))
/* A map to strings, as a struct of two const char *, key and value. */
#define PAIRS(s, m, k, T, tab) \
	FIELD(k, D_PAIRS, 0, AT(s, m, struct T *), AUX(s, n_##m, unsigned), 0, \
	      .table = &(tab))
#define CUSTOM(s, m, k, r, T, fn) \
	FIELD(k, D_CUSTOM, r, AT(s, m, T), 0, 0, .custom = (fn))

/* Reads the object that comes next into obj, which becomes t->blank first.
 * 0, or -1: a syntax error, a full arena or, unless diag->all, the first value
 * that is not as its field wants it. */
int decode_object(struct decode *d, const struct decode_table *t, void *obj);

/* The rest is for custom readers, which return 1 for a good value, 0 for one
 * that was reported and passed over, -1 to stop. */

/* Takes a complaint about the value that comes next, which d->err holds, and
 * passes over the value: 0 or -1. */
int decode_bad(struct decode *d);

/* 1 where the value that comes next is of this kind, else complains. */
int decode_kind(struct decode *d, int kind);

/* A string. */
int decode_str(struct decode *d, const char **s);

/* Calls one for each element of the array that comes next: with the string,
 * which lasts as long as the arena, or NULL where it was none. */
int decode_each(struct decode *d, void *arg,
	int (*one)(struct decode *d, void *arg, const char *text));

#endif
