/* SPDX-License-Identifier: MIT */
/* state_root.c -- finds the state directory, and proves that it is ours. */
#include "state_root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "sys.h"

enum { FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC };
#define NAME "wherry"

/* Where a board has memory that can be written to, the best one first. */
static const struct place {
	const char *base, *path;
	bool shared;            /* every user may write to the base */
} places[STATE_ROOTS] = {
#define PLACE(base, shared) { base, base "/" NAME, shared }
	PLACE("/run", false),
	PLACE("/var/run", false),
	PLACE("/dev/shm", true),
	PLACE("/tmp", true),
#undef PLACE
};

/* mkdir -p for all but the last component. */
static int
make_parents(const char *path, struct err *e)
{
	char part[4096];
	size_t len = strlen(path);

	if (len >= sizeof(part))
		return err_set(e, ENAMETOOLONG, "state directory %s: too long",
			path);
	for (size_t i = 1; i < len; i++) {
		if (path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0755) && errno != EEXIST)
			return err_sys(e, "state directory %s: %s", path, part);
	}
	return 0;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static int
check(int fd, const char *path, bool shared, struct err *e)
{
	struct stat st, top;

	if (fstat(fd, &st) || stat("/", &top))
		return err_sys(e, "state directory %s", path);
	if (same_file(&st, &top))
		return err_set(e, EINVAL,
			"state directory %s: must not be /", path);
	if (st.st_uid != geteuid())
		return err_set(e, EPERM,
			"state directory %s: owned by uid %u, not by us", path,
			(unsigned)st.st_uid);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return err_set(e, EPERM,
			"state directory %s: others can write to it", path);
	if (shared && st.st_mode & 077)
		return err_set(e, EINVAL, "state directory %s: its mode is "
			"%#o, not 0700", path, (unsigned)st.st_mode & 07777);
	return 0;
}

/* Root is not told EACCES. */
static int
for_users(struct err *e)
{
	return e->code == EACCES ?
		err_hint(e, "XDG_RUNTIME_DIR or --root names one") : -1;
}

static int
open_path(const char *path, bool make, struct err *e)
{
	AUTO_FD(fd, open(path, FLAGS));

	if (fd < 0 && errno == ENOENT && make) {
		if (make_parents(path, e))
			return for_users(e);
		if (mkdir(path, 0700) == 0 || errno == EEXIST)
			fd = open(path, FLAGS);
	}
	if (fd < 0) {
		err_sys(e, "state directory %s", path);
		return for_users(e);
	}
	return check(fd, path, false, e) ? -1 : fd_take(&fd);
}

/* The base may be a link of root's, what is below it not: anybody can put one
 * there.  Nor a mount, which may be a user's and never answer (fuse). */
