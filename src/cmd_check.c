/* SPDX-License-Identifier: MIT */
/* cmd_check.c -- check: every error of a bundle, and how its root would become
 * "/" on this host. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "bundle.h"
#include "cmd.h"
#include "cmd_check.h"
#include "container.h"
#include "diag.h"
#include "err.h"
#include "fmt.h"
#include "host.h"
#include "log.h"

static const char rungs[][42] = {
	[ROOT_CHROOT] = "chroot (no mount namespace)",
	[ROOT_HELD] = "a clone of it, chroot (no mount namespace)",
	[ROOT_PIVOT] = "pivot_root",
	[ROOT_REBIND] = "initramfs: a copy over /, then pivot_root",
	[ROOT_MOVE] = "move mount and chroot",
};

static void
print(void *arg, int level, const char *text)
{
	(void)arg;
	if (level <= LEVEL_WARNING)
		fmt_fd(STDOUT_FILENO, "%s%s\n",
			level == LEVEL_WARNING ? "warning: " : "", text);
}

int
check_plan(const struct ctx *x, const struct bundle *b, enum root_rung *rung,
	struct err *e)
{
	struct plan_args args = container_plan_args(x, b, "ID");
	struct host h;
	struct plan p;

	if (container_filter(&args, x, b, AT_FDCWD, e) ||
	    host_probe(&h, x->arena, e))
		return -1;
	host_probe_lsm(&h);
	if (plan_make(&p, &b->spec, &h, &args, x->arena, e))
		return -1;
	*rung = p.rung;
	return 0;
}

int
cmd_check(struct ctx *x, struct err *e)
{
	const char *dir = x->opt->bundle ? x->opt->bundle :
		x->n_args ? x->args[0] : ".";
	struct diag d = { .say = print, .all = true };
	enum root_rung rung;
	struct bundle b;
	int r;

	if (x->opt->this_host || x->opt->kconfig)
		return cmd_check_host(x, e);
	if (x->opt->format)
		return err_set(e, EINVAL, "--format: goes with --host or "
			"--kconfig");
	if (bundle_load(&b, dir, x->opt->config ? x->opt->config :
	    "config.json", &d, x->arena, e))
		return -1;
	r = check_plan(x, &b, &rung, e);
	bundle_close(&b);
	if (!r)
		fmt_fd(STDOUT_FILENO, "root: %s\n", rungs[rung]);
	return r;
}
