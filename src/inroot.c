/* SPDX-License-Identifier: MIT */
/* inroot.c -- finds and makes things inside the container's root.  The lookup
 * is sys_open_below and sys_walk; here is what may be done at its end. */
#include "inroot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "procfs.h"
#include "sys.h"

enum { REAL = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS };

/* Opens for input or output what fd (O_PATH) refers to. */
static int
open_again(int fd, int oflags)
{
	struct stat st;

	if (fstat(fd, &st))
		return -1;
	if (S_ISDIR(st.st_mode))
		return openat(fd, ".", oflags | O_CLOEXEC);
	if (S_ISREG(st.st_mode))
		return procfs_reopen(fd, (oflags & ~O_NOFOLLOW) | O_NONBLOCK);
	errno = S_ISLNK(st.st_mode) ? ELOOP : ENXIO;
	return -1;
}

static int
open_by(int root, const char *path, int oflags, unsigned resolve,
	struct err *e)
{
	int look = O_PATH | (oflags & (O_NOFOLLOW | O_DIRECTORY));
	AUTO_FD(fd, sys_open_below(root, path, look, resolve));
	int again;

	if (fd < 0)
		return err_sys(e, "%s", path);
	if (oflags & O_PATH)
		return fd_take(&fd);
	again = open_again(fd, oflags);
	return again < 0 ? err_sys(e, "%s", path) : again;
}

int
inroot_open(int root, const char *path, int oflags, struct err *e)
{
	return open_by(root, path, oflags, RESOLVE_IN_ROOT, e);
}

int
inroot_open_real(int root, const char *path, int oflags, struct err *e)
{
	return open_by(root, path, oflags, REAL, e);
}

bool
inroot_missing(const struct err *e)
{
	return e->code == ENOENT || e->code == ENOTDIR;
}

/* Cuts the last component off path (of PATH_MAX) into name.  What is left is
 * "." at least. */
static int
split(char *path, char name[NAME_MAX + 1])
{
	size_t n = strlen(path);
	char *last;

	while (n > 0 && path[n - 1] == '/')
		path[--n] = '\0';
	last = strrchr(path, '/');
	last = last ? last + 1 : path;
	n = strlen(last);
	if (n == 0 || strcmp(last, ".") == 0 || strcmp(last, "..") == 0) {
		errno = EINVAL;
		return -1;
	}
	if (n > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, last, n + 1);
	if (last == path)
		*last++ = '.';
	*last = '\0';
	return 0;
}

/* Makes what a first look did not find: with sys_walk, as that goes through
 * links which lead to nothing, but mostly there is all but a directory. */
static int
make_missing(int root, const char *path, const struct walk_how *how)
{
	char above[PATH_MAX], name[NAME_MAX + 1];
	size_t n = strlen(path);
	int fd;

	if (how->make == WALK_MAKE_DIR && n < sizeof(above)) {
		memcpy(above, path, n + 1);
		AUTO_FD(dir, split(above, name) ? -1 : sys_open_below(root,
			above, O_PATH | O_DIRECTORY, how->resolve));
		if (dir >= 0 && mkdirat(dir, name, how->mode) == 0) {
			fd = openat(dir, name, O_PATH | O_DIRECTORY |
				O_NOFOLLOW | O_CLOEXEC);
			if (fd >= 0)
				return fd;
		}
	}
	return sys_walk(root, path, how);
}

static int
open_or_make(int root, const char *path, const struct walk_how *how,
	struct err *e)
{
	bool want_dir = how->make == WALK_MAKE_DIR;
	AUTO_FD(fd, sys_open_below(root, path,
		O_PATH | (want_dir ? O_DIRECTORY : 0), how->resolve));
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		fd = make_missing(root, path, how);
	if (fd < 0 || (!want_dir && fstat(fd, &st)))
		return err_sys(e, "%s", path);
	if (want_dir || !S_ISDIR(st.st_mode))
		return fd_take(&fd);
	errno = EISDIR;
	return err_sys(e, "%s", path);
}

int
inroot_mkdirs(int root, const char *path, mode_t mode, struct err *e)
{
	const struct walk_how how = {
		.oflags = O_PATH | O_DIRECTORY, .resolve = RESOLVE_IN_ROOT,
		.make = WALK_MAKE_DIR, .mode = mode,
	};

	return open_or_make(root, path, &how, e);
}

int
inroot_mkdirs_real(int root, const char *path, mode_t mode, struct err *e)
{
	const struct walk_how how = {
		.oflags = O_PATH | O_DIRECTORY, .resolve = REAL,
		.make = WALK_MAKE_DIR, .mode = mode,
	};

	return open_or_make(root, path, &how, e);
}

int
inroot_mkfile(int root, const char *path, mode_t mode, struct err *e)
{
	const struct walk_how how = {
		.oflags = O_PATH, .resolve = RESOLVE_IN_ROOT,
		.make = WALK_MAKE_FILE, .mode = mode,
	};

	return open_or_make(root, path, &how, e);
}

