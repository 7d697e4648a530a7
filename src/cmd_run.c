/* SPDX-License-Identifier: MIT */
/* cmd_run.c -- run: create, start, wait in the foreground, delete. */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "arena.h"
#include "cmd.h"
#include "container.h"
#include "err.h"
#include "listener.h"
#include "log.h"
#include "task.h"

/* Signals that would end us go to init; the others keep their meaning. */
static const int forwarded[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGCONT,
	SIGWINCH,
};

static int
block_signals(sigset_t *set, struct err *e)
{
	size_t i;

	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	for (i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
		sigaddset(set, forwarded[i]);
	return sigprocmask(SIG_BLOCK, set, NULL) ?
		err_sys(e, "signal mask") : 0;
}

/* Reaps everything that has ended, orphans of the container among them.  1:
 * init was one of them, with *status. */
static int
reap(pid_t init, int *status, struct err *e)
{
	for (;;) {
		int s;
		pid_t pid = waitpid(-1, &s, WNOHANG);

		if (pid == init) {
			*status = s;
			return 1;
		}
		if (pid == 0)
			return 0;
		if (pid < 0 && errno != EINTR)
			return err_sys(e, "wait");
	}
}

static int
wait_foreground(const struct container *c, const sigset_t *set, int *status,
	struct err *e)
{
	const struct task_id *init = &c->launch.init;
	struct err gone = { 0 };

	for (;;) {
		int sig, r = reap(init->pid, status, e);

		if (r)
			return r < 0 ? -1 : 0;
		sig = sigwaitinfo(set, NULL);
		if (sig < 0 && errno != EINTR)
			return err_sys(e, "wait for a signal");
		/* an unreaped child: its pid is no one else's */
		if (sig > 0 && sig != SIGCHLD)
			task_signal(init, c->launch.child.pidfd, sig, &gone);
	}
}

/* The status alone does not tell who killed it. */
static void
say_oom(const struct cgroup_plan *cgroups)
{
	struct cgroup_memory m;

	if (cgroup_memory(cgroups, &m) && m.oom_kills)
		log_at(LEVEL_WARNING, "run: out of memory: "
			"linux.resources.memory.limit is %llu, peak %llu",
			(unsigned long long)m.limit,
			(unsigned long long)m.peak);
}

static int
foreground(struct container *c, struct ctx *x, const sigset_t *set,
	struct err *e)
{
	int status = 0;

	/* others may use the container while it runs */
	state_unlock(&c->state);
	if (wait_foreground(c, set, &status, e))
		return -1;
	c->launch.child.pid = 0;
	c->pid_file = NULL;     /* as after create: the caller's */
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		say_oom(&c->plan.cgroup);
	x->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
		WEXITSTATUS(status);
	if (x->opt->keep)
		return 0;
	if (state_lock(&c->state, e)) {
		if (e->code != ENOENT)
			return -1;
		err_clear(e);   /* somebody else deleted it */
		return 0;
	}
	container_undo(c);
	return 0;
}

int
cmd_run(struct ctx *x, struct err *e)
{
	struct container c;
	sigset_t set;
	int r;

	/* orphans of a container that shares our PID namespace */
	if (!x->opt->detach && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		return err_sys(e, "subreaper");
	if (!x->opt->detach && block_signals(&set, e))
		return -1;
	if (container_create(&c, x, false, e))
		return -1;
	if (!c.plan.has_process)
		r = err_set(e, EINVAL, "process: not set in the config");
	else
		r = launch_go(&c.launch, e) ||
			listener_serve(c.launch.sync, &c.record, c.state.dir,
				*x->arena, e) ||
			launch_verdict(&c.launch, e) ||
			container_hooks(&c, HOOK_POSTSTART, e) ? -1 : 0;
	if (r)
		container_undo(&c);
	else if (!x->opt->detach)
		r = foreground(&c, x, &set, e);
	container_close(&c);
	return r;
}
