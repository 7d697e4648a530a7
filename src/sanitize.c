/* SPDX-License-Identifier: MIT */
/* sanitize.c -- puts right what the caller left open, blocked or ignored (list
 * G18, T10; sec M4, T08). */
#include "sanitize.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "sys.h"

/* Something to stand at the lowest free descriptor, for the container too.  Not
 * every initramfs has /dev/null when this runs: the reading end of a pipe that
 * nobody writes is as harmless. */
static int
placeholder(void)
{
	/* NOLINTNEXTLINE(android-cloexec-open) */
	int fd = openat(AT_FDCWD, "/dev/null", O_RDWR | O_NOCTTY);
	int p[2];

	if (fd >= 0)
		return fd;
	if (pipe2(p, 0)) /* NOLINT(android-cloexec-pipe2) */
		return -1;
	close(p[1]);
	return p[0];
}

/* Else the first files we open would become the container's stdio. */
static int
fill_stdio(struct err *e)
{
	for (int fd = 0; fd < 3; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && placeholder() != fd)
			return err_set(e, EBADF, "fd %d is closed", fd);
	}
	return 0;
}

static int
reset_signals(struct err *e)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	sigset_t none;

	/* SIGCHLD ignored would make wait lose the container's status. */
	sigemptyset(&none);
	if (sigaction(SIGPIPE, &sa, NULL) || sigaction(SIGCHLD, &sa, NULL) ||
	    sigprocmask(SIG_SETMASK, &none, NULL))
		return err_sys(e, "signals");
	return 0;
}

int
process_sanitize(int argc, struct err *e)
{
	if (fill_stdio(e))
		return -1;
	if (argc < 1)
		return err_set(e, EINVAL, "started without a program name");
	if (getauxval(AT_SECURE) || getuid() != geteuid() ||
	    getgid() != getegid())
		return err_set(e, EPERM, "refusing to run setuid");
	return reset_signals(e);
}

/* KILL and STOP can't be set.  By the kernel's call: musl keeps 32 to 34 for
 * itself, and a glibc in the container whose caller ignored them would lose its
 * threads' cancellation. */
int
process_default_signals(void)
{
	static const unsigned long dfl[8];   /* SIG_DFL, no flags, no mask */
	sigset_t none;
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		syscall(SYS_rt_sigaction, sig, dfl, NULL, NSIG / 8);
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL);
}

int
process_keep_fds(unsigned keep, struct err *e)
{
	unsigned fd;

	if (keep > INT16_MAX)
		return err_set(e, EINVAL, "preserved fds: %u is too many",
			keep);
	/* Nothing inherited is close-on-exec, everything of ours is: that tells
	 * them apart. */
	for (fd = 3; fd < 3 + keep; fd++) {
		if (fcntl((int)fd, F_GETFD) != 0)
			return err_set(e, EBADF, "preserved fd %u is not open",
				fd);
	}
	if (sys_close_range(3 + keep, FD_MARK_CLOEXEC))
		return err_sys(e, "close on exec");
	return 0;
}
