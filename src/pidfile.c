/* SPDX-License-Identifier: MIT */
/* pidfile.c -- --pid-file. */
#include "pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "sock.h"

/* No newline: callers convert the whole file to a number (list T11). */
int
pidfile_write(int cwd, const char *path, pid_t pid, struct err *e)
{
	char temp[4096], text[16];
	int n = fmt_to(temp, sizeof(temp), "%s.%d", path, (int)getpid());

	if (n < 0 || (size_t)n >= sizeof(temp))
		return err_set(e, ENAMETOOLONG, "pid file %s", path);
	n = fmt_to(text, sizeof(text), "%d", (int)pid);
	unlinkat(cwd, temp, 0); /* of a killed process with our number */
	AUTO_FD(fd, openat(cwd, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
		O_CLOEXEC, 0644));
	if (fd < 0)
		return err_sys(e, "pid file %s", path);
	if (write_all(fd, text, (size_t)n) ||
	    renameat(cwd, temp, cwd, path)) {
		err_sys(e, "pid file %s", path);
		unlinkat(cwd, temp, 0);
		return -1;
	}
	return 0;
}

int
pidfile_send(const char *path, int pidfd, struct err *e)
{
	AUTO_FD(conn, -1);

	if (pidfd < 0)
		return err_set(e, ENOTSUP, "--pidfd-socket: not in this kernel "
			"or build (Linux 5.3, PIDFD)");
	conn = sock_connect(path, e);
	if (conn < 0)
		return err_ctx(e, "--pidfd-socket");
	return sock_send(conn, pidfd, "p", 1) == 1 ? 0 :
		err_sys(e, "--pidfd-socket: %s", path);
}
