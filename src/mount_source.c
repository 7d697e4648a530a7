/* SPDX-License-Identifier: MIT */
/* mount_source.c -- what bind mounts mount: paths of the host, opened with its
 * rights or the container's. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "cgroup_view.h"
#include "err.h"
#include "io.h"
#include "mount.h"
#include "mount_ask.h"
#include "mount_idmap.h"
#include "mountopt.h"
#include "plan.h"
#include "sys.h"

static int
tree_of(const struct mount_op *m, int at, const char *path)
{
	return sys_open_tree(at, path, OPEN_TREE_CLONE |
		(*path ? 0 : AT_EMPTY_PATH) |
		(m->recursive ? AT_RECURSIVE : 0) |
		(m->how & MOUNTOPT_SRC_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0));
}

ssize_t
mount_source_link(const struct mount_op *m, char *text, size_t size)
{
	return m->how & MOUNTOPT_COPY_LINK ?
		readlink(m->source, text, size) : -1;
}

static int
source_err(const struct mount_op *m, struct err *e)
{
	bool absent = errno == ENOSYS;

	err_sys(e, "source %s", m->source);
	return absent ? err_hint(e, "Linux 5.2") : -1;
}

static int
open_early(const struct mount_op *m, int *tree, struct idmap_users *u,
	struct err *e)
{
	char link[1];

	if (mount_source_link(m, link, sizeof(link)) >= 0)
		return 0;
	*tree = tree_of(m, AT_FDCWD, m->source);
	if (*tree >= 0)
		return m->ids ? mount_idmap_op(m, *tree, u, e) : 0;
	/* what init will find out again, and may leave out */
	return m->how & MOUNTOPT_OPTIONAL && errno == ENOENT ? 0 :
		source_err(m, e);
}

int
mount_sources(const struct plan *p, int *trees, struct err *e)
{
	struct idmap_users u = { .ns = -1 };
	unsigned i;

	for (i = 0; i < p->n_mounts && !e->code; i++) {
		const struct mount_op *m = &p->mounts[i];

		trees[i] = -1;
		if ((m->kind == MOUNT_BIND && mount_of_host(m, p) &&
		    open_early(m, &trees[i], &u, e)) ||
		    (m->kind == MOUNT_CGROUP &&
		    cgroup_view_source(p, m, &trees[i], e)))
			mount_ctx(m, e);
	}
	fd_drop(&u.ns);
	return e->code ? -1 : 0;
}

/* By the path, or behind a directory that root of the container's user
 * namespace can't enter by the runtime. */
static int
open_path(const struct mount_op *m, const struct mount_ask *a, struct err *e)
{
	int fd = openat(AT_FDCWD, m->source, O_PATH | O_CLOEXEC |
		(m->how & MOUNTOPT_SRC_NOFOLLOW ? O_NOFOLLOW : 0));

	if (fd >= 0)
		return fd;
	/* a link to copy is read by its path */
	return errno == EACCES && plan_has(a->plan, STEP_USER_NS) &&
		!(m->how & MOUNTOPT_COPY_LINK) ? mount_ask_path(a, m, e) :
		source_err(m, e);
}

/* A clone made in init's own mount namespace keeps the flags locked that the
 * user namespace inherited. *fd: the source, where there is no clone to be
 * asked for it. */
static int
clone_own(const struct mount_op *m, const struct mount_ask *a, int *tree,
	int *fd, struct err *e)
{
	*tree = tree_of(m, AT_FDCWD, m->source);
	if (*tree < 0 && (errno == EACCES || sys_absent(errno))) {
		*fd = open_path(m, a, e);
		if (*fd < 0)
			return -1;
		*tree = tree_of(m, *fd, "");
	}
	if (*tree < 0)
		return !m->ids && sys_absent(errno) ? 0 : source_err(m, e);
	return m->ids ? mount_ask_ids(a, m, *tree, e) : 0;
}

int
mount_source(const struct mount_op *m, const struct mount_ask *a, int *tree,
	struct err *e)
{
	AUTO_FD(fd, -1);

	if (!mount_of_host(m, a->plan)) {
		if (clone_own(m, a, tree, &fd, e))
			return -1;
	} else if (*tree < 0) {
		errno = ENOENT;         /* it was optional, and absent */
		return source_err(m, e);
	}
	if (fd < 0)
		fd = fcntl(*tree, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? source_err(m, e) : fd_take(&fd);
}
