/* SPDX-License-Identifier: MIT */
/* cgroup_view.c -- one directory for each hierarchy, fresh or bound. */
#include "cgroup_view.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cgroup_backend.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "mount.h"
#include "plan.h"
#include "procfs.h"
#include "sys.h"
#include "words.h"

enum { TMPFS = 0x01021994, SAFE = MS_NOSUID | MS_NODEV | MS_NOEXEC };

struct view {
	const struct plan *p;
	const struct mount_op *m;
	bool new_ns;            /* the container has a new cgroup namespace */
	int own;                /* by cgroup_view_source, or -1 */
	unsigned n_shown;
};

/* A v1 mount of our own only filters devices; the host does not have it. */
static bool
is_shown(const struct cgroup_op *op, const struct mount_op *m)
{
	if (op->kind == CGROUP_V2)
		return true;
	return op->mount && strcmp(m->type, "cgroup2");
}

/* "cpu,cpuacct", "systemd" for name=systemd, "unified". */
static const char *
dir_name(const struct cgroup_op *op)
{
	if (op->kind == CGROUP_V2)
		return "unified";
	return strncmp(op->controllers, "name=", 5) ? op->controllers :
		op->controllers + 5;
}

static unsigned long
flags_of(const struct view *v, const struct cgroup_op *op)
{
	unsigned long flags = v->m->flags | SAFE;

	if (op->kind == CGROUP_V1 || !v->new_ns)
		flags |= MS_RDONLY;
	return flags;
}