static int
open_shared(const struct place *p, bool make, struct err *e)
{
	AUTO_FD(base, open(p->base, O_PATH | O_DIRECTORY | O_CLOEXEC));
	AUTO_FD(fd, -1);
	struct stat st;

	if (base < 0 || fstat(base, &st))
		return err_sys(e, "state directory %s", p->path);
	if (st.st_mode & S_IWOTH && !(st.st_mode & S_ISVTX))
		return err_set(e, EPERM, "state directory %s: %s lets others "
			"rename it (chmod +t)", p->path, p->base);
	if (make && mkdirat(base, NAME, 0700) && errno != EEXIST)
		return err_sys(e, "state directory %s", p->path);
	fd = sys_open_below(base, NAME, FLAGS | O_NOFOLLOW, RESOLVE_BENEATH |
		RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
	if (fd < 0 && (errno == ENOTDIR || errno == ELOOP || errno == EXDEV))
		return err_set(e, EPERM, "state directory %s: a link, a mount "
			"or no directory is there", p->path);
	if (fd < 0)
		return err_sys(e, "state directory %s", p->path);
	return check(fd, p->path, true, e) ? -1 : fd_take(&fd);
}

static int
is_readonly(int fd, const struct place *p, struct err *e)
{
	return faccessat(fd, ".", W_OK, 0) && errno == EROFS ?
		err_sys(e, "state directory %s", p->path) : 0;
}

/* /run itself is not made as long as another place will do. */
static int
make_at(const struct place *p, struct err *e)
{
	AUTO_FD(fd, p->shared ? open_shared(p, true, e) :
		open_path(p->path, false, e));

	if (fd < 0 && e->code == ENOENT && !p->shared) {
		err_clear(e);
		if (mkdir(p->path, 0700) && errno != EEXIST) {
			err_sys(e, "state directory %s", p->path);
			return for_users(e);
		}
		fd = open_path(p->path, false, e);
	}
	return fd < 0 || is_readonly(fd, p, e) ? -1 : fd_take(&fd);
}

/* The place is not there or can't be written to, and nothing is wrong. */
static bool
is_next(const struct err *e)
{
	return e->code == ENOENT || e->code == ENOTDIR || e->code == EROFS;
}

static int
make_run(struct err *e)
{
	AUTO_FD(fd, open_path(places[0].path, true, e));

	if (fd >= 0 && !is_readonly(fd, &places[0], e))
		return fd_take(&fd);
	return e->code == EROFS ? err_hint(e,
		"mount -t tmpfs tmpfs /run, or --root names another") : -1;
}

int
state_root(const char *path, struct err *e)
{
	unsigned i;
	int fd;

	/* a user's would be in the way of root's and of the next user's */
	if (path || geteuid())
		return open_path(path ? path : places[0].path, true, e);
	for (i = 0; i < STATE_ROOTS; i++) {
		fd = make_at(&places[i], e);
		if (fd >= 0 || !is_next(e))
			return fd;
		err_clear(e);
	}
	return make_run(e);
}

/* /var/run is mostly a link to /run. */
static bool
is_known(unsigned n)
{
	struct stat st, before;

	return n == 1 && !stat(places[1].base, &st) &&
		!stat(places[0].base, &before) && same_file(&st, &before);
}

int
state_root_at(const char *path, unsigned n, struct err *e)
{
	const struct place *p = &places[n];
	int fd;

	if (n && (path || geteuid() || is_known(n)))
		return err_set(e, ENOENT, "state directory: no other");
	if (path || !p->shared)
		return open_path(path ? path : p->path, false, e);
	fd = open_shared(p, false, e);
	/* EINVAL alone says that it is ours and yet not to be used */
	if (fd < 0 && e->code != EINVAL)
		e->code = ENOENT;
	return fd;
}

int
state_root_twin(const char *path, int root, const char *id, struct err *e)
{
	struct stat ours, st;
	unsigned n;

	if (path)
		return 0;
	if (fstat(root, &ours))
		return err_sys(e, "state directory");
	for (n = 0; n < STATE_ROOTS; n++) {
		AUTO_FD(other, state_root_at(NULL, n, e));

		if (other < 0 && e->code != ENOENT)
			return -1;
		err_clear(e);
		/* with a flag faccessat works from Linux 5.8 on only */
		if (other >= 0 && !fstat(other, &st) &&
		    !same_file(&st, &ours) && !faccessat(other, id, F_OK, 0))
			return 1;
	}
	return 0;
}

/* path, or the nearest folder above it that is there. */
static bool
may_make(const char *path)
{
	size_t len = strlen(path);
	char part[4096];

	if (len >= sizeof(part))
		return false;
	memcpy(part, path, len + 1);
	while (faccessat(AT_FDCWD, part, W_OK | X_OK, AT_EACCESS)) {
		if (errno != ENOENT || !len)
			return false;
		while (len && part[--len] != '/')
			;
		if (!len)
			part[0] = *path == '/' ? '/' : '.';
		part[len ? len : 1] = '\0';
	}
	return true;
}

static bool
place_usable(const struct place *p, struct err *e)
{
	AUTO_FD(fd, p->shared ? open_shared(p, false, e) :
		open_path(p->path, false, e));

	return fd < 0 ? e->code == ENOENT && !access(p->base, W_OK | X_OK) :
		!is_readonly(fd, p, e);
}

bool
state_root_usable(const char *path)
{
	struct err e = { 0 };
	unsigned i;

	for (i = 0; !path && !geteuid() && i < STATE_ROOTS; i++) {
		err_clear(&e);
		if (place_usable(&places[i], &e))
			return true;
		if (!is_next(&e))
			return false;
	}
	path = path ? path : places[0].path;
	err_clear(&e);
	AUTO_FD(fd, open_path(path, false, &e));
	return (fd >= 0 || e.code == ENOENT) && may_make(path);
}
