/* SPDX-License-Identifier: MIT */
/* plan_dump_cgroup.c -- the cgroups of a plan as text. */
#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "plan.h"
#include "plan_dump.h"

/* FNV-1a: a hundred instructions are not for reading, but must not change
 * unseen. */
static uint64_t
checksum(const void *data, size_t n)
{
	const unsigned char *p = data;
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	while (n--)
		sum = (sum ^ *p++) * UINT64_C(0x100000001b3);
	return sum;
}

static void
dump_writes(struct out *o, const struct cgroup_plan *c)
{
	const struct cgroup_write *w;

	for (w = c->writes; w; w = w->next)
		plan_line(o, "cgroup set %s = %s%s%s%s%s%s", w->file, w->text,
			w->alt ? " or " : "", w->alt ? w->alt : "",
			w->alt ? " = " : "", w->alt ? w->alt_text : "",
			w->how & WRITE_MAY_LACK ? " if there" : "");
}

void
plan_dump_cgroups(struct out *o, const struct plan *p)
{
	const struct cgroup_plan *c = &p->cgroup;
	unsigned i;

	for (i = 0; i < c->n_ops; i++) {
		const struct cgroup_op *op = &c->ops[i];

		plan_line(o, "cgroup %s%s%s %s/%s",
			op->kind == CGROUP_V2 ? "v2" : "v1",
			*op->controllers ? " " : "", op->controllers,
			op->mount ? op->mount : "(detached)", op->path);
	}
	for (i = 0; i < c->n_dev_lines; i++)
		plan_line(o, "cgroup device %s", c->dev_lines[i]);
	if (c->n_dev_prog)
		plan_line(o, "cgroup device program of %u instructions, "
			"sum %016llx",
			c->n_dev_prog, (unsigned long long)checksum(
			c->dev_prog, c->n_dev_prog * sizeof(*c->dev_prog)));
	if (c->dev_why)
		plan_line(o, "cgroup device not filtered: %s", c->dev_why);
	dump_writes(o, c);
	if (c->delegate)
		plan_line(o, "cgroup v2 owner %u", (unsigned)c->owner);
}
