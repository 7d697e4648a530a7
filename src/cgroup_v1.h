/* SPDX-License-Identifier: MIT */
/* cgroup_v1.h -- backend for hierarchies of cgroup v1, one per controller. */
#ifndef CGROUP_V1_H
#define CGROUP_V1_H

#include <stdbool.h>

#include "arena.h"
#include "err.h"

struct cgroup_backend;
struct cgroup_plan;

#if FEAT_CGROUP_V1
const struct cgroup_backend *cgroup_v1(struct err *e);

/* The devices controller: struct cgroup_backend has the contracts. */
int cgroup_v1_filter(int dir, const struct cgroup_plan *plan, struct err *e);
int cgroup_v1_refilter(int dir, const struct cgroup_plan *plan, bool stopped,
	struct arena scratch, struct err *e);
#else
static inline const struct cgroup_backend *
cgroup_v1(struct err *e)
{
	err_set(e, 95, "built without CGROUP_V1");
	return 0;
}
#endif

#endif
