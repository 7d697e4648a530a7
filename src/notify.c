/* SPDX-License-Identifier: MIT */
/* notify.c -- the socket of /run/notify, and what of it reaches the host's. */
#include "notify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "arena.h"
#include "dir.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "log.h"
#include "procfs.h"
#include "sock.h"
#include "spec.h"

#define FOLDER "notify"
#define SOCKET FOLDER "/notify.sock"

enum {
	LOOK_MS = 100,          /* without a pidfd */
	SEND_SECONDS = 10,
	BARRIER_MS = 30 * 1000,
	DRAIN_MAX = 1024,       /* others may go on sending */
	MESSAGE_MAX = 4096,     /* longer ones are not read */
};

int
notify_check(const char *host, struct err *e)
{
	struct sockaddr_un addr;

	if ((*host != '/' && *host != '@') || !host[1])
		return err_set(e, EINVAL, "NOTIFY_SOCKET: `%s` is neither an "
			"absolute path nor @NAME", host);
	if (strlen(host) >= sizeof(addr.sun_path))
		return err_set(e, ENAMETOOLONG, "NOTIFY_SOCKET: longer than "
			"%zu bytes", sizeof(addr.sun_path) - 1);
	return 0;
}

static bool
has_mount_ns(const struct spec *s)
{
	unsigned i;

	for (i = 0; i < s->linux.n_namespaces; i++) {
		if (s->linux.namespaces[i].type == CLONE_NEWNS)
			return !s->linux.namespaces[i].path;
	}
	return false;
}

static const char *
folder_path(int root, const char *id, struct arena *a, struct err *e)
{
	char link[PROCFS_FD_PATH], path[4096];
	ssize_t n = readlink(procfs_fd_path(root, link), path, sizeof(path));

	if (n < 0 || (size_t)n == sizeof(path)) {
		errno = n < 0 ? errno : ENAMETOOLONG;
		err_sys(e, "state directory");
		return NULL;
	}
	return arena_fmt(a, e, "%.*s/%s/" FOLDER, (int)n, path, id);
}

int
notify_spec(struct spec *s, const char *host, int root, const char *id,
	struct arena *a, struct err *e)
{
	static const char *const options[] = {
		"bind", "ro", "nosuid", "nodev", "noexec",
	};
	struct spec_process *p = s->process;
	struct spec_mount *mounts;
	const char **env;

	if (!host || !p)
		return 0;
	if (!has_mount_ns(s))
		return err_set(e, EINVAL, "NOTIFY_SOCKET: the container has no "
			"mount namespace of its own");
	mounts = NEWS(a, struct spec_mount, s->n_mounts + 1, e);
	env = NEWS(a, const char *, p->n_env + 1, e);
	if (!mounts || !env)
		return -1;
	if (s->n_mounts)
		memcpy(mounts, s->mounts, s->n_mounts * sizeof(*mounts));
	mounts[s->n_mounts] = (struct spec_mount) {
		.destination = "/run/notify", .type = "bind",
		.source = folder_path(root, id, a, e),
		.options = options, .n_options = COUNT(options),
	};
	if (!mounts[s->n_mounts].source)
		return -1;
	s->mounts = mounts;
	s->n_mounts++;
	/* of a name that is there twice the last one counts */
	if (p->n_env)
		memcpy(env, p->env, p->n_env * sizeof(*env));
	env[p->n_env++] = "NOTIFY_SOCKET=/run/" SOCKET;
	p->env = env;
	return 0;
}

int
notify_make(int dir, struct err *e)
{
	if (mkdirat(dir, FOLDER, 0755) ||
	    fchmodat(dir, FOLDER, 0755, 0))     /* whatever the umask */
		return err_sys(e, FOLDER);
	return 0;
}

int
notify_remove(int dir, struct err *e)
{
	AUTO_FD(folder, openat(dir, FOLDER, O_RDONLY | O_DIRECTORY |
		O_NOFOLLOW | O_CLOEXEC));

	/* the socket, and what a container has left that could make its mount
	 * writable */
	if (folder >= 0 && dir_clear(folder, e))
		return err_ctx(e, FOLDER);
	if (unlinkat(dir, FOLDER, AT_REMOVEDIR) && errno != ENOENT)
		return err_sys(e, FOLDER);
	return 0;
}

