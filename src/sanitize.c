/* SPDX-License-Identifier: MIT */
/* sanitize.c -- puts right what the caller left open, blocked or ignored (list
 * G18, T10; sec M4, T08). */
#include "sanitize.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "procfs.h"
#include "str.h"
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

/* Else the first files we open would become the container's stdio.  One call
 * tells of all three; of an O_PATH descriptor it says POLLNVAL too. */
static int
fill_stdio(struct err *e)
{
	struct pollfd p[3] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };
	int fd;

	if (poll(p, 3, 0) < 0)
		return err_sys(e, "fd 0 to 2");
	for (fd = 0; fd < 3; fd++) {
		if (p[fd].revents & POLLNVAL && fcntl(fd, F_GETFD) < 0 &&
		    placeholder() != fd)
			return err_set(e, EBADF, "fd %d is closed", fd);
	}
	return 0;
}

int
process_sanitize(int argc, struct err *e)
{
	if (fill_stdio(e))
		return -1;
	if (argc < 1)
		return err_set(e, EINVAL, "started without a program name");
	if (getauxval(AT_SECURE) || getauxval(AT_UID) != getauxval(AT_EUID) ||
	    getauxval(AT_GID) != getauxval(AT_EGID))
		return err_set(e, EPERM, "refusing to run setuid");
	return 0;
}

int
process_own_signals(struct err *e)
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

/* Bit N - 1 of a mask in /proc/self/status is signal N; all of them where the
 * line can't be had. */
static uint64_t
mask_of(const char *status, const char *line)
{
	const char *p = str_find(status, line);
	uint64_t mask = 0;
	unsigned digit;

	if (!p)
		return ~UINT64_C(0);
	for (p += strlen(line); *p && *p != '\n'; p++) {
		digit = *p <= '9' ? (unsigned)*p - '0' :
			(unsigned)*p - 'a' + 10;
		if (digit > 15)
			return ~UINT64_C(0);
		mask = mask << 4 | digit;
	}
	return mask;
}

/* KILL and STOP can't be set.  By the kernel's call: musl keeps 32 to 34 for
 * itself, and a glibc in the container whose caller ignored them would lose its
 * threads' cancellation.  A mask above 64 signals, as MIPS has, is cut to its
 * end, so that all are reset there. */
static int
set_default(uint64_t ignored, uint64_t blocked)
{
	static const unsigned long dfl[8];   /* SIG_DFL, no flags, no mask */
	sigset_t none;
	int sig;

	for (sig = 1; sig < NSIG; sig++) {
		if (NSIG > 65 || ignored >> (sig - 1) & 1)
			syscall(SYS_rt_sigaction, sig, dfl, NULL, NSIG / 8);
	}
	sigemptyset(&none);
	return blocked || NSIG > 65 ? sigprocmask(SIG_SETMASK, &none, NULL) : 0;
}

int
process_default_signals(void)
{
	return set_default(~UINT64_C(0), ~UINT64_C(0));
}

int
process_pass_signals(struct err *e)
{
	pid_t self = procfs_self();
	char text[4096], name[32];
	ssize_t n;

	fmt_to(name, sizeof(name), "%d/status", (int)self);
	AUTO_FD(fd, self < 0 ? -1 : procfs_open_path(name, O_RDONLY));
	n = fd < 0 ? 0 : read_kernel(fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return set_default(mask_of(text, "\nSigIgn:\t"),
		mask_of(text, "\nSigBlk:\t")) ? err_sys(e, "signals") : 0;
}

int
process_keep_fds(unsigned keep, struct err *e)
{
	unsigned fd;

	if (keep > KEEP_FDS_MAX)
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
