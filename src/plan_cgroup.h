/* SPDX-License-Identifier: MIT */
/* plan_cgroup.h -- in which hierarchies the container gets a cgroup, under
 * which name, and what filters its devices. */
#ifndef PLAN_CGROUP_H
#define PLAN_CGROUP_H

struct arena;
struct cgroup_plan;
struct err;
struct host;
struct plan_args;
struct spec;

/* Every hierarchy that is mounted somewhere gets a cgroup named by cgroupsPath,
 * below the mount whether absolute or relative (the same value is the same
 * place on every host), else by the id.  Hierarchies whose backend is not built
 * in are left out.
 *
 * Where none of them can filter devices, a mount of our own does (mount NULL).
 * Where nothing can, policy devices_cgroup decides.  Not filtered at all:
 * - cgroups_off: then a rule of the config that denies one device is an error.
 * - a caller who is not root of the host and so can't set a filter: such a rule
 *   is an error unless the policy says otherwise; the default is not needed, as
 *   without CAP_MKNOD in the initial user namespace no node can be made that
 *   the host has not given out (list K14, V10). */
int plan_cgroup(struct cgroup_plan *c, const struct spec *spec,
	const struct host *host, const struct plan_args *args, struct arena *a,
	struct err *e);

/* New device rules, those of spec in the place of args->was, for a container
 * that is there: c has its cgroups, to which none is added. */
int plan_cgroup_devices(struct cgroup_plan *c, const struct spec *spec,
	const struct host *host, const struct plan_args *args, struct arena *a,
	struct err *e);

#endif
