/* SPDX-License-Identifier: MIT */
/* cmd_pause.c -- pause and resume. */
#include "cgroup.h"
#include "cmd.h"
#include "conf.h"
#include "plan.h"
#include "target.h"

static int
pause_or_resume(const struct ctx *c, bool on, struct err *e)
{
	struct cgroup_plan cgroups;
	struct target t;
	int r;

	if (target_open(&t, c->conf->state_dir, c->args[0],
	    on ? OP_PAUSE : OP_RESUME, c->arena, e))
		return -1;
	r = cgroup_load(&cgroups, t.state.dir, "cg", c->arena, e) ||
		cgroup_pause(&cgroups, on, e) ? -1 : 0;
	target_close(&t);
	return r;
}

int
cmd_pause(struct ctx *c, struct err *e)
{
	return pause_or_resume(c, true, e);
}

int
cmd_resume(struct ctx *c, struct err *e)
{
	return pause_or_resume(c, false, e);
}
