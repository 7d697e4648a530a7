/* SPDX-License-Identifier: MIT */
/* rootfs.c -- attaches the container's root and swaps it for "/". */
#include "rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "mount_ask.h"
#include "mountinfo.h"
#include "plan.h"
#include "procfs.h"
#include "sys.h"

/* Linux 7.0: a new mount namespace that holds just this tree. */
enum { OPEN_TREE_INTO_NAMESPACE = 2 };

/* In the state directory. */
#define HELD "root"

/* A detached clone of a directory with all mounts in it. */
static int
rootfs_tree(const char *path)
{
	return sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | AT_RECURSIVE);
}

int
rootfs_isolate(struct err *e)
{
	if (mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL))
		return err_sys(e, "/: make slave");
	return 0;
}

/* Nothing mounted below the container's root later may travel along peer groups
 * that the host's mount of it is in. */
static int
set_propagation(int tree, unsigned long how, struct err *e)
{
	struct mnt_attr attr = { .propagation = how & ~(unsigned long)MS_REC };

	if (sys_mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE,
	    &attr) == 0)
		return 0;
	if (!sys_absent(errno))
		return err_sys(e, "propagation");
	if (fchdir(tree) || mount(NULL, ".", NULL, how | MS_REC, NULL))
		return err_sys(e, "propagation");
	return 0;
}

