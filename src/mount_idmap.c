/* SPDX-License-Identifier: MIT */
/* mount_idmap.c -- a short-lived process owns the user namespace whose maps a
 * mount takes over. */
#include "mount_idmap.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "idmap.h"
#include "io.h"
#include "kopt.h"
#include "mountopt.h"
#include "plan.h"
#include "procfs.h"
#include "sys.h"

/* Waits to be killed, with the parent at the latest. */
static void
idle(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

static int
open_ns(pid_t pid, struct err *e)
{
	char rel[32];
	int fd;

	fmt_to(rel, sizeof(rel), "%d/ns", (int)pid);
	AUTO_FD(dir, procfs_openat(rel, O_PATH | O_DIRECTORY, e));
	if (dir < 0)
		return -1;
	fd = openat(dir, "user", O_RDONLY | O_CLOEXEC);
	return fd < 0 ? err_sys(e, "user namespace") : fd;
}

int
mount_idmap_ns(const struct idmap_set *s, struct err *e)
{
	const struct plan maps = {
		.uid_map = s->uid, .n_uid_map = s->n_uid,
		.gid_map = s->gid, .n_gid_map = s->n_gid,
	};
	AUTO_FD(fd, -1);
	AUTO_FD(pidfd, -1);
	pid_t pid, self = getpid();
	bool ignored;

	if (s->ns) {
		fd = openat(AT_FDCWD, s->ns, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		return fd < 0 ? err_sys(e, "%s", s->ns) : fd_take(&fd);
	}
	pid = sys_clone(CLONE_NEWUSER, -1, &pidfd, &ignored);
	if (pid == 0)
		idle(self);
	if (pid < 0) {
		err_sys(e, "user namespace");
		return err_hint(e, KOPT_USER_NS);
	}
	if (idmap_write(pid, &maps, e) == 0)
		fd = open_ns(pid, e);
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return fd_take(&fd);
}

int
mount_idmap(int tree, int ns, bool recursive, struct err *e)
{
	const struct mnt_attr a = {
		.set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)ns,
	};
	int code;

	if (sys_mount_setattr(tree, "", AT_EMPTY_PATH |
	    (recursive ? AT_RECURSIVE : 0), &a) == 0)
		return 0;
	code = errno;
	err_sys(e, "idmap");
	if (code == ENOSYS)
		return err_hint(e, "Linux 5.12");
	return code == EINVAL ? err_hint(e, "this kernel can't map the ids of "
		"such a file system") : -1;
}

int
mount_idmap_op(const struct mount_op *m, int tree, struct idmap_users *u,
	struct err *e)
{
	if (u->set != m->ids) {
		fd_drop(&u->ns);
		u->ns = mount_idmap_ns(m->ids, e);
		if (u->ns < 0)
			return -1;
		u->set = m->ids;
	}
	return mount_idmap(tree, u->ns, m->how & MOUNTOPT_RIDMAP, e);
}
