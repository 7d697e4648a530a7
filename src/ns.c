/* SPDX-License-Identifier: MIT */
/* ns.c -- joins and creates namespaces around the clone of init. */
#include "ns.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "kopt.h"
#include "page.h"
#include "plan.h"
#include "proc.h"
#include "procfs.h"
#include "rootfs.h"
#include "sys.h"

enum { NSFS_SUPER_MAGIC = 0x6e736673 };

/* Linux < 4.11: the link of an open namespace reads "pid:[4026531836]". */
static int
type_by_link(int fd, const struct plan_ns *ns, struct err *e)
{
	const char *name = ns->type == CLONE_NEWNS ? "mnt" :
		ns->type == CLONE_NEWNET ? "net" : ns->name;
	char link[64], text[64];
	struct statfs fs;
	size_t len = strlen(name);
	ssize_t n;

	if (fstatfs(fd, &fs))
		return err_sys(e, "statfs");
	fmt_to(link, sizeof(link), "self/fd/%d", fd);
	n = readlinkat(procfs_fd(), link, text, sizeof(text) - 1);
	if (n < 0)
		return err_sys(e, "readlink");
	text[n] = '\0';
	if ((unsigned)fs.f_type != NSFS_SUPER_MAGIC ||
	    strncmp(text, name, len) || text[len] != ':')
		return err_set(e, EINVAL, "not a %s namespace", ns->name);
	return 0;
}

static int
check_type(int fd, const struct plan_ns *ns, struct err *e)
{
	int type = ioctl(fd, NS_GET_NSTYPE);

	if (type < 0)
		return type_by_link(fd, ns, e);
	if (type != ns->type)
		return err_set(e, EINVAL, "not a %s namespace", ns->name);
	return 0;
}

