/* SPDX-License-Identifier: MIT */
/* mount_attr.c -- flags and propagation of mounts that are there. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "mount.h"
#include "mountinfo.h"
#include "plan.h"
#include "procfs.h"
#include "sys.h"

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
		MS_SYNCHRONOUS | MS_MANDLOCK | MS_NOATIME | MS_NODIRATIME };
	enum { RELATIME = 4096, NOSYMFOLLOW = 0x2000 }; /* of statfs(2) */

	return (st & SAME) | (st & RELATIME ? MS_RELATIME : 0) |
		(st & NOSYMFOLLOW ? MS_NOSYMFOLLOW : 0);
}

/* What a remount must say so that nothing else changes.  Leaving a flag out
 * clears it, which is EPERM where a user namespace inherited it locked. */
static int
flags_after(int fd, unsigned long set, unsigned long clear,
	unsigned long *flags)
{
	struct statvfs fs;

	if (fstatvfs(fd, &fs))
		return -1;
	*flags = (current_flags(fs.f_flag) & ~clear) | set;
	if (set & ATIMES)               /* one of them only */
		*flags = (*flags & ~(unsigned long)ATIMES) | (set & ATIMES);
	return 0;
}

static struct mnt_attr
to_attr(unsigned long set, unsigned long clear)
{
	struct mnt_attr a = { 0 };
	size_t i;

	for (i = 0; i < COUNT(attrs); i++) {
		if (set & attrs[i].ms)
			a.set |= attrs[i].attr;
		if (clear & attrs[i].ms)
			a.clear |= attrs[i].attr;
	}
	/* one field of the kernel's, not bits: clear it whole, then set */
	if ((set | clear) & ATIMES) {
		a.clear |= MOUNT_ATTR__ATIME;
		a.set |= set & MS_NOATIME ? MOUNT_ATTR_NOATIME :
			set & MS_STRICTATIME ? MOUNT_ATTR_STRICTATIME :
			MOUNT_ATTR_RELATIME;
	}
	return a;
}

static int
set_attr(int fd, unsigned flags, const struct mnt_attr *a)
{
	return !(a->set | a->clear | a->propagation) ? 0 :
		sys_mount_setattr(fd, "", AT_EMPTY_PATH | flags, a);
}

int
mount_change_detached(int fd, const struct mount_change *c)
{
	struct mnt_attr all = to_attr(c->rset, c->rclear);
	struct mnt_attr one = to_attr(c->set, c->clear);

	*(c->propagation & MS_REC ? &all.propagation : &one.propagation) =
		c->propagation & ~(unsigned long)MS_REC;
	if (one.set == all.set && one.clear == all.clear)
		one.set = one.clear = 0;
	return set_attr(fd, AT_RECURSIVE, &all) || set_attr(fd, 0, &one) ?
		-1 : 0;
}

static int
remount(int fd, unsigned long set, unsigned long clear, struct err *e)
{
	char path[PROCFS_FD_PATH];
	unsigned long flags;

	if (!(set | clear))
		return 0;
	if (flags_after(fd, set, clear, &flags))
		return err_sys(e, "statfs");
	if (mount(NULL, procfs_fd_path(fd, path), NULL,
	    MS_REMOUNT | MS_BIND | flags, NULL))
		return err_sys(e, "remount");
	return 0;
}

/* The ids of a mount and those below it, as far as mountinfo was read. */
struct below {
	int top;
	uint32_t id[512];
	unsigned n;
	char path[MOUNTINFO_PATH];      /* of the topmost */
};

static bool
has_id(const struct below *b, uint32_t id)
{
	unsigned i;

	for (i = 0; i < b->n; i++) {
		if (b->id[i] == id)
			return true;
	}
	return false;
}

/* A mount below the top.  It must be what its path leads to: one that is
 * covered by another can't be changed alone. */
static int
remount_below(const struct below *b, const struct mountinfo_entry *m,
	const struct mount_change *c, struct err *e)
{
	size_t len = strlen(b->path);
	const char *rel = m->mountpoint + len;
	uint64_t id;

	if (m->path_cut || strncmp(m->mountpoint, b->path, len))
		return err_set(e, ESTALE, "mountinfo has no path of it");
	rel += *rel == '/';
	AUTO_FD(fd, *rel ? sys_open_below(b->top, rel, O_PATH,
		RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS) : -1);
	if (fd < 0 || sys_mnt_id(fd, &id) || id != m->id)
		return err_set(e, EBUSY, "covered by another mount");
	return remount(fd, c->rset, c->rclear, e);
}

/* Kernels before 5.12.  Mountinfo has a mount before those on it. */
static int
remount_all(int top, const struct mount_change *c, struct err *e)
{
	struct mountinfo_entry m;
	struct mountinfo in;
	struct below b = { .top = top };
	char rel[32];
	uint64_t id;
	int r;

	fmt_to(rel, sizeof(rel), "%d/mountinfo", (int)procfs_self());
	AUTO_FD(fd, procfs_openat(rel, O_RDONLY, e));
	if (fd < 0)
		return -1;
	if (sys_mnt_id(top, &id))
		return err_sys(e, "mount id");
	if (remount(top, c->rset, c->rclear, e))
		return -1;
	mountinfo_init(&in, fd);
	while ((r = mountinfo_next(&in, &m, e)) > 0) {
		if (m.id == id)
			memcpy(b.path, m.mountpoint, sizeof(b.path));
		else if (!has_id(&b, m.parent))
			continue;
		else if (remount_below(&b, &m, c, e))
			return err_ctx(e, "%s", m.mountpoint);
		if (b.n == COUNT(b.id))
			return err_set(e, E2BIG, "more than %u mounts", b.n);
		b.id[b.n++] = m.id;
	}
	return r < 0 ? -1 : 0;
}

static int
change_classic(int fd, const struct mount_change *c, struct err *e)
{
	char path[PROCFS_FD_PATH];

	if (((c->rset | c->rclear) && remount_all(fd, c, e)) ||
	    remount(fd, c->set, c->clear, e))
		return -1;
	if (c->propagation && mount(NULL, procfs_fd_path(fd, path), NULL,
	    c->propagation, NULL))
		return err_sys(e, "propagation");
	return 0;
}

int
mount_change(int fd, const struct mount_change *c, struct err *e)
{
	if (mount_change_detached(fd, c) == 0)
		return 0;
	if (!sys_absent(errno))
		return err_sys(e, "mount_setattr");
	return change_classic(fd, c, e);
}

int
mount_again(int fd, const struct mount_op *m, struct err *e)
{
	char path[PROCFS_FD_PATH];
	unsigned long flags;

	if (flags_after(fd, m->flags, m->clear, &flags))
		return err_sys(e, "statfs");
	/* statfs does not say whether this mount or its file system is */
	if (flags & MS_RDONLY && !(m->flags & MS_RDONLY))
		return err_set(e, EROFS, "remount: it is read-only: say ro or "
			"rw");
	if (mount(NULL, procfs_fd_path(fd, path), NULL, MS_REMOUNT | flags,
	    m->data))
		return err_sys(e, "remount");
	return 0;
}
