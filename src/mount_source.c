/* SPDX-License-Identifier: MIT */
/* mount_source.c -- what bind mounts mount: paths of the host, opened with its
 * rights or the container's. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "mount.h"
#include "mount_idmap.h"
#include "mountopt.h"
#include "plan.h"
#include "sys.h"

/* Whether the container could not open it. */
static bool
of_host(const struct mount_op *m)
{
	return m->two_way || m->ids;
}

static int
tree_of(const struct mount_op *m)
{
	return sys_open_tree(AT_FDCWD, m->source, OPEN_TREE_CLONE |
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

/* Behind a directory that root of the container's user namespace can't enter,
 * and the runtime could not open it beforehand either. */
static int
open_path(const struct mount_op *m, struct err *e)
{
	int fd = openat(AT_FDCWD, m->source, O_PATH | O_CLOEXEC |
		(m->how & MOUNTOPT_SRC_NOFOLLOW ? O_NOFOLLOW : 0));

	if (fd >= 0)
		return fd;
	source_err(m, e);
	return e->code == EACCES ? err_hint(e, "open_tree: Linux 5.2") : -1;
}

/* A user namespace that several mounts use. */
struct users {
	const struct idmap_set *set;
	int ns;
};

static int
map_ids(const struct mount_op *m, int tree, struct users *u, struct err *e)
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

static int
open_early(const struct mount_op *m, int *tree, struct users *u, struct err *e)
{
	char link[1];

	if (mount_source_link(m, link, sizeof(link)) >= 0)
		return 0;
	*tree = tree_of(m);
	if (*tree >= 0)
		return m->ids ? map_ids(m, *tree, u, e) : 0;
	/* what init will find out again, and may leave out */
	if (m->how & MOUNTOPT_OPTIONAL && errno == ENOENT)
		return 0;
	return !of_host(m) && sys_absent(errno) ? 0 : source_err(m, e);
}

int
mount_sources(const struct plan *p, int *trees, struct err *e)
{
	bool own_user = plan_has(p, STEP_USER_NS);
	struct users u = { .ns = -1 };
	unsigned i;

	for (i = 0; i < p->n_mounts && !e->code; i++) {
		const struct mount_op *m = &p->mounts[i];

		trees[i] = -1;
		if (m->kind == MOUNT_BIND && (own_user || of_host(m)) &&
		    open_early(m, &trees[i], &u, e))
			mount_ctx(m, e);
	}
	fd_drop(&u.ns);
	return e->code ? -1 : 0;
}

/* A clone made in the container's own mount namespace keeps the flags that the
 * user namespace inherited locked: its root can't take ro, nosuid or nodev of a
 * host's mount back.  The one that was opened with the host's rights does not
 * have them locked, so it is for sources behind closed directories, and for
 * what only the host can do. */
static int
choose_tree(const struct mount_op *m, int *tree, struct err *e)
{
	int own;

	if (of_host(m)) {
		errno = ENOENT;         /* it was optional, and absent */
		return *tree >= 0 ? 0 : source_err(m, e);
	}
	own = tree_of(m);
	if (own >= 0) {
		fd_drop(tree);
		*tree = own;
		return 0;
	}
	if (errno == EACCES && *tree >= 0)
		return 0;
	return sys_absent(errno) ? 0 : source_err(m, e);
}

int
mount_source(const struct mount_op *m, int *tree, struct err *e)
{
	int fd;

	if (choose_tree(m, tree, e))
		return -1;
	if (*tree < 0)
		return open_path(m, e);
	fd = fcntl(*tree, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? source_err(m, e) : fd;
}
