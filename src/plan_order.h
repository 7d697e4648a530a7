/* SPDX-License-Identifier: MIT */
/* plan_order.h -- the steps of a plan, by one table. */
#ifndef PLAN_ORDER_H
#define PLAN_ORDER_H

#include <stdbool.h>

struct plan;

/* Whether a namespace of that type (CLONE_NEW*), or of any (0), is joined. */
bool plan_joins(const struct plan *p, int type);

/* Fills p->order, when all else is known. */
void plan_order(struct plan *p);

/* The enum phase (timing.h) that a step of init (enum step) is counted to. */
unsigned plan_phase(unsigned step);

#endif
