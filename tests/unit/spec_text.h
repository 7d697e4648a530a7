/* SPDX-License-Identifier: MIT */
/* spec_text.h -- for tests of configs: text in which ' stands for ", decoded
 * and checked with one call each. */
#ifndef SPEC_TEXT_H
#define SPEC_TEXT_H

#include "arena.h"
#include "diag.h"
#include "err.h"
#include "spec.h"
#include "spec_check.h"
#include "spec_decode.h"
#include "tap.h"

/* Text around a member of the objects that have required members. */
#define TOP(m) "{'ociVersion':'1.3.0','root':{'path':'r'}," m "}"
#define PROCESS(m) TOP("'process':{'cwd':'/','args':['sh']," m "}")
#define MOUNT(m) TOP("'mounts':[{'destination':'/d'," m "}]")
#define LINUX(m) TOP("'linux':{" m "}")
#define RESOURCES(m) LINUX("'resources':{" m "}")
#define SECCOMP(m) LINUX("'seccomp':{'defaultAction':'SCMP_ACT_ALLOW'," m "}")
#define NS(types, m) TOP("'linux':{'namespaces':[" types "]" m "}")

static char spec_memory[4 << 20], spec_json[1 << 20], spec_said[16384];
static struct spec spec;
static struct arena spec_arena;
static struct err spec_err;

/* Collects what is said: "LEVEL text\n", where level 0 is an error. */
static inline void
spec_say(void *arg, int level, const char *text)
{
	size_t n = strlen(spec_said);

	(void)arg;
	snprintf(spec_said + n, sizeof(spec_said) - n, "%d %s\n", level, text);
}

static inline const char *
spec_quotes(const char *text)
{
	size_t i;

	for (i = 0; text[i] && i < sizeof(spec_json) - 1; i++)
		spec_json[i] = text[i] == '\'' ? '"' : text[i];
	spec_json[i] = '\0';
	return spec_json;
}

/* Decodes into spec and, if asked, checks; returns the error or "". */
static inline const char *
spec_try(const char *text, bool check, bool all)
{
	struct diag d = { .say = spec_say, .all = all, .name = "c" };
	const char *json = spec_quotes(text);

	spec_arena = (struct arena){ spec_memory,
		spec_memory + sizeof(spec_memory) };
	spec_err = (struct err){ 0 };
	spec_said[0] = '\0';
	if (spec_decode_text(&spec, json, strlen(json), &d, &spec_arena,
	    &spec_err))
		return err_str(&spec_err);
	if (check)
		spec_check(&spec, &d, spec_arena, &spec_err);
	return err_str(&spec_err);
}

/* Decodes what must be good. */
static inline bool
spec_good(const char *text)
{
	bool good = !*spec_try(text, false, false);

	if (!good)
		printf("#   %s\n#   %s\n", text, err_str(&spec_err));
	return good;
}

#endif
