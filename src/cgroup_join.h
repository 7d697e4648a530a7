/* SPDX-License-Identifier: MIT */
/* cgroup_join.h -- the cgroups of a container that is there, for a further
 * process. */
#ifndef CGROUP_JOIN_H
#define CGROUP_JOIN_H

#include <sys/types.h>

struct arena;
struct cgroup;
struct cgroup_plan;
struct err;

#if FEAT_EXEC
/* Puts PATH, or CONTROLLER,...:PATH for some hierarchies of v1, behind the
 * paths of the plan: cgroups that the container has made below its own. */
int cgroup_below(struct cgroup_plan *plan, const char *text, struct arena *a,
	struct err *e);

/* Opens what cgroup_clone_fd, cgroup_enter and cgroup_attach need.  Nothing is
 * made: a cgroup that is missing is an error. */
int cgroup_join(struct cgroup *c, const struct cgroup_plan *plan,
	struct err *e);

/* The v2 cgroup takes no process (EBUSY) once its own were moved into cgroups
 * below it, as systemd does: puts that of init in its place.  -1: init's is no
 * other, err is left alone. */
int cgroup_follow(struct cgroup *c, pid_t init);
#else
#include <errno.h>
#include "err.h"
static inline int
cgroup_join(struct cgroup *c, const struct cgroup_plan *plan, struct err *e)
{
	(void)c;
	(void)plan;
	return err_set(e, ENOTSUP, "built without EXEC");
}
static inline int
cgroup_follow(struct cgroup *c, pid_t init)
{
	(void)c;
	(void)init;
	return -1;
}
#endif

#endif
