/* SPDX-License-Identifier: MIT */
/* shield.c -- starts this program again from something that is not the host's
 * file.  A container that keeps /proc/PID/exe and opens it for writing once
 * nothing executes it any more then writes to nowhere (CVE-2019-5736).
 *
 * There is no marker to forge: what counts is what /proc/self/exe is.  Each way
 * passes that very test before it is executed, so it can't be tried again and
 * again. */
#include "shield.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "procfs.h"
#include "sys.h"

enum {
	SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE,
	MODE = 0511,
};

/* Types that have no writing side.  A mount that is merely read-only can be
 * remounted by an update while somebody holds the file. */
static bool
unwritable(int fd)
{
	static const unsigned long types[] = {
		0x73717368,             /* squashfs */
		0xe0f5e1e2,             /* erofs */
		0x28cd3d45, 0x453dcd28, /* cramfs of either byte order */
		0x7275,                 /* romfs */
		0x9660,                 /* iso9660 */
	};
	struct statfs fs;

	if (fstatfs(fd, &fs))
		return false;
	for (size_t i = 0; i < COUNT(types); i++) {
		if (((unsigned long)fs.f_type & 0xffffffff) == types[i])
			return true;
	}
	return false;
}

static bool
sealed(int fd)
{
	int s = fcntl(fd, F_GET_SEALS);

	return s >= 0 && (s & SEALS) == SEALS;
}

/* The read-only mount of nothing but this file, attached nowhere: the path of
 * its root is "/", which for a file nothing else can have.  A mount in no
 * namespace can neither be remounted nor cloned. */
static bool
detached(int fd, const char *path)
{
	struct statvfs fs;

	return strcmp(path, "/") == 0 && fstatvfs(fd, &fs) == 0 &&
		fs.f_flag & ST_RDONLY;
}

/* A file without a name in any directory: nobody will run it again. */
static bool
unlinked(const char *path, const struct stat *st)
{
	static const char mark[] = " (deleted)";
	size_t n = strlen(path), m = sizeof(mark) - 1;

	return st->st_nlink == 0 && n > m && strcmp(path + n - m, mark) == 0;
}

/* link: the magic link in self that led to fd, such as "exe". */
static bool
is_protected(int fd, int self, const char *link)
{
	char path[PATH_MAX];
	struct stat st;
	ssize_t n;

	if (sealed(fd) || unwritable(fd))
		return true;
	n = readlinkat(self, link, path, sizeof(path) - 1);
	if (n < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		return false;
	path[n] = '\0';
	return detached(fd, path) || unlinked(path, &st);
}

static int
copy(int from, int to)
{
	struct stat st;
	off_t at = 0;
	ssize_t n;

	if (fstat(from, &st))
		return -1;
	while (at < st.st_size) {
		n = sendfile(to, from, &at, (size_t)(st.st_size - at));
		if (n < 0)
			return -1;
		if (n == 0) {
			errno = EIO;
			return -1;
		}
	}
	return fchmod(to, MODE);
}

/* What a way works with. */
struct work {
	int self;               /* this process in procfs */
	int exe;
	int (*dir)(const void *arg, struct err *e);
	const void *arg;
	struct err *why;        /* where errno does not tell all of it */
};

static int
by_memfd(const struct work *w)
{
	AUTO_FD(fd, sys_memfd_create("wherry"));

	if (fd < 0 || copy(w->exe, fd))
		return -1;
	/* 6.3; keeps the mode, which nobody else can change anyway. */
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_EXEC | SEALS) &&
	    fcntl(fd, F_ADD_SEALS, SEALS))
		return -1;
	return fd_take(&fd);
}

static int
unnamed_file(int dir)
{
	char name[32];
	int fd;

	fd = openat(dir, ".", O_TMPFILE | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	/* not every file system has O_TMPFILE (3.11) */
	fmt_to(name, sizeof(name), ".shield-%d", getpid());
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
		O_CLOEXEC, 0600);
	if (fd >= 0)
		unlinkat(dir, name, 0);
	return fd;
}

/* The writer is closed on return: a file that is open for writing can't be
 * executed. */
static int
by_copy(const struct work *w)
{
	AUTO_FD(dir, w->dir(w->arg, w->why));
	AUTO_FD(fd, -1);

	if (dir < 0)
		return -1;
	fd = unnamed_file(dir);
	if (fd < 0 || copy(w->exe, fd))
		return -1;
	return procfs_reopen(fd, O_PATH);
}

static int
by_mount(const struct work *w)
{
	const struct mnt_attr ro = { .set = MOUNT_ATTR_RDONLY };
	AUTO_FD(fd, sys_open_tree(w->exe, "",
		OPEN_TREE_CLONE | AT_EMPTY_PATH));

	if (fd < 0 || sys_mount_setattr(fd, "", AT_EMPTY_PATH, &ro))
		return -1;
	return fd_take(&fd);
}

/* In the order of what is left to a container with CAP_SYS_ADMIN.  The mount
 * comes last although it is the cheapest (50 us for 250 KB, a memory file 130):
 * its root is the file, so that fspick(2) on /proc/PID/exe would reach the
 * options of the host's whole file system. */
static const struct {
	char name[16];
	int (*make)(const struct work *w);
} ways[] = {
	{ "memory file", by_memfd },
	{ "unlinked copy", by_copy },
	{ "read-only mount", by_mount },
};

/* Returns only on failure. */
static int
attempt(size_t way, const struct work *w, char **argv)
{
	AUTO_FD(fd, ways[way].make(w));
	char link[24];

	if (fd < 0)
		return -1;
	fmt_to(link, sizeof(link), "fd/%d", fd);
	if (!is_protected(fd, w->self, link)) {
		errno = EPROTO;
		return -1;
	}
	return sys_execveat(fd, argv, environ);
}

int
shield_reexec(char **argv, int (*dir)(const void *arg, struct err *e),
	const void *arg, struct err *e)
{
	AUTO_FD(self, procfs_self_dir());
	AUTO_FD(exe, self < 0 ? -1 : openat(self, "exe", O_RDONLY | O_CLOEXEC));
	struct err why;
	struct work w = { self, exe, dir, arg, &why };
	bool missing = false;

	if (exe < 0)
		return err_sys(e, "/proc/self/exe");
	if (is_protected(exe, self, "exe")) {
		/* the kernel named it after the descriptor that it came from */
		prctl(PR_SET_NAME, "wherry");
		return 0;
	}
	err_set(e, EACCES, "no protected copy of this program");
	for (size_t i = 0; i < COUNT(ways); i++) {
		err_clear(&why);
		attempt(i, &w, argv);
		if (why.code)
			err_ctx(&why, "%s", ways[i].name);
		else
			err_sys(&why, "%s", ways[i].name);
		err_hint(e, "%s", err_str(&why));
		missing |= why.code == ENOENT;
	}
	/* execve(2) of /proc/self/fd/N is the last way to start one. */
	if (missing && procfs_private())
		err_hint(e, "mount -t proc proc /proc");
	return -1;
}
