/* SPDX-License-Identifier: MIT */
/* cmd_events.c -- events and stats: what a container uses, and when it runs out
 * of memory. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "cmd.h"
#include "conf.h"
#include "err.h"
#include "io.h"
#include "jsonw.h"
#include "plan.h"
#include "target.h"
#include "task.h"

enum { INTERVAL_S = 5, INTERVAL_MAX_S = 1000 * 1000, STEP_MS = 200 };

static int
print_event(const char *type, const char *id, const struct cgroup_plan *stats,
	struct err *e)
{
	struct jsonw w;

	jsonw_init(&w, STDOUT_FILENO, false);
	jsonw_obj(&w);
	jsonw_key(&w, "type");
	jsonw_str(&w, type);
	jsonw_key(&w, "id");
	jsonw_str(&w, id);
	if (stats) {
		jsonw_key(&w, "data");
		cgroup_stats(stats, &w);
	}
	jsonw_end(&w);
	return jsonw_finish(&w, e);
}

/* "5", "5s" or "500ms", as Go tools write times. */
static int
parse_interval(const char *text, int *ms, struct err *e)
{
	size_t n = strspn(text, "0123456789");
	const bool milli = !strcmp(text + n, "ms");
	unsigned long long v;
	char number[16];

	if (n < sizeof(number) &&
	    (milli || !text[n] || !strcmp(text + n, "s"))) {
		memcpy(number, text, n);
		number[n] = '\0';
		if (!parse_u64(number, INTERVAL_MAX_S, &v)) {
			*ms = (int)v * (milli ? 1 : 1000);
			return v ? 0 : err_set(e, EINVAL,
				"--interval: must be greater than 0");
		}
	}
	return err_set(e, EINVAL, "--interval: `%s` is no time such as 5s",
		text);
}

/* Ends with the container. */
static int
follow(const struct target *t, const struct cgroup_plan *cgroups, int interval,
	struct err *e)
{
	struct cgroup_memory m = { 0 };
	uint64_t kills = 0;
	AUTO_FD(pidfd, -1);
	int waited, r = 0;

	if (task_open(&t->record.init, &pidfd, e))
		return -1;
	if (cgroup_memory(cgroups, &m))
		kills = m.oom_kills;
	while (!r) {
		if (print_event("stats", t->state.id, cgroups, e))
			return -1;
		for (waited = 0; waited < interval && !r; waited += STEP_MS) {
			r = task_wait(&t->record.init, pidfd,
				interval - waited < STEP_MS ?
				interval - waited : STEP_MS, e);
			if (r < 0)
				return -1;
			if (!cgroup_memory(cgroups, &m) ||
			    m.oom_kills <= kills)
				continue;
			kills = m.oom_kills;
			if (print_event("oom", t->state.id, NULL, e))
				return -1;
		}
	}
	return 0;
}

static int
events(struct ctx *c, bool once, int interval, struct err *e)
{
	struct cgroup_plan cgroups;
	struct target t;
	int r;

	if (target_open(&t, c->conf->state_dir, c->args[0], OP_EVENTS,
	    c->arena, e))
		return -1;
	r = cgroup_load(&cgroups, t.state.dir, "cg", c->arena, e);
	if (!r && !cgroups.n_ops)
		r = err_set(e, ENOTSUP, "the container has no cgroup");
	if (!r)
		r = once ? print_event("stats", t.state.id, &cgroups, e) :
			follow(&t, &cgroups, interval, e);
	target_close(&t);
	return r;
}

int
cmd_events(struct ctx *c, struct err *e)
{
	int interval = INTERVAL_S * 1000;

	if (c->opt->interval && parse_interval(c->opt->interval, &interval, e))
		return -1;
	return events(c, c->opt->stats, interval, e);
}

int
cmd_stats(struct ctx *c, struct err *e)
{
	return events(c, true, 0, e);
}