int
ns_open(const struct plan *p, int *fds, struct err *e)
{
	unsigned i;

	for (i = 0; i < PLAN_MAX_NS; i++)
		fds[i] = -1;
	for (i = 0; i < p->n_ns; i++) {
		const struct plan_ns *ns = &p->ns[i];

		if (!ns->path)
			continue;
		fds[i] = openat(AT_FDCWD, ns->path,
			O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		if (fds[i] < 0)
			err_sys(e, "%s", ns->path);
		if (fds[i] < 0 || check_type(fds[i], ns, e))
			return err_ctx(e, "linux.namespaces[%u].path", ns->at);
	}
	return 0;
}

static int
join_err(const struct plan_ns *ns, struct err *e)
{
	err_sys(e, "join %s", ns->path);
	return ns->at == NS_OF_INIT ? -1 :
		err_ctx(e, "linux.namespaces[%u]", ns->at);
}

/* Namespaces that belong to the host's user namespace must be entered before
 * the container's user namespace, those that belong to the latter after it
 * (list N4); which is which shows only by trying. */
int
ns_join(const struct plan_ns *ns, unsigned n, const int *fds, struct err *e)
{
	bool done[PLAN_MAX_NS] = { false };
	unsigned pass, i;

	for (pass = 0; pass < 3; pass++) {
		for (i = 0; i < n; i++) {
			bool user = ns[i].type == CLONE_NEWUSER;

			if (fds[i] < 0 || done[i] || user != (pass == 1))
				continue;
			if (setns(fds[i], ns[i].type) == 0)
				done[i] = true;
			else if (pass > 0 || errno != EPERM)
				return join_err(&ns[i], e);
		}
	}
	return 0;
}

int
ns_time(const struct plan *p, struct err *e)
{
	AUTO_FD(ns, -1);

	if (unshare(CLONE_NEWTIME)) {
		err_sys(e, "time namespace");
		return err_hint(e, KOPT_TIME_NS ", Linux 5.6");
	}
	/* /proc/self is its user's while the process can be inspected, else the
	 * host's root's, who may not exist in this user namespace */
	if (plan_has(p, STEP_USER_NS) && prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
		return err_sys(e, "time namespace");
	if (p->time_offsets &&
	    procfs_write(0, "timens_offsets", p->time_offsets, e))
		return err_ctx(e, "linux.timeOffsets");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return err_sys(e, "time namespace: protect");
	/* unshare is for children only; execve moves itself on some kernels */
	ns = procfs_self_link("ns/time_for_children", O_RDONLY);
	if (ns < 0 || setns(ns, CLONE_NEWTIME))
		return err_sys(e, "time namespace");
	return 0;
}

static int
clone_flags(const struct plan *p)
{
	return p->create_ns & ~(CLONE_NEWCGROUP | CLONE_NEWTIME);
}

static int
clone_err(const struct plan *p, struct err *e)
{
	bool missing = errno == EINVAL, limit = errno == ENOSPC;
	bool invalid = errno == EOPNOTSUPP;

	err_sys(e, "clone");
	if (missing)
		err_hint(e, "is the kernel built with%s%s%s%s%s?",
			p->create_ns & CLONE_NEWPID ? " " KOPT_PID_NS : "",
			p->create_ns & CLONE_NEWNET ? " " KOPT_NET_NS : "",
			p->create_ns & CLONE_NEWIPC ? " " KOPT_IPC_NS : "",
			p->create_ns & CLONE_NEWUTS ? " " KOPT_UTS_NS : "",
			p->create_ns & CLONE_NEWUSER ? " " KOPT_USER_NS : "");
	if (limit)
		err_hint(e, "sysctl user.max_*_namespaces");
	if (invalid)
		err_hint(e, CGROUP_THREADED);
	return -1;
}

static int
stage_steps(const struct ns_request *r, struct err *e)
{
	const struct plan *p = r->plan;

	/* dies with the runtime, as init does until it is created */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		return err_sys(e, "stage");
	if (plan_has(p, STEP_OOM_SCORE) && proc_oom_score(0, p, e))
		return -1;
	/* first, while its mounts still are what the host's propagate to */
	if (r->before(r->arg, e))
		return -1;
	if (plan_has(p, STEP_STAGE_REBIND) && rootfs_rebind(e))
		return -1;
	if (plan_has(p, STEP_STAGE_PROC) && rootfs_proc(p, e))
		return -1;
	if (!plan_has(p, STEP_STAGE_JOIN))
		return 0;
	/* From here on processes of the joined namespaces can see the stage and
	 * then init, which inherits this: they must not ptrace it while it
	 * still has the host's root (CVE-2016-8649).  Where an unprivileged
	 * runtime writes the map, /proc/PID/uid_map must stay its own. */
	if (!p->unprivileged && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return err_sys(e, "stage: protect");
	/* a user namespace that is joined may deny it later */
	if (!p->groups_denied && sys_setgroups(0, NULL) && errno != EPERM)
		return err_sys(e, "stage: groups");
	return ns_join(p->ns, p->n_ns, r->fds, e);
}

/* In the stage process.  Back with c->pid 0 this is init; the stage itself
 * leaves init's pid in the page, negative where it still has to be moved into
 * its v2 cgroup. */
static int
stage_run(const struct ns_request *r, struct ns_child *c, struct err *e)
{
	bool entered = c->in_cgroup;

	if (stage_steps(r, e))
		return -1;
	c->pid = sys_clone((uint64_t)clone_flags(r->plan) | CLONE_PARENT,
		r->plan->exec ? -1 : r->cgroup_fd, &c->pidfd, &c->in_cgroup);
	if (c->pid < 0)
		return clone_err(r->plan, e);
	c->in_cgroup = c->in_cgroup || entered;
	if (c->pid > 0)
		r->page->pid = c->in_cgroup ? c->pid : -c->pid;
	return 0;
}

static int
clone_by_stage(const struct ns_request *r, struct ns_child *c, struct err *e)
{
	/* exec's stage enters the cgroup: what comes out of the clone in there
	 * must not hold a directory of the host, not even that one */
	pid_t stage = sys_clone(0, r->plan->exec ? r->cgroup_fd : -1, NULL,
		&c->in_cgroup);
	int status;

	if (stage < 0)
		return err_sys(e, "clone the stage");
	if (stage == 0) {
		if (stage_run(r, c, e)) {
			page_fail(r->page, e);
			_exit(1);
		}
		if (c->pid == 0)
			return 0;
		_exit(0);
	}
	while (waitpid(stage, &status, 0) < 0) {
		if (errno != EINTR)
			return err_sys(e, "wait for the stage");
	}
	if (page_check(r->page, e))
		return -1;
	if (!r->page->pid)
		return err_set(e, ECHILD, "the stage process was killed");
	c->in_cgroup = r->page->pid > 0;
	c->pid = c->in_cgroup ? r->page->pid : -r->page->pid;
	c->pidfd = sys_pidfd_open(c->pid);
	return 0;
}

bool
ns_has_stage(const struct plan *p)
{
	return plan_has(p, STEP_STAGE_JOIN) ||
		plan_has(p, STEP_STAGE_REBIND) ||
		plan_has(p, STEP_STAGE_PROC) || p->exec;
}

int
ns_clone(const struct ns_request *r, struct ns_child *c, struct err *e)
{
	c->pidfd = -1;
	if (ns_has_stage(r->plan))
		return clone_by_stage(r, c, e);
	if (r->before(r->arg, e))
		return -1;
	c->pid = sys_clone((uint64_t)clone_flags(r->plan), r->cgroup_fd,
		&c->pidfd, &c->in_cgroup);
	return c->pid < 0 ? clone_err(r->plan, e) : 0;
}
