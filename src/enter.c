/* SPDX-License-Identifier: MIT */
/* enter.c -- joins the cgroups and namespaces of a container. */
#include "enter.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "ns.h"
#include "plan.h"
#include "procfs.h"
#include "sys.h"

/* Files of /proc/PID/ns. */
static const struct {
	int type;
	char file[8], name[8];  /* the latter as in the spec */
} kinds[] = {
	{ CLONE_NEWUSER, "user", "user" }, { CLONE_NEWNS, "mnt", "mount" },
	{ CLONE_NEWPID, "pid", "pid" }, { CLONE_NEWNET, "net", "network" },
	{ CLONE_NEWIPC, "ipc", "ipc" }, { CLONE_NEWUTS, "uts", "uts" },
	{ CLONE_NEWCGROUP, "cgroup", "cgroup" },
	{ CLONE_NEWTIME, "time", "time" },
};
_Static_assert(COUNT(kinds) <= PLAN_MAX_NS, "one of each");

enum { NS_PATH = 40 };

static const char *
ns_path(char buf[NS_PATH], const struct task_id *init, size_t i)
{
	fmt_to(buf, NS_PATH, "%d/ns/%s", (int)init->pid, kinds[i].file);
	return buf;
}

static int
gone(struct err *e)
{
	return err_set(e, ESRCH, "container not running: init is gone");
}

/* An init that waits at the gate is not dumpable, so that nobody can take its
 * descriptors: only who has CAP_SYS_PTRACE may ask for its namespaces. */
static int
hidden(const char *path, struct err *e)
{
	bool mine = errno == EACCES;

	err_sys(e, "/proc/%s", path);
	return mine ? err_hint(e, "before start only root may enter") : -1;
}

int
enter_differ(const struct task_id *init, int *mask, struct err *e)
{
	char path[NS_PATH], own[16];
	struct stat theirs, ours;
	size_t i;

	*mask = 0;
	for (i = 0; i < COUNT(kinds); i++) {
		fmt_to(own, sizeof(own), "self/ns/%s", kinds[i].file);
		/* not every kernel has every kind */
		if (fstatat(procfs_fd(), own, &ours, 0) && errno == ENOENT)
			continue;
		if (fstatat(procfs_fd(), ns_path(path, init, i), &theirs, 0))
			return errno == ENOENT || errno == ESRCH ? gone(e) :
				hidden(path, e);
		if (theirs.st_ino != ours.st_ino ||
		    theirs.st_dev != ours.st_dev)
			*mask |= kinds[i].type;
	}
	return 0;
}

/* Before Linux 5.8, and where setns with a pidfd is forbidden. */
static int
join_each(const struct plan *p, const struct task_id *init, struct err *e)
{
	struct plan_ns ns[COUNT(kinds)];
	char path[COUNT(kinds)][NS_PATH];
	int fds[COUNT(kinds)];
	unsigned n = 0;
	size_t i;

	for (i = 0; i < COUNT(kinds); i++) {
		if (!(p->enter & kinds[i].type))
			continue;
		ns[n] = (struct plan_ns) {
			.type = kinds[i].type, .name = kinds[i].name,
			.path = ns_path(path[n], init, i), .at = NS_OF_INIT,
		};
		/* closed with all the rest */
		fds[n] = openat(procfs_fd(), path[n], O_RDONLY | O_CLOEXEC);
		if (fds[n] < 0)
			return errno == ENOENT || errno == ESRCH ? gone(e) :
				err_sys(e, "/proc/%s", path[n]);
		n++;
	}
	/* now they are those of init, and stay so */
	return task_alive(init, NULL) ? ns_join(ns, n, fds, e) : gone(e);
}

/* Where the mount namespace is shared the container lives in a chroot. */
static int
enter_root(const struct task_id *init, struct err *e)
{
	char path[NS_PATH];

	fmt_to(path, sizeof(path), "%d/root", (int)init->pid);
	AUTO_FD(root, openat(procfs_fd(), path, O_PATH | O_DIRECTORY |
		O_CLOEXEC));
	if (root < 0 || fchdir(root) || chroot("."))
		return err_sys(e, "root of the container");
	return task_alive(init, NULL) ? 0 : gone(e);
}

static int
enter_namespaces(const struct plan *p, const struct enter *to, struct err *e)
{
	int first;

	if (!(p->enter & CLONE_NEWNS) && enter_root(&to->init, e))
		return -1;
	if (!p->enter || (to->pidfd >= 0 && setns(to->pidfd, p->enter) == 0))
		return 0;
	first = to->pidfd < 0 ? 0 : errno;
	if (first == ESRCH)
		return gone(e);
	if (join_each(p, &to->init, e) == 0)
		return 0;
	if (first && first != EINVAL && !sys_absent(first)) {
		errno = first;
		err_sys(e, "join the namespaces of init");
	}
	return -1;
}

/* Those behind keep go while /proc can still tell which there are. */
static int
shed(int first, int keep, struct err *e)
{
	if (sys_close_range((unsigned)keep + 1, FD_CLOSE))
		return err_sys(e, "close descriptors");
	procfs_close();
	for (; first < keep; first++)
		close(first);
	return 0;
}

int
enter_stage(const struct plan *p, const struct enter *to,
	const struct cgroup *cgroup, int sync, struct err *e)
{
	if (cgroup_enter(cgroup, e))
		return -1;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return err_sys(e, "stage: protect");
	if (enter_namespaces(p, to, e))
		return -1;
	return shed(3 + (int)p->preserve_fds, sync, e);
}
