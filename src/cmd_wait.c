/* SPDX-License-Identifier: MIT */
/* cmd_wait.c -- wherry wait: the exit status becomes ours. */
#include "cmd.h"

#include <errno.h>

#include "conf.h"
#include "err.h"
#include "io.h"
#include "target.h"
#include "task.h"

enum { UNKNOWN = 255 };

/* 1: *status is the wait status, 0: it can't be known any more. */
static int
wait_init(const struct target *t, int *status, struct err *e)
{
	const struct task_id *init = &t->record.init;
	AUTO_FD(pidfd, -1);
	int same = record_this_boot(&t->record, e);

	if (same <= 0)
		return same;
	if (task_open(init, &pidfd, e)) {
		if (e->code != ESRCH)
			return -1;
		err_clear(e);
		return 0;
	}
	if (task_wait(init, pidfd, -1, e) < 0)
		return -1;
	return task_exit_status(init, pidfd, status);
}

int
cmd_wait(struct ctx *c, struct err *e)
{
	struct target t;
	int status, r;

	if (target_open(&t, c->conf->state_dir, c->args[0], OP_WAIT,
	    c->arena, e))
		return -1;
	r = wait_init(&t, &status, e);
	target_close(&t);
	if (r < 0)
		return -1;
	if (!r) {
		c->status = UNKNOWN;
		return cmd_print("unknown\n", e);
	}
	c->status = task_code(status);
	return 0;
}
