/* SPDX-License-Identifier: MIT */
/* memfd.c -- executable memory files and how to start them. */
#include "sys.h"

#include <unistd.h>

#include "nr.h"
#include "procfs.h"

enum { CLOEXEC = 1, ALLOW_SEALING = 2, EXEC = 0x10 };

int
sys_memfd_create(const char *name)
{
	unsigned flags = CLOEXEC | ALLOW_SEALING;
	int fd = (int)syscall(SYS_memfd_create, name, flags | EXEC);

	/* Since 6.3 a file without MFD_EXEC may be born not executable (sysctl
	 * vm.memfd_noexec = 1); before, the flag is unknown. */
	if (fd < 0 && errno == EINVAL)
		fd = (int)syscall(SYS_memfd_create, name, flags);
	return fd;
}

int
sys_execveat(int fd, char *const argv[], char *const envp[])
{
	char path[PROCFS_FD_PATH];
	int first;

	syscall(SYS_execveat, fd, "", argv, envp, 0x1000 /* AT_EMPTY_PATH */);
	first = errno;
	/* ENOENT: TOMOYO, until stable kernels of 2024, looks up the name that
	 * the kernel gives the program, /dev/fd/N, which not every /dev has. */
	if (!sys_absent(first) && first != ENOENT)
		return -1;
	execve(procfs_fd_path(fd, path), argv, envp);
	return sys_both_failed(first);
}
