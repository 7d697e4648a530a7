/* SPDX-License-Identifier: MIT */
/* Unsafe: what no rule denies is allowed (GHSA-g54h-m393-cpwq). */
#include <stdbool.h>

#define plan_dev_rules plan_dev_rules_safe
#include "../../src/plan_dev.c"
#undef plan_dev_rules

int plan_dev_rules(struct devrules *r, const struct spec *spec,
	struct arena *a, struct err *e);

int
plan_dev_rules(struct devrules *r, const struct spec *spec, struct arena *a,
	struct err *e)
{
	if (plan_dev_rules_safe(r, spec, a, e))
		return -1;
	r->allow = true;
	r->n = 0;
	return 0;
}
