/* SPDX-License-Identifier: MIT */
/* Unsafe: closes what it opened itself; what the caller had open stays
 * (CVE-2024-21626). */
#include "sys.h"

#include <fcntl.h>
#include <unistd.h>

int
sys_close_range(unsigned first, enum fd_fate fate)
{
	for (int fd = (int)first; fd < 1024; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (fate == FD_CLOSE && flags > 0 && flags & FD_CLOEXEC)
			close(fd);
	}
	return 0;
}
