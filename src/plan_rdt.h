/* SPDX-License-Identifier: MIT */
/* plan_rdt.h -- plans linux.intelRdt. */
#ifndef PLAN_RDT_H
#define PLAN_RDT_H

struct arena;
struct err;
struct host;
struct plan;
struct rdt_plan;
struct spec_intel_rdt;

/* Fills in p->rdt; s may be NULL.  A host without resctrl is an error. */
int plan_rdt(struct plan *p, const struct spec_intel_rdt *s,
	const struct host *h, struct arena *a, struct err *e);

/* Fills in r->lines: what s asks for, to be written to schemata. */
int plan_rdt_lines(struct rdt_plan *r, const struct spec_intel_rdt *s,
	struct arena *a, struct err *e);

#endif
