/* SPDX-License-Identifier: MIT */
/* cmd_delete.c -- wherry delete. */
#include "cmd.h"
#include "conf.h"
#include "destroy.h"
#include "target.h"

int
cmd_delete(struct ctx *c, struct err *e)
{
	struct target t;
	int r = 0;

	if (target_open(&t, c->conf->state_dir, c->args[0],
	    c->opt->force ? OP_DELETE_FORCE : OP_DELETE, c->arena, e))
		return -1;
	if (t.status != STATUS_NONE)
		r = destroy(&t, c->opt->force, c->arena, e);
	target_close(&t);
	return r;
}
