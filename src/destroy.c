/* SPDX-License-Identifier: MIT */
/* destroy.c -- the end of a container, by what its state directory says. */
#include "destroy.h"

#include <errno.h>
#include <signal.h>

#include "arena.h"
#include "cgroup.h"
#include "err.h"
#include "hook_late.h"
#include "io.h"
#include "log.h"
#include "page.h"
#include "plan.h"
#include "rdt.h"
#include "spec.h"
#include "target.h"
#include "task.h"

enum { GONE_MS = 10 * 1000 };

/* Even where it looks stopped: a creator that was killed can leave an init that
 * is about to notice. */
static int
kill_init(const struct target *t, const struct cgroup_plan *cgroups,
	struct err *e)
{
	const struct task_id *init = &t->record.init;
	AUTO_FD(pidfd, -1);
	int r;

	if (!init->pid)
		return 0;
	if (task_open(init, &pidfd, e) ||
	    task_signal(init, pidfd, SIGKILL, e)) {
		if (e->code != ESRCH)
			return -1;
		err_clear(e);
		return 0;
	}
	/* in a v1 freezer even a killed process waits */
	if (t->status == STATUS_PAUSED && cgroup_pause(cgroups, false, e))
		return -1;
	r = task_wait(init, pidfd, GONE_MS, e);
	if (r < 0)
		return -1;
	if (!r)
		return err_set(e, EBUSY,
			"container `%s`: init %d can't be killed",
			t->state.id, (int)init->pid);
	return 0;
}

/* What `cg` names, with --force as far as it can be read. */
static int
load_cgroups(struct cgroup_plan *plan, const struct target *t, bool force,
	struct arena *a, struct err *e)
{
	*plan = (struct cgroup_plan){ 0 };
	if (!cgroup_load(plan, t->state.dir, "cg", a, e))
		return 0;
	if (e->code != ENOENT && !force)
		return err_ctx(e, "container `%s`", t->state.id);
	if (e->code != ENOENT)
		log_at(LEVEL_WARNING, "delete: container `%s`: %s",
			t->state.id, err_str(e));
	err_clear(e);
	plan->n_ops = 0;
	return 0;
}

/* Without a page, or with half of one, create was killed before it made any. */
static int
remove_rdt(const struct target *t, struct err *e)
{
	const struct page *page;
	struct rdt_plan plan;

	record_rdt(&t->record, &plan);
	if (!plan.mount)
		return 0;
	page = page_open(t->state.dir, e);
	if (page)
		return rdt_remove(&page->rdt, &plan, e);
	if (e->code != ENOENT && e->code != EIO)
		return -1;
	err_clear(e);
	return 0;
}

/* What create has made, and what runs in it. */
static int
undo(const struct target *t, const struct cgroup_plan *cgroups, struct err *e)
{
	if (kill_init(t, cgroups, e))
		return -1;
	/* Without a PID namespace of its own, init takes nobody with it. */
	if (cgroups->n_ops && !t->record.private_pidns &&
	    cgroup_signal(cgroups, SIGKILL, e) < 0)
		return -1;
	if (cgroups->n_ops && cgroup_remove(cgroups, e))
		return -1;
	return t->corrupt ? 0 : remove_rdt(t, e);
}

int
destroy(struct target *t, bool force, struct arena *a, struct err *e)
{
	struct cgroup_plan cgroups;
	int same = 1;

	if (!t->corrupt)
		same = record_this_boot(&t->record, e);
	if (same < 0 || load_cgroups(&cgroups, t, force, a, e))
		return -1;
	/* A reboot has left the folder alone: what has such a pid, or is in a
	 * cgroup of that name, is somebody else's. */
	if (same && undo(t, &cgroups, e))
		return -1;
	/* their failures are warnings; what else can go wrong is so too */
	if (!t->corrupt && hook_late(&t->record, t->state.dir, HOOK_POSTSTOP,
	    *a, e)) {
		log_at(LEVEL_WARNING, "%s", err_str(e));
		err_clear(e);
	}
	return state_remove(&t->state, e);
}
