/* SPDX-License-Identifier: MIT */
/* t_sanitize.c -- what a careless or hostile caller hands over.  Each case runs
 * in a child, whose exit status is the verdict. */
#include "sanitize.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "procfs.h"
#include "sys.h"
#include "tap.h"

enum { NO_RIGHT = 77, NO_LIST, NO_EXEC };

static int
no_stdio(void)
{
	struct err e = { 0 };
	struct stat st;

	close(0);
	close(1);
	close(2);
	if (process_sanitize(1, &e))
		return 1;
	for (int fd = 0; fd < 3; fd++) {
		if (fstat(fd, &st) || !S_ISCHR(st.st_mode) ||
		    st.st_rdev != makedev(1, 3))
			return 2;
	}
	return 0;
}

/* An initramfs before anything is mounted. */
static int
no_null_device(void)
{
	struct err e = { 0 };
	char c;

	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/dev", "tmpfs", 0, NULL))
		return NO_RIGHT;
	close(0);
	close(1);
	close(2);
	for (int fd = 3; fd < 10; fd++)
		close(fd);
	if (process_sanitize(1, &e))
		return 1;
	if (read(0, &c, 1) != 0 || write(1, "x", 1) != -1 || errno != EBADF)
		return 2;
	return fcntl(2, F_GETFD) == 0 && fcntl(3, F_GETFD) == -1 ? 0 : 3;
}

static int
stderr_only(void)
{
	struct err e = { 0 };
	struct stat out, err, now;

	fstat(1, &out);
	fstat(2, &err);
	close(2);
	if (process_sanitize(1, &e) || fstat(1, &now))
		return 1;
	if (now.st_ino != out.st_ino || fstat(2, &now))
		return 2;
	return now.st_rdev == makedev(1, 3) ? 0 : 3;
}

static int
signals(void)
{
	struct err e = { 0 };
	struct sigaction sa;
	sigset_t set;

	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (process_own_signals(&e))
		return 1;
	sigaction(SIGCHLD, NULL, &sa);
	if (sa.sa_handler != SIG_DFL)
		return 2;
	sigaction(SIGPIPE, NULL, &sa);
	if (sa.sa_handler != SIG_DFL)
		return 3;
	sigprocmask(SIG_BLOCK, NULL, &set);
	return sigismember(&set, SIGTERM) || sigismember(&set, SIGCHLD) ? 4 : 0;
}

/* A handler is reset by execve; sanitizers have some. */
static int
ignored(int sig)
{
	struct {
		void *handler;
		unsigned long rest[7];
	} sa = { NULL, { 0 } };

	/* musl does not tell of its own */
	if (syscall(SYS_rt_sigaction, sig, NULL, &sa, NSIG / 8))
		return -1;
	return sa.handler == (void *)1;
}

/* qemu-user has signals of its own: /proc tells its host's numbers. */
static bool
listed(const int *some, size_t n)
{
	char line[256];
	uint64_t mask = 0;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "SigIgn:", 7) == 0)
			mask = strtoull(line + 7, NULL, 16);
	if (f)
		fclose(f);
	while (n && mask >> (some[n - 1] - 1) & 1)
		n--;
	return n == 0;
}

/* What is ignored and blocked, real-time signals and those of libc too. */
static int
signals_passed(void)
{
	static const int some[] = { SIGHUP, SIGPIPE, SIGCHLD, 32, 33, 64 };
	unsigned long ignore[8] = { 1 };
	struct err e = { 0 };
	sigset_t set;

	for (size_t i = 0; i < COUNT(some); i++)
		syscall(SYS_rt_sigaction, some[i], ignore, NULL, NSIG / 8);
	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (size_t i = 0; i < COUNT(some); i++) {
		if (ignored(some[i]) != 1)
			return 1;
	}
	if (!listed(some, COUNT(some)))
		return NO_LIST;
	if (procfs_open(&e) || process_pass_signals(&e))
		return 2;
	for (int sig = 1; sig < NSIG; sig++) {
		if (ignored(sig))
			return 3;
	}
	sigprocmask(SIG_BLOCK, NULL, &set);
	return sigismember(&set, SIGTERM) || sigismember(&set, SIGCHLD) ? 4 : 0;
}

