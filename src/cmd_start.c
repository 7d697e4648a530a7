/* SPDX-License-Identifier: MIT */
/* cmd_start.c -- start: opens the gate and says what became of the program. */
#include <errno.h>
#include <unistd.h>

#include "cmd.h"
#include "conf.h"
#include "err.h"
#include "gate.h"
#include "io.h"
#include "page.h"
#include "target.h"
#include "task.h"

static int
release(const struct target *t, struct err *e)
{
	const struct page *page;
	AUTO_FD(pidfd, -1);
	AUTO_FD(conn, -1);

	if (!t->record.has_process)
		return err_set(e, EINVAL, "process: not set in the config, so "
			"there is nothing to start");
	page = page_open(t->state.dir, e);
	if (!page || task_open(&t->record.init, &pidfd, e))
		return -1;
	conn = gate_open(t->state.dir, e);
	if (conn < 0)
		return -1;
	/* nobody else can come in now; the state never depended on it */
	unlinkat(t->state.dir, "exec.sock", 0);
	return gate_verdict(conn, page, &t->record.init, pidfd, e);
}

static int
start_one(const struct ctx *x, const char *id, struct err *e)
{
	struct target t;
	int r;

	if (target_open(&t, x->conf->state_dir, id, OP_START, x->arena, e))
		return -1;
	r = release(&t, e);
	target_close(&t);
	return r;
}

/* Every container is tried; the first error is the command's. */
int
cmd_start(struct ctx *x, struct err *e)
{
	struct err other;
	unsigned i;

	for (i = 0; i < x->n_args; i++) {
		err_clear(&other);
		if (start_one(x, x->args[i], &other) && !e->code) {
			*e = other;
			if (x->n_args > 1)
				err_ctx(e, "%s", x->args[i]);
		}
	}
	return e->code ? -1 : 0;
}
