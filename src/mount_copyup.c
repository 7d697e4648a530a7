/* SPDX-License-Identifier: MIT */
/* mount_copyup.c -- a copy of a tree that somebody else may be changing. */
#include "mount_copyup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "dir.h"
#include "err.h"
#include "io.h"
#include "procfs.h"
#include "sys.h"

/* A level costs two descriptors, and 2 KiB of stack. */
enum { DEPTH = 128, VALUE = 4096 };

/* A directory and its copy.  An image is not let to say how far we go: depth
 * counts down. */
struct level {
	int from, to;
	unsigned depth;
	dev_t dev;
};

static int copy_dir(const struct level *l, struct err *e);

/* tmpfs keeps user.* since Linux 6.6 only; what it can't hold is left out. */
int
mount_copy_xattrs(int from, int to, struct err *e)
{
	char names[1024], value[VALUE];
	const char *name;
	ssize_t len, n;

	len = flistxattr(from, names, sizeof(names));
	if (len < 0 && errno != ENOTSUP)
		return err_sys(e, "extended attributes");
	for (name = names; name < names + len; name += strlen(name) + 1) {
		n = fgetxattr(from, name, value, sizeof(value));
		if (n < 0 || (fsetxattr(to, name, value, (size_t)n, 0) &&
		    errno != ENOTSUP))
			return err_sys(e, "extended attribute %s", name);
	}
	return 0;
}

/* Of a directory or file; a change of the owner takes suid and capabilities
 * away, so it comes first. */
static int
copy_attributes(int from, int to, const struct stat *st, struct err *e)
{
	if (fchown(to, st->st_uid, st->st_gid))
		return err_sys(e, "owner");
	if (fchmod(to, st->st_mode & 07777))
		return err_sys(e, "mode");
	return mount_copy_xattrs(from, to, e);
}

static int
copy_data(int from, int to, struct err *e)
{
	char buf[VALUE];
	ssize_t n;

	while ((n = read_full(from, buf, sizeof(buf))) > 0) {
		if (write_all(to, buf, (size_t)n))
			return err_sys(e, "write");
	}
	return n < 0 ? err_sys(e, "read") : 0;
}

static int
copy_file(int entry, int to, const char *name, const struct stat *st,
	struct err *e)
{
	AUTO_FD(in, procfs_reopen(entry, O_RDONLY | O_NONBLOCK));
	AUTO_FD(out, -1);

	if (in < 0)
		return err_sys(e, "open");
	out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
		O_CLOEXEC, 0600);
	if (out < 0)
		return err_sys(e, "create");
	return copy_data(in, out, e) || copy_attributes(in, out, st, e) ?
		-1 : 0;
}

static int
copy_subdir(const struct level *l, int entry, const char *name, struct err *e)
{
	struct level below = { .depth = l->depth - 1, .dev = l->dev };
	AUTO_FD(in, openat(entry, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	AUTO_FD(out, -1);

	if (in < 0)
		return err_sys(e, "open");
	if (mkdirat(l->to, name, 0700))
		return err_sys(e, "mkdir");
	out = openat(l->to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
		O_CLOEXEC);
	if (out < 0)
		return err_sys(e, "open");
	below.from = in;
	below.to = out;
	return copy_dir(&below, e);
}

static int
copy_link(int entry, int to, const char *name, struct err *e)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(entry, "", text, sizeof(text) - 1);

	if (n < 0)
		return err_sys(e, "readlink");
	text[n] = '\0';
	return symlinkat(text, to, name) ? err_sys(e, "symlink") : 0;
}

static int
copy_entry(const struct level *l, const char *name, struct err *e)
{
	AUTO_FD(fd, openat(l->from, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
	struct stat st;

	if (fd < 0 && errno == ENOENT)  /* gone meanwhile */
		return 0;
	if (fd < 0 || fstat(fd, &st))
		return err_sys(e, "open");
	if (st.st_dev != l->dev && !S_ISDIR(st.st_mode))
		return 0;
	if (S_ISDIR(st.st_mode))
		return copy_subdir(l, fd, name, e);
	if (S_ISREG(st.st_mode))
		return copy_file(fd, l->to, name, &st, e);
	if (S_ISLNK(st.st_mode) ? copy_link(fd, l->to, name, e) :
	    mknodat(l->to, name, st.st_mode, st.st_rdev) &&
	    err_sys(e, "mknod"))
		return -1;
	return fchownat(l->to, name, st.st_uid, st.st_gid,
		AT_SYMLINK_NOFOLLOW) ? err_sys(e, "owner") : 0;
}

static int
copy_dir(const struct level *l, struct err *e)
{
	const char *name;
	struct stat st;
	struct dir d;

	if (!l->depth)
		return err_set(e, ELOOP, "more than %d levels", DEPTH);
	if (fstat(l->from, &st))
		return err_sys(e, "stat");
	if (st.st_dev != l->dev)
		return copy_attributes(l->from, l->to, &st, e);
	if (dir_start(&d, l->from, e))
		return -1;
	while ((name = dir_next(&d, e))) {
		if (copy_entry(l, name, e))
			return err_ctx(e, "%s", name);
	}
	return e->code ? -1 : copy_attributes(l->from, l->to, &st, e);
}

int
mount_copyup(int from, int to, struct err *e)
{
	AUTO_FD(in, openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	AUTO_FD(out, openat(to, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	struct level top = { .from = in, .to = out, .depth = DEPTH };
	struct stat st;

	if (in < 0 || out < 0 || fstat(in, &st))
		return err_sys(e, "tmpcopyup");
	top.dev = st.st_dev;
	return copy_dir(&top, e) ? err_ctx(e, "tmpcopyup") : 0;
}