int
inroot_end(int root, const char *path, int code, char name[NAME_MAX + 1])
{
	struct walk_end end = { .dir = -1 };
	const struct walk_how how = {
		.oflags = O_PATH, .resolve = RESOLVE_IN_ROOT,
		.make = code == EROFS ? WALK_MAKE_DIR : WALK_ONLY,
		.mode = 0755, .end = &end,
	};
	AUTO_FD(fd, sys_walk(root, path, &how));
	AUTO_FD(dir, end.dir);

	if (fd >= 0 || errno != code || dir < 0) {
		errno = fd >= 0 ? EAGAIN : errno;
		return -1;
	}
	memcpy(name, end.name, sizeof(end.name));
	return fd_take(&dir);
}

static int
parent_of(int root, const char *path, bool make, char name[NAME_MAX + 1],
	struct err *e)
{
	char dir[PATH_MAX];
	size_t n = strlen(path);

	if (n >= sizeof(dir))
		return err_set(e, ENAMETOOLONG, "%s: path too long", path);
	memcpy(dir, path, n + 1);
	if (split(dir, name))
		return err_sys(e, "%s", path);
	if (make)
		return inroot_mkdirs(root, dir, 0755, e);
	return inroot_open(root, dir, O_PATH | O_DIRECTORY, e);
}

int
inroot_parent(int root, const char *path, char name[NAME_MAX + 1],
	struct err *e)
{
	return parent_of(root, path, false, name, e);
}

int
inroot_make_last(int root, const char *path, bool dir, struct err *e)
{
	char name[NAME_MAX + 1];
	AUTO_FD(parent, parent_of(root, path, true, name, e));
	struct stat st;

	if (parent < 0)
		return -1;
	if ((dir ? mkdirat(parent, name, 0755) :
	    mknodat(parent, name, S_IFREG | 0644, 0)) && errno != EEXIST)
		return err_sys(e, "%s", path);
	AUTO_FD(fd, openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
	if (fd < 0 || fstat(fd, &st))
		return err_sys(e, "%s", path);
	if (dir == S_ISDIR(st.st_mode))
		return fd_take(&fd);
	return err_set(e, dir ? ENOTDIR : EISDIR, "%s: is %s directory", path,
		dir ? "no" : "a");
}

/* The directory that path's last component is in; last keeps it. */
static int
place(int root, const char *path, struct inroot_last *last,
	char name[NAME_MAX + 1], struct err *e)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) + 1 : 0, n = strlen(path);

	n -= len;
	if (last->fd >= 0 && len == last->len &&
	    !memcmp(path, last->path, len) && n && n <= NAME_MAX &&
	    path[len] != '.') {
		memcpy(name, path + len, n + 1);
		return last->fd;
	}
	fd_drop(&last->fd);
	last->path = path;
	last->len = len;
	last->fd = parent_of(root, path, true, name, e);
	if (!n)                 /* the slash is behind it */
		last->len = SIZE_MAX;
	return last->fd;
}

static int
look(int dir, const char *name, struct inroot_node *node)
{
	if (!node->open)
		return fstatat(dir, name, &node->st, AT_SYMLINK_NOFOLLOW);
	node->fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return node->fd < 0 ? -1 : fstat(node->fd, &node->st);
}

int
inroot_mknod(int root, const char *path, struct inroot_last *last,
	struct inroot_node *node, struct err *e)
{
	char name[NAME_MAX + 1];
	int dir = place(root, path, last, name, e);

	node->fd = -1;
	if (dir < 0)
		return -1;
	node->made = mknodat(dir, name, node->mode, node->rdev) == 0;
	if (!node->made && errno != EEXIST)
		return err_sys(e, "%s: mknod", path);
	if (node->made && !node->open)
		return 0;
	if (look(dir, name, node))
		return err_sys(e, "%s", path);
	if ((node->st.st_mode & S_IFMT) != (node->mode & S_IFMT) ||
	    (!S_ISFIFO(node->mode) && node->st.st_rdev != node->rdev))
		return err_set(e, EEXIST, "%s: something else is there", path);
	return 0;
}

/* Whether dir/name is a link with this text. */
static bool
links_to(int dir, const char *name, const char *target)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(dir, name, text, sizeof(text));

	return n >= 0 && (size_t)n == strlen(target) &&
		memcmp(text, target, (size_t)n) == 0;
}

int
inroot_symlink(int root, const char *path, struct inroot_last *last,
	const char *target, bool replace, struct err *e)
{
	char name[NAME_MAX + 1];
	int dir = place(root, path, last, name, e);

	if (dir < 0)
		return -1;
	if (symlinkat(target, dir, name) == 0)
		return 0;
	if (errno != EEXIST)
		return err_sys(e, "%s: symlink", path);
	if (links_to(dir, name, target))
		return 0;
	if (!replace)
		return err_set(e, EEXIST, "%s: something else is there", path);
	if (unlinkat(dir, name, 0) || symlinkat(target, dir, name))
		return err_sys(e, "%s: symlink", path);
	return 0;
}
