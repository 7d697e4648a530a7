/* SPDX-License-Identifier: MIT */
/* cgroup_v2.h -- backend for the one hierarchy of cgroup v2 (Linux 4.5). */
#ifndef CGROUP_V2_H
#define CGROUP_V2_H

#include "err.h"

struct cgroup_backend;

#if FEAT_CGROUP_V2
const struct cgroup_backend *cgroup_v2(struct err *e);
#else
static inline const struct cgroup_backend *
cgroup_v2(struct err *e)
{
	err_set(e, 95, "built without CGROUP_V2");
	return 0;
}
#endif

#endif
