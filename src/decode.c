/* SPDX-License-Identifier: MIT */
/* decode.c -- walks tables of members; one reader per type. */
#include "decode.h"

#include <string.h>
#include <strings.h>

#include "arena.h"
#include "diag.h"
#include "err.h"
#include "io.h"
#include "json.h"
#include "log.h"
#include "names.h"

/* An array that grows by doubling: what is left behind in the arena is less
 * than what is kept. */
struct list {
	char *at;
	unsigned n, room, max;
	size_t size;            /* of an element */
};

enum { MAX_KEY = 256 };         /* of a map, with its NUL */

static const char kind_names[][10] = {
	[JSON_NULL] = "null", [JSON_BOOL] = "a boolean",
	[JSON_NUMBER] = "a number",
	[JSON_STRING] = "a string", [JSON_ARRAY] = "an array",
	[JSON_OBJECT] = "an object",
};

/* A new element of zeros, or NULL. */
static void *
list_add(struct decode *d, struct list *l)
{
	unsigned room = l->room ? 2 * l->room : 4;
	char *p;

	if (l->max && l->n == l->max) {
		json_fail(d->json, d->err, "more than %u elements", l->max);
		return NULL;
	}
	if (l->n == l->room) {
		p = arena_alloc(d->arena, room, l->size, d->err);
		if (!p)
			return NULL;
		if (l->n)
			memcpy(p, l->at, l->n * l->size);
		l->at = p;
		l->room = room;
	}
	return l->at + l->n++ * l->size;
}

/* Stores the array in the member and its length in the n_ member. */
static int
list_store(const struct list *l, const struct decode_field *f, char *obj)
{
	memcpy(obj + f->off, &l->at, sizeof(l->at));
	memcpy(obj + f->aux - 1, &l->n, sizeof(l->n));
	return 1;
}

int
decode_bad(struct decode *d)
{
	struct err scrap = { 0 };

	/* After a syntax error nothing can be passed over: then it stands. */
	if (d->diag->all && json_skip(d->json, NULL, NULL, &scrap))
		return -1;
	return diag_take(d->diag, d->err);
}

int
decode_kind(struct decode *d, int kind)
{
	int got = json_peek(d->json, d->err);

	if (got < 0)
		return -1;
	if (got == kind)
		return 1;
	json_fail(d->json, d->err, "expected %s, found %s", kind_names[kind],
		kind_names[got]);
	return decode_bad(d);
}

int
decode_str(struct decode *d, const char **s)
{
	struct arena before = *d->arena;
	int r = decode_kind(d, JSON_STRING);

	if (r <= 0)
		return r;
	if (json_str(d->json, s, d->err))
		return decode_bad(d);
	if (strlen(*s) < DECODE_MAX_STRING)
		return 1;
	*d->arena = before;
	*s = NULL;
	json_fail(d->json, d->err, "a string of more than %d bytes",
		DECODE_MAX_STRING - 1);
	return diag_take(d->diag, d->err);
}

int
decode_each(struct decode *d, void *arg,
	int (*one)(struct decode *d, void *arg, const char *text))
{
	const char *text;
	int r = decode_kind(d, JSON_ARRAY);

	if (r <= 0)
		return r;
	if (json_enter(d->json, '[', d->err))
		return -1;
	while ((r = json_more(d->json, d->err)) > 0) {
		r = decode_str(d, &text);
		if (r < 0 || one(d, arg, r ? text : NULL) < 0)
			return -1;
	}
	return r < 0 ? -1 : 1;
}

static int
read_str(struct decode *d, const struct decode_field *f, char *obj)
{
	const char *s;
	int r = decode_str(d, &s);

	if (r > 0)
		memcpy(obj + f->off, &s, sizeof(s));
	return r;
}

static int
add_str(struct decode *d, void *arg, const char *text)
{
	const char **s = list_add(d, arg);

	if (!s)
		return -1;
	*s = text ? text : "";          /* later ones keep their place */
	return 0;
}

static int
read_strs(struct decode *d, const struct decode_field *f, char *obj)
{
	struct list l = { .size = sizeof(char *), .max = (unsigned)f->u.max };
	int r = decode_each(d, &l, add_str);

	if (r <= 0)
		return r;
	l.max = 0;                      /* one more: the NULL at the end */
	if (!list_add(d, &l))
		return -1;
	l.n--;
	return list_store(&l, f, obj);
}

static int
read_bool(struct decode *d, const struct decode_field *f, char *obj)
{
	bool v;

	if (json_bool(d->json, &v, d->err))
		return decode_bad(d);
	*(bool *)(obj + f->off) = v;
	return 1;
}

static int
read_unsigned(struct decode *d, const struct decode_field *f, char *obj)
{
	void *at = obj + f->off;
	uint64_t v = 0;
	int64_t i = 0;
	int r;

	if (f->min > 0) {
		r = json_i64(d->json, &i, f->min, (int64_t)f->u.max, d->err);
		v = (uint64_t)i;
	} else {
		r = json_u64(d->json, &v, f->u.max, d->err);
	}
	if (r)
		return decode_bad(d);
	if (f->type == D_U16)
		*(uint16_t *)at = (uint16_t)v;
	else if (f->type == D_U32)
		*(uint32_t *)at = (uint32_t)v;
	else
		*(uint64_t *)at = v;
	return 1;
}

