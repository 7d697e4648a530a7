/* SPDX-License-Identifier: MIT */
/* t_shield.c -- the program that runs is not the file that was started, what it
 * was given is unchanged, and nothing can be written through it.  Every way of
 * making the copy is reached by running this under tests/tools/nosys. */
#include "shield.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "procfs.h"
#include "sys.h"
#include "tap.h"

enum { REFUSED = 50, FOREIGN = 77 };

static int
given(const void *dir, struct err *e)
{
	int fd = fcntl(*(const int *)dir, F_DUPFD_CLOEXEC, 0);

	return fd < 0 ? err_sys(e, "no folder") : fd;
}

/* The second incarnation: argv is { name, "inner", "", "x y", PID } and the
 * environment { "A=1", "EMPTY=" }.  Says on the socket at descriptor 0 that it
 * runs, and waits there for its parent to get hold of its exe. */
static int
inner(int argc, char **argv)
{
	char path[PATH_MAX], c;
	struct err e = { 0 };
	int no_dir = -1;
	ssize_t n;

	if (argc != 5 || *argv[2] || strcmp(argv[3], "x y") != 0 ||
	    strcmp(argv[0], "odd name") != 0)
		return 10;
	if (!environ[0] || strcmp(environ[0], "A=1") != 0 || !environ[1] ||
	    strcmp(environ[1], "EMPTY=") != 0 || environ[2])
		return 11;
	if (procfs_open(&e))
		return 12;
	/* the same process, and once more is once too often */
	if (atoi(argv[4]) != getpid() ||
	    shield_reexec(argv, given, &no_dir, &e))
		return 13;
	n = readlinkat(procfs_fd(), "self/exe", path, sizeof(path) - 1);
	path[n < 0 ? 0 : n] = '\0';
	fprintf(stderr, "# runs from '%s'\n", path);
	/* nothing of the copy's making is left open but /proc */
	for (int fd = 3; fd < 20; fd++) {
		if (fd != procfs_fd() && fcntl(fd, F_GETFD) != -1)
			return 14;
	}
	return write(0, "r", 1) == 1 && read(0, &c, 1) == 1 ? 0 : 15;
}

static void
outer(int dir)
{
	char name[] = "odd name", what[] = "inner", none[] = "", two[] = "x y";
	char pid[16], a[] = "A=1", b[] = "EMPTY=";
	char *argv[] = { name, what, none, two, pid, NULL };
	char *env[] = { a, b, NULL };
	struct err e = { 0 };

	environ = env;
	sys_close_range(3, FD_MARK_CLOEXEC);
	snprintf(pid, sizeof(pid), "%d", getpid());
	if (procfs_open(&e))
		_exit(20);
	if (shield_reexec(argv, given, &dir, &e) == 0)
		_exit(21);
	fprintf(stderr, "# %s\n", err_str(&e));
	_exit(strstr(err_str(&e), "exec format") ? FOREIGN : REFUSED);
}

/* As the container would: holds the exe, waits for the process to end so that
 * nothing executes it any more, then opens it for writing. */
static bool
writable(int held, const struct stat *own)
{
	const struct mnt_attr rw = { .clear = MOUNT_ATTR_RDONLY };
	AUTO_FD(fd, procfs_reopen(held, O_WRONLY));
	char path[PROCFS_FD_PATH];
	struct stat st;

	if (fd < 0)
		sys_mount_setattr(held, "", AT_EMPTY_PATH, &rw);
	if (fd < 0)
		mount(NULL, procfs_fd_path(held, path), NULL,
			MS_REMOUNT | MS_BIND, NULL);
	if (fd < 0)
		fd = procfs_reopen(held, O_WRONLY);
	/* a copy may be writable, the installed file never */
	return fd >= 0 && fstat(fd, &st) == 0 && st.st_ino == own->st_ino &&
		st.st_dev == own->st_dev;
}

/* Returns the exit status of the process. */
static int
run(int dir, const struct stat *own)
{
	int sv[2], held = -1, clone = -1, status = -1;
	char rel[32], c;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv))
		exit(2);
	pid = fork();
	if (pid == 0) {
		dup2(sv[1], 0);
		outer(dir);
	}
	close(sv[1]);
	if (read(sv[0], &c, 1) == 1) {
		snprintf(rel, sizeof(rel), "%d/exe", pid);
		held = openat(procfs_fd(), rel, O_PATH | O_CLOEXEC);
		clone = sys_open_tree(held, "", OPEN_TREE_CLONE |
			AT_EMPTY_PATH);
		if (held < 0 || write(sv[0], "x", 1) != 1)
			exit(2);
	}
	close(sv[0]);
	waitpid(pid, &status, 0);
	if (held >= 0) {
		OK(clone < 0 || !writable(clone, own));
		OK(!writable(held, own));
		close(held);
	} else {
		SKIP(2, "it gave up");
	}
	if (clone >= 0)
		close(clone);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
main(int argc, char **argv)
{
	char tmp[] = "/tmp/t_shield.XXXXXX";
	struct err e = { 0 };
	struct stat own, now;
	int dir, with, without;

	if (argc > 1 && strcmp(argv[1], "inner") == 0)
		return inner(argc, argv);
	OK(procfs_open(&e) == 0);
	OK(fstatat(procfs_fd(), "self/exe", &own, 0) == 0);
	if (!mkdtemp(tmp))
		return 2;
	dir = openat(AT_FDCWD, tmp, O_PATH | O_DIRECTORY | O_CLOEXEC);
	with = run(dir, &own);
	if (with == FOREIGN)
		SKIP(1, "not a program of this machine");
	else
		IS_INT(with, 0);
	/* Without a place for a copy it may have to give up, but says so. */
	without = run(-1, &own);
	OK(without == 0 || without == REFUSED || without == FOREIGN);
	OK(fstatat(procfs_fd(), "self/exe", &now, 0) == 0);
	OK(now.st_mtime == own.st_mtime && now.st_size == own.st_size);
	/* a copy has no name, and leaves none behind */
	OK(rmdir(tmp) == 0);
	return done();
}
