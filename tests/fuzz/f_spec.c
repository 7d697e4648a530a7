/* SPDX-License-Identifier: MIT */
/* f_spec.c -- fuzzes the config decoder and its checks (libFuzzer).
 *
 * Stopping at the first error and telling all of them must agree on whether
 * there is one, a failure must have a text, and what was accepted must keep the
 * promises that plan.c relies on.  As input, ' may stand for ", which lets the
 * fuzzer's seeds be read by people. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "diag.h"
#include "err.h"
#include "mountopt.h"
#include "names.h"
#include "path.h"
#include "spec.h"
#include "spec_check.h"
#include "spec_decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char block[1 << 20];

#define MUST(cond) \
	do { \
		if (!(cond)) { \
			fprintf(stderr, "f_spec: %s\n", #cond); \
			abort(); \
		} \
	} while (0)

static void
quiet(void *arg, int level, const char *text)
{
	(void)arg;
	(void)level;
	MUST(*text && strlen(text) < ERR_TEXT);
}

/* Vectors end with their NULL. */
static void
check_strs(const char *const *v, unsigned n)
{
	unsigned i;

	MUST(!n || v);
	for (i = 0; i < n; i++)
		MUST(v[i] && strlen(v[i]) < 128 * 1024);
	MUST(!v || !v[n]);
}

static void
check_mount(const struct spec_mount *m, struct arena a)
{
	struct err e = { .code = 0 };
	struct mountopt o;
	const char *to;

	check_strs(m->options, m->n_options);
	MUST(m->destination[0] == '/');
	if (mountopt_parse(&o, m->options, m->n_options, &a, &e))
		return;                 /* the arena is full */
	MUST(!o.unbuilt);
	MUST((m->type && *m->type) || o.bind);
	to = path_clean(m->destination, &a, &e);
	MUST(!to || (strcmp(to, "/") && (strncmp(to, "/proc/", 6) ||
		o.bind || !strcmp(m->type, "bind"))));
}

static void
check_spec(const struct spec *s, struct arena a)
{
	unsigned i;

	MUST(s->oci_version && s->root && s->root->path && *s->root->path);
	MUST(!s->hooks || !s->hooks->n_list[HOOK_POSTSTOP]);
	MUST(s->annotations.len != 1);
	for (i = 0; i < s->n_mounts; i++)
		check_mount(&s->mounts[i], a);
	for (i = 0; i < s->linux.n_namespaces; i++)
		MUST(names_text(&ns_names, s->linux.namespaces[i].type));
	for (i = 0; i < s->linux.n_devices; i++)
		MUST(s->linux.devices[i].path[0] == '/' &&
			strchr("bcp", s->linux.devices[i].type));
	check_strs(s->linux.masked_paths, s->linux.n_masked_paths);
	check_strs(s->linux.readonly_paths, s->linux.n_readonly_paths);
	if (!s->process)
		return;
	MUST(s->process->cwd[0] == '/' && s->process->n_args);
	check_strs(s->process->args, s->process->n_args);
	check_strs(s->process->env, s->process->n_env);
	for (i = 0; i < s->process->n_rlimits; i++)
		MUST(names_text(&rlimit_names, s->process->rlimits[i].type));
}

/* 0 good, 1 bad, 2 no verdict: out of memory. */
static int
judge(struct spec *s, const char *text, size_t size, bool all)
{
	struct arena a = { block, block + sizeof(block) };
	struct diag d = { .say = quiet, .all = all, .name = "f" };
	struct err e = { .code = 0 };
	int r = spec_decode_text(s, text, size, &d, &a, &e);

	if (!r) {
		r = spec_check(s, &d, a, &e);
		MUST((r != 0) == (d.errors != 0));
	}
	MUST((r != 0) == (*err_str(&e) != '\0'));
	if (!r)
		check_spec(s, a);
	return e.code == ENOMEM || strstr(err_str(&e), "memory") ? 2 : r != 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[256 << 10];
	struct spec s;
	size_t i;
	int first, all;

	if (size > sizeof(text))
		return 0;
	for (i = 0; i < size; i++)
		text[i] = data[i] == '\'' ? '"' : (char)data[i];
	first = judge(&s, text, size, false);
	all = judge(&s, text, size, true);
	MUST(first == all || first == 2 || all == 2);
	return 0;
}
