/* SPDX-License-Identifier: MIT */
/* mount_shadow.c -- stands in for a directory of a read-only image. */
#include "mount_shadow.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "dir.h"
#include "err.h"
#include "inroot.h"
#include "io.h"
#include "kopt.h"
#include "log.h"
#include "mount.h"
#include "mount_copyup.h"
#include "plan.h"
#include "procfs.h"
#include "sys.h"

/* Each entry is a mount, of which the host has 100000 in all (fs.mount-max). */
enum { ENTRIES = 4096, TMPFS = 0x01021994 };
#define MAX_TEXT "4096"
#define OPTIONS "mode=755,size=4m"

/* The directory, its stand-in, and the mount that the directory is on. */
struct pair {
	int from, to;
	uint64_t mnt;
};

/* What was mounted in the image before stays one mount, which others hold by
 * descriptor.  One that came with the image into a user namespace is locked. */
static bool
move(int from, int to)
{
	char a[PROCFS_FD_PATH], b[PROCFS_FD_PATH];

	if (sys_move_mount(from, "", to, "",
	    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == 0)
		return true;
	return sys_absent(errno) && mount(procfs_fd_path(from, a),
		procfs_fd_path(to, b), NULL, MS_MOVE, NULL) == 0;
}

static int
add_link(const struct pair *p, int link, const char *name,
	const struct stat *st, struct err *e)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(link, "", text, sizeof(text) - 1);

	if (n < 0)
		return err_sys(e, "%s", name);
	text[n] = '\0';
	if (symlinkat(text, p->to, name))
		return err_sys(e, "%s", name);
	/* who has no name here can't be named */
	if (fchownat(p->to, name, st->st_uid, st->st_gid,
	    AT_SYMLINK_NOFOLLOW) && errno != EINVAL)
		return err_sys(e, "%s: owner", name);
	return 0;
}

