/* SPDX-License-Identifier: MIT */
/* launch.c -- creates the resources of a container around the clone of init. */
#include "launch.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "cgroup_join.h"
#include "enter.h"
#include "err.h"
#include "filter.h"
#include "gate.h"
#include "hook.h"
#include "idmap.h"
#include "init.h"
#include "io.h"
#include "log.h"
#include "mount.h"
#include "mount_ask.h"
#include "page.h"
#include "pipes.h"
#include "plan.h"
#include "proc.h"
#include "rdt.h"
#include "schedule.h"
#include "sock.h"
#include "spec.h"
#include "sync.h"
#include "sysctl.h"
#include "timing.h"
#include "tty.h"

/* What only the mount namespace of the host has, whoever clones opens first. */
static int
open_sources(void *arg, struct err *e)
{
	struct init *in = arg;

	if (in->plan->exec)
		return enter_stage(in->plan, in->enter, in->cgroup, in->sync,
			e);
	return mount_sources(in->plan, in->trees, e);
}

static int
reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return 0;
	}
	return status;
}

/* Init is gone without a word: say how. */
static int
died(struct launch *l, struct err *e)
{
	const char *who = l->plan->exec ? "the process" : "init";
	int status;

	if (page_check(l->page, e))
		return cgroup_explain(&l->plan->cgroup, e);
	status = reap(l->child.pid);
	l->child.pid = 0;
	if (!WIFSIGNALED(status))
		return err_set(e, ECHILD, "%s ended", who);
	err_set(e, ECHILD, "%s was killed by signal %d", who,
		WTERMSIG(status));
	return cgroup_explain(&l->plan->cgroup, e);
}

static int
run_hooks(struct launch *l, struct err *e)
{
	static const unsigned kinds[] = { HOOK_PRESTART, HOOK_CREATE_RUNTIME };
	size_t i;

	for (i = 0; i < COUNT(kinds); i++) {
		struct hook_how how = {
			.kind = kinds[i], .cwd = l->plan->bundle,
			.umask = HOOK_UMASK,
		};

		if (hook_run_from(l->plan->hooks, &how, l->hooks, l->init.pid,
		    e))
			return -1;
	}
	return sync_send(l->sync, SYNC_HOOKED, e);
}

static int
wait_for(struct launch *l, enum sync_msg want, struct err *e)
{
	int m = sync_recv(l->sync, e);

	if (m == SYNC_HOOKS && plan_has(l->plan, STEP_HOOKS_RUNTIME)) {
		if (run_hooks(l, e))
			return e->code == EPIPE ? died(l, e) : -1;
		m = sync_recv(l->sync, e);
	}
	if (m < 0)
		return -1;
	if (m == 0)
		return died(l, e);
	return m == (int)want ? 0 : err_set(e, EPROTO, "init: unexpected '%c'",
		m);
}

static bool
not_in_cgroup(const struct launch *l)
{
	return cgroup_clone_fd(&l->cgroup) >= 0 && !l->child.in_cgroup;
}

/* Whether init must wait for the runtime before it can begin. */
static bool
needs_help(const struct launch *l)
{
	return l->plan->create_ns & CLONE_NEWUSER || not_in_cgroup(l) ||
		plan_has(l->plan, STEP_RDT) ||
		plan_has(l->plan, STEP_NET_DEVICES);
}

/* In a user namespace of its own init may not raise a hard limit: that takes
 * CAP_SYS_RESOURCE on the host.  Only the ceiling is lifted here; what fails is
 * left to init to report. */
static void
lift_rlimits(const struct launch *l)
{
	unsigned i;

	for (i = 0; i < l->plan->n_rlimits; i++) {
		const struct rlimit_op *r = &l->plan->rlimits[i];
		struct rlimit lim;

		if (prlimit(l->child.pid, r->resource, NULL, &lim) ||
		    r->hard <= lim.rlim_max)
			continue;
		lim.rlim_max = r->hard;
		prlimit(l->child.pid, r->resource, &lim, NULL);
	}
}

/* The child's half; does not return. */
static void
become_init(struct launch *l, struct init *in)
{
	close(l->sync);
	in->wait = needs_help(l);
	in->ask = (struct mount_ask){ in->plan, in->page, in->sync };
	_exit(init_main(in));
}

static int
take_terminal(struct launch *l, struct err *e)
{
	char byte;
	int fd;

	if (!plan_has(l->plan, STEP_TERMINAL))
		return 0;
	fd = sock_receive(l->sync, &byte, e);
	if (fd == -2)
		return died(l, e);
	if (fd < 0)
		return err_ctx(e, "terminal");
	if (l->console >= 0)
		return tty_give(l->console, fd, e);
	l->master = fd;
	return 0;
}

