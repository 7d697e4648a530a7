/* SPDX-License-Identifier: MIT */
/* cmd_kill.c -- wherry kill. */
#include "cmd.h"

#include <errno.h>
#include <signal.h>

#include "cgroup.h"
#include "conf.h"
#include "err.h"
#include "io.h"
#include "names.h"
#include "plan.h"
#include "target.h"
#include "task.h"

static int
not_running(const struct target *t, struct err *e)
{
	return life_check(OP_KILL, STATUS_STOPPED, t->state.id, e);
}

static int
kill_init(const struct target *t, int sig, struct err *e)
{
	AUTO_FD(pidfd, -1);

	if (!task_open(&t->record.init, &pidfd, e) &&
	    !task_signal(&t->record.init, pidfd, sig, e))
		return 0;
	/* It ended while we looked. */
	return e->code == ESRCH ? not_running(t, e) : -1;
}

/* A v1 freezer holds what was killed (list §4). */
static int
thaw(const struct ctx *c, const struct target *t, struct err *e)
{
	struct cgroup_plan cgroups;

	return cgroup_load(&cgroups, t->state.dir, "cg", c->arena, e) ||
		cgroup_pause(&cgroups, false, e) ? -1 : 0;
}

/* The processes are those of the container's cgroups.  Its PID namespace is no
 * answer: it may be the host's. */
static int
kill_all(const struct ctx *c, const struct target *t, int sig, struct err *e)
{
	struct cgroup_plan cgroups = { 0 };
	int n;

	n = record_this_boot(&t->record, e);
	if (n < 0)
		return -1;
	if (!n)
		return not_running(t, e);
	if (cgroup_load(&cgroups, t->state.dir, "cg", c->arena, e))
		return -1;
	if (cgroups.n_ops) {
		n = cgroup_signal(&cgroups, sig, e);
		return n < 0 ? -1 : n ? 0 : not_running(t, e);
	}
	if (t->status == STATUS_STOPPED)
		return not_running(t, e);
	/* The kernel ends all of a PID namespace with its init. */
	if (sig == SIGKILL && t->record.private_pidns)
		return kill_init(t, sig, e);
	return err_set(e, ENOTSUP, "--all: container `%s` has no cgroup that "
		"tells its processes", t->state.id);
}

int
cmd_kill(struct ctx *c, struct err *e)
{
	const char *name = c->n_args > 1 ? c->args[1] : "TERM";
	const bool all = c->opt->all;
	int sig = signal_number(name), r;
	struct target t;

	if (sig < 0)
		return err_set(e, EINVAL, "unknown signal `%s`", name);
	if (target_open(&t, c->conf->state_dir, c->args[0],
	    all ? OP_KILL_ALL : OP_KILL, c->arena, e))
		return -1;
	r = all ? kill_all(c, &t, sig, e) : kill_init(&t, sig, e);
	if (!r && sig == SIGKILL && t.status == STATUS_PAUSED)
		r = thaw(c, &t, e);
	target_close(&t);
	return r;
}