static int
read_signed(struct decode *d, const struct decode_field *f, char *obj)
{
	int64_t v, min = f->min == INT16_MIN ? INT64_MIN : f->min;
	void *at = obj + f->off;

	if (json_i64(d->json, &v, min, (int64_t)f->u.max, d->err))
		return decode_bad(d);
	if (f->type == D_I32)
		*(int32_t *)at = (int32_t)v;
	else
		*(int64_t *)at = v;
	return 1;
}

static int
read_u32s(struct decode *d, const struct decode_field *f, char *obj)
{
	struct list l = { .size = sizeof(uint32_t) };
	uint64_t v;
	uint32_t *p;
	int r;

	if (json_enter(d->json, '[', d->err))
		return -1;
	while ((r = json_more(d->json, d->err)) > 0) {
		v = 0;
		r = decode_kind(d, JSON_NUMBER);
		if (r > 0 && json_u64(d->json, &v, f->u.max, d->err))
			r = decode_bad(d);
		p = r < 0 ? NULL : list_add(d, &l);
		if (!p)
			return -1;
		*p = (uint32_t)v;
	}
	return r < 0 ? -1 : list_store(&l, f, obj);
}

/* The number of a name that was just read. */
static int
named(struct decode *d, const struct decode_field *f, const char *text,
	uint32_t *v)
{
	if (names_value(f->u.names, text, v))
		return 1;
	json_fail(d->json, d->err, "unknown %s `%s`", f->u.names->what, text);
	return diag_take(d->diag, d->err);
}

static int
read_enum(struct decode *d, const struct decode_field *f, char *obj)
{
	struct arena before = *d->arena;
	const char *s;
	uint32_t v;
	int r = decode_str(d, &s);

	if (r <= 0)
		return r;
	*d->arena = before;             /* the text is not kept */
	r = named(d, f, s, &v);
	if (r <= 0)
		return r;
	if (f->type == D_CHAR)
		obj[f->off] = (char)v;
	else
		*(unsigned *)(obj + f->off) = v;
	return 1;
}

struct flags {
	const struct decode_field *field;
	unsigned value;
};

static int
add_flag(struct decode *d, void *arg, const char *text)
{
	struct flags *f = arg;
	uint32_t v = 0;
	int r = text ? named(d, f->field, text, &v) : 0;

	f->value |= v;
	return r;
}

static int
read_flags(struct decode *d, const struct decode_field *f, char *obj)
{
	struct flags flags = { f, 0 };
	int r = decode_each(d, &flags, add_flag);

	if (r > 0)
		*(unsigned *)(obj + f->off) = flags.value;
	return r;
}

static int
read_obj(struct decode *d, const struct decode_field *f, char *obj)
{
	return decode_object(d, f->u.table, obj + f->off) ? -1 : 1;
}

static int
read_ptr(struct decode *d, const struct decode_field *f, char *obj)
{
	void *p = arena_alloc(d->arena, 1, f->u.table->size, d->err);

	if (!p || decode_object(d, f->u.table, p))
		return -1;
	memcpy(obj + f->off, &p, sizeof(p));
	return 1;
}

/* The object that comes next as element p; what is no object stays blank. */
static int
element(struct decode *d, const struct decode_table *t, void *p)
{
	int r;

	if (!p)
		return -1;
	if (t->blank)
		memcpy(p, t->blank, t->size);
	r = decode_kind(d, JSON_OBJECT);
	return r > 0 ? decode_object(d, t, p) : r;
}

static int
read_list(struct decode *d, const struct decode_field *f, char *obj)
{
	const struct decode_table *t = f->u.table;
	struct list l = { .size = t->size, .max = t->max };
	int r;

	if (json_enter(d->json, '[', d->err))
		return -1;
	while ((r = json_more(d->json, d->err)) > 0) {
		if (element(d, t, list_add(d, &l)))
			return -1;
	}
	return r < 0 ? -1 : list_store(&l, f, obj);
}

/* The key of a map's next member, in the arena. */
static char *
map_key(struct decode *d)
{
	char key[MAX_KEY];

	if (json_key(d->json, key, sizeof(key), d->err))
		return NULL;
	if (strlen(key) == sizeof(key) - 1) {
		json_fail(d->json, d->err, "a key of more than %d bytes",
			MAX_KEY - 2);
		return NULL;
	}
	return arena_dup(d->arena, key, strlen(key), d->err);
}

/* One member of a map: key and value into element p. */
static int
map_member(struct decode *d, const struct decode_field *f, char *p)
{
	char *key = p ? map_key(d) : NULL;

	if (!key)
		return -1;
	if (f->type == D_PAIRS) {
		if (decode_str(d, (const char **)(void *)p + 1) < 0)
			return -1;
	} else if (element(d, f->u.table, p) < 0) {
		return -1;
	}
	memcpy(p, &key, sizeof(key));
	return 0;
}