/* Kernels without the mount API: bind the directory on itself. */
static int
attach_classic(const struct plan *p, struct err *e)
{
	int root;

	if (mount(p->rootfs, p->rootfs, NULL, MS_BIND | MS_REC, NULL))
		return err_sys(e, "bind");
	root = openat(AT_FDCWD, p->rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root < 0 ? err_sys(e, "open") : root;
}

static int
attach_moved(const struct plan *p, struct err *e)
{
	AUTO_FD(root, attach_classic(p, e));

	if (root < 0 || set_propagation(root, p->root_propagation, e))
		return -1;
	return fd_take(&root);
}

static int
open_held(int state_dir)
{
	return openat(state_dir, HELD, O_PATH | O_DIRECTORY | O_NOFOLLOW |
		O_CLOEXEC);
}

/* In the runtime's own mount namespace, but in a place that is ours alone: what
 * is mounted in there goes with it (rootfs_release), after a crash too. */
static int
attach_held(const struct plan *p, int state_dir, struct err *e)
{
	char link[PROCFS_FD_PATH];
	AUTO_FD(tree, rootfs_tree(p->rootfs));
	AUTO_FD(place, -1);

	if (tree < 0 && !sys_absent(errno))
		return err_sys(e, "open_tree");
	if (mkdirat(state_dir, HELD, 0700))
		return err_sys(e, "state directory");
	if (tree >= 0 && sys_move_mount(tree, "", state_dir, HELD,
	    MOVE_MOUNT_F_EMPTY_PATH) == 0)
		return fd_take(&tree);
	place = open_held(state_dir);
	if (place < 0 || mount(p->rootfs, procfs_fd_path(place, link), NULL,
	    MS_BIND | MS_REC, NULL))
		return err_sys(e, "bind");
	fd_drop(&place);
	place = open_held(state_dir);
	return place < 0 ? err_sys(e, "open") : fd_take(&place);
}

int
rootfs_release(int state_dir, struct err *e)
{
	char link[PROCFS_FD_PATH];
	int r;

	do {
		AUTO_FD(top, open_held(state_dir));
		if (top < 0)
			return errno == ENOENT ? 0 : err_sys(e, HELD);
		r = umount2(procfs_fd_path(top, link), MNT_DETACH);
	} while (r == 0);
	/* a mount that stays makes it EBUSY */
	return unlinkat(state_dir, HELD, AT_REMOVEDIR) && errno != ENOENT ?
		err_sys(e, HELD) : 0;
}

/* Behind a directory that root of the user namespace can't enter. */
static int
tree_asked(const struct mount_ask *a, struct err *e)
{
	AUTO_FD(fd, mount_ask_path(a, NULL, e));

	return fd < 0 ? -1 : sys_open_tree(fd, "", OPEN_TREE_CLONE |
		AT_EMPTY_PATH | AT_RECURSIVE);
}

static int
attach(const struct mount_ask *a, int state_dir, struct err *e)
{
	const struct plan *p = a->plan;
	AUTO_FD(tree, -1);

	if (p->rung == ROOT_CHROOT) {
		tree = openat(AT_FDCWD, p->rootfs,
			O_PATH | O_DIRECTORY | O_CLOEXEC);
		return tree < 0 ? err_sys(e, "open") : fd_take(&tree);
	}
	if (p->rung == ROOT_MOVE)       /* moves what stands elsewhere */
		return attach_moved(p, e);
	if (p->rung == ROOT_HELD) {
		tree = attach_held(p, state_dir, e);
		return tree < 0 || set_propagation(tree, MS_PRIVATE, e) ? -1 :
			fd_take(&tree);
	}
	tree = rootfs_tree(p->rootfs);
	if (tree < 0 && errno == EACCES && plan_has(p, STEP_USER_NS)) {
		tree = tree_asked(a, e);
		if (e->code)
			return -1;
	}
	if (tree < 0 && !sys_absent(errno))
		return err_sys(e, "open_tree");
	/* Over "/", which no container can have tampered with; path look-ups
	 * of this process do not see it there before rootfs_enter. */
	if (tree < 0 || sys_move_mount(tree, "", AT_FDCWD, "/",
	    MOVE_MOUNT_F_EMPTY_PATH)) {
		fd_drop(&tree);
		tree = attach_classic(p, e);
		if (tree < 0 && e->code == EACCES)
			err_hint(e, "open_tree: Linux 5.2");
	}
	if (tree < 0 || set_propagation(tree, p->root_propagation, e))
		return -1;
	return fd_take(&tree);
}

int
rootfs_attach(const struct mount_ask *a, int state_dir, struct err *e)
{
	int root = attach(a, state_dir, e);

	return root < 0 ? err_ctx(e, "root.path %s", a->plan->rootfs) : root;
}

/* A user namespace below the one of "/" has inherited its mounts for good: they
 * are locked, so that nobody sees what they cover. */
static int
locked(const char *path, struct err *e)
{
	bool is_lock = errno == EINVAL;

	err_sys(e, "unmount %s", path);
	return is_lock ? err_hint(e, "this user namespace can't leave an "
		"initramfs: switch_root first, or let root run it with a user "
		"namespace in the config") : -1;
}

/* One pass over the mounts whose parent is the old root: each goes with all
 * that is mounted below it.  One that another covers has no path before that is
 * gone.  Returns how many went. */
static int
detach_pass(uint64_t old_root, uint64_t keep, struct err *e)
{
	struct err covered = { 0 };
	struct mountinfo_entry m;
	struct mountinfo in;
	char rel[32];
	int r, n = 0;

	fmt_to(rel, sizeof(rel), "%d/mountinfo", (int)procfs_self());
	AUTO_FD(fd, procfs_openat(rel, O_RDONLY, e));
	if (fd < 0)
		return -1;
	mountinfo_init(&in, fd);
	while ((r = mountinfo_next(&in, &m, e)) > 0) {
		if (m.parent != old_root || m.id == keep || m.id == m.parent)
			continue;
		if (m.path_cut)
			return err_set(e, ENAMETOOLONG, "mount point");
		if (umount2(m.mountpoint, MNT_DETACH | UMOUNT_NOFOLLOW))
			locked(m.mountpoint, &covered);
		else
			n++;
	}
	if (r < 0)
		return -1;
	if (n || !covered.code)
		return n;
	*e = covered;
	return -1;
}

/* Unmounts everything of the host but keep, the mount that stands over "/".
 * Absolute paths still lead to the host's mounts, since the process's root is
 * below keep.  Several passes: what is unmounted uncovers other mounts, and old
 * kernels skip entries of mountinfo while it changes. */
static int
detach_inherited(int old, int keep_fd, struct err *e)
{
	uint64_t root, keep;
	int n, pass;

	if (sys_mnt_id(old, &root) || sys_mnt_id(keep_fd, &keep))
		return err_sys(e, "/: mount id");
	for (pass = 0; pass < 64; pass++) {
		n = detach_pass(root, keep, e);
		if (n <= 0)
			return n;
	}
	return err_set(e, EBUSY, "/: mounts keep appearing");
}

/* Without the mount API the copy needs a place to be made at, and "/" itself
 * can't be one: a bind over "/" could not be reached any more.  /proc is the
 * one directory that must be there. */
static int
copy_classic(struct err *e)
{
	static const char place[] = "/proc";
	int copy;

	if (mount("/", place, NULL, MS_BIND | MS_REC, NULL))
		return err_sys(e, "/: bind");
	copy = openat(AT_FDCWD, place, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (copy < 0)
		return err_sys(e, "%s", place);
	if (fchdir(copy) || mount(".", "/", NULL, MS_MOVE, NULL)) {
		err_sys(e, "/: move");
		close(copy);
		return -1;
	}
	return copy;
}

static int
copy_root(struct err *e)
{
	int copy = rootfs_tree("/");

	if (copy < 0 || sys_move_mount(copy, "", AT_FDCWD, "/",
	    MOVE_MOUNT_F_EMPTY_PATH)) {
		if (copy >= 0)
			close(copy);
		return copy_classic(e);
	}
	return copy;
}

static int
rebind_by_copy(struct err *e)
{
	AUTO_FD(old, openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC));
	AUTO_FD(copy, -1);

	if (old < 0)
		return err_sys(e, "/");
	copy = copy_root(e);
	if (copy < 0 || detach_inherited(old, copy, e))
		return -1;
	if (fchdir(copy) || chroot("."))
		return err_sys(e, "/: chroot");
	return 0;
}

int
rootfs_rebind(struct err *e)
{
	AUTO_FD(ns, sys_open_tree(AT_FDCWD, "/",
		OPEN_TREE_INTO_NAMESPACE | AT_RECURSIVE));

	/* the kernel does all of it at once, where it can (7.0) */
	if (ns >= 0 && setns(ns, CLONE_NEWNS) == 0)
		return rootfs_isolate(e);
	if (unshare(CLONE_NEWNS))
		return err_sys(e, "mount namespace");
	if (rootfs_isolate(e) || rebind_by_copy(e))
		return err_ctx(e, "initramfs");
	return 0;
}

int
rootfs_proc(const struct plan *p, struct err *e)
{
	if (p->rung != ROOT_REBIND && (unshare(CLONE_NEWNS) ||
	    rootfs_isolate(e)))
		return e->code ? -1 : err_sys(e, "mount namespace");
	/* What can't do without it will say so. */
	mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	return 0;
}

static int
enter_by_pivot(int root, struct err *e)
{
	if (fchdir(root))
		return err_sys(e, "chdir");
	if (sys_pivot_root(".", "."))
		return err_sys(e, "pivot_root");
	/* The old root lies over "." now.  Its mounts are slaves since
	 * rootfs_isolate, so that their end does not reach the host.  (To say
	 * so again here would hit the new root: mount(2) does not look through
	 * to what lies over ".", umount(2) does.) */
	if (umount2(".", MNT_DETACH))
		return err_sys(e, "detach the old root");
	return 0;
}

static int
enter_by_move(int root, struct err *e)
{
	AUTO_FD(old, openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC));

	if (old < 0 || fchdir(root))
		return err_sys(e, "/");
	if (mount(".", "/", NULL, MS_MOVE, NULL)) {
		err_sys(e, "move to /");
		return err_hint(e, "this kernel can't do --no-pivot; leave it "
			"out: pivot_root works");
	}
	if (detach_inherited(old, root, e))
		return -1;
	return chroot(".") ? err_sys(e, "chroot") : 0;
}

