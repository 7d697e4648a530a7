/* SPDX-License-Identifier: MIT */
/* json.c -- structure of JSON: nesting, limits, duplicate keys, paths.
 *
 * Nothing is kept of what was read but offsets.  Whatever a message needs (the
 * path) or a suspicion needs (whether two keys are really equal) is read
 * again from there. */
#include "json.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#include "arena.h"
#include "err.h"
#include "json_keys.h"
#include "json_lex.h"

static const char kind_names[][10] = {
	[JSON_NULL] = "null", [JSON_BOOL] = "a boolean",
	[JSON_NUMBER] = "a number", [JSON_STRING] = "a string",
	[JSON_ARRAY] = "an array", [JSON_OBJECT] = "an object",
};

static struct json_level *
top(struct json *j)
{
	return &j->level[j->depth - 1];
}

/* The members that both kinds of input have; j is zeroed but for fd, text and
 * total. */
static int
start(struct json *j, const char *name, struct arena *a, struct err *e)
{
	const void *random = (const void *)getauxval(AT_RANDOM);
	const char *b;
	char name_of[16];
	int c;

	j->name = name;
	j->arena = a;
	j->line = j->tok_line = j->tok_col = 1;
	j->print_mask = UINT32_MAX;
	if (random)                     /* 16 bytes, since Linux 2.6.29 */
		memcpy(j->seed, random, sizeof(j->seed));
	j->buf = j->text ? j->text : j->chunk;
	j->len = j->text ? j->total : 0;
	if (!j->total)
		return err_set(e, EINVAL, "%s: is empty", name);
	c = lex_space(j, e);
	if (c < 0)
		return -1;
	b = j->buf + j->pos;
	if (c == 0xef && j->len - j->pos >= 3 && !memcmp(b, "\xef\xbb\xbf", 3))
		return lex_fail(j, lex_at(j), e, "a byte order mark");
	if (c == 0xfe || c == 0xff || !c || (j->len - j->pos >= 2 && !b[1]))
		return lex_fail(j, lex_at(j), e,
			"%s: only UTF-8 is read, not UTF-16 or UTF-32",
			lex_name(c, name_of, sizeof(name_of)));
	return 0;
}

static int
too_large(const char *name, uint64_t size, struct err *e)
{
	return err_set(e, EFBIG, "%s: %llu bytes, the limit is %d (%d MiB)",
		name, (unsigned long long)size, JSON_MAX_BYTES,
		JSON_MAX_BYTES >> 20);
}

int
json_open_fd(struct json *j, int fd, const char *name, struct arena *a,
	struct err *e)
{
	struct stat st;

	memset(j, 0, offsetof(struct json, chunk));
	j->broken = true;
	if (fstat(fd, &st))
		return err_sys(e, "%s: stat", name);
	if (!S_ISREG(st.st_mode))
		return err_set(e, EINVAL, "%s: not a regular file", name);
	if (st.st_size > JSON_MAX_BYTES)
		return too_large(name, (uint64_t)st.st_size, e);
	j->broken = false;
	j->fd = fd;
	j->total = (uint32_t)st.st_size;
	return start(j, name, a, e);
}

int
json_open_text(struct json *j, const char *text, size_t len, const char *name,
	struct arena *a, struct err *e)
{
	memset(j, 0, offsetof(struct json, chunk));
	j->broken = len > JSON_MAX_BYTES;
	if (j->broken)
		return too_large(name, len, e);
	j->fd = -1;
	j->text = text;
	j->total = (uint32_t)len;
	return start(j, name, a, e);
}

static int
next(struct json *j, struct err *e)
{
	if (j->broken)
		return err_set(e, EINVAL, "%s: unreadable", j->name);
	return lex_space(j, e);
}

int
json_peek(struct json *j, struct err *e)
{
	char name[16];
	int c = next(j, e);

	if (c < 0)
		return -1;
	lex_mark(j);
	switch (c) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_STRING;
	case 't':
	case 'f':
		return JSON_BOOL;
	case 'n':
		return JSON_NULL;
	default:
		if (c == '-' || (c >= '0' && c <= '9'))
			return JSON_NUMBER;
		return lex_fail(j, lex_at(j), e, "expected a value, found %s",
			lex_name(c, name, sizeof(name)));
	}
}