/* The root of what was just mounted on parent/name. */
static int
mounted(int parent, const char *name, unsigned magic, struct err *e)
{
	AUTO_FD(fd, openat(parent, name,
		O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
	struct statfs fs;

	if (fd < 0 || fstatfs(fd, &fs))
		return err_sys(e, "%s", name);
	if ((unsigned)fs.f_type != magic)
		return err_set(e, EBUSY, "%s: changed while it was mounted",
			name);
	return fd_take(&fd);
}

/* In a cgroup namespace of its own a new mount begins at the container's
 * cgroup.  In the host's it would show everything, and mounting cgroup2 there
 * also resets the host's options (nsdelegate).  The superblock is the host's,
 * so MS_RDONLY goes to this mount only. */
static int
mount_fresh(const struct cgroup_op *op, const struct cgroup_backend *b,
	int target, unsigned long flags)
{
	char data[256];
	int n = 0;

	data[0] = '\0';
	if (op->kind == CGROUP_V1)
		n = fmt_to(data, sizeof(data), "%s%s",
			strncmp(op->controllers, "name=", 5) ? "" : "none,",
			op->controllers);
	if (n >= (int)sizeof(data)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (fchdir(target))
		return -1;
	return mount("cgroup", ".", b->fstype, flags, data);
}

/* Our own mount is attached nowhere, and kernels before 6.15 clone only what is
 * attached: for that moment all of it is on the target. */
static int
bind_own(const struct view *v, const struct cgroup_op *op, int target,
	struct err *e)
{
	AUTO_FD(made, v->own < 0 ? cgroup_root(op, e) : -1);
	const int all = v->own < 0 ? made : v->own;
	AUTO_FD(dir, -1);
	AUTO_FD(tree, -1);
	char path[PROCFS_FD_PATH];

	if (all < 0)
		return -1;
	if (sys_move_mount(all, "", target, "",
	    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH))
		return err_sys(e, "move_mount");
	dir = sys_open_below(all, op->path, O_PATH | O_DIRECTORY,
		RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
	if (dir < 0)
		return err_sys(e, "open");
	tree = sys_open_tree(dir, "", OPEN_TREE_CLONE | AT_EMPTY_PATH);
	if (tree < 0)
		return err_sys(e, "open_tree");
	if (umount2(procfs_fd_path(all, path), MNT_DETACH))
		return err_sys(e, "umount");
	if (sys_move_mount(tree, "", target, "",
	    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH))
		return err_sys(e, "move_mount");
	return 0;
}

static int
bind_dir(const struct view *v, const struct cgroup_op *op, int target,
	struct err *e)
{
	AUTO_FD(dir, -1);

	if (!op->mount)
		return bind_own(v, op, target, e) ? err_hint(e,
			"mount -t cgroup2 cgroup2 /sys/fs/cgroup") : 0;
	dir = cgroup_open(op, e);
	return dir < 0 || mount_clone(dir, target, 0, e) ? -1 : 0;
}

/* Binds the container's cgroup to parent/name, by one look-up of its path: what
 * was found shows by its type that it is a cgroup, and in those are no links.
 * 1: this kernel can't change what is attached nowhere (5.12) or forbids it. */
static int
bind_clone(const struct cgroup_op *op, const struct cgroup_backend *b,
	const struct mount_change *c, int parent, const char *name, int *got,
	struct err *e)
{
	char path[PATH_MAX];
	struct statfs fs;
	AUTO_FD(tree, -1);

	if (!op->mount || fmt_to(path, sizeof(path), "%s/%s", op->mount,
	    op->path) >= (int)sizeof(path))
		return 1;
	tree = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE |
		AT_SYMLINK_NOFOLLOW);
	if (tree >= 0 && (fstatfs(tree, &fs) ||
	    (unsigned)fs.f_type != b->magic))
		return err_set(e, EINVAL, "%s: not a %s file system", path,
			b->fstype);
	if (tree < 0 || mount_change_detached(tree, c) ||
	    sys_move_mount(tree, "", parent, name, MOVE_MOUNT_F_EMPTY_PATH))
		return sys_absent(errno) ? 1 : err_sys(e, "%s: bind", path);
	if (got)
		*got = fd_take(&tree);
	return 0;
}

/* Mounts one hierarchy on parent/name; *got is it then, unless got is NULL.  A
 * fresh mount is complete as it is made, wherever somebody may have moved its
 * directory to. */
static int
mount_one(const struct view *v, const struct cgroup_op *op, int parent,
	const char *name, int *got, struct err *e)
{
	const struct cgroup_backend *b = cgroup_backend(op, e);
	struct mount_change c = { .set = flags_of(v, op) };
	AUTO_FD(target, -1);
	AUTO_FD(fd, -1);
	int r = 1;

	if (!b)
		return -1;
	if (!v->new_ns)
		r = bind_clone(op, b, &c, parent, name, got, e);
	if (r <= 0)
		return r;
	target = openat(parent, name,
		O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (target < 0)
		return err_sys(e, "%s", name);
	if (v->new_ns && mount_fresh(op, b, target, c.set) == 0) {
		if (!got)
			return 0;
		*got = mounted(parent, name, b->magic, e);
		return *got < 0 ? -1 : 0;
	}
	/* the namespace's owner may still be refused; a bind shows the same */
	if (v->new_ns && errno != EPERM && errno != EBUSY)
		return err_sys(e, "%s: mount", name);
	if (bind_dir(v, op, target, e))
		return err_ctx(e, "%s", name);
	fd = mounted(parent, name, b->magic, e);
	if (fd < 0 || mount_change(fd, &c, e))
		return -1;
	if (got)
		*got = fd_take(&fd);
	return 0;
}

/* A link for each controller of "cpu,cpuacct", to that directory. */
static int
link_controllers(int dir, const char *controllers, struct err *e)
{
	char word[NAME_MAX + 1];
	const char *p = controllers, *name;
	size_t len;

	if (!strchr(controllers, ','))
		return 0;
	while ((name = words_next(&p, &len))) {
		if (len > NAME_MAX)
			return err_set(e, ENAMETOOLONG, "%s", controllers);
		memcpy(word, name, len);
		word[len] = '\0';
		if (symlinkat(controllers, dir, word))
			return err_sys(e, "%s: symlink", word);
	}
	return 0;
}

static int
fill(const struct view *v, int dir, struct err *e)
{
	const struct cgroup_op *op;
	const char *name;
	unsigned i;

	for (i = 0; i < v->p->cgroup.n_ops; i++) {
		op = &v->p->cgroup.ops[i];
		if (!is_shown(op, v->m))
			continue;
		name = dir_name(op);
		if (mkdirat(dir, name, 0755))
			return err_sys(e, "%s: mkdir", name);
		if (mount_one(v, op, dir, name, NULL, e) ||
		    (op->kind == CGROUP_V1 &&
		    link_controllers(dir, op->controllers, e)))
			return -1;
	}
	return 0;
}

static int
mount_tmpfs(const struct view *v, int target, int parent, const char *name,
	int *got, struct err *e)
{
	struct mount_change c = { .set = v->m->flags | SAFE };
	AUTO_FD(fd, -1);

	if (!v->n_shown)
		c.set |= MS_RDONLY;
	if (fchdir(target) ||
	    mount("cgroup", ".", "tmpfs", SAFE, "mode=755,size=64k"))
		return err_sys(e, "mount tmpfs");
	fd = mounted(parent, name, TMPFS, e);
	if (fd < 0 || fill(v, fd, e) || mount_change(fd, &c, e))
		return -1;
	*got = fd_take(&fd);
	return 0;
}

/* In the host's cgroup namespace the kernel lets only the host's root mount. */
int
cgroup_view_source(const struct plan *p, const struct mount_op *m, int *own,
	struct err *e)
{
	unsigned i;

	if (!plan_has(p, STEP_USER_NS) || p->create_ns & CLONE_NEWCGROUP)
		return 0;
	for (i = 0; i < p->cgroup.n_ops; i++) {
		if (!p->cgroup.ops[i].mount && is_shown(&p->cgroup.ops[i], m))
			*own = cgroup_root(&p->cgroup.ops[i], e);
	}
	return e->code ? -1 : 0;
}

int
cgroup_view(const struct plan *p, const struct mount_op *m, int own, int target,
	struct err *e)
{
	struct view v = {
		.p = p, .m = m, .own = own,
		.new_ns = p->create_ns & CLONE_NEWCGROUP,
	};
	const struct cgroup_op *v2 = NULL;
	const char *name = strrchr(m->dest, '/') + 1;
	AUTO_FD(parent, openat(target, "..",
		O_PATH | O_DIRECTORY | O_CLOEXEC));
	unsigned i;

	if (parent < 0)
		return err_sys(e, "..");
	if (m->data)
		return err_set(e, EINVAL, "option %s: not for cgroups",
			m->data);
	for (i = 0; i < p->cgroup.n_ops; i++) {
		v.n_shown += is_shown(&p->cgroup.ops[i], m);
		if (p->cgroup.ops[i].kind == CGROUP_V2)
			v2 = &p->cgroup.ops[i];
	}
	if (!v2 && p->cgroup.n_ops && !strcmp(m->type, "cgroup2"))
		return err_set(e, ENOTSUP,
			"cgroup2 is not mounted on the host");
	AUTO_FD(fd, -1);
	if (v2 && v.n_shown == 1 ? mount_one(&v, v2, parent, name,
	    m->n_propagation ? &fd : NULL, e) :
	    mount_tmpfs(&v, target, parent, name, &fd, e))
		return -1;
	for (i = 0; i < m->n_propagation; i++) {
		struct mount_change c = { .propagation = m->propagation[i] };

		if (mount_change(fd, &c, e))
			return -1;
	}
	return 0;
}
