/* SPDX-License-Identifier: MIT */
/* t_compat.c -- the system call layer does the same with and without the newer
 * calls: run it plainly and under tests/tools/nosys.
 *
 * What has no fallback may be absent; then that is what is checked. */
#include "sys.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "procfs.h"
#include "tap.h"

static int
reap(pid_t pid)
{
	int status = -1;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static int
exit_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What fcntl says about descriptors 10 to 13, 40 and 900 after the call, as
 * letters; runs in a child. */
static void
range_case(unsigned first, enum fd_fate fate, bool with_proc, const char *want)
{
	static const int fds[] = { 10, 11, 12, 13, 40, 900 };
	char got[COUNT(fds) + 1];
	int p[2], flags;
	ssize_t n;
	pid_t pid;

	if (pipe(p) || (pid = fork()) < 0)
		exit(2);
	if (pid == 0) {
		for (size_t i = 0; i < COUNT(fds); i++)
			dup2(p[0], fds[i]);
		close(13);
		dup2(p[1], 2);
		if (!with_proc)
			close(procfs_fd());
		if (sys_close_range(first, fate))
			_exit(1);
		for (size_t i = 0; i < COUNT(fds); i++) {
			flags = fcntl(fds[i], F_GETFD);
			got[i] = flags < 0 ? '-' : flags ? 'c' : 'o';
		}
		_exit(write(2, got, COUNT(fds)) < 0);
	}
	close(p[1]);
	n = read_full(p[0], got, COUNT(fds));
	got[n < 0 ? 0 : n] = '\0';
	close(p[0]);
	IS_INT(exit_of(reap(pid)), 0);
	IS(got, want);
}

static void
close_range_cases(void)
{
	range_case(3, FD_CLOSE, true, "------");
	range_case(12, FD_CLOSE, true, "oo----");
	range_case(11, FD_MARK_CLOEXEC, true, "occ-cc");
	range_case(3, FD_CLOSE, false, "------");
	range_case(12, FD_MARK_CLOEXEC, false, "ooc-cc");
}

static void
clone_plain(void)
{
	bool in_cgroup = true;
	int pidfd = -7;
	pid_t pid = sys_clone(0, -1, &pidfd, &in_cgroup);

	if (pid == 0)
		_exit(7);
	OK(pid > 0);
	OK(!in_cgroup);
	OK(pidfd == -1 || fcntl(pidfd, F_GETFD) == FD_CLOEXEC);
	IS_INT(exit_of(reap(pid)), 7);
	if (pidfd >= 0)
		close(pidfd);

	pid = sys_clone(0, -1, NULL, &in_cgroup);
	if (pid == 0)
		_exit(8);
	IS_INT(exit_of(reap(pid)), 8);

	errno = 0;
	OK(sys_clone(CLONE_NEWTIME, -1, &pidfd, &in_cgroup) == -1);
	IS_INT(errno, EINVAL);
	/* what a kernel without a kind of namespace says */
	errno = 0;
	OK(sys_clone(CLONE_NEWNS | CLONE_FS, -1, &pidfd, &in_cgroup) == -1);
	IS_INT(errno, EINVAL);
	IS_INT(pidfd, -1);
}

/* A grandchild that is our child: CLONE_PARENT, as the stage of init does. */
static void
clone_parent(void)
{
	pid_t stage = fork(), pid;
	bool in_cgroup;
	int status;

	if (stage == 0) {
		pid = sys_clone(CLONE_PARENT, -1, NULL, &in_cgroup);
		if (pid == 0)
			_exit(9);
		_exit(pid > 0 ? 0 : 1);
	}
	IS_INT(exit_of(reap(stage)), 0);
	pid = waitpid(-1, &status, __WALL);
	OK(pid > 0);
	IS_INT(exit_of(status), 9);
}

static void
clone_namespaces(void)
{
	uint64_t flags = CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID;
	int pidfd = -1;
	bool in_cgroup;
	pid_t pid;

	if (geteuid() != 0)
		flags |= CLONE_NEWUSER;
	pid = sys_clone(flags, -1, &pidfd, &in_cgroup);
	if (pid == 0)
		_exit(getpid() == 1 && sethostname("x", 1) == 0 ? 0 : 1);
	if (pid < 0 && (errno == EPERM || errno == EINVAL || errno == ENOSPC)) {
		SKIP(1, "no namespaces for this user");
		return;
	}
	IS_INT(exit_of(reap(pid)), 0);
	if (pidfd >= 0)
		close(pidfd);
}

/* A new cgroup v2 directory, or -1. */
static int
cgroup_new(char path[64])
{
	static const char *const roots[] = {
		"/sys/fs/cgroup/unified", "/sys/fs/cgroup",
	};

	for (size_t i = 0; i < COUNT(roots); i++) {
		snprintf(path, 64, "%s/cgroup.procs", roots[i]);
		if (access(path, W_OK))
			continue;
		snprintf(path, 64, "%s/t_compat.%d", roots[i], getpid());
		if (mkdir(path, 0755) == 0)
			return openat(AT_FDCWD, path, O_PATH | O_DIRECTORY |
				O_CLOEXEC);
	}
	return -1;
}

static bool
in_cgroup_named(const char *name)
{
	char text[4096];
	AUTO_FD(fd, procfs_self_openat("cgroup", O_RDONLY));
	ssize_t n = fd < 0 ? -1 : read_full(fd, text, sizeof(text) - 1);

	if (n < 0)
		return false;
	text[n] = '\0';
	return strstr(text, name);
}

static void
clone_cgroup(void)
{
	char path[64];
	AUTO_FD(fd, cgroup_new(path));
	bool in_cgroup = true;
	int pidfd, p[2], bad;
	char go;
	pid_t pid;

	if (fd < 0 || pipe(p)) {
		SKIP(5, "no cgroup v2 to write");
		return;
	}
	errno = 0;
	bad = sys_clone(CLONE_NEWNS | CLONE_FS, fd, &pidfd, &in_cgroup);
	OK(bad == -1);
	IS_INT(errno, EINVAL);
	OK(!in_cgroup);
	pid = sys_clone(0, fd, &pidfd, &in_cgroup);
	if (pid == 0) {
		if (read(p[0], &go, 1) != 1)
			_exit(9);
		_exit(in_cgroup_named(strrchr(path, '/')) == (go == 'y') ?
			0 : 1);
	}
	OK(pid > 0);
	printf("# in the cgroup: %s\n", in_cgroup ? "yes" : "no");
	go = in_cgroup ? 'y' : 'n';
	if (write(p[1], &go, 1) != 1)
		exit(2);
	IS_INT(exit_of(reap(pid)), 0);
	if (pidfd >= 0)
		close(pidfd);
	close(p[0]);
	close(p[1]);
	rmdir(path);
}

static void
mount_ids(void)
{
	AUTO_FD(a, openat(AT_FDCWD, "/", O_PATH | O_CLOEXEC));
	AUTO_FD(b, openat(AT_FDCWD, "/", O_RDONLY | O_CLOEXEC));
	uint64_t ia = 1, ib = 2, ip = 0;
	char line[256], want[64];
	bool seen = false;
	FILE *f;

	OK(sys_mnt_id(a, &ia) == 0);
	OK(sys_mnt_id(b, &ib) == 0);
	OK(ia == ib);
	OK(sys_mnt_id(procfs_fd(), &ip) == 0);
	OK(ip != ia);
	snprintf(line, sizeof(line), "/proc/self/fdinfo/%d", a);
	snprintf(want, sizeof(want), "mnt_id:\t%llu\n", (unsigned long long)ia);
	f = fopen(line, "re");
	while (f && fgets(line, sizeof(line), f))
		seen = seen || strcmp(line, want) == 0;
	if (f)
		fclose(f);
	OK(seen);
	errno = 0;
	OK(sys_mnt_id(9999, &ip) == -1);
	OK(errno == EBADF || errno == ENODATA);
}

static void
memory_file(void)
{
	int want = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
	AUTO_FD(fd, sys_memfd_create("t_compat"));

	if (fd < 0 && sys_absent(errno)) {
		SKIP(4, "no memory files");
		return;
	}
	OK(fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
	OK(write(fd, "x", 1) == 1);
	OK(fcntl(fd, F_ADD_SEALS, want) == 0);
	OK(write(fd, "x", 1) == -1);
}

static void
exec_by_fd(void)
{
	static char *const argv[] = { "t_compat", "--exit", "23", NULL };
	static char *const envp[] = { "X=Y", NULL };
	AUTO_FD(fd, procfs_self_link("exe", O_PATH));
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		sys_execveat(fd, argv, envp);
		_exit(errno == ENOEXEC ? 77 : 99);
	}
	status = reap(pid);
	if (exit_of(status) == 77)
		SKIP(1, "not a program of this machine");
	else
		IS_INT(exit_of(status), 23);
	errno = 0;
	OK(sys_execveat(9999, argv, envp) == -1);
	OK(errno == EBADF || errno == ENOENT || errno == EPERM);
}

static void
pidfds(void)
{
	int pidfd = sys_pidfd_open(getpid()), status = -1;
	pid_t pid;

	if (pidfd < 0) {
		OK(sys_absent(errno));
		SKIP(4, "no pidfd");
		return;
	}
	OK(fcntl(pidfd, F_GETFD) == FD_CLOEXEC);
	OK(sys_pidfd_send_signal(pidfd, 0) == 0 || sys_absent(errno));
	OK(sys_pidfd_exit_status(pidfd, &status) == -1);
	close(pidfd);
	pid = fork();
	if (pid == 0)
		_exit(42);
	pidfd = sys_pidfd_open(pid);
	reap(pid);
	if (sys_pidfd_exit_status(pidfd, &status) == 0) {
		IS_INT(exit_of(status), 42);
	} else {
		IS_INT(errno, ENODATA);
		puts("# exit status of a stranger: unknown");
	}
	close(pidfd);
	errno = 0;
	OK(sys_pidfd_open(INT_MAX) == -1 && (errno == ESRCH ||
		errno == EINVAL || sys_absent(errno)));
}

/* Thin calls: that numbers and arguments are right shows in what they do. */
static void
mount_api(void)
{
	const struct mnt_attr ro = { .set = MOUNT_ATTR_RDONLY };
	AUTO_FD(fs, sys_fsopen("tmpfs"));
	int m, t;

	if (fs < 0) {
		OK(errno == EPERM || errno == ENOSYS || errno == ENODEV);
		SKIP(8, "no mount API, or no right to it");
		return;
	}
	OK(fcntl(fs, F_GETFD) == FD_CLOEXEC);
	OK(sys_fsconfig(fs, FSCONFIG_SET_STRING, "mode", "0711", 0) == 0);
	OK(sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0);
	m = sys_fsmount(fs, MOUNT_ATTR_NOSUID);
	OK(m >= 0 && fcntl(m, F_GETFD) == FD_CLOEXEC);
	OK(mkdirat(m, "d", 0755) == 0);
	if (sys_mount_setattr(m, "", AT_EMPTY_PATH, &ro) == 0)
		OK(mkdirat(m, "e", 0755) == -1 && errno == EROFS);
	else
		OK(sys_absent(errno));
	t = sys_open_tree(AT_FDCWD, "/", OPEN_TREE_CLONE);
	OK((t >= 0 && fcntl(t, F_GETFD) == FD_CLOEXEC) || sys_absent(errno));
	OK(sys_move_mount(m, "", AT_FDCWD, "/nonexistent",
		MOVE_MOUNT_F_EMPTY_PATH) == -1);
	OK(errno == ENOENT);
	close(t);
	close(m);
}

static void
errno_rule(void)
{
	errno = ENOENT;
	OK(sys_both_failed(ENOSYS) == -1 && errno == ENOENT);
	errno = ENOENT;
	OK(sys_both_failed(EPERM) == -1 && errno == EPERM);
}

int
main(int argc, char **argv)
{
	struct err e = { 0 };

	if (argc == 3 && strcmp(argv[1], "--exit") == 0)
		return getenv("X") ? atoi(argv[2]) : 1;
	OK(procfs_open(&e) == 0);
	close_range_cases();
	clone_plain();
	clone_parent();
	clone_namespaces();
	clone_cgroup();
	mount_ids();
	memory_file();
	exec_by_fd();
	pidfds();
	mount_api();
	errno_rule();
	return done();
}