static int
set_up(struct launch *l, struct err *e)
{
	timing_phase(l->timing, PHASE_CLONE);
	/* also if it is dead by now: its hooks may have run */
	l->init.pid = l->child.pid;
	if (task_start_time(l->child.pid, &l->init.start, e))
		return page_check(l->page, e) ? -1 : err_ctx(e, "init");
	if (plan_has(l->plan, STEP_OOM_SCORE) && !ns_has_stage(l->plan) &&
	    proc_oom_score(l->child.pid, l->plan, e))
		return -1;
	if (not_in_cgroup(l) && !l->plan->exec &&
	    cgroup_attach(&l->cgroup, l->child.pid, e))
		return -1;
	if (l->plan->create_ns & CLONE_NEWUSER &&
	    idmap_write(l->child.pid, l->plan, e))
		return -1;
	if (plan_has(l->plan, STEP_RDT) &&
	    rdt_enter(&l->page->rdt, &l->plan->rdt, l->child.pid, e))
		return -1;
	if (plan_has(l->plan, STEP_USER_NS))
		lift_rlimits(l);
	if (plan_has(l->plan, STEP_NET_DEVICES) &&
	    netdev_move(&l->net, l->plan, l->child.pid, l->arena, e))
		return -1;
	if (needs_help(l) && sync_send(l->sync, SYNC_MAPS, e))
		return e->code == EPIPE ? died(l, e) : -1;
	/* a container with a user namespace sees bundle and sources with the
	 * rights of its root, which may be none */
	if (plan_has(l->plan, STEP_USER_NS) && !l->plan->exec &&
	    mount_serve(&(struct mount_ask){ l->plan, l->page, l->sync }, e))
		return -1;
	if (take_terminal(l, e) || wait_for(l, SYNC_READY, e))
		return -1;
	timing_phase(l->timing, PHASE_SETUP);
	return plan_has(l->plan, STEP_SCHEDULER) ?
		schedule_apply(l->child.pid, l->plan, e) : 0;
}

static int
clone_init(struct launch *l, struct init *in, struct err *e)
{
	int fds[PLAN_MAX_NS], pair[2] = { -1, -1 }, r = -1;
	struct ns_request req = {
		.plan = l->plan, .fds = fds, .page = l->page,
		.cgroup_fd = cgroup_clone_fd(&l->cgroup),
		.before = open_sources, .arg = in,
	};
	unsigned i;

	if (plan_has(l->plan, STEP_PIPES))
		pipes_give(l->plan->pipes_uid, l->plan->pipes_gid);
	if (ns_open(l->plan, fds, e) == 0 &&
	    sysctl_check(l->plan, fds, e) == 0 && sync_pair(pair, e) == 0) {
		l->sync = pair[0];
		in->sync = pair[1];
		r = ns_clone(&req, &l->child, e);
		if (r == 0 && l->child.pid == 0)
			become_init(l, in);
	}
	for (i = 0; i < PLAN_MAX_NS; i++)
		fd_drop(&fds[i]);
	for (i = 0; i < l->plan->n_mounts; i++)
		fd_drop(&in->trees[i]);
	fd_drop(&pair[1]);
	return r;
}

static void
start(struct launch *l, const struct plan *p, int state_dir)
{
	*l = (struct launch) {
		.plan = p, .state_dir = state_dir, .sync = -1,
		.hooks = l->hooks, .timing = l->timing,
		.console = l->console, .master = -1,
		.child = { .pid = 0, .pidfd = -1 }, .net = NETDEV_NONE,
	};
}

static int
create(struct launch *l, bool gate, struct err *e)
{
	AUTO_FD(sock, gate ? gate_listen(l->state_dir, e) : -1);
	struct init in = {
		.plan = l->plan, .cgroup = &l->cgroup, .gate = sock,
		.state_dir = l->state_dir, .hooks = l->hooks,
		.timing = l->timing,
	};
	unsigned i;

	if ((gate && sock < 0) || filter_check(&l->plan->seccomp, e))
		return -1;
	in.trees = NEWS(l->arena, int, l->plan->n_mounts, e);
	in.page = l->page = page_create(l->state_dir, e);
	if (!in.trees || !l->page)
		return -1;
	for (i = 0; i < l->plan->n_mounts; i++)
		in.trees[i] = -1;
	if (cgroup_create(&l->cgroup, &l->plan->cgroup, e))
		return -1;
	timing_phase(l->timing, PHASE_CGROUPS);
	if (clone_init(l, &in, e) == 0 && set_up(l, e) == 0)
		return 0;
	launch_undo(l);
	return -1;
}

