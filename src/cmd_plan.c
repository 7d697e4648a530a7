/* SPDX-License-Identifier: MIT */
/* cmd_plan.c -- plan: what create would do, for this host or another. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "bundle.h"
#include "cmd.h"
#include "container.h"
#include "diag.h"
#include "err.h"
#include "host.h"
#include "plan.h"

/* What exec of the same process into the container would do. */
static int
again(struct plan *p, const struct spec *spec, const struct host *h,
	struct plan_args *args, const struct ctx *x, struct err *e)
{
	const struct cgroup_plan *made = &p->cgroup;
	const struct cgroup_plan cgroups = {
		.ops = made->ops, .n_ops = made->n_ops, .dev_op = -1,
	};
	unsigned i;

	for (i = 0; i < p->n_ns; i++)
		args->enter |= p->ns[i].type;
	if (!p->has_process)
		return err_set(e, EINVAL, "process: not set in the config");
	if (plan_exec(p, spec, h, args, x->arena, e))
		return -1;
	p->cgroup = cgroups;
	return 0;
}

static int
plan_bundle(const struct ctx *x, const struct host *h, struct err *e)
{
	const char *dir = x->opt->bundle ? x->opt->bundle :
		x->n_args ? x->args[0] : ".";
	struct bundle b;
	struct diag d = { 0 };
	struct plan p;
	int r;

	if (bundle_load(&b, dir, x->opt->config ? x->opt->config :
	    "config.json", &d, x->arena, e))
		return -1;
	struct plan_args args = container_plan_args(x, &b, "ID");
	r = container_filter(&args, x, &b, AT_FDCWD, e) ||
		plan_make(&p, &b.spec, h, &args, x->arena, e) ||
		(x->opt->exec && again(&p, &b.spec, h, &args, x, e)) ? -1 :
		plan_dump(&p, STDOUT_FILENO, e);
	bundle_close(&b);
	return r;
}

int
cmd_plan(struct ctx *x, struct err *e)
{
	struct host h;

	if (x->opt->host ? host_load(&h, x->opt->host, x->arena, e) :
	    host_probe(&h, x->arena, e))
		return -1;
	if (!x->opt->host)
		host_probe_lsm(&h);
	return x->opt->facts ? host_print(&h, STDOUT_FILENO, e) :
		plan_bundle(x, &h, e);
}