static int
count(struct json *j, struct err *e)
{
	if (++j->values > JSON_MAX_VALUES)
		return lex_fail(j, lex_at(j), e, "more than %d values",
			JSON_MAX_VALUES);
	return 0;
}

/* The value that must come next is of this kind, and will be read. */
static int
want(struct json *j, enum json_kind kind, struct err *e)
{
	int got = json_peek(j, e);

	if (got < 0)
		return -1;
	if (got != (int)kind)
		return json_fail(j, e, "expected %s, found %s",
			kind_names[kind], kind_names[got]);
	return count(j, e);
}

/* Takes the token back that was just read. */
static void
unread(struct json *j)
{
	lex_seek(j, j->tok_at);
	j->values--;
}

static int
enter(struct json *j, struct err *e)
{
	struct json_level *l;

	if (j->depth == JSON_DEPTH)
		return lex_fail(j, lex_at(j), e,
			"more than %d levels of nesting", JSON_DEPTH);
	l = &j->level[j->depth++];
	l->object = j->buf[j->pos] == '{';
	l->first = true;
	l->here = JSON_NOWHERE;
	l->start = j->tok_at;
	l->line = j->tok_line;
	l->col = j->tok_col;
	l->prints = j->prints;
	j->pos++;
	return 0;
}

int
json_enter(struct json *j, char bracket, struct err *e)
{
	if (want(j, bracket == '{' ? JSON_OBJECT : JSON_ARRAY, e))
		return -1;
	return enter(j, e);
}

static int
leave(struct json *j, struct err *e)
{
	const struct json_level *l = top(j);

	j->pos++;
	if (l->object && keys_end(j, e))
		return -1;
	j->tok_at = l->start;
	j->tok_line = l->line;
	j->tok_col = l->col;
	j->depth--;
	return 0;
}

int
json_more(struct json *j, struct err *e)
{
	struct json_level *l = top(j);
	int c, end = l->object ? '}' : ']';
	char name[16];

	c = next(j, e);
	if (c < 0)
		return -1;
	if (c == end)
		return leave(j, e);
	if (!l->first) {
		if (c != ',')
			return lex_fail(j, lex_at(j), e,
				"expected ',' or '%c', found %s", end,
				lex_name(c, name, sizeof(name)));
		j->pos++;
		c = next(j, e);
		if (c < 0)
			return -1;
	}
	if (!l->object) {
		l->here = l->first ? 0 : l->here + 1;
		l->first = false;
		return 1;
	}
	l->here = JSON_NOWHERE;
	l->first = false;
	if (c != '"')
		return lex_fail(j, lex_at(j), e, "expected a key, found %s",
			lex_name(c, name, sizeof(name)));
	return 1;
}

/* json_key, but a NUL is the caller's matter. */
static int
key_checked(struct json *j, struct lex_text *t, struct err *e)
{
	uint64_t hash;

	if (next(j, e) < 0 || lex_key(j, t, &hash, e))
		return -1;
	top(j)->here = j->tok_at;
	return keys_add(j, hash, e);
}

int
json_key(struct json *j, char *buf, size_t size, struct err *e)
{
	struct lex_text t = { .buf = buf, .size = size - 1 };

	if (key_checked(j, &t, e))
		return -1;
	buf[t.len < size ? t.len : size - 1] = '\0';
	if (t.nul)
		return json_fail(j, e, "a key with an embedded NUL");
	return 0;
}

