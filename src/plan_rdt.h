/* SPDX-License-Identifier: MIT */
/* plan_rdt.h -- plans linux.intelRdt. */
#ifndef PLAN_RDT_H
#define PLAN_RDT_H

struct arena;
struct err;
struct host;
struct plan;
struct spec_intel_rdt;

/* Fills in p->rdt; s may be NULL.  A host without resctrl is an error. */
int plan_rdt(struct plan *p, const struct spec_intel_rdt *s,
	const struct host *h, struct arena *a, struct err *e);

#endif
