/* SPDX-License-Identifier: MIT */
/* cmd_run.c -- run: create, start, wait in the foreground, delete. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "arena.h"
#include "cmd.h"
#include "container.h"
#include "err.h"
#include "fore.h"
#include "listener.h"
#include "log.h"
#include "notify.h"
#include "spec.h"
#include "task.h"
#include "timing.h"

/* The status alone does not tell who killed it. */
static void
say_oom(const struct cgroup_plan *cgroups)
{
	struct cgroup_memory m;

	if (cgroup_memory(cgroups, &m) && m.oom_kills)
		log_at(LEVEL_WARNING, "run: out of memory: "
			"linux.resources.memory.limit is %llu, peak %llu",
			(unsigned long long)m.limit,
			(unsigned long long)m.peak);
}

static int
foreground(struct container *c, struct ctx *x, struct fore *f, struct err *e)
{
	int status = 0;

	/* others may use the container while it runs */
	state_unlock(&c->state);
	if (fore_wait(f, &c->launch.init, c->launch.child.pidfd, &status, e))
		return -1;
	fore_end(f);
	timing_phase(x->timing, PHASE_PROGRAM);
	c->launch.child.pid = 0;
	c->pid_file = NULL;     /* as after create: the caller's */
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		say_oom(&c->plan.cgroup);
	x->status = task_code(status);
	if (x->opt->keep)
		return 0;
	if (state_lock(&c->state, e)) {
		if (e->code != ENOENT)
			return -1;
		err_clear(e);   /* somebody else deleted it */
		return 0;
	}
	container_undo(c);
	timing_phase(x->timing, PHASE_DELETE);
	return 0;
}

static int
start(struct container *c, struct ctx *x, struct err *e)
{
	if (!c->plan.has_process)
		return err_set(e, EINVAL, "process: not set in the config");
	if (launch_go(&c->launch, e) ||
	    listener_serve(c->launch.sync, &c->record, c->state.dir,
	    *x->arena, e) || launch_verdict(&c->launch, e) ||
	    container_hooks(c, HOOK_POSTSTART, e))
		return -1;
	timing_phase(x->timing, PHASE_START);
	return 0;
}

/* From here signals are the program's.  Before, each has ended us, and with us
 * init (PDEATHSIG): whatever create waits for, it can be interrupted. */
static int
start_and_wait(struct container *c, struct ctx *x, struct notify *n,
	struct err *e)
{
	struct fore f = {
		.master = c->launch.master,
		.sized = c->plan.rows || c->plan.cols,
		.notify = n->sock < 0 ? NULL : n,
	};
	int r;

	c->launch.master = -1;
	r = fore_begin(&f, e) || start(c, x, e) ? -1 : 0;
	if (r) {
		fore_end(&f);
		container_undo(c);
		return -1;
	}
	r = foreground(c, x, &f, e);
	fore_end(&f);
	return r;
}

/* Others may use the container meanwhile. */
static void
stay_for(struct container *c, struct notify *n)
{
	if (n->sock < 0)
		return;
	state_unlock(&c->state);
	notify_wait(n, c->launch.child.pidfd);
}

int
cmd_run(struct ctx *x, struct err *e)
{
	struct container c;
	struct notify n;
	int r;

	if (x->opt->timing && !(x->timing = timing_new(e)))
		return -1;
	if (container_create(&c, x, false, e))
		return -1;
	r = notify_open(&n, x->opt->notify, c.state.dir, &c.record.init, e);
	if (r == 0 && !x->opt->detach) {
		r = start_and_wait(&c, x, &n, e);
	} else {
		r = r || start(&c, x, e) ? -1 : 0;
		if (r)
			container_undo(&c);
		else
			stay_for(&c, &n);
	}
	notify_close(&n);
	container_close(&c);
	if (r == 0)
		timing_log(x->timing);
	return r;
}
