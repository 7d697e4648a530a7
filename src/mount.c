/* SPDX-License-Identifier: MIT */
/* mount.c -- mounts by descriptor: the target is resolved once, below the
 * container's root, and never named again (sec M2, CVE-2021-30465). */
#include "mount.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cgroup_view.h"
#include "err.h"
#include "fmt.h"
#include "inroot.h"
#include "io.h"
#include "kopt.h"
#include "log.h"
#include "mount_ask.h"
#include "mount_copyup.h"
#include "mount_shadow.h"
#include "mountopt.h"
#include "plan.h"
#include "procfs.h"
#include "str.h"
#include "sys.h"

enum { PROC_MAGIC = 0x9fa0, PROC_ROOT_INO = 1 };

/* Where the mounts of a plan go. */
struct image {
	const struct plan *plan;
	const struct mount_ask *ask;
	int root;
	struct shadows *shadows;
};

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

int
mount_ctx(const struct mount_op *m, struct err *e)
{
	return m->at == MOUNT_OWN ? err_ctx(e, "%s", m->dest) :
		err_ctx(e, "mounts[%u] %s", m->at, m->dest);
}

/* What may be mounted on a place that is procfs already: over its root only
 * procfs itself, below it only files that stand in for those of lxcfs, which
 * spec_check has passed (sec T02). */
