/* SPDX-License-Identifier: MIT */
/* listener.c -- the message to the seccomp agent. */
#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "filter.h"
#include "io.h"
#include "jsonw.h"
#include "life.h"
#include "record.h"
#include "report.h"
#include "sock.h"
#include "sys.h"
#include "version.h"

static int
write_state(int fd, const struct record *r, int dir, struct err *e)
{
	struct jsonw w;

	jsonw_init(&w, fd, false);
	jsonw_obj(&w);
	jsonw_key(&w, "ociVersion");
	jsonw_str(&w, OCI_VERSION);
	jsonw_key(&w, "fds");
	jsonw_arr(&w);
	jsonw_str(&w, "seccompFd");
	jsonw_end(&w);
	jsonw_key(&w, "pid");
	jsonw_i64(&w, r->exec_pid ? r->exec_pid : r->init.pid);
	if (r->listener_metadata) {
		jsonw_key(&w, "metadata");
		jsonw_str(&w, r->listener_metadata);
	}
	jsonw_key(&w, "state");
	report_json(&w, r, r->exec_pid ? r->status : STATUS_CREATING, dir);
	jsonw_end(&w);
	return jsonw_finish(&w, e);
}

/* Linux before 3.17 has no memory files. */
static int
scratch_file(int dir)
{
	static const char name[] = ".listener";
	int fd = sys_memfd_create("state");

	if (fd >= 0)
		return fd;
	fd = openat(dir, name, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW |
		O_CLOEXEC, 0600);
	if (fd >= 0)
		unlinkat(dir, name, 0);
	return fd;
}

/* Agents read the message at once: it is sent at once. */
static char *
make_state(const struct record *r, int dir, size_t *len, struct arena *a,
	struct err *e)
{
	AUTO_FD(fd, scratch_file(dir));
	struct stat st;
	char *text;

	if (fd < 0) {
		err_sys(e, "state: file");
		return NULL;
	}
	if (write_state(fd, r, dir, e))
		return NULL;
	if (fstat(fd, &st) || lseek(fd, 0, SEEK_SET)) {
		err_sys(e, "state: file");
		return NULL;
	}
	*len = (size_t)st.st_size;
	text = arena_alloc(a, *len, 1, e);
	if (text && read_full(fd, text, *len) != (ssize_t)*len) {
		err_set(e, EIO, "state: file");
		return NULL;
	}
	return text;
}

static int
give(const struct record *r, int dir, int listener, struct arena a,
	struct err *e)
{
	AUTO_FD(conn, sock_connect(r->listener, e));
	size_t len = 0, sent;
	char *text;
	ssize_t n;

	if (conn < 0)
		return -1;
	text = make_state(r, dir, &len, &a, e);
	if (!text)
		return -1;
	n = sock_send(conn, listener, text, len);
	sent = n < 0 ? 0 : (size_t)n;
	while (n >= 0 && sent < len) {
		n = send(conn, text + sent, len - sent, MSG_NOSIGNAL);
		sent += n < 0 ? 0 : (size_t)n;
	}
	return n < 0 ? err_sys(e, "%s", r->listener) : 0;
}

int
listener_serve(int conn, const struct record *r, int dir,
	struct arena scratch, struct err *e)
{
	AUTO_FD(listener, -1);

	if (!r->listener)
		return 0;
	listener = filter_receive(conn, e);
	if (listener == -2)
		return 0;
	if (listener < 0)
		return -1;
	if (give(r, dir, listener, scratch, e))
		return err_ctx(e, "linux.seccomp.listenerPath");
	return filter_thank(conn, e);
}
