/* SPDX-License-Identifier: MIT */
/* f_json.c -- fuzzes the JSON parser (libFuzzer).  Three readings of one text
 * must agree: over it as text, over it as a file, and value by value.  What was
 * accepted is copied by the writer and must be accepted again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "json.h"
#include "jsonw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char block[256 << 10];

#define MUST(cond) \
	do { \
		if (!(cond)) { \
			fprintf(stderr, "f_json: %s\n", #cond); \
			abort(); \
		} \
	} while (0)

static bool
skip(struct json *j, int opened, struct err *e)
{
	uint64_t at, len;
	bool good;

	good = !opened && !json_skip(j, &at, &len, e) && !json_end(j, e);
	MUST(good == !*err_str(e));
	MUST(!good || len);
	return good;
}

/* Fetches the next value by the call that the choice names, right or wrong;
 * a refusal must leave it there.  False after a syntax error. */
static bool
fetch(struct json *j, unsigned choice, struct err *e)
{
	const char *s;
	uint64_t u;
	int64_t i;
	bool b;
	int r, kind = json_peek(j, e);

	if (kind < 0)
		return false;
	switch (choice % 6) {
	case 0:
		r = json_str(j, &s, e);
		MUST(r || strlen(s) < sizeof(block));
		break;
	case 1:
		r = json_u64(j, &u, choice * 1000ULL, e);
		MUST(r || u <= choice * 1000ULL);
		break;
	case 2:
		r = json_i64(j, &i, -5, INT64_MAX, e);
		MUST(r || i >= -5);
		break;
	case 3:
		r = json_bool(j, &b, e);
		break;
	default:
		if (kind == JSON_OBJECT || kind == JSON_ARRAY)
			r = json_enter(j, kind == JSON_OBJECT ? '{' : '[', e);
		else
			r = json_skip(j, NULL, NULL, e);
		break;
	}
	MUST(!r == !*err_str(e));
	if (!r)
		return true;
	err_clear(e);
	return !json_skip(j, NULL, NULL, e);
}

static bool
walk(struct json *j, int opened, struct err *e)
{
	unsigned choice = 0;
	char key[12];
	int r;

	if (opened || !fetch(j, j->total, e))
		return false;
	while (j->depth) {
		r = json_more(j, e);
		if (r < 0)
			return false;
		if (!r)
			continue;
		if (j->level[j->depth - 1].object &&
		    json_key(j, key, sizeof(key), e))
			err_clear(e);   /* a syntax error comes again */
		if (!fetch(j, choice++ % 3 ? 4 : choice, e))
			return false;
	}
	return !json_end(j, e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { block, block + sizeof(block) };
	static int in = -1, out;
	struct err e = { .code = 0 };
	struct jsonw w;
	struct json j;
	unsigned line, col;
	char path[64];
	bool good;

	if (in < 0) {
		in = memfd_create("in", 0);
		out = memfd_create("out", 0);
	}
	MUST(!ftruncate(in, 0) && !ftruncate(out, 0));
	MUST(pwrite(in, data, size, 0) == (ssize_t)size);
	MUST(!lseek(out, 0, SEEK_SET));

	good = skip(&j, json_open_text(&j, (const char *)data, size, "t", &a,
		&e), &e);
	err_clear(&e);
	a.at = block;
	MUST(good == skip(&j, json_open_fd(&j, in, "f", &a, &e), &e));
	err_clear(&e);
	a.at = block;
	/* Weak fingerprints suspect all keys and change nothing. */
	if (!json_open_fd(&j, in, "f", &a, &e)) {
		j.print_mask = 1;
		MUST(good == skip(&j, 0, &e));
	}
	err_clear(&e);
	a.at = block;
	MUST(good == walk(&j, json_open_text(&j, (const char *)data, size, "t",
		&a, &e), &e) || strstr(err_str(&e), "memory"));

	snprintf(path, sizeof(path), "%.*s", (int)(size < 63 ? size : 63),
		(const char *)data);
	json_locate(in, path, a, &line, &col);
	if (!good)
		return 0;
	jsonw_init(&w, out, true);
	jsonw_arr(&w);
	jsonw_str(&w, path);
	jsonw_copy(&w, in, 0, size);
	jsonw_end(&w);
	MUST(!jsonw_finish(&w, &e));
	a.at = block;
	err_clear(&e);
	MUST(skip(&j, json_open_fd(&j, out, "o", &a, &e), &e) ||
		strstr(err_str(&e), "levels"));
	return 0;
}