int
notify_open(struct notify *n, const char *host, int dir,
	const struct task_id *init, struct err *e)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	char link[PROCFS_FD_PATH];

	*n = (struct notify) { .sock = -1, .host = host, .init = *init };
	if (!host)
		return 0;
	AUTO_FD(folder, openat(dir, FOLDER, O_PATH | O_DIRECTORY | O_NOFOLLOW |
		O_CLOEXEC));
	if (folder < 0 && errno == ENOENT) {
		log_at(LEVEL_WARNING, "NOTIFY_SOCKET: not set when the "
			"container was created");
		return 0;
	}
	AUTO_FD(sock, socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC |
		SOCK_NONBLOCK, 0));
	/* sun_path holds 107 bytes, and the working directory stays */
	fmt_to(addr.sun_path, sizeof(addr.sun_path), "%s/notify.sock",
		procfs_fd_path(folder, link));
	/* of a start that came to nothing */
	unlinkat(dir, SOCKET, 0);
	if (folder < 0 || sock < 0 ||
	    bind(sock, (struct sockaddr *)&addr, sizeof(addr)) ||
	    fchmodat(dir, SOCKET, 0666, 0))     /* any user in there */
		return err_sys(e, SOCKET);
	n->sock = fd_take(&sock);
	return 0;
}

int
notify_async(const struct notify *n, struct err *e)
{
	if (n->sock >= 0 && (fcntl(n->sock, F_SETOWN, getpid()) ||
	    fcntl(n->sock, F_SETFL, O_NONBLOCK | O_ASYNC)))
		return err_sys(e, SOCKET);
	return 0;
}

static int
host_connect(const char *host)
{
	const struct timeval limit = { .tv_sec = SEND_SECONDS };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t len = strlen(host);
	AUTO_FD(fd, socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	memcpy(addr.sun_path, host, len);
	if (*host == '@')
		addr.sun_path[0] = '\0';
	else
		len++;
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit,
	    sizeof(limit)) || connect(fd, (struct sockaddr *)&addr,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)))
		return -1;
	return fd_take(&fd);
}

/* The host looks up who sent a message, which must then still be there: this
 * waits until it has come to the descriptor that goes along. */
static int
barrier(int host)
{
	struct pollfd p = { .events = POLLIN };
	int ends[2], r;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	r = sock_send(host, ends[1], "BARRIER=1", 9) < 0 ? -1 : 0;
	close(ends[1]);
	p.fd = ends[0];
	while (r == 0 && (r = poll(&p, 1, BARRIER_MS)) < 0 && errno == EINTR)
		r = 0;
	if (r == 0)
		errno = ETIMEDOUT;
	close(ends[0]);
	return r > 0 ? 0 : -1;
}

static void
tell_host(const struct notify *n, bool leaving)
{
	char text[48];
	int len = fmt_to(text, sizeof(text), "MAINPID=%d\nREADY=1",
		(int)n->init.pid);
	AUTO_FD(host, host_connect(n->host));

	if (host < 0 || send(host, text, (size_t)len, MSG_NOSIGNAL) < 0 ||
	    (leaving && barrier(host)))
		log_at(LEVEL_WARNING, "NOTIFY_SOCKET: %s: %s", n->host,
			strerror(errno));
}

static bool
says_ready(const char *text, size_t len)
{
	static const char ready[] = "READY=1";
	const char *end = text + len, *line, *next;

	for (line = text; line < end; line = next + 1) {
		next = memchr(line, '\n', (size_t)(end - line));
		if (!next)
			next = end;
		if ((size_t)(next - line) == sizeof(ready) - 1 &&
		    !memcmp(line, ready, sizeof(ready) - 1))
			return true;
	}
	return false;
}

/* One message: 1 it is ready, 0 something else, -1 there is none.  Descriptors
 * that come along are the kernel's to close. */
static int
take(const struct notify *n)
{
	char text[MESSAGE_MAX];
	ssize_t len = recv(n->sock, text, sizeof(text), MSG_TRUNC);

	if (len < 0)
		return -1;
	return (size_t)len <= sizeof(text) && says_ready(text, (size_t)len);
}

/* As take; the first that is ready is the last that is read. */
static int
take_on(struct notify *n)
{
	int r = n->sock < 0 ? -1 : take(n);

	if (r > 0) {
		notify_close(n);
		tell_host(n, false);
	}
	return r;
}

/* The next one waits its turn among the signals, so that a flood keeps none
 * from the program. */
void
notify_take(struct notify *n)
{
	if (take_on(n) == 0)
		raise(SIGIO);
}

void
notify_drain(struct notify *n)
{
	int left = DRAIN_MAX;

	while (left-- > 0 && take_on(n) == 0)
		;
}

void
notify_wait(struct notify *n, int pidfd)
{
	struct pollfd p[2] = {
		{ .fd = n->sock, .events = POLLIN },
		{ .fd = pidfd, .events = POLLIN },
	};

	while (n->sock >= 0) {
		/* first its end: what it has said before is still read */
		bool gone = !task_alive(&n->init, NULL);
		int r = take(n);

		if (r > 0)
			tell_host(n, true);
		if (r > 0 || (r < 0 && gone))
			break;
		if (r < 0 && poll(p, 2, pidfd < 0 ? LOOK_MS : -1) < 0 &&
		    errno != EINTR)
			break;
	}
	notify_close(n);
}

void
notify_close(struct notify *n)
{
	fd_drop(&n->sock);
	n->sock = -1;
}