static int
read_map(struct decode *d, const struct decode_field *f, char *obj)
{
	struct list l = { .size = f->u.table->size, .max = f->u.table->max };
	int r;

	if (json_enter(d->json, '{', d->err))
		return -1;
	while ((r = json_more(d->json, d->err)) > 0) {
		if (map_member(d, f, list_add(d, &l)))
			return -1;
	}
	return r < 0 ? -1 : list_store(&l, f, obj);
}

static int
read_custom(struct decode *d, const struct decode_field *f, char *obj)
{
	return f->u.custom(d, obj + f->off);
}

static const struct type {
	signed char kind;       /* enum json_kind, -1: the reader looks */
	bool flag;              /* aux is a has_ flag */
	/* 1 good, 0 reported and passed over, -1 stop */
	int (*read)(struct decode *, const struct decode_field *, char *obj);
} types[] = {
	[D_STR] = { JSON_STRING, true, read_str },
	[D_STRS] = { JSON_ARRAY, false, read_strs },
	[D_BOOL] = { JSON_BOOL, true, read_bool },
	[D_U16] = { JSON_NUMBER, true, read_unsigned },
	[D_U32] = { JSON_NUMBER, true, read_unsigned },
	[D_U64] = { JSON_NUMBER, true, read_unsigned },
	[D_I32] = { JSON_NUMBER, true, read_signed },
	[D_I64] = { JSON_NUMBER, true, read_signed },
	[D_U32S] = { JSON_ARRAY, false, read_u32s },
	[D_ENUM] = { JSON_STRING, true, read_enum },
	[D_CHAR] = { JSON_STRING, true, read_enum },
	[D_FLAGS] = { JSON_ARRAY, true, read_flags },
	[D_OBJ] = { JSON_OBJECT, true, read_obj },
	[D_PTR] = { JSON_OBJECT, true, read_ptr },
	[D_LIST] = { JSON_ARRAY, false, read_list },
	[D_MAP] = { JSON_OBJECT, false, read_map },
	[D_PAIRS] = { JSON_OBJECT, false, read_map },
	[D_CUSTOM] = { -1, true, read_custom },
};

static int
read_member(struct decode *d, const struct decode_field *f, char *obj)
{
	const struct type *t = &types[f->type];
	int r = json_peek(d->json, d->err);

	if (r == JSON_NULL)
		return json_skip(d->json, NULL, NULL, d->err);
	if (r >= 0)
		r = t->kind < 0 ? 1 : decode_kind(d, t->kind);
	if (r > 0)
		r = t->read(d, f, obj);
	if (r > 0 && t->flag && f->aux)
		*(bool *)(obj + f->aux - 1) = true;
	return r;
}

/* Says what key is, which is not among the fields. */
static void
unknown(struct decode *d, const struct decode_table *t, const char *key)
{
	struct err e = { 0 };
	unsigned i;

	for (i = 0; i < t->n; i++) {
		if (strcasecmp(t->fields[i].key, key) == 0)
			break;
	}
	if (i < t->n)
		json_fail(d->json, &e, "ignored; is `%s` meant?",
			t->fields[i].key);
	else
		json_fail(d->json, &e, "ignored: not of this platform or "
			"version");
	diag_say(d->diag, i < t->n ? LEVEL_WARNING : LEVEL_DEBUG, err_str(&e));
}

/* Reads one member; its bit goes into seen if it was there, good or not. */
static int
member(struct decode *d, const struct decode_table *t, char *obj,
	uint64_t *seen)
{
	char key[sizeof(t->fields->key) + 1];
	unsigned i;
	int kind;

	if (json_key(d->json, key, sizeof(key), d->err))
		return -1;
	for (i = 0; i < t->n; i++) {
		if (strcmp(t->fields[i].key, key) == 0)
			break;
	}
	if (i == t->n) {
		unknown(d, t, key);
		return json_skip(d->json, NULL, NULL, d->err);
	}
	kind = json_peek(d->json, d->err);
	if (kind < 0)
		return -1;
	if (kind != JSON_NULL)
		*seen |= UINT64_C(1) << i;
	return read_member(d, &t->fields[i], obj);
}

static int
missing(struct decode *d, const struct decode_table *t, uint64_t seen)
{
	unsigned i;

	for (i = 0; i < t->n; i++) {
		if (!t->fields[i].required || (seen >> i & 1))
			continue;
		json_fail(d->json, d->err, "missing \"%s\"",
			t->fields[i].key);
		if (diag_take(d->diag, d->err))
			return -1;
	}
	return 0;
}

int
decode_object(struct decode *d, const struct decode_table *t, void *obj)
{
	uint64_t seen = 0;
	int r;

	if (t->blank)
		memcpy(obj, t->blank, t->size);
	if (json_enter(d->json, '{', d->err))
		return -1;
	while ((r = json_more(d->json, d->err)) > 0) {
		if (member(d, t, obj, &seen) < 0)
			return -1;
	}
	return r < 0 ? -1 : missing(d, t, seen);
}