static int
add(const struct pair *p, const char *name, struct err *e)
{
	static const struct mount_change ro = { .set = MS_RDONLY };
	AUTO_FD(from, openat(p->from, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
	struct stat st;
	uint64_t mnt;

	if (from < 0 && errno == ENOENT)
		return 0;
	if (from < 0 || fstat(from, &st) || sys_mnt_id(from, &mnt))
		return err_sys(e, "%s", name);
	if (S_ISLNK(st.st_mode))
		return add_link(p, from, name, &st, e);
	if (S_ISDIR(st.st_mode) ? mkdirat(p->to, name, 0700) :
	    mknodat(p->to, name, S_IFREG | 0600, 0))
		return err_sys(e, "%s", name);
	AUTO_FD(to, openat(p->to, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
	if (to < 0)
		return err_sys(e, "%s", name);
	if (mnt != p->mnt && move(from, to))
		return 0;
	if (mount_clone(from, to, MS_REC, e))
		return err_ctx(e, "%s", name);
	if (mnt != p->mnt)
		return 0;
	/* The image may be read-only for this mount alone. */
	AUTO_FD(bound, openat(p->to, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
	return bound < 0 ? err_sys(e, "%s", name) : mount_change(bound, &ro, e);
}

static int
fill(const struct pair *p, struct err *e)
{
	AUTO_FD(from, openat(p->from, ".", O_RDONLY | O_CLOEXEC));
	AUTO_FD(to, openat(p->to, ".", O_RDONLY | O_CLOEXEC));
	const char *name;
	struct stat st;
	struct dir d;
	int n = 0;

	if (from < 0 || to < 0 || fstat(from, &st))
		return err_sys(e, "open");
	if ((fchown(to, st.st_uid, st.st_gid) && errno != EINVAL) ||
	    fchmod(to, st.st_mode & 07777))
		return err_sys(e, "owner");
	if (mount_copy_xattrs(from, to, e) || dir_start(&d, from, e))
		return -1;
	while ((name = dir_next(&d, e))) {
		if (++n > ENTRIES)
			return err_set(e, E2BIG, "more than " MAX_TEXT
				" entries");
		if (add(p, name, e))
			return -1;
	}
	return e->code ? -1 : 0;
}

/* A tmpfs that is neither of two mounts. */
static bool
is_new_tmpfs(int fd, const uint64_t old[2])
{
	struct statfs fs;
	uint64_t now;

	return fd >= 0 && fstatfs(fd, &fs) == 0 &&
		(unsigned)fs.f_type == TMPFS && sys_mnt_id(fd, &now) == 0 &&
		now != old[0] && now != old[1];
}

/* What is mounted on the root of this process. */
static int
top_of_all(void)
{
	return openat(AT_FDCWD, "/..", O_PATH | O_CLOEXEC);
}

/* Without the mount API the new mount must be looked for: the root's at "/",
 * which it covers, or at its path; another's where path gets stuck now.  old is
 * what it covers, and what covered "/" before: an initramfs is a tmpfs too. */
static int
find(const struct plan *p, int root, const char *path, bool is_root,
	const uint64_t old[2], struct err *e)
{
	char name[NAME_MAX + 1];
	AUTO_FD(fd, is_root ? top_of_all() :
		inroot_end(root, path, ENOENT, name));

	if (is_root && !is_new_tmpfs(fd, old)) {
		fd_drop(&fd);
		fd = openat(AT_FDCWD, p->rootfs, O_PATH | O_CLOEXEC);
	}
	return is_new_tmpfs(fd, old) ? fd_take(&fd) :
		err_set(e, EBUSY, "changed while it was mounted");
}

/* By mount(2), on the working directory. */
static int
cover_old(const struct plan *p, int root, const char *path, int parent,
	uint64_t mnt, struct err *e)
{
	AUTO_FD(top, top_of_all());
	uint64_t old[2] = { mnt };
	struct stat a, b;

	if (fstat(parent, &a) || fstat(root, &b) || sys_mnt_id(top, &old[1]) ||
	    fchdir(parent) || mount("tmpfs", ".", "tmpfs",
	    MS_NOSUID | MS_NODEV, OPTIONS)) {
		err_sys(e, "mount tmpfs");
		return e->code == ENODEV ? err_hint(e, KOPT_TMPFS) : -1;
	}
	return find(p, root, path, a.st_dev == b.st_dev &&
		a.st_ino == b.st_ino, old, e);
}

static int
cover(const struct plan *p, int root, const char *path, int parent,
	uint64_t mnt, struct err *e)
{
	AUTO_FD(fd, mount_new("tmpfs", "tmpfs", MS_NOSUID | MS_NODEV, OPTIONS));

	if (fd >= 0)
		return sys_move_mount(fd, "", parent, "",
			MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) ?
			err_sys(e, "move_mount") : fd_take(&fd);
	if (sys_absent(errno))
		return cover_old(p, root, path, parent, mnt, e);
	err_sys(e, "mount tmpfs");
	return e->code == ENODEV ? err_hint(e, KOPT_TMPFS) : -1;
}

int
mount_shadow(struct shadows *s, const struct plan *p, int root,
	const char *path, struct err *e)
{
	char name[NAME_MAX + 1];
	AUTO_FD(parent, inroot_end(root, path, EROFS, name));
	struct pair pair = { .from = parent };
	struct stat top, dir;

	/* in the host's own mount namespace it would stay */
	if (p->rung == ROOT_CHROOT)
		return err_set(e, EROFS, "the image lacks it and can't be "
			"written to");
	if (parent < 0 || fstat(root, &top) || fstat(parent, &dir) ||
	    sys_mnt_id(parent, &pair.mnt))
		return err_sys(e, "%s", path);
	if (s->n == SHADOWS)
		return err_set(e, EROFS, "too many directories that can't be "
			"written to");
	log_at(LEVEL_INFO, "%s: the image can't be written to: its directory "
		"gets a stand-in with `%s` in it", path, name);
	pair.to = cover(p, root, path, parent, pair.mnt, e);
	if (pair.to < 0)
		return -1;
	s->fd[s->n++] = pair.to;
	if (fill(&pair, e))
		return err_ctx(e, "stand-in for the directory of %s", name);
	if (top.st_dev == dir.st_dev && top.st_ino == dir.st_ino &&
	    dup3(pair.to, root, O_CLOEXEC) < 0)
		return err_sys(e, "dup");
	return 0;
}

int
mount_shadow_end(struct shadows *s, struct err *e)
{
	static const struct mount_change ro = { .set = MS_RDONLY };
	unsigned i;

	for (i = 0; i < s->n; i++) {
		if (mount_change(s->fd[i], &ro, e))
			return err_ctx(e, "stand-in");
	}
	return 0;
}

void
mount_shadow_drop(struct shadows *s)
{
	while (s->n)
		close(s->fd[--s->n]);
}
