/* SPDX-License-Identifier: MIT */
/* sync.c -- one-byte messages over a SOCK_SEQPACKET pair. */
#include "sync.h"

#include <errno.h>
#include <sys/socket.h>

#include "err.h"
#include "kopt.h"

int
sync_pair(int pair[2], struct err *e)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) {
		pair[0] = pair[1] = -1;
		err_sys(e, "socket pair");
		return e->code == EAFNOSUPPORT || e->code == ENOSYS ?
			err_hint(e, KOPT_UNIX) : -1;
	}
	return 0;
}

int
sync_send(int fd, enum sync_msg m, struct err *e)
{
	char c = (char)m;
	ssize_t r;

	do
		r = send(fd, &c, 1, MSG_NOSIGNAL);
	while (r < 0 && errno == EINTR);
	return r == 1 ? 0 : err_sys(e, "sync");
}

int
sync_recv(int fd, struct err *e)
{
	unsigned char c;
	ssize_t r;

	do
		r = recv(fd, &c, 1, 0);
	while (r < 0 && errno == EINTR);
	/* unread data at the other side's death is a reset, not an end */
	if (r == 0 || (r < 0 && errno == ECONNRESET))
		return 0;
	return r == 1 ? c : err_sys(e, "sync");
}