static int
guard_proc(const struct mount_op *m, int source, int target, struct err *e)
{
	struct statfs fs, from;
	struct stat st;
	bool proc;

	if (fstatfs(target, &fs))
		return err_sys(e, "statfs");
	proc = (unsigned)fs.f_type == PROC_MAGIC;
	if (proc && fstat(target, &st))
		return err_sys(e, "stat");
	if (proc && st.st_ino != PROC_ROOT_INO && strncmp(m->dest, "/proc/", 6))
		return err_set(e, EPERM, "leads into /proc");
	if (strcmp(m->dest, "/proc") && (!proc || st.st_ino != PROC_ROOT_INO))
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
make_target(const struct mount_op *m, int root, mode_t source, struct err *e)
{
	bool dir = S_ISDIR(source);
	AUTO_FD(fd, -1);

	if (m->how & (dir ? MOUNTOPT_CREATE_FILE : MOUNTOPT_CREATE_DIR))
		return err_set(e, dir ? EISDIR : ENOTDIR, "the source is %s "
			"directory", dir ? "a" : "no");
	if (!m->real_dir && m->how & MOUNTOPT_DEST_NOFOLLOW)
		return inroot_make_last(root, m->dest, dir, e);
	if (!m->real_dir)
		return dir ? inroot_mkdirs(root, m->dest, 0755, e) :
			inroot_mkfile(root, m->dest, 0644, e);
	fd = inroot_mkdirs_real(root, m->dest, 0755, e);
	if (fd < 0 && (e->code == ELOOP || e->code == ENOTDIR))
		return err_hint(e, "%s must be a directory, not a link",
			m->dest);
	return fd_take(&fd);
}

/* A directory of a read-only image that lacks it has to stand in the way. */
static int
target_of(const struct mount_op *m, const struct image *im, mode_t source,
	struct err *e)
{
	AUTO_FD(fd, make_target(m, im->root, source, e));

	while (fd < 0 && e->code == EROFS) {
		err_clear(e);
		if (mount_shadow(im->shadows, im->plan, im->root, m->dest, e))
			return -1;
		fd = make_target(m, im->root, source, e);
	}
	return fd_take(&fd);
}

static int
reopen(const struct mount_op *m, int root, bool link, struct err *e)
{
	return inroot_open(root, m->dest, O_PATH | (link ||
		m->how & MOUNTOPT_DEST_NOFOLLOW ? O_NOFOLLOW : 0), e);
}

static bool
same_place(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether two directories are in one. */
static bool
are_siblings(int a, int b)
{
	struct stat sa, sb;
	uint64_t ia, ib;
	AUTO_FD(up_a, openat(a, "..", O_PATH | O_CLOEXEC));
	AUTO_FD(up_b, openat(b, "..", O_PATH | O_CLOEXEC));

	return up_a >= 0 && up_b >= 0 && fstat(up_a, &sa) == 0 &&
		fstat(up_b, &sb) == 0 && same_place(&sa, &sb) &&
		sys_mnt_id(up_a, &ia) == 0 && sys_mnt_id(up_b, &ib) == 0 &&
		ia == ib;
}

/* The root of what was just mounted on old: the same path leads to it now.  It
 * must be another mount, of a bind the very file that was bound, and else in
 * the directory that old is in: somebody may be renaming what is on the way. */
static int
mounted(const struct mount_op *m, int root, int old, const struct stat *source,
	struct err *e)
{
	uint64_t before, after;
	struct stat st;
	AUTO_FD(fd, reopen(m, root, source && S_ISLNK(source->st_mode), e));

	if (fd < 0)
		return -1;
	if (sys_mnt_id(old, &before) || sys_mnt_id(fd, &after) ||
	    fstat(fd, &st))
		return err_sys(e, "mount id");
	if (before == after || (source ? !same_place(&st, source) :
	    !are_siblings(old, fd)))
		return err_set(e, EBUSY, "changed while it was mounted");
	return fd_take(&fd);
}

static const struct {
	char type[12];
	const char *option;
} fs_options[] = {
	{ "cgroup", KOPT_CGROUPS }, { "cgroup2", KOPT_CGROUPS },
	{ "devpts", KOPT_PTYS }, { "erofs", KOPT_EROFS }, { "ext4", KOPT_EXT4 },
	{ "fuse", KOPT_FUSE }, { "hugetlbfs", KOPT_HUGETLBFS },
	{ "mqueue", KOPT_MQUEUE }, { "overlay", KOPT_OVERLAY },
	{ "proc", KOPT_PROC }, { "squashfs", KOPT_SQUASHFS },
	{ "sysfs", KOPT_SYSFS }, { "tmpfs", KOPT_TMPFS }, { "vfat", KOPT_VFAT },
};

/* An optional mount does without what this host lacks: 1.  Called before
 * anything was mounted. */
static int
may_lack(const struct mount_op *m, const struct image *im, struct err *e)
{
	if (!(m->how & MOUNTOPT_OPTIONAL) || (e->code != ENOENT &&
	    e->code != ENODEV && e->code != ENXIO))
		return -1;
	log_at(LEVEL_WARNING, "mounts[%u] %s: left out: %s", m->at, m->dest,
		err_str(e));
	err_clear(e);
	if (m->how & (MOUNTOPT_CREATE_DIR | MOUNTOPT_CREATE_FILE)) {
		AUTO_FD(fd, target_of(m, im, m->how & MOUNTOPT_CREATE_DIR ?
			S_IFDIR : S_IFREG, e));

		if (fd < 0)
			return -1;
	}
	return 1;
}

static int
fs_err(const struct mount_op *m, const struct image *im, struct err *e)
{
	bool unknown = errno == ENODEV;
	size_t i;

	err_sys(e, "mount %s", m->type);
	for (i = 0; unknown && i < COUNT(fs_options); i++) {
		if (!strcmp(m->type, fs_options[i].type))
			err_hint(e, "%s", fs_options[i].option);
	}
	if (e->code == EPERM && !strcmp(m->type, "proc"))
		err_hint(e, "it takes a PID namespace of its own");
	return may_lack(m, im, e);
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

/* Slave keeps what the host's mount may send, private ends it, and a two-way
 * mount stays what it is. */
static struct mount_change
bind_change(const struct mount_op *m)
{
	return (struct mount_change) {
		.set = m->flags, .clear = m->clear,
		.rset = m->rset, .rclear = m->rclear,
		.propagation = m->two_way ? 0 :
			(m->recursive ? MS_REC : 0) |
			(m->n_propagation ? MS_SLAVE : MS_PRIVATE),
	};
}

static int
bind_tree(const struct mount_op *m, int tree, int target, struct err *e)
{
	const struct mount_change c = bind_change(m);
	bool early = mount_change_detached(tree, &c) == 0;

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
bind_classic(const struct mount_op *m, int root, int target, int source,
	struct err *e)
{
	struct mount_change c = bind_change(m);
	char from[PROCFS_FD_PATH], to[PROCFS_FD_PATH];
	struct stat st;

	if (fstat(source, &st))
		return err_sys(e, "source %s", m->source);
	if (mount(procfs_fd_path(source, from), procfs_fd_path(target, to),
	    NULL, MS_BIND | (m->recursive ? MS_REC : 0), NULL))
		return err_sys(e, "bind %s", m->source);
	AUTO_FD(fd, mounted(m, root, target, &st, e));
	if (m->n_propagation)
		c.propagation = 0;
	if (fd < 0 || mount_change(fd, &c, e))
		return -1;
	return set_propagation(m, fd, e);
}

static int
do_bind(const struct mount_op *m, const struct image *im, int *tree,
	struct err *e)
{
	char link[PATH_MAX];
	ssize_t n = mount_source_link(m, link, sizeof(link) - 1);
	struct inroot_last last = { .fd = -1 };
	struct stat st;
	int r;

	if (n >= 0) {
		link[n] = '\0';
		r = inroot_symlink(im->root, m->dest, &last, link, false, e);
		fd_drop(&last.fd);
		return r;
	}
	AUTO_FD(source, mount_source(m, im->ask, tree, e));
	if (source < 0)
		return may_lack(m, im, e);
	if (fstat(source, &st))
		return err_sys(e, "source %s", m->source);
	AUTO_FD(target, target_of(m, im, st.st_mode, e));
	if (target < 0 || guard_proc(m, source, target, e))
		return -1;
	return *tree >= 0 ? bind_tree(m, *tree, target, e) :
		bind_classic(m, im->root, target, source, e);
}

/* A tmpfs without a mode takes that of the directory below it, so that /tmp
 * stays 1777 (list M18). */
static const char *
data_of(const struct mount_op *m, int target, char *buf, size_t size)
{
	struct stat st;

	if (strcmp(m->type, "tmpfs") ||
	    (m->data && str_find(m->data, "mode=")) || fstat(target, &st))
		return m->data;
	fmt_to(buf, size, "%s%smode=%o", m->data ? m->data : "",
		m->data ? "," : "", (unsigned)st.st_mode & 07777);
	return buf;
}

/* The mount itself has to be known, not just made. */
static bool
needs_fd(const struct mount_op *m)
{
	return m->n_propagation || m->late_ro || m->how & MOUNTOPT_COPY_UP;
}

/* Mounts on target; *fd is the mount then, where it is needed.  1: left out. */
static int
attach_fs(const struct mount_op *m, const struct image *im, int target,
	int *fd, struct err *e)
{
	unsigned long flags = m->flags;
	char buf[4096];
	const char *data;

	if (m->data && strlen(m->data) > sizeof(buf) - 32)
		return err_set(e, E2BIG, "options");
	data = data_of(m, target, buf, sizeof(buf));
	if (m->late_ro)
		flags &= ~(unsigned long)MS_RDONLY;
	if (needs_fd(m)) {
		*fd = mount_new(m->type, m->source, flags, data);
		if (*fd >= 0)
			return sys_move_mount(*fd, "", target, "",
				MOVE_MOUNT_F_EMPTY_PATH |
				MOVE_MOUNT_T_EMPTY_PATH) ?
				err_sys(e, "move_mount") : 0;
		if (!sys_absent(errno))
			return fs_err(m, im, e);
	}
	/* "." is the descriptor's directory whatever its name leads to now */
	if (fchdir(target))
		return err_sys(e, "chdir");
	if (mount(m->source, ".", m->type, flags, data))
		return fs_err(m, im, e);
	if (needs_fd(m))
		*fd = mounted(m, im->root, target, NULL, e);
	return e->code ? -1 : 0;
}

static int
do_fs(const struct mount_op *m, const struct image *im, int *kept,
	struct err *e)
{
	AUTO_FD(target, target_of(m, im, S_IFDIR, e));
	AUTO_FD(fd, -1);
	int r;

	if (target < 0 || guard_proc(m, -1, target, e))
		return -1;
	r = attach_fs(m, im, target, &fd, e);
	if (r)
		return r;
	if ((m->how & MOUNTOPT_COPY_UP && mount_copyup(target, fd, e)) ||
	    set_propagation(m, fd, e))
		return -1;
	if (m->late_ro)
		*kept = fd_take(&fd);
	return 0;
}

static int
do_again(const struct mount_op *m, int root, struct err *e)
{
	const struct mount_change c = {
		.set = m->flags, .clear = m->clear,
		.rset = m->rset, .rclear = m->rclear,
	};
	AUTO_FD(fd, m->real_dir ? inroot_open_real(root, m->dest, O_PATH, e) :
		reopen(m, root, false, e));

	if (fd < 0)
		return -1;
	if ((m->data || (m->flags | m->clear) & MOUNT_OF_FS) &&
	    mount_again(fd, m, e))
		return -1;
	return mount_change(fd, &c, e) ? -1 : set_propagation(m, fd, e);
}

static int
do_cgroup(const struct mount_op *m, const struct image *im, int own,
	struct err *e)
{
	AUTO_FD(target, target_of(m, im, S_IFDIR, e));

	return target < 0 || cgroup_view(im->plan, m, own, target, e) ? -1 : 0;
}

static int
mount_one(const struct mount_op *m, const struct image *im, int *tree,
	struct err *e)
{
	AUTO_FD(given, *tree);

	*tree = -1;
	switch (m->kind) {
	case MOUNT_FS:
		return do_fs(m, im, tree, e);
	case MOUNT_BIND:
		return do_bind(m, im, &given, e);
	case MOUNT_CGROUP:
		return do_cgroup(m, im, given, e);
	case MOUNT_AGAIN:
		return do_again(m, im->root, e);
	}
	return err_set(e, EINVAL, "unknown kind");
}

int
mount_all(const struct mount_ask *a, int root, int *trees, struct err *e)
{
	const struct plan *p = a->plan;
	struct shadows shadows = { .n = 0 };
	const struct image im = { p, a, root, &shadows };
	unsigned i;
	int r = 0;

	for (i = 0; i < p->n_mounts && r >= 0; i++) {
		r = mount_one(&p->mounts[i], &im, &trees[i], e);
		if (r < 0)
			mount_ctx(&p->mounts[i], e);
	}
	if (r >= 0)
		r = mount_shadow_end(&shadows, e);
	mount_shadow_drop(&shadows);
	return r < 0 ? -1 : 0;
}

int
mount_late_ro(const struct plan *p, int *trees, struct err *e)
{
	static const struct mount_change ro = { .set = MS_RDONLY };
	unsigned i;

	for (i = 0; i < p->n_mounts; i++) {
		if (!p->mounts[i].late_ro || (trees[i] < 0 &&
		    p->mounts[i].how & MOUNTOPT_OPTIONAL))
			continue;
		AUTO_FD(fd, trees[i]);
		trees[i] = -1;
		if (mount_change(fd, &ro, e))
			return mount_ctx(&p->mounts[i], e);
	}
	return 0;
}
