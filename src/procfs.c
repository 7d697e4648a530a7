/* SPDX-License-Identifier: MIT */
/* procfs.c -- the checked /proc.  Its file-level descriptor is the exception
 * that procfs.h declares. */
#include "procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "kopt.h"
#include "sys.h"

enum { PROC_MAGIC = 0x9fa0, PROC_ROOT_INO = 1, RULES = RESOLVE_BENEATH |
	RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV };

static int proc_fd = -1;
static bool proc_private;

static int
is_procfs(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs))
		return -1;
	if ((unsigned long)fs.f_type == PROC_MAGIC)
		return 0;
	errno = ENODEV;
	return -1;
}

/* Takes fd. */
static int
adopt(int fd)
{
	AUTO_FD(d, fd);
	struct stat st;

	if (d < 0 || is_procfs(d) || fstat(d, &st))
		return -1;
	/* The type alone would let a bind mount of /proc/1 pass. */
	if (st.st_ino != PROC_ROOT_INO) {
		errno = ENODEV;
		return -1;
	}
	proc_fd = fd_take(&d);
	return 0;
}

int
procfs_open(struct err *e)
{
	bool missing;

	if (proc_fd >= 0)
		return 0;
	proc_private = false;
	if (adopt(openat(AT_FDCWD, "/proc",
	    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) == 0)
		return 0;
	if (adopt(sys_mount_aside("proc", NULL)) == 0) {
		proc_private = true;
		return 0;
	}
	missing = errno == ENODEV;
	err_sys(e, "/proc is not mounted, procfs of our own");
	return err_hint(e, missing ? KOPT_PROC :
		"mount -t proc proc /proc");
}

bool
procfs_private(void)
{
	return proc_private;
}

void
procfs_close(void)
{
	fd_drop(&proc_fd);
	proc_fd = -1;
}

int
procfs_fd(void)
{
	return proc_fd;
}

pid_t
procfs_self(void)
{
	unsigned long long pid;
	char text[16];
	ssize_t n;

	/* The link is the root's own entry; its text is only a number. */
	n = readlinkat(proc_fd, "self", text, sizeof(text) - 1);
	if (n < 0)
		return -1;
	text[n] = '\0';
	if (parse_u64(text, INT32_MAX, &pid))
		return -1;
	return (pid_t)pid;
}

int
procfs_open_path(const char *rel, int oflags)
{
	/* openat2 takes no flag beside O_PATH that has no meaning there */
	return sys_open_below(proc_fd, rel,
		oflags | (oflags & O_PATH ? 0 : O_NOCTTY), RULES);
}

int
procfs_openat(const char *rel, int oflags, struct err *e)
{
	int fd = procfs_open_path(rel, oflags);

	return fd < 0 ? err_sys(e, "/proc/%s", rel) : fd;
}

int
procfs_self_openat(const char *name, int oflags)
{
	char rel[64];
	pid_t self = procfs_self();

	if (self < 0)
		return -1;
	fmt_to(rel, sizeof(rel), "%d/%s", self, name);
	AUTO_FD(fd, openat(proc_fd, rel, oflags | O_CLOEXEC | O_NOCTTY));
	if (fd < 0 || is_procfs(fd))
		return -1;
	return fd_take(&fd);
}

int
procfs_self_dir(void)
{
	char rel[16];
	pid_t self = procfs_self();

	if (self < 0)
		return -1;
	fmt_to(rel, sizeof(rel), "%d", self);
	return procfs_open_path(rel, O_PATH | O_DIRECTORY);
}

int
procfs_self_link(const char *name, int oflags)
{
	AUTO_FD(dir, procfs_self_dir());

	if (dir < 0)
		return -1;
	return openat(dir, name, oflags | O_CLOEXEC | O_NOCTTY);
}

int
procfs_reopen(int fd, int oflags)
{
	struct stat want, got;
	char name[24];

	fmt_to(name, sizeof(name), "fd/%d", fd);
	AUTO_FD(again, procfs_self_link(name, oflags));
	if (again < 0 || fstat(fd, &want) || fstat(again, &got))
		return -1;
	if (want.st_ino != got.st_ino || want.st_dev != got.st_dev) {
		errno = ESTALE;
		return -1;
	}
	return fd_take(&again);
}

const char *
procfs_fd_path(int fd, char buf[PROCFS_FD_PATH])
{
	fmt_to(buf, PROCFS_FD_PATH, "/proc/self/fd/%d", fd);
	return buf;
}

int
procfs_put(const char *rel, const char *text, struct err *e)
{
	AUTO_FD(fd, procfs_openat(rel, O_WRONLY, e));
	ssize_t n = fd < 0 ? 0 : write(fd, text, strlen(text));

	if (fd < 0)
		return -1;
	if (n >= 0 && (size_t)n != strlen(text)) {
		errno = EIO;
		n = -1;
	}
	return n < 0 ? err_sys(e, "/proc/%s", rel) : 0;
}

int
procfs_write(pid_t pid, const char *name, const char *text, struct err *e)
{
	char rel[64];

	if (pid == 0)
		pid = procfs_self();
	if (pid < 0)
		return err_sys(e, "/proc/self");
	fmt_to(rel, sizeof(rel), "%d/%s", pid, name);
	return procfs_put(rel, text, e);
}
