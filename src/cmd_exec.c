/* SPDX-License-Identifier: MIT */
/* cmd_exec.c -- exec: a further process in a container that is there. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "arena.h"
#include "cgroup.h"
#include "cgroup_join.h"
#include "cli.h"
#include "cmd.h"
#include "conf.h"
#include "diag.h"
#include "enter.h"
#include "err.h"
#include "exec.h"
#include "fore.h"
#include "host.h"
#include "input.h"
#include "io.h"
#include "launch.h"
#include "listener.h"
#include "pidfile.h"
#include "plan_lsm.h"
#include "plan.h"
#include "plan_seccomp.h"
#include "spec.h"
#include "spec_check.h"
#include "spec_decode.h"
#include "target.h"
#include "task.h"

/* What create has said about the config already. */
static void
say_nothing(void *arg, int level, const char *text)
{
	(void)arg;
	(void)level;
	(void)text;
}

/* The container's spec as it was at create, with the process to run in the
 * place of its own. */
static int
read_spec(struct spec *s, const struct target *t, const struct ctx *x,
	struct err *e)
{
	AUTO_FD(fd, openat(t->state.dir, "config.json", O_RDONLY | O_CLOEXEC |
		O_NOFOLLOW));
	struct exec_from from = {
		.name = x->opt->process, .args = x->args + 1,
		.n_args = x->n_args - 1,
	};
	struct diag d = { .say = say_nothing }, own = { 0 };
	struct spec_process *p = NEW(x->arena, struct spec_process, e);
	size_t len = 0;

	if (!p)
		return -1;
	if (fd < 0)
		return err_sys(e, "config.json");
	if (spec_decode(s, fd, "config.json", &d, x->arena, e))
		return -1;
	if (from.name && input_read("process", from.name, &from.text, &len,
	    x->arena, e))
		return -1;
	from.len = len;
	from.container = s->process;
	if (exec_process(p, &from, x->opt, x->arena, e))
		return -1;
	s->process = p;
	diag_open(&own, -1, from.name, x->arena);
	return spec_check_exec(s, &own, e);
}

/* The container's filter, where it was made beforehand. */
static int
take_filter(struct plan_args *args, const struct spec *spec, int dir,
	struct arena *a, struct err *e)
{
	struct seccomp_prog *prog = NEW(a, struct seccomp_prog, e);

	if (!prog)
		return -1;
	args->filter = prog;
	if (!faccessat(dir, SECCOMP_COPY, F_OK, 0) ||
	    spec->annotations.filter)
		return seccomp_fetch(prog, dir, SECCOMP_COPY, a, e);
	args->filter = NULL;
	return errno == ENOENT ? 0 : err_sys(e, SECCOMP_COPY);
}

static int
make_plan(struct plan *p, const struct spec *spec, const struct target *t,
	const struct ctx *x, struct err *e)
{
	struct plan_args args = {
		.id = t->record.id,
		.preserve_fds = (unsigned)x->opt->preserve_fds,
		.no_keyring = t->record.no_keyring,
		.keyring = x->conf->keyring, .lsm = x->conf->lsm,
		.no_enosys = x->conf->seccomp_enosys != SWITCH_ON,
		.no_time64 = x->conf->seccomp_time64 != SWITCH_ON,
	};
	const struct cli_list *l;
	struct host host;

	record_rdt(&t->record, &args.rdt);
	args.rdt.how = RDT_JOIN;
	host_probe_process(&host);
	if (spec_has_labels(spec))
		host_probe_lsm(&host);
	if (enter_differ(&t->record.init, &args.enter, e) ||
	    take_filter(&args, spec, t->state.dir, x->arena, e) ||
	    plan_exec(p, spec, &host, &args, x->arena, e) ||
	    cgroup_load(&p->cgroup, t->state.dir, "cg", x->arena, e))
		return -1;
	for (l = x->opt->cgroups; l; l = l->next) {
		if (cgroup_below(&p->cgroup, l->text, x->arena, e))
			return -1;
	}
	return 0;
}

static int
start(struct launch *l, struct target *t, const struct ctx *x, struct err *e)
{
	const char *file = x->opt->pid_file;

	if (file && pidfile_write(AT_FDCWD, file, l->child.pid, e))
		return -1;
	if (x->opt->pidfd_socket &&
	    pidfile_send(x->opt->pidfd_socket, l->child.pidfd, e)) {
		if (file)
			unlink(file);
		return -1;
	}
	t->record.exec_pid = l->child.pid;
	t->record.status = (int)t->status;
	if (launch_go(l, e) || listener_serve(l->sync, &t->record,
	    t->state.dir, *x->arena, e) || launch_verdict(l, e)) {
		if (file)
			unlink(file);
		return -1;
	}
	return 0;
}

static int
foreground(struct launch *l, struct target *t, struct ctx *x, struct err *e)
{
	struct fore fore = {
		.master = l->master, .sized = l->plan->rows || l->plan->cols,
	};
	int status = 0, r = -1;

	l->master = -1;
	if (fore_begin(&fore, e) == 0 && start(l, t, x, e) == 0)
		r = fore_wait(&fore, &l->init, l->child.pidfd, &status, e);
	fore_end(&fore);
	if (r)
		return -1;
	l->child.pid = 0;
	x->status = task_code(status);
	return 0;
}

static int
run_in(struct target *t, struct ctx *x, struct err *e)
{
	struct enter to = {
		.init = t->record.init, .pidfd = -1,
		.follow = !x->opt->cgroups,
	};
	struct spec spec;
	struct plan plan;
	struct launch l = { .hooks = NULL, .console = -1 };
	int r;

	if (read_spec(&spec, t, x, e) || make_plan(&plan, &spec, t, x, e) ||
	    launch_console(&l, &plan, x->opt->console_socket,
	    !x->opt->detach, e) || task_open(&to.init, &to.pidfd, e)) {
		fd_drop(&l.console);
		return -1;
	}
	/* it does not come back before somebody else resumes the container */
	if (t->status == STATUS_PAUSED)
		state_unlock(&t->state);
	r = launch_exec(&l, &plan, &to, e);
	fd_drop(&to.pidfd);
	/* Whoever deletes the container finds it in the cgroup from now on; it
	 * may hang on a file system of the container. */
	state_unlock(&t->state);
	if (r) {
		fd_drop(&l.console);
		return -1;
	}
	r = launch_ready(&l, e);
	fd_drop(&l.console);
	if (r == 0)
		r = x->opt->detach ? start(&l, t, x, e) :
			foreground(&l, t, x, e);
	if (r)
		launch_undo(&l);
	else
		launch_close(&l);
	return r;
}

int
cmd_exec(struct ctx *x, struct err *e)
{
	struct target t;
	int r;

	if (target_open(&t, x->conf->state_dir, x->args[0],
	    x->opt->ignore_paused ? OP_EXEC_PAUSED : OP_EXEC, x->arena, e))
		return -1;
	r = run_in(&t, x, e);
	target_close(&t);
	return r;
}
