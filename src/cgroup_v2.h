/* SPDX-License-Identifier: MIT */
/* cgroup_v2.h -- backend for the one hierarchy of cgroup v2 (Linux 4.5). */
#ifndef CGROUP_V2_H
#define CGROUP_V2_H

#include <stdbool.h>

#include "arena.h"
#include "err.h"

struct cgroup_backend;
struct cgroup_plan;

#if FEAT_CGROUP_V2
const struct cgroup_backend *cgroup_v2(struct err *e);

/* The device program: struct cgroup_backend has the contracts. */
int cgroup_v2_filter(int dir, const struct cgroup_plan *plan, struct err *e);
int cgroup_v2_refilter(int dir, const struct cgroup_plan *plan, bool stopped,
	struct arena scratch, struct err *e);
#else
static inline const struct cgroup_backend *
cgroup_v2(struct err *e)
{
	err_set(e, 95, "built without CGROUP_V2");
	return 0;
}
#endif

#endif
