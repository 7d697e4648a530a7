/* SPDX-License-Identifier: MIT */
/* json_keys.c -- no object may have a key twice (OCI glossary: "MUST NOT
 * include duplicate names"), shown in four bytes per key.
 *
 * Equal fingerprints are only a suspicion: the object is read again then, and
 * the whole hashes of the keys in question are compared. */
#include "json_keys.h"

#include <stdbool.h>

#include "arena.h"
#include "err.h"
#include "json.h"
#include "json_lex.h"

static uint32_t *
print_at(struct json *j, uint32_t i)
{
	return &j->print[i / JSON_PRINT_BLOCK][i % JSON_PRINT_BLOCK];
}

int
keys_add(struct json *j, uint64_t hash, struct err *e)
{
	uint32_t block = j->prints / JSON_PRINT_BLOCK;

	if (j->unchecked)
		return 0;
	if (j->prints == JSON_MAX_VALUES)
		return lex_fail(j, lex_at(j), e, "more than %d values",
			JSON_MAX_VALUES);
	if (!j->print[block]) {
		j->print[block] = NEWS(j->arena, uint32_t, JSON_PRINT_BLOCK, e);
		if (!j->print[block]) {
			j->broken = true;
			return -1;
		}
	}
	*print_at(j, j->prints++) = (uint32_t)hash & j->print_mask;
	return 0;
}

enum { PARTS = 1024, PART_SHIFT = 32 - 10 };

/* Moves each fingerprint to the part of the array that its first bits name, in
 * place: the parts fill up from next[], and part[] are their ends. */
static void
print_spread(struct json *j, uint32_t first, uint32_t n)
{
	uint32_t part[PARTS] = { 0 }, next[PARTS], i, v, *p, other, at = first;

	for (i = 0; i < n; i++)
		part[*print_at(j, first + i) >> PART_SHIFT]++;
	for (i = 0; i < PARTS; i++) {
		next[i] = at;
		at += part[i];
		part[i] = at;
	}
	for (i = 0; i < PARTS; i++) {
		while (next[i] < part[i]) {
			v = *print_at(j, next[i]);
			while (v >> PART_SHIFT != i) {
				p = print_at(j, next[v >> PART_SHIFT]++);
				other = *p;
				*p = v;
				v = other;
			}
			*print_at(j, next[i]++) = v;
		}
	}
}

/* Sorts in place on the blocks, without recursion: Shell's method, whose first
 * gap is small where the array is nearly in order already. */
static void
print_sort(struct json *j, uint32_t first, uint32_t n)
{
	uint32_t gap = 1, far = n, i, k, v, *at, *back;

	if (n > PARTS) {
		print_spread(j, first, n);
		far = n / PARTS;
	}
	while (gap < far / 4)
		gap = gap * 9 / 4 + 1;
	for (; gap; gap = gap * 4 / 9) {
		for (i = gap; i < n; i++) {
			at = print_at(j, first + i);
			v = *at;
			for (k = i; k >= gap; k -= gap) {
				back = print_at(j, first + k - gap);
				if (*back <= v)
					break;
				*at = *back;
				at = back;
			}
			*at = v;
		}
	}
}

/* What a second reading finds of the keys that share a fingerprint. */
struct suspect {
	struct suspect *next;
	uint64_t hash;
	size_t len;
};

/* Whether a key is among those noted before it, else notes it: 1, 0, or -1. */
static int
seen_before(struct suspect **all, uint64_t hash, size_t len,
	struct arena *scratch, struct err *e)
{
	struct suspect *s;

	for (s = *all; s; s = s->next) {
		if (s->hash == hash && s->len == len)
			return 1;
	}
	s = NEW(scratch, struct suspect, e);
	if (!s)
		return -1;
	s->next = *all;
	s->hash = hash;
	s->len = len;
	*all = s;
	return 0;
}

/* Fails if two keys of the innermost object, which has just ended, are equal
 * and have this fingerprint.  The 64-bit hashes of two different keys of equal
 * length are the same once in 2^64, and the seed is secret. */
static int
recheck(struct json *j, uint32_t print, struct arena scratch, struct err *e)
{
	struct suspect *all = NULL;
	struct lex_text t;
	struct json r;
	struct json_level *l = &j->level[j->depth - 1];
	uint64_t hash;
	int more, found;

	lex_reopen(&r, j, l->start);
	r.line = l->line;
	r.line_at = l->start - (l->col - 1);
	if (json_enter(&r, '{', e))
		return -1;
	while ((more = json_more(&r, e)) > 0) {
		t = (struct lex_text){ .len = 0 };
		if (lex_key(&r, &t, &hash, e))
			return -1;
		found = 0;
		if (((uint32_t)hash & j->print_mask) == print)
			found = seen_before(&all, hash, t.len, &scratch, e);
		if (found < 0)
			return -1;
		if (found) {
			l->here = r.tok_at;
			j->tok_line = r.tok_line;
			j->tok_col = r.tok_col;
			return json_fail(j, e, "duplicate key");
		}
		if (json_skip(&r, NULL, NULL, e))
			return -1;
	}
	return more;
}

int
keys_end(struct json *j, struct err *e)
{
	uint32_t i, print, first = j->level[j->depth - 1].prints;

	print_sort(j, first, j->prints - first);
	for (i = first + 1; i < j->prints; i++) {
		print = *print_at(j, i);
		if (print != *print_at(j, i - 1))
			continue;
		if (recheck(j, print, *j->arena, e)) {
			j->broken = true;
			return -1;
		}
		while (i + 1 < j->prints && *print_at(j, i + 1) == print)
			i++;
	}
	j->prints = first;
	return 0;
}
