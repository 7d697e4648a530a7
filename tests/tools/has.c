/* SPDX-License-Identifier: MIT */
/* has NAME -- exits with 0 where the kernel, as it shows itself to this
 * process, has it: for tests that also run below nosys and on old kernels. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *self;        /* the path that this was called by */

enum { SET_MODE_FILTER = 1, GET_ACTION_AVAIL = 2, FLAG_LOG = 2 };

/* No other kernel than its programs' own: 32-bit ones run on 64-bit ones. */
static int
long64(void)
{
	return sizeof(long) == 8 ? 0 : -1;
}

/* Calls of 32-bit programs, which user-mode Linux takes for its own. */
static int
ia32(void)
{
	long r = -1;
#if defined(__x86_64__) || defined(__i386__)
	__asm__ volatile("int $0x80" : "=a"(r) : "0"(20L) : "memory");
	r = r == getpid() ? 0 : -1;
#endif
	return (int)r;
}

static int
cgroup_ns(void)
{
	return unshare(0x02000000);
}

static int
time_ns(void)
{
	return unshare(0x80);
}

static int
action(uint32_t a)
{
	return (int)syscall(SYS_seccomp, GET_ACTION_AVAIL, 0, &a);
}

static int
seccomp_kill_process(void)
{
	return action(0x80000000);
}

static int
seccomp_notify(void)
{
	return action(0x7fc00000);
}

static int
seccomp_log(void)
{
	return syscall(SYS_seccomp, SET_MODE_FILTER, FLAG_LOG, NULL) < 0 &&
		errno == EFAULT ? 0 : -1;
}

static int
open_tree(void)
{
	int fd = (int)syscall(SYS_open_tree, AT_FDCWD, "/", 0);

	return fd < 0 ? -1 : close(fd);
}

/* Whether a program can be started by descriptor, without /proc or /dev/fd:
 * TOMOYO before stable kernels of 2024 refuses it. */
static int
exec_fd(void)
{
	const char *const args[] = { "has", "exec-fd-done", NULL };
	int fd = open(self, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return -1;
	return (int)syscall(SYS_execveat, fd, "", args, environ,
		AT_EMPTY_PATH);
}

static int
exec_fd_done(void)
{
	return 0;
}

static const struct {
	const char *name;
	int (*ask)(void);
} known[] = {
	{ "long64", long64 },
	{ "i386", ia32 },
	{ "cgroup-ns", cgroup_ns },
	{ "exec-fd", exec_fd },
	{ "exec-fd-done", exec_fd_done },
	{ "open-tree", open_tree },
	{ "time-ns", time_ns },
	{ "seccomp-kill-process", seccomp_kill_process },
	{ "seccomp-log", seccomp_log },
	{ "seccomp-notify", seccomp_notify },
};

int
main(int argc, char **argv)
{
	size_t i;

	self = argv[0];
	for (i = 0; argc == 2 && i < sizeof(known) / sizeof(*known); i++) {
		if (strcmp(known[i].name, argv[1]) == 0)
			return known[i].ask() ? 1 : 0;
	}
	return 125;
}
