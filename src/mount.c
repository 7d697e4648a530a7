/* SPDX-License-Identifier: MIT */
/* mount.c -- mounts by descriptor: the target is resolved once, below the
 * container's root, and never named again (sec M2, CVE-2021-30465). */
#include "mount.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cgroup_view.h"
#include "err.h"
#include "inroot.h"
#include "io.h"
#include "plan.h"
#include "procfs.h"
#include "sys.h"

enum { PROC_MAGIC = 0x9fa0, PROC_ROOT_INO = 1 };

static const struct {
	unsigned long ms;
	uint64_t attr;
} attrs[] = {
	{ MS_RDONLY, MOUNT_ATTR_RDONLY },
	{ MS_NOSUID, MOUNT_ATTR_NOSUID },
	{ MS_NODEV, MOUNT_ATTR_NODEV },
	{ MS_NOEXEC, MOUNT_ATTR_NOEXEC },
	{ MS_NODIRATIME, MOUNT_ATTR_NODIRATIME },
	{ MS_NOSYMFOLLOW, MOUNT_ATTR_NOSYMFOLLOW },
};
enum { ATIMES = MS_NOATIME | MS_RELATIME | MS_STRICTATIME };

/* What statvfs says of a mount, in mount(2)'s terms.  A remount without any
 * atime flag leaves them as they are, but not beside MS_NODIRATIME. */
static unsigned long
current_flags(unsigned long st)
{
	enum { SAME = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC |
		MS_NOATIME | MS_NODIRATIME };
	enum { RELATIME = 4096, NOSYMFOLLOW = 0x2000 }; /* of statfs(2) */

	return (st & SAME) | (st & RELATIME ? MS_RELATIME : 0) |
		(st & NOSYMFOLLOW ? MS_NOSYMFOLLOW : 0);
}

static struct mnt_attr
to_attr(const struct mount_change *c)
{
	struct mnt_attr a = {
		.propagation = c->propagation & ~(unsigned long)MS_REC,
	};
	size_t i;

	for (i = 0; i < COUNT(attrs); i++) {
		if (c->set & attrs[i].ms)
			a.set |= attrs[i].attr;
		if (c->clear & attrs[i].ms)
			a.clear |= attrs[i].attr;
	}
	/* one field of the kernel's, not bits: clear it whole, then set */
	if ((c->set | c->clear) & ATIMES) {
		a.clear |= MOUNT_ATTR__ATIME;
		a.set |= c->set & MS_NOATIME ? MOUNT_ATTR_NOATIME :
			c->set & MS_STRICTATIME ? MOUNT_ATTR_STRICTATIME :
			MOUNT_ATTR_RELATIME;
	}
	return a;
}

/* Leaving a flag out of a remount clears it, which is EPERM where a user
 * namespace inherited it locked. */
static int
change_classic(int fd, const struct mount_change *c, struct err *e)
{
	char path[PROCFS_FD_PATH];
	struct statvfs fs;
	unsigned long flags;

	procfs_fd_path(fd, path);
	if (c->set | c->clear) {
		if (fstatvfs(fd, &fs))
			return err_sys(e, "statfs");
		flags = (current_flags(fs.f_flag) & ~c->clear) | c->set;
		if (c->set & ATIMES)    /* one of them only */
			flags = (flags & ~(unsigned long)ATIMES) |
				(c->set & ATIMES);
		if (mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | flags, NULL))
			return err_sys(e, "remount");
	}
	if (c->propagation && mount(NULL, path, NULL, c->propagation, NULL))
		return err_sys(e, "propagation");
	return 0;
}

/* By mount_setattr, which also takes a mount that is not attached yet.  -1 with
 * errno. */
static int
change_new(int fd, const struct mount_change *c)
{
	struct mnt_attr a = to_attr(c);
	struct mnt_attr all = { .propagation = a.propagation };
	bool recursive = c->propagation & MS_REC;

	if (recursive)
		a.propagation = 0;
	if (a.set | a.clear | a.propagation &&
	    sys_mount_setattr(fd, "", AT_EMPTY_PATH, &a))
		return -1;
	return recursive ? sys_mount_setattr(fd, "",
		AT_EMPTY_PATH | AT_RECURSIVE, &all) : 0;
}

