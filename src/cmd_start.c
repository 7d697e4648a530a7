/* SPDX-License-Identifier: MIT */
/* cmd_start.c -- start: opens the gate and says what became of the program. */
#include <errno.h>
#include <unistd.h>

#include "arena.h"
#include "cgroup.h"
#include "cmd.h"
#include "conf.h"
#include "destroy.h"
#include "err.h"
#include "gate.h"
#include "hook_late.h"
#include "io.h"
#include "listener.h"
#include "log.h"
#include "notify.h"
#include "page.h"
#include "plan.h"
#include "spec.h"
#include "target.h"

/* What gate_verdict can't see of an init that is gone: whether the kernel
 * killed it for memory within execve. */
static int
no_memory(const struct target *t, struct arena *a, struct err *e)
{
	struct cgroup_plan cgroups;
	struct err ignored = { 0 };
	struct cgroup_memory m;

	if (cgroup_load(&cgroups, t->state.dir, "cg", a, &ignored))
		return e->code ? -1 : 0;
	if (e->code)
		return cgroup_explain(&cgroups, e);
	if (!cgroup_memory(&cgroups, &m) || !m.oom_kills)
		return 0;
	err_set(e, ENOMEM, "init died before it ran the program");
	return cgroup_explain(&cgroups, e);
}

static int
open_gate(struct gate *g, struct target *t, struct arena *a, struct err *e)
{
	int r;

	g->page = page_open(t->state.dir, e);
	if (!g->page || task_open(&g->init, &g->pidfd, e))
		return -1;
	if (gate_open(g, t->state.dir, e))
		return e->code == ESRCH ? no_memory(t, a, e) : -1;
	/* Nobody else can come in now; the state never depended on it.  An init
	 * that hangs in execve, on a network file system perhaps, must not keep
	 * kill and delete out. */
	unlinkat(t->state.dir, "exec.sock", 0);
	state_unlock(&t->state);
	if (listener_serve(g->conn, &t->record, t->state.dir, *a, e))
		return -1;
	r = gate_verdict(g, e);
	return r ? no_memory(t, a, e) : 0;
}

static int
release(struct target *t, bool *in_hooks, struct arena *a, struct err *e)
{
	struct gate g = {
		.conn = -1, .watch = -1, .pidfd = -1, .init = t->record.init,
	};
	int r;

	if (!t->record.has_process)
		return err_set(e, EINVAL, "process: not set in the config, so "
			"there is nothing to start");
	r = open_gate(&g, t, a, e);
	*in_hooks = g.page && atomic_load(&g.page->stage) == PAGE_HOOKS;
	fd_drop(&g.conn);
	fd_drop(&g.watch);
	fd_drop(&g.pidfd);
	return r;
}

/* A hook that fails on the way to the program, or just behind it, is the end of
 * the container (runtime.md, "Lifecycle", steps 8 and 10). */
static void
give_up(struct target *t, struct arena *a)
{
	struct err why = { 0 };

	if (state_lock(&t->state, &why) == 0)
		destroy(t, true, a, &why);
	/* ENOENT: somebody was faster */
	if (why.code && why.code != ENOENT)
		log_at(LEVEL_WARNING, "%s", err_str(&why));
}

static void
wait_ready(struct notify *n)
{
	struct err ignored = { 0 };
	int pidfd = -1;

	if (n->sock < 0)
		return;
	task_open(&n->init, &pidfd, &ignored);
	notify_wait(n, pidfd);
	fd_drop(&pidfd);
}

static int
start_one(const struct ctx *x, const char *id, struct err *e)
{
	bool in_hooks = false;
	struct target t;
	struct notify n;
	int r;

	if (target_open(&t, x->conf->state_dir, id, OP_START, x->arena, e))
		return -1;
	r = notify_open(&n, x->opt->notify, t.state.dir, &t.record.init, e) ||
		release(&t, &in_hooks, x->arena, e) ? -1 : 0;
	if (r == 0 && hook_late(&t.record, t.state.dir, HOOK_POSTSTART,
	    *x->arena, e)) {
		in_hooks = true;
		r = -1;
	}
	if (r && in_hooks)
		give_up(&t, x->arena);
	if (r == 0)
		wait_ready(&n);
	notify_close(&n);
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
