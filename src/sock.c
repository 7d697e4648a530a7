/* SPDX-License-Identifier: MIT */
/* sock.c -- unix sockets and SCM_RIGHTS. */
#include "sock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "err.h"
#include "io.h"
#include "procfs.h"

enum { CONNECT_SECONDS = 10 };

union control {
	struct cmsghdr align;
	char buf[CMSG_SPACE(sizeof(int))];
};

static int
connect_to(const char *path)
{
	/* the kernel waits that long for a place in the backlog */
	const struct timeval limit = { .tv_sec = CONNECT_SECONDS };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	AUTO_FD(fd, socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));

	memcpy(addr.sun_path, path, strlen(path));
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit,
	    sizeof(limit)) || connect(fd, (struct sockaddr *)&addr,
	    sizeof(addr)))
		return -1;
	return fd_take(&fd);
}

int
sock_connect(const char *path, struct err *e)
{
	char link[PROCFS_FD_PATH];
	AUTO_FD(file, -1);
	int fd;

	if (strlen(path) < sizeof(((struct sockaddr_un *)0)->sun_path)) {
		fd = connect_to(path);
		return fd < 0 ? err_sys(e, "%s", path) : fd;
	}
	file = openat(AT_FDCWD, path, O_PATH | O_CLOEXEC);
	fd = file < 0 ? -1 : connect_to(procfs_fd_path(file, link));
	return fd < 0 ? err_sys(e, "%s", path) : fd;
}

ssize_t
sock_send(int conn, int fd, const void *data, size_t len)
{
	union control u = { .buf = { 0 } };
	struct iovec iov = { (void *)(uintptr_t)data, len };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = u.buf, .msg_controllen = sizeof(u.buf),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(conn, &m, MSG_NOSIGNAL);
}

int
sock_receive(int conn, char *byte, struct err *e)
{
	union control u;
	struct iovec iov = { byte, 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = u.buf, .msg_controllen = sizeof(u.buf),
	};
	struct cmsghdr *h;
	ssize_t r;
	int fd;

	do
		r = recvmsg(conn, &m, MSG_CMSG_CLOEXEC);
	while (r < 0 && errno == EINTR);
	if (r == 0 || (r < 0 && errno == ECONNRESET))
		return -2;
	if (r < 0)
		return err_sys(e, "descriptor");
	h = CMSG_FIRSTHDR(&m);
	if (!h || h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS ||
	    h->cmsg_len != CMSG_LEN(sizeof(int)))
		return err_set(e, EPROTO, "descriptor: none came");
	memcpy(&fd, CMSG_DATA(h), sizeof(fd));
	return fd;
}
