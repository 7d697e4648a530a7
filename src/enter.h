/* SPDX-License-Identifier: MIT */
/* enter.h -- a process for a container that runs already: its cgroups and
 * namespaces, entered from outside. */
#ifndef ENTER_H
#define ENTER_H

#include <stdbool.h>

#include "task.h"

struct cgroup;
struct err;
struct plan;

/* Whose container it is, found by task_open. */
struct enter {
	struct task_id init;
	int pidfd;              /* or -1 */
	bool follow;            /* into init's own cgroup, where the plan's
	                         * takes no process */
};

#if FEAT_EXEC
/* The kinds of namespaces, as CLONE_NEW*, that init has and we have not. */
int enter_differ(const struct task_id *init, int *mask, struct err *e);

/* In the stage, which is in the v2 cgroup already: enters the v1 cgroups, then
 * all namespaces of the plan with one setns (Linux 5.8) or each by its file,
 * and the container's root where the mount namespace is ours.  Then nothing is
 * left open but stdio, what --preserve-fds names, and sync: what is cloned now
 * shows in the container, whose processes may be able to look into it
 * (CVE-2016-9962).  ESRCH in e->code: init is gone. */
int enter_stage(const struct plan *p, const struct enter *to,
	const struct cgroup *cgroup, int sync, struct err *e);
#else
#include <errno.h>
#include "err.h"
static inline int
enter_stage(const struct plan *p, const struct enter *to,
	const struct cgroup *cgroup, int sync, struct err *e)
{
	(void)p;
	(void)to;
	(void)cgroup;
	(void)sync;
	return err_set(e, ENOTSUP, "built without EXEC");
}
#endif

#endif
