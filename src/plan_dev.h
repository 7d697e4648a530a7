/* SPDX-License-Identifier: MIT */
/* plan_dev.h -- which devices a container may use: the rules of the config as
 * lines for the devices cgroup of v1 or a BPF program for v2.
 *
 * Both say the same: for each kind of access (mknod, read, write) the last rule
 * that matches decides, and a request is granted when each kind in it is. */
#ifndef PLAN_DEV_H
#define PLAN_DEV_H

#include <stdbool.h>

struct arena;
struct cgroup_plan;
struct devrule;
struct err;
struct spec;

/* What holds where no rule matches, and the rules in order; none has type 'a',
 * and none is without effect. */
struct devrules {
	bool allow;
	struct devrule *rule;
	unsigned n;
};

/* The rules of linux.resources.devices between a deny for everything, which is
 * there with no rules as well (sec M18, GHSA-g54h-m393-cpwq), and an implicit
 * list that can't be denied (list V3). */
int plan_dev_rules(struct devrules *r, const struct spec *spec,
	struct arena *a, struct err *e);

/* The first rule of the config that denies something less than everything, or
 * -1.  Without cgroups such a rule can't be ignored; a deny for everything is
 * in every config that tools write, and stands for what is the default. */
int plan_dev_denies(const struct spec *spec);

/* Fills dev_lines.  ENOTSUP: a v1 cgroup keeps exceptions from one default, so
 * a deny inside a wider allow can't be told to it (the kernel would take the
 * line and ignore it). */
int plan_dev_lines(struct cgroup_plan *c, const struct devrules *r,
	struct arena *a, struct err *e);

/* Fills dev_prog, of type BPF_PROG_TYPE_CGROUP_DEVICE (Linux 4.15). */
int plan_dev_prog(struct cgroup_plan *c, const struct devrules *r,
	struct arena *a, struct err *e);

#endif