static int
enter_by_chroot(int root, struct err *e)
{
	return fchdir(root) || chroot(".") ? err_sys(e, "chroot") : 0;
}

int
rootfs_enter(const struct plan *p, int root, struct err *e)
{
	static int (*const by[])(int root, struct err *e) = {
		[ROOT_CHROOT] = enter_by_chroot,
		[ROOT_HELD] = enter_by_chroot,
		[ROOT_PIVOT] = enter_by_pivot,
		[ROOT_REBIND] = enter_by_pivot,
		[ROOT_MOVE] = enter_by_move,
	};

	if (by[p->rung](root, e))
		return err_ctx(e, "root.path %s", p->rootfs);
	if (chdir("/"))
		return err_sys(e, "/");
	if (p->root_propagation_after &&
	    mount(NULL, "/", NULL, p->root_propagation_after, NULL))
		return err_sys(e, "linux.rootfsPropagation");
	return 0;
}

/* A remount that leaves out a flag clears it, and in a user namespace clearing
 * an inherited one is EPERM.  These ST_* of statvfs are MS_* too; atime flags
 * stay as they are when none is named. */
int
rootfs_readonly(struct err *e)
{
	struct mnt_attr attr = { .set = MOUNT_ATTR_RDONLY };
	struct statvfs fs;

	if (sys_mount_setattr(AT_FDCWD, "/", 0, &attr) == 0)
		return 0;
	if (!sys_absent(errno) || statvfs("/", &fs))
		return err_sys(e, "root.readonly");
	if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY |
	    (fs.f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC)), NULL))
		return err_sys(e, "root.readonly");
	return 0;
}
