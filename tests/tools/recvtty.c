/* SPDX-License-Identifier: MIT */
/* recvtty -- the other end of a console socket:
 *   recvtty PATH            takes one terminal, copies it to stdout and stdin
 *                           to it; prints "message: BYTES bytes, N fds" first
 *   recvtty -dead PATH      a socket that nobody listens on
 *   recvtty -full PATH      listens, its backlog is full
 *   recvtty -close PATH     accepts and closes at once
 *   recvtty -dgram PATH     the wrong type
 *   recvtty -sit PATH       accepts and never reads
 * Creates PATH.ready when it can be connected to. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int
copy(int from, int to)
{
	char buf[4096];
	ssize_t n = read(from, buf, sizeof(buf));

	return n > 0 && write(to, buf, (size_t)n) == n ? 0 : -1;
}

static int
serve(int conn)
{
	union {
		struct cmsghdr align;
		char buf[CMSG_SPACE(8 * sizeof(int))];
	} u;
	char data[8192];
	struct iovec iov = { data, sizeof(data) };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = u.buf, .msg_controllen = sizeof(u.buf),
	};
	ssize_t n = recvmsg(conn, &m, 0);
	struct cmsghdr *c = n < 0 ? NULL : CMSG_FIRSTHDR(&m);
	struct pollfd p[2] = { { .events = POLLIN }, { .events = POLLIN } };

	if (!c)
		return 1;
	printf("message: %zd bytes, %zu fds\n", n,
		(size_t)(c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	fflush(stdout);
	memcpy(&p[0].fd, CMSG_DATA(c), sizeof(int));
	close(conn);
	while (poll(p, 2, -1) > 0) {
		if (p[0].revents && copy(p[0].fd, 1))
			return 0;
		if (p[1].revents && copy(0, p[0].fd))
			p[1].fd = -1;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	const char *mode = argc == 3 ? argv[1] : "", *path = argv[argc - 1];
	int fd = socket(AF_UNIX, strcmp(mode, "-dgram") ? SOCK_STREAM :
		SOCK_DGRAM, 0);
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char ready[256];
	const char *name = strrchr(path, '/');
	int i, conn;

	/* sun_path is short: by its directory */
	snprintf(ready, sizeof(ready), "%.*s", (int)(name - path), path);
	if (chdir(ready))
		return 1;
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", name + 1);
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)))
		return 1;
	if (strcmp(mode, "-dgram") && strcmp(mode, "-dead") && listen(fd, 0))
		return 1;
	for (i = 0; !strcmp(mode, "-full") && i < 2; i++) {
		conn = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(conn, (struct sockaddr *)&a, sizeof(a));
	}
	snprintf(ready, sizeof(ready), "%s.ready", name + 1);
	close(open(ready, O_WRONLY | O_CREAT, 0600));
	if (!strcmp(mode, "-dead"))
		return 0;
	if (!strcmp(mode, "-full") || !strcmp(mode, "-dgram")) {
		sleep(30);
		return 0;
	}
	conn = accept(fd, NULL, NULL);
	if (!strcmp(mode, "-close"))
		return 0;
	if (!strcmp(mode, "-sit"))
		sleep(30);
	return serve(conn);
}
