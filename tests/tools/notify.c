/* SPDX-License-Identifier: MIT */
/* notify -- both ends of NOTIFY_SOCKET; an address is a path or @NAME:
 *   notify -l ADDRESS SECONDS  listens that long, or until it has got a message
 *                              with READY=1 and, with -b before, a BARRIER=1;
 *                              prints each, lines joined by spaces, and how
 *                              many descriptors came along
 *   notify TEXT...             sends each as a message to $NOTIFY_SOCKET, in
 *                              which "\n" ends a line; "FLOOD": 9000 of no use,
 *                              "LONG": one that is too long */
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static socklen_t
address(struct sockaddr_un *a, const char *text)
{
	size_t len = strlen(text);

	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	if (len >= sizeof(a->sun_path))
		exit(2);
	memcpy(a->sun_path, text, len);
	if (*text == '@')
		a->sun_path[0] = '\0';
	else
		len++;
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
}

/* 1: the last one that is waited for. */
static int
print_one(int fd, int barrier)
{
	union {
		struct cmsghdr align;
		char buf[CMSG_SPACE(8 * sizeof(int))];
	} u;
	char text[8192];
	struct iovec iov = { text, sizeof(text) - 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = u.buf, .msg_controllen = sizeof(u.buf),
	};
	ssize_t n = recvmsg(fd, &m, 0), i;
	struct cmsghdr *c = n < 0 ? NULL : CMSG_FIRSTHDR(&m);
	int one;

	if (n < 0)
		return 1;
	text[n] = '\0';
	for (i = 0; i < n; i++) {
		if (text[i] == '\n')
			text[i] = ' ';
	}
	printf("%s fds=%d\n", text, c ? 1 : 0);
	fflush(stdout);
	if (c) {
		memcpy(&one, CMSG_DATA(c), sizeof(one));
		close(one);
	}
	return strstr(text, barrier ? "BARRIER=1" : "READY=1") != NULL;
}

static int
listen_at(const char *where, int seconds, int barrier)
{
	struct sockaddr_un a;
	socklen_t len = address(&a, where);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, len)) {
		perror(where);
		return 2;
	}
	puts("listening");
	fflush(stdout);
	while (poll(&p, 1, seconds * 1000) > 0) {
		if (print_one(fd, barrier))
			return 0;
	}
	return 1;
}

static int
send_one(int fd, const char *text)
{
	char buf[9000];
	size_t n = 0;
	int i;

	if (!strcmp(text, "FLOOD")) {
		for (i = 0; i < 9000; i++) {
			if (send(fd, "STATUS=x", 8, 0) < 0)
				return -1;
		}
		return 0;
	}
	if (!strcmp(text, "LONG")) {
		memset(buf, '\n', sizeof(buf));
		memcpy(buf, "READY=1", 7);
		return send(fd, buf, sizeof(buf), 0) < 0 ? -1 : 0;
	}
	for (; *text && n < sizeof(buf); text++) {
		if (text[0] == '\\' && text[1] == 'n') {
			buf[n++] = '\n';
			text++;
		} else {
			buf[n++] = *text;
		}
	}
	return send(fd, buf, n, 0) < 0 ? -1 : 0;
}

int
main(int argc, char **argv)
{
	const char *to = getenv("NOTIFY_SOCKET");
	int barrier = argc > 1 && !strcmp(argv[1], "-b"), i, fd;
	struct sockaddr_un a;
	socklen_t len;

	argv += barrier;
	argc -= barrier;
	if (argc == 4 && !strcmp(argv[1], "-l"))
		return listen_at(argv[2], atoi(argv[3]), barrier);
	if (!to) {
		puts("no NOTIFY_SOCKET");
		return 3;
	}
	len = address(&a, to);
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, len)) {
		perror(to);
		return 1;
	}
	for (i = 1; i < argc; i++) {
		if (send_one(fd, argv[i])) {
			perror(argv[i]);
			return 1;
		}
	}
	return 0;
}
