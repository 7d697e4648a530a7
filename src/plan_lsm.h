/* SPDX-License-Identifier: MIT */
/* plan_lsm.h -- which security labels of a config can be set on this host. */
#ifndef PLAN_LSM_H
#define PLAN_LSM_H

#include <stdbool.h>

#include "plan.h"

struct arena;
struct err;
struct host;
struct spec;

#if FEAT_LSM
/* Whether host_probe_lsm is worth its system calls. */
bool spec_has_labels(const struct spec *spec);

/* Fills p->lsm from process.apparmorProfile, process.selinuxLabel and
 * linux.mountLabel (config.md, "Linux Process"; list P18, P19).  A label for a
 * security module that the host does not run is an error "MEMBER: cause"; at
 * lsm = warn it is logged and left out, at off no label is set at all.  A
 * program without AppArmor is unconfined: that profile needs none. */
int plan_lsm(struct plan *p, const struct spec *spec, const struct host *h,
	int policy, struct err *e);

/* Adds linux.mountLabel to the options of a file system that is mounted, unless
 * it is one of those of which the kernel has a single one that may have its
 * labels already, or the options name a context. */
int plan_mount_label(const struct plan *p, struct mount_op *m,
	struct arena *a, struct err *e);
#else
/* spec_built.c has refused every label. */
static inline bool
spec_has_labels(const struct spec *spec)
{
	(void)spec;
	return false;
}

static inline int
plan_lsm(struct plan *p, const struct spec *spec, const struct host *h,
	int policy, struct err *e)
{
	(void)p;
	(void)spec;
	(void)h;
	(void)policy;
	(void)e;
	return 0;
}

static inline int
plan_mount_label(const struct plan *p, struct mount_op *m, struct arena *a,
	struct err *e)
{
	(void)p;
	(void)m;
	(void)a;
	(void)e;
	return 0;
}
#endif

#endif
