/* SPDX-License-Identifier: MIT */
/* pidfd.c -- handles for processes: open 5.3, send_signal 5.1, exit status of a
 * stranger 6.15, and known of it beforehand 6.16. */
#include "sys.h"

#include <stddef.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "nr.h"

#if !defined(FEAT_PIDFD) || FEAT_PIDFD
enum { INFO_EXIT = 1 << 3, INFO_COREDUMP = 1 << 4 };

/* First published form of the kernel's struct pidfd_info. */
struct info {
	uint64_t mask, cgroup;
	uint32_t pid, tgid, ppid;
	uint32_t ids[8];
	int32_t exit_code;
};
#define GET_INFO _IOWR(0xff, 11, struct info)
_Static_assert(sizeof(struct info) == 64, "kernel ABI");

int
sys_pidfd_open(pid_t pid)
{
	return (int)syscall(NR_PIDFD_OPEN, pid, 0U);
}

int
sys_pidfd_send_signal(int pidfd, int sig)
{
	return (int)syscall(NR_PIDFD_SEND_SIGNAL, pidfd, sig, NULL, 0U);
}

int
sys_pidfd_exit_status(int pidfd, int *status)
{
	struct info i = { .mask = INFO_EXIT };

	/* libc's ioctl takes an int here and an unsigned long there. */
	if (syscall(SYS_ioctl, pidfd, GET_INFO, &i)) {
		errno = ENODATA;
		return -1;
	}
	if (!(i.mask & INFO_EXIT)) {
		errno = EAGAIN;
		return -1;
	}
	*status = i.exit_code;
	return 0;
}

bool
sys_pidfd_keeps_status(int pidfd)
{
	struct info i = { .mask = INFO_COREDUMP };

	return syscall(SYS_ioctl, pidfd, GET_INFO, &i) == 0 &&
		i.mask & INFO_COREDUMP;
}
#else
int
sys_pidfd_open(pid_t pid)
{
	(void)pid;
	errno = ENOSYS;
	return -1;
}

int
sys_pidfd_send_signal(int pidfd, int sig)
{
	(void)pidfd;
	(void)sig;
	errno = ENOSYS;
	return -1;
}

int
sys_pidfd_exit_status(int pidfd, int *status)
{
	(void)pidfd;
	(void)status;
	errno = ENODATA;
	return -1;
}

bool
sys_pidfd_keeps_status(int pidfd)
{
	(void)pidfd;
	return false;
}
#endif