/* Whether to try again, in init's own cgroup. */
static bool
follows(struct launch *l, const struct enter *to, struct err *e)
{
	if (e->code != EBUSY || !to->follow ||
	    cgroup_follow(&l->cgroup, to->init.pid))
		return false;
	err_clear(e);
	return true;
}

int
launch_exec(struct launch *l, const struct plan *p, const struct enter *to,
	struct err *e)
{
	struct init in = {
		.plan = p, .cgroup = &l->cgroup, .enter = to, .gate = -1,
		.state_dir = -1,
	};
	int r;

	start(l, p, -1);
	in.page = l->page = page_new(e);
	if (!in.page || filter_check(&p->seccomp, e))
		return -1;
	/* our own: the process is in its cgroup from its first moment */
	if (p->exec_cpus && schedule_affinity(0, p->exec_cpus, e))
		return err_ctx(e, "process.execCPUAffinity.initial");
	r = cgroup_join(&l->cgroup, &p->cgroup, e);
	if (r == 0)
		r = clone_init(l, &in, e);
	if (r && follows(l, to, e)) {
		fd_drop(&l->sync);
		r = clone_init(l, &in, e);
	}
	/* before Linux 5.7, and while the container can't be deleted */
	if (r == 0 && not_in_cgroup(l)) {
		r = cgroup_attach(&l->cgroup, l->child.pid, e);
		if (r && follows(l, to, e))
			r = cgroup_attach(&l->cgroup, l->child.pid, e);
	}
	if (r)
		launch_undo(l);
	return r;
}

int
launch_ready(struct launch *l, struct err *e)
{
	return set_up(l, e);
}

int
launch_console(struct launch *l, const struct plan *p, const char *path,
	bool stays, struct err *e)
{
	l->console = -1;
	if (path && !p->terminal)
		return err_set(e, EINVAL, "--console-socket: there is no "
			"terminal (process.terminal)");
	if (!path && p->terminal && !stays)
		return err_set(e, EINVAL, "process.terminal: needs "
			"--console-socket; or set it to false");
	l->console = path ? tty_console(path, e) : -1;
	return path && l->console < 0 ? -1 : 0;
}

int
launch_create(struct launch *l, const struct plan *p, int state_dir,
	bool gate, struct arena *a, struct err *e)
{
	start(l, p, state_dir);
	l->arena = a;
	return create(l, gate, e);
}

int
launch_commit(struct launch *l, struct err *e)
{
	if (sync_send(l->sync, SYNC_COMMIT, e))
		return e->code == EPIPE ? died(l, e) : -1;
	if (wait_for(l, SYNC_ACK, e))
		return -1;
	netdev_close(&l->net);
	return 0;
}

int
launch_go(struct launch *l, struct err *e)
{
	if (sync_send(l->sync, SYNC_GO, e))
		return e->code == EPIPE ? died(l, e) : -1;
	return 0;
}

int
launch_verdict(struct launch *l, struct err *e)
{
	/* init is our child: nobody else reaps it before we have looked */
	if (gate_verdict(&(struct gate) {
		.conn = l->sync, .watch = -1, .page = l->page,
		.init = l->init, .pidfd = l->child.pidfd,
		.exec = l->plan->exec,
	}, e) < 0)
		return cgroup_explain(&l->plan->cgroup, e);
	netdev_close(&l->net);
	return 0;
}

void
launch_undo(struct launch *l)
{
	struct err ignored = { 0 };

	if (l->child.pid > 0) {
		/* our own unreaped child: the pid can't be another's */
		kill(l->child.pid, SIGKILL);
		reap(l->child.pid);
		l->child.pid = 0;
	}
	netdev_return(&l->net);
	rdt_undo(&l->page->rdt, &l->plan->rdt);
	if (!l->plan->exec && cgroup_discard(&l->cgroup, &ignored))
		log_at(LEVEL_WARNING, "%s", err_str(&ignored));
	launch_close(l);
}

/* Those of the cgroups, three for each hierarchy, go with the process, which
 * has nothing more to do. */
void
launch_close(struct launch *l)
{
	netdev_close(&l->net);
	fd_drop(&l->sync);
	fd_drop(&l->master);
	l->sync = l->master = -1;
	fd_drop(&l->child.pidfd);
	l->child.pidfd = -1;
}