/* Without a procfs all are reset. */
static int
signals_blind(void)
{
	struct err e = { 0 };

	signal(SIGHUP, SIG_IGN);
	signal(SIGUSR2, SIG_IGN);
	if (process_pass_signals(&e))
		return 1;
	return ignored(SIGHUP) || ignored(SIGUSR2) ? 2 : 0;
}

static int
no_name(void)
{
	struct err e = { 0 };

	return process_sanitize(0, &e) == -1 && e.code ? 0 : 1;
}

/* The kernel tells a program how it was started: main in this file is it. */
static int
start_again(int exe)
{
	char name[] = "t_sanitize", inner[] = "inner";
	char *argv[] = { name, inner, NULL };

	sys_execveat(exe, argv, environ);
	/* below qemu-user the kernel does not know the machine */
	execve("/proc/self/exe", argv, environ);
	return errno == ENOEXEC ? NO_EXEC : 2;
}

static int
setuid_like(void)
{
	int exe = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	return seteuid(geteuid() + 1) ? NO_RIGHT : start_again(exe);
}

static int
setgid_like(void)
{
	int exe = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	return setegid(getegid() + 1) ? NO_RIGHT : start_again(exe);
}

/* As after exec: 3 and 4 inherited, 5 closed, 6 inherited. */
static int
keeping(void)
{
	struct err e = { 0 };

	for (int fd = 3; fd < 10; fd++)
		close(fd);
	dup2(0, 3);
	dup2(0, 4);
	dup2(0, 6);
	if (procfs_open(&e) || procfs_fd() != 5)
		return 1;
	if (process_keep_fds(2, &e))
		return 2;
	if (fcntl(3, F_GETFD) || fcntl(4, F_GETFD) ||
	    fcntl(5, F_GETFD) != FD_CLOEXEC || fcntl(6, F_GETFD) != FD_CLOEXEC)
		return 3;
	/* 5 is open, but it is ours */
	if (process_keep_fds(3, &e) != -1 || e.code != EBADF ||
	    strcmp(err_str(&e), "preserved fd 5 is not open") != 0)
		return 4;
	if (process_keep_fds(~0U, &e) != -1 || e.code != EINVAL)
		return 5;
	return process_keep_fds(0, &e) || fcntl(3, F_GETFD) != FD_CLOEXEC ?
		6 : 0;
}

int
main(int argc, char **argv)
{
	struct err e = { 0 };

	static const struct {
		const char *name;
		int (*run)(void);
	} cases[] = {
		{ "no stdio", no_stdio }, { "no stderr", stderr_only },
		{ "no /dev/null", no_null_device },
		{ "own signals", signals }, { "no name", no_name },
		{ "signals", signals_passed },
		{ "signals without /proc", signals_blind },
		{ "setuid", setuid_like }, { "setgid", setgid_like },
		{ "preserved fds", keeping },
	};
	int status;
	pid_t pid;

	/* not by exit: a sanitizer would look for leaks with rights it lacks */
	if (argc > 1 && strcmp(argv[1], "inner") == 0)
		_exit(process_sanitize(1, &e) != -1 || e.code != EPERM);
	for (size_t i = 0; i < COUNT(cases); i++) {
		pid = fork();
		if (pid == 0)
			_exit(cases[i].run());
		waitpid(pid, &status, 0);
		printf("# %s\n", cases[i].name);
		if (WIFEXITED(status) && WEXITSTATUS(status) == NO_RIGHT)
			SKIP(1, "only root can be somebody else");
		else if (WIFEXITED(status) && WEXITSTATUS(status) == NO_LIST)
			SKIP(1, "/proc/self/status is another's");
		else if (WIFEXITED(status) && WEXITSTATUS(status) == NO_EXEC)
			SKIP(1, "this program can't execute itself");
		else
			IS_INT(status, 0);
	}
	return done();
}
