/* SPDX-License-Identifier: MIT */
/* filter.h -- puts the seccomp filter on init. */
#ifndef FILTER_H
#define FILTER_H

struct err;
struct seccomp_plan;

#if FEAT_SECCOMP
/* Whether this kernel can carry out the filter: an action or a flag that it
 * does not know would be another action, or no filter.  Nothing is asked where
 * there is none. */
int filter_check(const struct seccomp_plan *s, struct err *e);

/* Filters this thread.  Needs no_new_privs or CAP_SYS_ADMIN. */
int filter_load(const struct seccomp_plan *s, struct err *e);
#else
#include <errno.h>
#include "err.h"
static inline int
filter_check(const struct seccomp_plan *s, struct err *e)
{
	(void)s;
	(void)e;
	return 0;
}
static inline int
filter_load(const struct seccomp_plan *s, struct err *e)
{
	(void)s;
	return err_set(e, ENOTSUP, "built without SECCOMP");
}
#endif

#endif
