/* SPDX-License-Identifier: MIT */
/* mask.c -- hides and write-protects paths by descriptor. */
#include "mask.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "inroot.h"
#include "io.h"
#include "mount.h"
#include "plan.h"
#include "sys.h"

int
mask_null(int root, struct err *e)
{
	AUTO_FD(fd, openat(AT_FDCWD, "/dev/null", O_PATH | O_CLOEXEC |
		O_NOFOLLOW));
	struct stat st;

	if (fd < 0)
		fd = inroot_open_real(root, "/dev/null", O_PATH, e);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st))
		return err_sys(e, "/dev/null");
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))
		return err_set(e, ENODEV, "/dev/null: not the null device");
	return fd_take(&fd);
}

/* -1 without an error means: nothing is there. */
static int
existing(int root, const char *path, struct err *e)
{
	int fd = inroot_open(root, path, O_PATH, e);

	if (fd < 0 && inroot_missing(e))
		err_clear(e);
	return fd;
}

enum { MASK_DATA = 4096 };      /* a page: all that mount(2) takes */

/* An empty read-only tmpfs over target.  *shared is it, where it can be held,
 * and later masks are clones of it; else each gets its own. */
static int
mask_dir(int target, const char *label, int *shared, struct err *e)
{
	static const char sizes[][24] = {
		/* the root directory is an inode too; Linux 5.4 needs two */
		"nr_blocks=1,nr_inodes=1", "nr_blocks=1,nr_inodes=2",
		/* CONFIG_TMPFS=n: the name is ramfs then, which takes none */
		"",
	};
	const unsigned long flags = MS_RDONLY | MS_NOSUID | MS_NODEV |
		MS_NOEXEC;
	char data[MASK_DATA];
	size_t i;

	if (*shared >= 0)
		return mount_clone(*shared, target, 0, e);
	for (i = 0; i < COUNT(sizes); i++) {
		fmt_to(data, sizeof(data), "%s%s%s%s%s", sizes[i],
			label && *sizes[i] ? "," : "",
			label ? "context=\"" : "", label ? label : "",
			label ? "\"" : "");
		*shared = mount_new("tmpfs", "tmpfs", flags, data);
		if (*shared >= 0)
			return sys_move_mount(*shared, "", target, "",
				MOVE_MOUNT_F_EMPTY_PATH |
				MOVE_MOUNT_T_EMPTY_PATH) ?
				err_sys(e, "move_mount") : 0;
		if (sys_absent(errno) && fchdir(target) == 0 &&
		    mount("tmpfs", ".", "tmpfs", flags, data) == 0)
			return 0;
		if (errno != EINVAL && errno != ENOSPC && errno != ENOMEM)
			break;
	}
	return err_sys(e, "mask by tmpfs");
}

int
mask_paths(const struct plan *p, int root, int null, struct err *e)
{
	AUTO_FD(shared, -1);
	struct stat st;
	unsigned i;
	int r;

	for (i = 0; i < p->n_masked; i++) {
		AUTO_FD(fd, existing(root, p->masked[i], e));

		if (fd < 0 && !e->code)
			continue;
		/* looked at first: a bind that fails behind its clone costs an
		 * expedited RCU grace period */
		if (fd < 0)
			r = -1;
		else if (fstat(fd, &st))
			r = err_sys(e, "stat");
		else
			r = S_ISDIR(st.st_mode) ?
				mask_dir(fd, p->lsm.mount, &shared, e) :
				mount_clone(null, fd, 0, e);
		if (r)
			return err_ctx(e, "linux.maskedPaths[%u] %s", i,
				p->masked[i]);
	}
	return 0;
}

/* The mount API makes the clone read-only before it is there.  Without it the
 * clone of target is what the same path leads to afterwards: the same file, on
 * another mount. */
static int
make_readonly(int root, const char *path, int target, struct err *e)
{
	const struct mount_change ro = {
		.set = MS_RDONLY, .rset = MS_RDONLY,
	};
	AUTO_FD(tree, sys_open_tree(target, "", OPEN_TREE_CLONE |
		AT_EMPTY_PATH | AT_RECURSIVE));
	uint64_t before, after;
	struct stat was, is;

	if (tree >= 0 && mount_change_detached(tree, &ro) == 0 &&
	    sys_move_mount(tree, "", target, "",
	    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == 0)
		return 0;
	if (!sys_absent(errno))
		return err_sys(e, "bind");
	fd_drop(&tree);
	tree = -1;
	if (mount_clone(target, target, MS_REC, e))
		return -1;
	tree = inroot_open(root, path, O_PATH, e);
	if (tree < 0)
		return -1;
	if (fstat(target, &was) || fstat(tree, &is) ||
	    sys_mnt_id(target, &before) || sys_mnt_id(tree, &after))
		return err_sys(e, "mount id");
	if (before == after || was.st_dev != is.st_dev ||
	    was.st_ino != is.st_ino)
		return err_set(e, EBUSY, "changed while it was mounted");
	return mount_change(tree, &ro, e);
}

int
mask_readonly(const struct plan *p, int root, struct err *e)
{
	unsigned i;

	for (i = 0; i < p->n_readonly; i++) {
		AUTO_FD(fd, existing(root, p->readonly[i], e));

		if (fd < 0 && !e->code)
			continue;
		if (fd < 0 || make_readonly(root, p->readonly[i], fd, e))
			return err_ctx(e, "linux.readonlyPaths[%u] %s", i,
				p->readonly[i]);
	}
	return 0;
}