int
mount_change(int fd, const struct mount_change *c, struct err *e)
{
	if (change_new(fd, c) == 0)
		return 0;
	if (!sys_absent(errno))
		return err_sys(e, "mount_setattr");
	return change_classic(fd, c, e);
}

int
mount_clone(int source, int target, unsigned long flags, struct err *e)
{
	AUTO_FD(tree, sys_open_tree(source, "", OPEN_TREE_CLONE |
		AT_EMPTY_PATH | (flags & MS_REC ? AT_RECURSIVE : 0)));
	char from[PROCFS_FD_PATH], to[PROCFS_FD_PATH];

	if (tree >= 0 && sys_move_mount(tree, "", target, "",
	    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == 0)
		return 0;
	if (!sys_absent(errno))
		return err_sys(e, "bind");
	if (mount(procfs_fd_path(source, from), procfs_fd_path(target, to),
	    NULL, MS_BIND | flags, NULL))
		return err_sys(e, "bind");
	return 0;
}

static int
tree_of(const struct mount_op *m)
{
	return sys_open_tree(AT_FDCWD, m->source, OPEN_TREE_CLONE |
		(m->recursive ? AT_RECURSIVE : 0));
}

static int
op_ctx(const struct mount_op *m, struct err *e)
{
	return m->at == MOUNT_OWN ? err_ctx(e, "%s", m->dest) :
		err_ctx(e, "mounts[%u] %s", m->at, m->dest);
}

int
mount_sources(const struct plan *p, int *trees, struct err *e)
{
	bool own_user = plan_has(p, STEP_USER_NS);
	unsigned i;

	for (i = 0; i < p->n_mounts; i++) {
		const struct mount_op *m = &p->mounts[i];

		trees[i] = -1;
		if (!own_user || m->kind != MOUNT_BIND)
			continue;
		trees[i] = tree_of(m);
		if (trees[i] < 0 && !sys_absent(errno)) {
			err_sys(e, "source %s", m->source);
			return op_ctx(m, e);
		}
	}
	return 0;
}

/* What may be mounted on a place that is procfs already: over its root only
 * procfs itself, below it only files that stand in for those of lxcfs, which
 * spec_check has passed (sec T02). */
static int
guard_proc(const struct mount_op *m, int source, int target, struct err *e)
{
	struct statfs fs, from;
	struct stat st;

	if (fstatfs(target, &fs) || fstat(target, &st))
		return err_sys(e, "statfs");
	if ((unsigned)fs.f_type == PROC_MAGIC && st.st_ino != PROC_ROOT_INO &&
	    strncmp(m->dest, "/proc/", 6))
		return err_set(e, EPERM, "leads into /proc");
	if (strcmp(m->dest, "/proc") &&
	    ((unsigned)fs.f_type != PROC_MAGIC || st.st_ino != PROC_ROOT_INO))
		return 0;
	if (m->kind == MOUNT_FS && !strcmp(m->type, "proc"))
		return 0;
	if (source >= 0 && fstatfs(source, &from) == 0 &&
	    fstat(source, &st) == 0 && (unsigned)from.f_type == PROC_MAGIC &&
	    st.st_ino == PROC_ROOT_INO)
		return 0;
	return err_set(e, EPERM, "only procfs may be mounted on /proc");
}

static int
target_of(const struct mount_op *m, int root, mode_t source, struct err *e)
{
	AUTO_FD(fd, -1);

	if (!m->real_dir)
		return S_ISDIR(source) ?
			inroot_mkdirs(root, m->dest, 0755, e) :
			inroot_mkfile(root, m->dest, 0644, e);
	fd = inroot_mkdirs_real(root, m->dest, 0755, e);
	if (fd < 0 && (e->code == ELOOP || e->code == ENOTDIR))
		return err_hint(e, "%s must be a directory, not a link",
			m->dest);
	return fd_take(&fd);
}

/* The root of what was just mounted on old: the same path leads to it now.  It
 * must be another mount, and, of a bind, the very file that was bound: somebody
 * may be renaming what is on the way. */
static int
mounted(const struct mount_op *m, int root, int old, const struct stat *source,
	struct err *e)
{
	uint64_t before, after;
	struct stat st;
	AUTO_FD(fd, inroot_open(root, m->dest, O_PATH, e));

	if (fd < 0)
		return -1;
	if (sys_mnt_id(old, &before) || sys_mnt_id(fd, &after) ||
	    fstat(fd, &st))
		return err_sys(e, "mount id");
	if (before == after || (source && (st.st_dev != source->st_dev ||
	    st.st_ino != source->st_ino)))
		return err_set(e, EBUSY, "changed while it was mounted");
	return fd_take(&fd);
}

static int
set_propagation(const struct mount_op *m, int fd, struct err *e)
{
	unsigned i;

	for (i = 0; i < m->n_propagation; i++) {
		struct mount_change c = { .propagation = m->propagation[i] };

		if (mount_change(fd, &c, e))
			return -1;
	}
	return 0;
}

static int
bind_tree(const struct mount_op *m, int tree, int target, struct err *e)
{
	struct mount_change c = {
		.set = m->flags, .clear = m->clear,
		.propagation = MS_PRIVATE | (m->recursive ? MS_REC : 0),
	};

	bool early;

	/* slave keeps what the host's mount may send, private ends it */
	if (m->n_propagation)
		c.propagation = MS_SLAVE | (m->recursive ? MS_REC : 0);
	early = change_new(tree, &c) == 0;
	if (!early && !sys_absent(errno))
		return err_sys(e, "mount_setattr");
	if (sys_move_mount(tree, "", target, "",
	    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH))
		return err_sys(e, "move_mount");
	/* Linux 5.2 to 5.11: only an attached mount can be changed */
	if (!early && mount_change(tree, &c, e))
		return -1;
	return set_propagation(m, tree, e);
}

/* Between the bind and the remount the mount is there without its flags, but
 * nobody else is in this mount namespace yet. */
static int
bind_classic(const struct mount_op *m, int root, int target,
	const struct stat *source, struct err *e)
{
	struct mount_change c = {
		.set = m->flags, .clear = m->clear,
		.propagation = MS_PRIVATE | (m->recursive ? MS_REC : 0),
	};
	char path[PROCFS_FD_PATH];

	if (mount(m->source, procfs_fd_path(target, path), NULL,
	    MS_BIND | (m->recursive ? MS_REC : 0), NULL))
		return err_sys(e, "bind %s", m->source);
	AUTO_FD(fd, mounted(m, root, target, source, e));
	if (m->n_propagation)
		c.propagation = 0;
	if (fd < 0 || mount_change(fd, &c, e))
		return -1;
	return set_propagation(m, fd, e);
}

/* A clone made in the container's own mount namespace keeps the flags that the
 * user namespace inherited locked: its root can't take ro, nosuid or nodev of a
 * host's mount back.  The one that was opened with the host's rights does not
 * have them locked, so it is for sources behind closed directories only. */
static int
choose_tree(const struct mount_op *m, int *tree, struct err *e)
{
	int own = tree_of(m);

	if (own >= 0) {
		fd_drop(tree);
		*tree = own;
		return 0;
	}
	if (errno == EACCES && *tree >= 0)
		return 0;
	return sys_absent(errno) ? 0 : err_sys(e, "source %s", m->source);
}

static int
do_bind(const struct mount_op *m, int root, int *tree, struct err *e)
{
	AUTO_FD(source, -1);
	struct stat st;

	if (choose_tree(m, tree, e))
		return -1;
	source = *tree >= 0 ? fcntl(*tree, F_DUPFD_CLOEXEC, 3) :
		openat(AT_FDCWD, m->source, O_PATH | O_CLOEXEC);
	if (source < 0 || fstat(source, &st))
		return err_sys(e, "source %s", m->source);
	AUTO_FD(target, target_of(m, root, st.st_mode, e));
	if (target < 0 || guard_proc(m, source, target, e))
		return -1;
	return *tree >= 0 ? bind_tree(m, *tree, target, e) :
		bind_classic(m, root, target, &st, e);
}

static const struct {
	const char *type, *option;
} fs_options[] = {
	{ "cgroup", "CONFIG_CGROUPS" }, { "cgroup2", "CONFIG_CGROUPS" },
	{ "devpts", "CONFIG_UNIX98_PTYS" }, { "mqueue", "CONFIG_POSIX_MQUEUE" },
	{ "overlay", "CONFIG_OVERLAY_FS" }, { "proc", "CONFIG_PROC_FS" },
	{ "sysfs", "CONFIG_SYSFS" }, { "tmpfs", "CONFIG_TMPFS" },
};

static int
fs_err(const struct mount_op *m, struct err *e)
{
	bool unknown = errno == ENODEV;
	size_t i;

	err_sys(e, "mount %s", m->type);
	for (i = 0; unknown && i < COUNT(fs_options); i++) {
		if (!strcmp(m->type, fs_options[i].type))
			err_hint(e, "%s", fs_options[i].option);
	}
	return -1;
}

/* A tmpfs without a mode takes that of the directory below it, so that /tmp
 * stays 1777 (list M18). */
static const char *
data_of(const struct mount_op *m, int target, char *buf, size_t size)
{
	struct stat st;

	if (strcmp(m->type, "tmpfs") || (m->data && strstr(m->data, "mode=")) ||
	    fstat(target, &st))
		return m->data;
	snprintf(buf, size, "%s%smode=%o", m->data ? m->data : "",
		m->data ? "," : "", (unsigned)st.st_mode & 07777);
	return buf;
}

static int
do_fs(const struct mount_op *m, int root, struct err *e)
{
	AUTO_FD(target, target_of(m, root, S_IFDIR, e));
	unsigned long flags = m->flags;
	char data[4096];

	if (target < 0 || guard_proc(m, -1, target, e))
		return -1;
	if (m->data && strlen(m->data) > sizeof(data) - 32)
		return err_set(e, E2BIG, "options");
	if (m->late_ro)
		flags &= ~(unsigned long)MS_RDONLY;
	/* "." is the descriptor's directory whatever its name leads to now */
	if (fchdir(target))
		return err_sys(e, "chdir");
	if (mount(m->source, ".", m->type, flags,
	    data_of(m, target, data, sizeof(data))))
		return fs_err(m, e);
	if (!m->n_propagation)
		return 0;
	AUTO_FD(fd, mounted(m, root, target, NULL, e));
	return fd < 0 ? -1 : set_propagation(m, fd, e);
}

static int
do_cgroup(const struct plan *p, const struct mount_op *m, int root,
	struct err *e)
{
	AUTO_FD(target, target_of(m, root, S_IFDIR, e));

	return target < 0 || cgroup_view(p, m, target, e) ? -1 : 0;
}

int
mount_all(const struct plan *p, int root, int *trees, struct err *e)
{
	unsigned i;

	for (i = 0; i < p->n_mounts; i++) {
		const struct mount_op *m = &p->mounts[i];
		AUTO_FD(tree, trees[i]);
		int r;

		r = m->kind == MOUNT_BIND ? do_bind(m, root, &tree, e) :
			m->kind == MOUNT_CGROUP ? do_cgroup(p, m, root, e) :
			do_fs(m, root, e);
		trees[i] = -1;
		if (r)
			return op_ctx(m, e);
	}
	return 0;
}

int
mount_late_ro(const struct plan *p, int root, struct err *e)
{
	static const struct mount_change ro = { .set = MS_RDONLY };
	unsigned i;

	for (i = 0; i < p->n_mounts; i++) {
		const struct mount_op *m = &p->mounts[i];

		if (!m->late_ro)
			continue;
		AUTO_FD(fd, inroot_open(root, m->dest, O_PATH, e));
		if (fd < 0 || mount_change(fd, &ro, e))
			return op_ctx(m, e);
	}
	return 0;
}
