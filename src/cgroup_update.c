/* SPDX-License-Identifier: MIT */
/* cgroup_update.c -- new limits for a container that is there. */
#include <errno.h>
#include <string.h>

#include "arena.h"
#include "cgroup.h"
#include "cgroup_backend.h"
#include "err.h"
#include "io.h"
#include "log.h"
#include "plan.h"
#include "plan_knob.h"
#include "spec.h"
#include "words.h"

/* What the hierarchy has; of that, plan_knobs says what is needed. */
static int
ask_controllers(struct knobs *k, struct cgroup_op *op)
{
	AUTO_FD(root, cgroup_root(op, k->e));
	char text[512];

	if (root < 0)
		return -1;
	if (read_small_at(root, "cgroup.controllers", text, sizeof(text)) < 0)
		return err_sys(k->e, "cgroup.controllers");
	op->has = arena_dup(k->a, text, strlen(text), k->e);
	op->controllers = "";
	return op->has ? 0 : -1;
}

static bool
has_all(int dir, const char *controllers)
{
	char text[512];
	const char *word;
	size_t len;

	if (read_small_at(dir, "cgroup.controllers", text, sizeof(text)) < 0)
		return false;
	while ((word = words_next(&controllers, &len))) {
		if (!words_have(text, word, len))
			return false;
	}
	return true;
}

/* Passes on, on the way from the root to the container, what nobody has yet, as
 * create does. */
static int
pass_on(const struct cgroup_op *op, int own, struct err *e)
{
	const struct cgroup_backend *b = cgroup_backend(op, e);
	const char *path = op->path;
	char name[NAME_MAX + 1];

	if (has_all(own, op->controllers))
		return 0;
	AUTO_FD(dir, b ? cgroup_root(op, e) : -1);
	if (dir < 0)
		return -1;
	while (cgroup_component(&path, name)) {
		if (cgroup_descend(&dir, name, op, b, e))
			return -1;
	}
	return 0;
}

/* The halves of pairs that v2 keeps in one file, or in another form. */
static int
ask_now(struct knobs *k, int dir)
{
	char text[64];
	uint64_t limit;

	if (cgroup_number(dir, "memory.max", &limit))
		k->now_limit = limit > INT64_MAX ? -1 : (int64_t)limit;
	if (read_small_at(dir, "cpu.max", text, sizeof(text)) <= 0)
		return 0;
	k->now_quota = arena_dup(k->a, text, strcspn(text, " \n"), k->e);
	return k->now_quota ? 0 : -1;
}

static int
too_low(const char *what, int64_t limit, uint64_t usage, struct err *e)
{
	return err_set(e, EBUSY, "linux.resources.memory.%s: %lld is not more "
		"than the usage %llu", what, (long long)limit,
		(unsigned long long)usage);
}

/* memory.checkBeforeUpdate: v2 would kill for a limit below the usage; v1
 * refuses it by itself.  -1 is no limit (list TR9). */
static int
check(const struct spec_memory *m, int dir, struct err *e)
{
	uint64_t usage, swap = 0;

	if (!m || !m->check_before_update ||
	    !cgroup_number(dir, "memory.current", &usage))
		return 0;
	if (m->limit > 0 && (uint64_t)m->limit <= usage)
		return too_low("limit", m->limit, usage, e);
	cgroup_number(dir, "memory.swap.current", &swap);
	if (m->swap > 0 && (uint64_t)m->swap <= usage + swap)
		return too_low("swap", m->swap, usage + swap, e);
	return 0;
}

static int
update(struct knobs *k, int *dir)
{
	struct cgroup_plan *c = k->c;
	unsigned i;

	for (i = 0; i < c->n_ops; i++) {
		dir[i] = cgroup_open(&c->ops[i], k->e);
		if (dir[i] < 0)
			return -1;
		if (c->ops[i].kind == CGROUP_V2 &&
		    (ask_controllers(k, &c->ops[i]) ||
		    ask_now(k, dir[i]) || check(k->r->memory, dir[i], k->e)))
			return -1;
	}
	if (plan_knobs(k))
		return -1;
	for (i = 0; i < c->n_ops; i++) {
		if (c->ops[i].kind == CGROUP_V2 &&
		    pass_on(&c->ops[i], dir[i], k->e))
			return cgroup_ctx(&c->ops[i], k->e);
	}
	return cgroup_set(c, dir, k->a, k->e);
}

int
cgroup_update(struct cgroup_plan *plan, const struct spec_resources *r,
	struct arena *a, struct err *e)
{
	struct knobs k = {
		.c = plan, .r = r, .a = a, .e = e, .update = true,
		.why_none = plan->n_ops ? NULL : "the container has no cgroup",
	};
	int dir[CGROUP_MAX], ret;
	unsigned i;

	if (plan->dev_why)
		log_at(LEVEL_WARNING, "devices are not filtered: %s",
			plan->dev_why);
	for (i = 0; i < CGROUP_MAX; i++)
		dir[i] = -1;
	ret = update(&k, dir);
	for (i = 0; i < CGROUP_MAX; i++)
		fd_drop(&dir[i]);
	return ret;
}
