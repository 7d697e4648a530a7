/* SPDX-License-Identifier: MIT */
/* t_procfs.c -- only a real /proc is taken, and nothing that was mounted over a
 * file of it (CVE-2025-52881). */
#include "procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "sys.h"
#include "tap.h"

enum { NO_RIGHT = 77 };

/* Runs in a child with mounts of its own; its exit status. */
static int
in_own_mounts(int (*test)(void))
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		if (unshare(CLONE_NEWNS) ||
		    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
			_exit(NO_RIGHT);
		_exit(test());
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
expect(int (*test)(void), int want)
{
	int got = in_own_mounts(test);

	if (got == NO_RIGHT)
		SKIP(1, "no mount namespace for this user");
	else
		IS_INT(got, want);
}

/* After /proc was replaced: 0 refused, 1 a private instance, 2 the replacement
 * was believed. */
static int
verdict(void)
{
	struct err e = { 0 };
	struct stat st;

	if (procfs_open(&e)) {
		printf("# %s\n", err_str(&e));
		return e.code && procfs_fd() < 0 ? 0 : 3;
	}
	if (fstat(procfs_fd(), &st) || st.st_ino != 1)
		return 2;
	if (procfs_self() != getpid() ||
	    faccessat(procfs_fd(), "self/stat", F_OK, 0))
		return 4;
	/* in a detached mount, nothing else works differently */
	return procfs_write(0, "comm", "wherry", &e) ? 5 : 1;
}

static int
proc_is_tmpfs(void)
{
	if (mount("tmpfs", "/proc", "tmpfs", 0, NULL))
		return NO_RIGHT;
	return verdict();
}

/* Also procfs, but not its root. */
static int
proc_is_proc_1(void)
{
	if (mount("/proc/1", "/proc", NULL, MS_BIND, NULL))
		return NO_RIGHT;
	return verdict();
}

static int
proc_is_gone(void)
{
	if (umount2("/proc", MNT_DETACH))
		return NO_RIGHT;
	return verdict();
}

/* Another real file of the same procfs, mounted over the one we want. */
static int
file_is_covered(void)
{
	char path[64], rel[32];
	struct err e = { 0 };

	if (procfs_open(&e))
		return 10;
	snprintf(path, sizeof(path), "/proc/%d/comm", procfs_self());
	snprintf(rel, sizeof(rel), "%d/comm", procfs_self());
	AUTO_FD(before, procfs_openat(rel, O_RDONLY, &e));
	if (before < 0)
		return 11;
	if (mount("/proc/version", path, NULL, MS_BIND, NULL))
		return NO_RIGHT;
	if (procfs_write(0, "comm", "x", &e) == 0)
		return 1;
	return e.code == EXDEV ? 0 : 12;
}

static void
paths(void)
{
	struct err e = { 0 };
	char rel[64], text[64];
	int fd;

	OK(procfs_open(&e) == 0);
	OK(procfs_open(&e) == 0);
	OK(fcntl(procfs_fd(), F_GETFD) == FD_CLOEXEC);
	IS_INT(procfs_self(), getpid());
	snprintf(rel, sizeof(rel), "%d/stat", getpid());
	fd = procfs_openat(rel, O_RDONLY, &e);
	OK(fd >= 0 && read(fd, text, sizeof(text)) > 0);
	close(fd);
	OK(procfs_openat("self/stat", O_RDONLY, &e) == -1);
	IS_INT(e.code, ELOOP);
	snprintf(rel, sizeof(rel), "%d/exe", getpid());
	OK(procfs_openat(rel, O_RDONLY, &e) == -1);
	IS_INT(e.code, ELOOP);
	OK(procfs_openat("../etc", O_PATH, &e) == -1);
	IS_INT(e.code, EXDEV);
	OK(procfs_openat("/etc", O_PATH, &e) == -1);
	IS_INT(e.code, EXDEV);
	OK(procfs_openat("no-such-thing", O_RDONLY, &e) == -1);
	IS(err_str(&e), "/proc/no-such-thing: no such file or directory");

	OK(procfs_write(0, "comm", "t_renamed", &e) == 0);
	OK(read_small_at(procfs_fd(), "self/comm", text, sizeof(text)) > 0);
	IS(text, "t_renamed\n");
	OK(procfs_write(getpid(), "no-such-thing", "x", &e) == -1);
}

static void
reopening(void)
{
	char name[] = "/tmp/t_procfs.XXXXXX", text[8];
	AUTO_FD(w, mkstemp(name));
	AUTO_FD(look, openat(AT_FDCWD, name, O_PATH | O_CLOEXEC));

	OK(w >= 0 && write_all(w, "hello", 6) == 0);
	unlink(name);
	OK(read(look, text, 6) == -1 && errno == EBADF);
	AUTO_FD(r, procfs_reopen(look, O_RDONLY));
	OK(r >= 0 && fcntl(r, F_GETFD) == FD_CLOEXEC);
	OK(read(r, text, 6) == 6);
	IS(text, "hello");
	OK(procfs_reopen(9999, O_RDONLY) == -1);
	IS(procfs_fd_path(7, (char[PROCFS_FD_PATH]){ 0 }), "/proc/self/fd/7");
}

int
main(void)
{
	expect(proc_is_tmpfs, 1);
	expect(proc_is_proc_1, 1);
	expect(proc_is_gone, 1);
	expect(file_is_covered, 0);
	paths();
	reopening();
	return done();
}
