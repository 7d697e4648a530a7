/* SPDX-License-Identifier: MIT */
/* cmd_plan.c -- plan: what create would do, for this host or another. */
#include <unistd.h>

#include "bundle.h"
#include "cmd.h"
#include "container.h"
#include "diag.h"
#include "err.h"
#include "host.h"
#include "plan.h"

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
	r = plan_make(&p, &b.spec, h, &args, x->arena, e) ? -1 :
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
	return x->opt->facts ? host_print(&h, STDOUT_FILENO, e) :
		plan_bundle(x, &h, e);
}