int
json_str(struct json *j, const char **s, struct err *e)
{
	struct lex_text t = { .buf = j->arena->at };

	if (want(j, JSON_STRING, e))
		return -1;
	t.size = (size_t)(j->arena->end - j->arena->at);
	if (lex_string(j, &t, e))
		return -1;
	if (t.nul) {
		unread(j);
		return json_fail(j, e, "a string with an embedded NUL");
	}
	if (t.len >= t.size) {
		unread(j);
		json_fail(j, e, "out of memory (raise ARENA_KB)");
		e->code = ENOMEM;
		return -1;
	}
	t.buf[t.len] = '\0';
	j->arena->at += t.len + 1;
	*s = t.buf;
	return 0;
}

/* The integer that must come next, its text left in n for messages. */
static int
integer(struct json *j, struct lex_number *n, struct err *e)
{
	if (want(j, JSON_NUMBER, e) || lex_number(j, n, e))
		return -1;
	if (n->whole)
		return 0;
	unread(j);
	return json_fail(j, e, "%s: expected an integer, without fraction or "
		"exponent", n->text);
}

int
json_u64(struct json *j, uint64_t *v, uint64_t max, struct err *e)
{
	struct lex_number n;

	if (integer(j, &n, e))
		return -1;
	if (n.huge || n.magnitude > max || (n.negative && n.magnitude)) {
		unread(j);
		return json_fail(j, e, "%s is out of range (0 to %llu)", n.text,
			(unsigned long long)max);
	}
	*v = n.magnitude;
	return 0;
}

int
json_i64(struct json *j, int64_t *v, int64_t min, int64_t max, struct err *e)
{
	struct lex_number n;
	bool fits;
	int64_t i = 0;

	if (integer(j, &n, e))
		return -1;
	fits = !n.huge &&
		n.magnitude <= (uint64_t)INT64_MAX + n.negative;
	if (fits && n.negative)         /* -x - 1 holds INT64_MIN as well */
		i = n.magnitude ? -(int64_t)(n.magnitude - 1) - 1 : 0;
	else if (fits)
		i = (int64_t)n.magnitude;
	if (!fits || i < min || i > max) {
		unread(j);
		return json_fail(j, e, "%s is out of range (%lld to %lld)",
			n.text, (long long)min, (long long)max);
	}
	*v = i;
	return 0;
}

static int
word(struct json *j, bool *v, struct err *e)
{
	*v = j->buf[j->pos] == 't';
	return lex_word(j, *v ? "true" : "false", e);
}

int
json_bool(struct json *j, bool *v, struct err *e)
{
	return want(j, JSON_BOOL, e) ? -1 : word(j, v, e);
}

/* Reads a scalar or enters a container, whose kind was peeked at. */
static int
skip_token(struct json *j, int kind, struct err *e)
{
	struct lex_number n;
	bool v;

	if (kind < 0 || count(j, e))
		return -1;
	switch (kind) {
	case JSON_NULL:
		return lex_word(j, "null", e);
	case JSON_BOOL:
		return word(j, &v, e);
	case JSON_NUMBER:
		return lex_number(j, &n, e);
	case JSON_STRING:
		return lex_string(j, NULL, e);
	default:
		return enter(j, e);
	}
}

int
json_skip(struct json *j, uint64_t *at, uint64_t *len, struct err *e)
{
	int r, kind = json_peek(j, e);
	unsigned floor = j->depth;
	uint32_t from = lex_at(j);
	struct lex_text t;

	if (skip_token(j, kind, e))
		return -1;
	while (j->depth > floor) {
		r = json_more(j, e);
		if (r < 0)
			return -1;
		if (!r)
			continue;
		t = (struct lex_text){ .len = 0 };
		if (top(j)->object && key_checked(j, &t, e))
			return -1;
		if (skip_token(j, json_peek(j, e), e))
			return -1;
	}
	if (at)
		*at = from;
	if (len)
		*len = lex_at(j) - from;
	return 0;
}

uint64_t
json_at(const struct json *j)
{
	return lex_at(j);
}

int
json_end(struct json *j, struct err *e)
{
	char name[16];
	int c = next(j, e);

	if (c < 0)
		return -1;
	if (c != LEX_END)
		return lex_fail(j, lex_at(j), e, "expected the end, found %s",
			lex_name(c, name, sizeof(name)));
	return 0;
}
