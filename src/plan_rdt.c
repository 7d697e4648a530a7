/* SPDX-License-Identifier: MIT */
/* plan_rdt.c -- the resctrl group of a container and what is written to it. */
#include "plan_rdt.h"

#include <errno.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "host.h"
#include "kopt.h"
#include "plan.h"
#include "spec.h"

/* In the order of config-linux.md.  Where both have lines of memory bandwidth,
 * those of memBwSchema count. */
int
plan_rdt_lines(struct rdt_plan *r, const struct spec_intel_rdt *s,
	struct arena *a, struct err *e)
{
	const char **lines = NEWS(a, const char *, s->n_schemata + 2, e);
	const char *l3 = s->l3_cache_schema, *text;
	unsigned i;

	if (!lines)
		return -1;
	r->lines = lines;
	if (l3 && s->mem_bw_schema && !strncmp(l3, "MB:", 3))
		l3 = NULL;
	for (i = 0; i < s->n_schemata + 2; i++) {
		text = i == 0 ? l3 : i == 1 ? s->mem_bw_schema :
			s->schemata[i - 2];
		if (!text || !*text)
			continue;
		/* the kernel takes whole lines only */
		text = arena_fmt(a, e, "%s\n", text);
		if (!text)
			return -1;
		lines[r->n_lines++] = text;
	}
	return 0;
}

int
plan_rdt(struct plan *p, const struct spec_intel_rdt *s, const struct host *h,
	struct arena *a, struct err *e)
{
	struct rdt_plan *r = &p->rdt;

	if (!s)
		return 0;
	if (!h->resctrl) {
		err_set(e, ENOTSUP, "linux.intelRdt: no resctrl is mounted on "
			"this host");
		return err_hint(e, KOPT_RESCTRL);
	}
	if (plan_rdt_lines(r, s, a, e))
		return -1;
	r->mount = h->resctrl;
	r->group = s->clos_id ? s->clos_id : p->id;
	r->monitor = s->enable_monitoring ? p->id : NULL;
	r->how = !s->clos_id ? RDT_OURS : r->n_lines ? RDT_SHARED : RDT_THERE;
	if (!strcmp(r->group, "/")) {
		r->group = ".";
		r->how = RDT_THERE;
	}
	return 0;
}
