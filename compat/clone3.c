/* SPDX-License-Identifier: MIT */
/* clone3.c -- one fork into new namespaces and, if the kernel can, right into
 * a cgroup: writing cgroup.procs later costs an RCU grace period of 10 ms. */
#include "sys.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "nr.h"

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif
#define INTO_CGROUP UINT64_C(0x200000000)

/* struct clone_args of <linux/sched.h>, which collides with <sched.h>. */
struct args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal;
	uint64_t stack, stack_size, tls;
	uint64_t set_tid, set_tid_size, cgroup;
};
enum { ARGS_5_3 = 64, ARGS_5_7 = 88 };

static pid_t
clone3(uint64_t flags, int cgroup_fd, int *pidfd)
{
	struct args a = {
		.flags = flags | (pidfd ? CLONE_PIDFD : 0),
		.pidfd = (uintptr_t)pidfd,
		/* a sibling's signal is that of its parent: EINVAL otherwise */
		.exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD,
	};

	if (cgroup_fd < 0)
		return (pid_t)syscall(NR_CLONE3, &a, (size_t)ARGS_5_3);
	a.flags |= INTO_CGROUP;
	a.cgroup = (uint64_t)cgroup_fd;
	return (pid_t)syscall(NR_CLONE3, &a, (size_t)ARGS_5_7);
}

/* The order of stack, tls and child tid depends on the port; here all are 0, so
 * that only flags and the place for the pidfd must be right.  Before 5.2 the
 * kernel ignores CLONE_PIDFD and leaves *pidfd alone. */
static pid_t
clone_old(uint64_t flags, int *pidfd)
{
	unsigned long f = (unsigned long)flags | SIGCHLD |
		(pidfd ? CLONE_PIDFD : 0);

#if defined(__s390__) || defined(__CRIS__)
	return (pid_t)syscall(SYS_clone, 0L, f, pidfd, 0L, 0L);
#elif defined(__microblaze__)
	return (pid_t)syscall(SYS_clone, f, 0L, 0L, pidfd, 0L, 0L);
#else
	return (pid_t)syscall(SYS_clone, f, 0L, pidfd, 0L, 0L);
#endif
}

pid_t
sys_clone(uint64_t flags, int cgroup_fd, int *pidfd, bool *in_cgroup)
{
	pid_t pid;

	*in_cgroup = false;
	if (pidfd)
		*pidfd = -1;
	if (flags & (0xff | ~(uint64_t)UINT32_MAX)) {
		errno = EINVAL;
		return -1;
	}
	pid = clone3(flags, cgroup_fd, pidfd);
	if (pid >= 0) {
		*in_cgroup = cgroup_fd >= 0;
		return pid;
	}
	/* 5.3 to 5.6 say E2BIG for the longer struct.  EINVAL may be the
	 * cgroup or a namespace, EAGAIN pids.max of the cgroup (0 is a limit)
	 * or a limit of ours: only the latter come back. */
	if (cgroup_fd >= 0 &&
	    (errno == E2BIG || errno == EINVAL || errno == EAGAIN))
		pid = clone3(flags, -1, pidfd);
	/* clone knows all that clone3 was asked for, so what it says is true
	 * also where clone3 was merely forbidden. */
	if (pid < 0 && sys_absent(errno))
		pid = clone_old(flags, pidfd);
	if (pid > 0 && pidfd && *pidfd < 0)
		*pidfd = sys_pidfd_open(pid);
	return pid;
}
