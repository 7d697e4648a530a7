/* SPDX-License-Identifier: MIT */
/* cmd_stop.c -- wherry stop: TERM, and KILL for those who don't listen. */
#include "cmd.h"

#include <errno.h>
#include <signal.h>

#include "cgroup.h"
#include "conf.h"
#include "err.h"
#include "io.h"
#include "plan.h"
#include "target.h"
#include "task.h"

enum { TIMEOUT_S = 10, TIMEOUT_MAX_S = 1000 * 1000, GONE_MS = 10 * 1000 };

static int
signal_and_wait(const struct target *t, int pidfd, int sig, int ms,
	struct err *e)
{
	if (task_signal(&t->record.init, pidfd, sig, e))
		return -1;
	return task_wait(&t->record.init, pidfd, ms, e);
}

/* What is frozen hears nothing. */
static int
thaw(const struct ctx *c, struct target *t, struct err *e)
{
	struct cgroup_plan cgroups;
	int status;

	if (cgroup_load(&cgroups, t->state.dir, "cg", c->arena, e) ||
	    cgroup_pause(&cgroups, false, e))
		return -1;
	status = state_status(&t->state, &t->record, *c->arena, e);
	if (status >= 0)
		t->status = (enum status)status;
	return status < 0 ? -1 : 0;
}

static int
stop(const struct ctx *c, struct target *t, int ms, struct err *e)
{
	AUTO_FD(pidfd, -1);
	int r = 0;

	if (task_open(&t->record.init, &pidfd, e) ||
	    (t->status == STATUS_PAUSED && thaw(c, t, e)))
		return -1;
	/* At the gate it is still ours and ignores TERM, as an init does. */
	if (t->status == STATUS_RUNNING)
		r = signal_and_wait(t, pidfd, SIGTERM, ms, e);
	if (!r)
		r = signal_and_wait(t, pidfd, SIGKILL, GONE_MS, e);
	if (r)
		return r < 0 ? -1 : 0;
	return err_set(e, EBUSY, "container `%s`: init %d can't be killed",
		t->state.id, (int)t->record.init.pid);
}

int
cmd_stop(struct ctx *c, struct err *e)
{
	unsigned long long seconds = TIMEOUT_S;
	struct target t;
	int r = 0;

	if (c->opt->timeout &&
	    parse_u64(c->opt->timeout, TIMEOUT_MAX_S, &seconds))
		return err_sys(e, "--timeout: `%s`", c->opt->timeout);
	if (target_open(&t, c->conf->state_dir, c->args[0], OP_STOP,
	    c->arena, e))
		return -1;
	if (t.status != STATUS_STOPPED)
		r = stop(c, &t, (int)seconds * 1000, e);
	target_close(&t);
	if (r && e->code == ESRCH) {    /* it ended by itself */
		err_clear(e);
		r = 0;
	}
	return r;
}
