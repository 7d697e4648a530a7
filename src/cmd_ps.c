/* SPDX-License-Identifier: MIT */
/* cmd_ps.c -- wherry ps: the processes of a container, by our own numbers. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "cmd.h"
#include "conf.h"
#include "err.h"
#include "fmt.h"
#include "jsonw.h"
#include "plan.h"
#include "target.h"

static int
print_json(const pid_t *pids, int n, struct err *e)
{
	struct jsonw w;
	int i;

	jsonw_init(&w, STDOUT_FILENO, false);
	jsonw_arr(&w);
	for (i = 0; i < n; i++)
		jsonw_i64(&w, pids[i]);
	jsonw_end(&w);
	return jsonw_finish(&w, e);
}

static int
print_table(const pid_t *pids, int n, struct err *e)
{
	char line[16];
	int i;

	if (cmd_print("PID\n", e))
		return -1;
	for (i = 0; i < n; i++) {
		fmt_to(line, sizeof(line), "%d\n", (int)pids[i]);
		if (cmd_print(line, e))
			return -1;
	}
	return 0;
}

/* Without a cgroup the first process is all that is known (list U2). */
static int
find(const struct ctx *c, struct target *t, pid_t **pids, struct err *e)
{
	struct cgroup_plan cgroups;

	if (cgroup_load(&cgroups, t->state.dir, "cg", c->arena, e))
		return -1;
	if (cgroups.n_ops)
		return cgroup_pids(&cgroups, pids, c->arena, e);
	*pids = &t->record.init.pid;
	return 1;
}

int
cmd_ps(struct ctx *c, struct err *e)
{
	const char *format = c->opt->format ? c->opt->format : "table";
	const bool json = !strcmp(format, "json");
	struct target t;
	pid_t *pids;
	int n, r = -1;

	if (!json && strcmp(format, "table"))
		return err_set(e, EINVAL, "--format: `%s` is not table or json",
			format);
	if (target_open(&t, c->conf->state_dir, c->args[0], OP_PS, c->arena,
	    e))
		return -1;
	n = find(c, &t, &pids, e);
	if (n >= 0)
		r = json ? print_json(pids, n, e) : print_table(pids, n, e);
	target_close(&t);
	return r;
}
