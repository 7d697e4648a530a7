/* SPDX-License-Identifier: MIT */
/* cmd_state.c -- wherry state. */
#include "cmd.h"

#include <unistd.h>

#include "cgroup.h"
#include "conf.h"
#include "err.h"
#include "jsonw.h"
#include "plan.h"
#include "report.h"
#include "target.h"

/* The cgroup is there until delete, or until the machine goes down. */
static bool
oom_killed(const struct ctx *c, const struct target *t)
{
	struct cgroup_plan cgroups;
	struct cgroup_memory m;
	struct err ignored = { 0 };

	if (t->status != STATUS_STOPPED ||
	    record_this_boot(&t->record, &ignored) <= 0 ||
	    cgroup_load(&cgroups, t->state.dir, "cg", c->arena, &ignored))
		return false;
	return cgroup_memory(&cgroups, &m) && m.oom_kills;
}

int
cmd_state(struct ctx *c, struct err *e)
{
	struct target t;
	struct jsonw w;

	if (target_open(&t, c->conf->state_dir, c->args[0], OP_STATE,
	    c->arena, e))
		return -1;
	t.record.oom_killed = oom_killed(c, &t);
	jsonw_init(&w, STDOUT_FILENO, true);
	report_json(&w, &t.record, (int)t.status, t.state.dir);
	target_close(&t);
	return jsonw_finish(&w, e);
}
