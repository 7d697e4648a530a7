/* SPDX-License-Identifier: MIT */
/* cgroup_memory.c -- what became of the memory limit. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "cgroup.h"
#include "cgroup_backend.h"
#include "err.h"
#include "io.h"
#include "plan.h"
#include "words.h"

/* "NAME N" on a line of its own. */
static bool
find_key(const char *text, const char *key, uint64_t *v)
{
	size_t len = strlen(key);
	unsigned long long u;
	char word[24];
	const char *end;

	for (; text; text = strchr(text, '\n'), text += !!text) {
		if (strncmp(text, key, len) || text[len] != ' ')
			continue;
		text += len + 1;
		end = strchr(text, '\n');
		if (!end || (size_t)(end - text) >= sizeof(word))
			return false;
		memcpy(word, text, (size_t)(end - text));
		word[end - text] = '\0';
		if (parse_u64(word, ULLONG_MAX, &u))
			return false;
		*v = u;
		return true;
	}
	return false;
}

bool
cgroup_key(int dir, const char *file, const char *key, uint64_t *v)
{
	char text[8192];

	return read_small_at(dir, file, text, sizeof(text)) > 0 &&
		find_key(text, key, v);
}

bool
cgroup_number(int dir, const char *file, uint64_t *v)
{
	unsigned long long u;
	char text[64];
	ssize_t n = read_small_at(dir, file, text, sizeof(text));

	if (n <= 0)
		return false;
	text[strcspn(text, "\n")] = '\0';
	*v = UINT64_MAX;
	if (!strcmp(text, "max"))
		return true;
	if (parse_u64(text, ULLONG_MAX, &u))
		return false;
	*v = u;
	return true;
}

bool
cgroup_memory_of(const struct cgroup_op *op, int dir, struct cgroup_memory *m)
{
	const bool v2 = op->kind == CGROUP_V2;

	*m = (struct cgroup_memory){ 0 };
	if (!cgroup_number(dir, v2 ? "memory.max" : "memory.limit_in_bytes",
	    &m->limit))
		return false;
	/* v1 has no word for it, and rounds to pages */
	if (m->limit > UINT64_MAX >> 2)
		m->limit = UINT64_MAX;
	cgroup_number(dir, v2 ? "memory.current" : "memory.usage_in_bytes",
		&m->usage);
	cgroup_number(dir, v2 ? "memory.peak" : "memory.max_usage_in_bytes",
		&m->peak);
	cgroup_key(dir, v2 ? "memory.events" : "memory.oom_control", "oom_kill",
		&m->oom_kills);
	return true;
}

bool
cgroup_memory(const struct cgroup_plan *plan, struct cgroup_memory *m)
{
	const struct cgroup_op *op;
	struct err e = { 0 };
	unsigned i;

	for (i = 0; i < plan->n_ops; i++) {
		op = &plan->ops[i];
		if (op->kind == CGROUP_V1 &&
		    !words_has(op->controllers, "memory"))
			continue;
		AUTO_FD(dir, cgroup_open(op, &e));
		err_clear(&e);
		if (dir >= 0 && cgroup_memory_of(op, dir, m))
			return true;
	}
	return false;
}

int
cgroup_explain(const struct cgroup_plan *plan, struct err *e)
{
	struct cgroup_memory m;

	if (!cgroup_memory(plan, &m) || m.limit == UINT64_MAX)
		return -1;
	if (m.oom_kills)
		return err_hint(e, "out of memory: linux.resources.memory.limit"
			" of %llu is too low; usage %llu, peak %llu",
			(unsigned long long)m.limit,
			(unsigned long long)m.usage,
			(unsigned long long)m.peak);
	return e->code == ENOMEM ? err_hint(e, "linux.resources.memory.limit "
		"is %llu, peak %llu", (unsigned long long)m.limit,
		(unsigned long long)m.peak) : -1;
}
