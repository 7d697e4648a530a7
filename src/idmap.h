/* SPDX-License-Identifier: MIT */
/* idmap.h -- the id maps of a new user namespace. */
#ifndef IDMAP_H
#define IDMAP_H

#include <errno.h>
#include <sys/types.h>

#include "err.h"

struct plan;

/* Writes setgroups, gid_map and uid_map of pid, each map in one write(2), as
 * user_namespaces(7) demands; where the plan says so, newgidmap and newuidmap
 * do it, from a fixed list of directories, with nothing of the caller's but its
 * ids.  setgroups becomes "deny" only where the plan says so: an unprivileged
 * map needs it (CVE-2014-8989), a privileged one must keep setgroups working.
 * pid must be a child that was not reaped. */
#if FEAT_USERNS
int idmap_write(pid_t pid, const struct plan *p, struct err *e);
#else
static inline int
idmap_write(pid_t pid, const struct plan *p, struct err *e)
{
	(void)pid;
	(void)p;
	return err_set(e, ENOTSUP, "user namespace: built without USERNS");
}
#endif

/* In a user namespace that was joined: whether its maps have the ids of the
 * program, and setgroups works if the program needs it. */
#if FEAT_USERNS
int idmap_check(const struct plan *p, struct err *e);
#else
static inline int
idmap_check(const struct plan *p, struct err *e)
{
	(void)p;
	return err_set(e, ENOTSUP, "user namespace: built without USERNS");
}
#endif

#endif
