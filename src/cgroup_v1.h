/* SPDX-License-Identifier: MIT */
/* cgroup_v1.h -- backend for hierarchies of cgroup v1, one per controller. */
#ifndef CGROUP_V1_H
#define CGROUP_V1_H

#include "err.h"

struct cgroup_backend;

#if FEAT_CGROUP_V1
const struct cgroup_backend *cgroup_v1(struct err *e);
#else
static inline const struct cgroup_backend *
cgroup_v1(struct err *e)
{
	err_set(e, 95, "built without CGROUP_V1");
	return 0;
}
#endif

#endif
