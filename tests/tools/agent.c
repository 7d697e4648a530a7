/* SPDX-License-Identifier: MIT */
/* agent PATH ERRNO  -- an example of who takes seccomp notifications: listens
 * at the unix socket PATH for one container, prints its state, answers every
 * call with ERRNO until the container has ended. */
#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int
die(const char *what)
{
	perror(what);
	return 1;
}

/* The state and the descriptor that comes with its first byte. */
static int
receive(int conn)
{
	char text[65536], control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { text, sizeof(text) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(conn, &m, 0);
	struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;
	int fd = -1;

	if (!c || c->cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	printf("%.*s\n", (int)n, text);
	fflush(stdout);
	return fd;
}

int
main(int argc, char **argv)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct pollfd p = { .events = POLLIN };
	int s = socket(AF_UNIX, SOCK_STREAM, 0), conn;

	if (argc != 3)
		return 2;
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", argv[1]);
	if (s < 0 || bind(s, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(s, 1))
		return die(argv[1]);
	conn = accept(s, NULL, NULL);
	p.fd = conn < 0 ? -1 : receive(conn);
	if (p.fd < 0)
		return die("no listener");
	while (poll(&p, 1, -1) >= 0 && p.revents & POLLIN) {
		struct seccomp_notif req = { 0 };
		struct seccomp_notif_resp resp = { 0 };

		if (ioctl(p.fd, (int)SECCOMP_IOCTL_NOTIF_RECV, &req))
			continue;
		resp.id = req.id;
		resp.error = -atoi(argv[2]);
		ioctl(p.fd, (int)SECCOMP_IOCTL_NOTIF_SEND, &resp);
	}
	return 0;
}
