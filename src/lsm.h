/* SPDX-License-Identifier: MIT */
/* lsm.h -- security labels that take effect at execve. */
#ifndef LSM_H
#define LSM_H

struct err;
struct lsm_plan;

#if FEAT_LSM
/* Has the kernel put this process under the labels at its next execve.  Writes
 * /proc/PID/attr by procfs.h, so that no /proc of an image is asked
 * (CVE-2019-16884), and must come before that is closed.  The kernel knows the
 * profile or the label by then, or it is an error.  Needs no capability. */
int lsm_exec(const struct lsm_plan *l, struct err *e);

/* Has the keys that this process makes, its session keyring above all, carry
 * the process' label until its next execve (SELinux). */
int lsm_keys(const struct lsm_plan *l, struct err *e);
#else
#include <errno.h>
#include "err.h"
/* Never part of a plan then. */
static inline int
lsm_exec(const struct lsm_plan *l, struct err *e)
{
	(void)l;
	return err_set(e, ENOTSUP, "built without LSM");
}

static inline int
lsm_keys(const struct lsm_plan *l, struct err *e)
{
	return lsm_exec(l, e);
}
#endif

#endif
