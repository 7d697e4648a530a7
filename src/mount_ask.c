/* SPDX-License-Identifier: MIT */
/* mount_ask.c -- both ends of what init asks the runtime for. */
#include "mount_ask.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

#include "err.h"
#include "inroot.h"
#include "io.h"
#include "mount.h"
#include "mount_idmap.h"
#include "mountopt.h"
#include "page.h"
#include "plan.h"
#include "sock.h"
#include "sync.h"

bool
mount_of_host(const struct mount_op *m, const struct plan *p)
{
	return m->two_way || (m->ids && !plan_has(p, STEP_USER_NS));
}

static int
say(const struct mount_ask *a, enum sync_msg what, int fd, struct err *e)
{
	char byte = (char)what;

	return sock_send(a->sync, fd, &byte, 1) == 1 ? 0 : err_sys(e, "sync");
}

static int
gone(struct err *e)
{
	return e->code ? -1 : err_set(e, EPIPE, "the runtime is gone");
}

int
mount_ask_path(const struct mount_ask *a, const struct mount_op *m,
	struct err *e)
{
	AUTO_FD(top, openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC));
	char byte = 0;
	int fd;

	if (top < 0)
		return err_sys(e, "/");
	a->page->asked = m ? (uint32_t)(m - a->plan->mounts) : PAGE_ROOT;
	if (say(a, SYNC_SOURCE, top, e))
		return -1;
	fd = sock_receive(a->sync, &byte, e);
	if (fd >= 0)
		return fd;
	if (byte != SYNC_NONE)
		return gone(e);
	err_clear(e);
	errno = ENOENT;
	return err_sys(e, "source %s", m ? m->source : "");
}

int
mount_ask_ids(const struct mount_ask *a, const struct mount_op *m, int tree,
	struct err *e)
{
	int answer;

	a->page->asked = (uint32_t)(m - a->plan->mounts);
	if (say(a, SYNC_IDS, tree, e))
		return -1;
	answer = sync_recv(a->sync, e);
	return answer == SYNC_MAPS ? 0 : gone(e);
}

static int
serve_path(const struct mount_ask *a, const struct mount_op *m, int top,
	struct err *e)
{
	AUTO_FD(fd, inroot_open(top, m ? m->source : a->plan->rootfs, O_PATH |
		(m && m->how & MOUNTOPT_SRC_NOFOLLOW ? O_NOFOLLOW : 0), e));

	if (fd >= 0)
		return say(a, SYNC_SOURCE, fd, e);
	if (!m)
		return err_ctx(e, "root.path");
	if (m->how & MOUNTOPT_OPTIONAL && e->code == ENOENT) {
		err_clear(e);
		return sync_send(a->sync, SYNC_NONE, e);
	}
	err_ctx(e, "source");
	return mount_ctx(m, e);
}

/* One request; u is kept for the next. */
static int
serve(const struct mount_ask *a, struct idmap_users *u, struct err *e)
{
	char what;
	AUTO_FD(fd, sock_receive(a->sync, &what, e));
	uint32_t at = a->page->asked;
	const struct mount_op *m = at < a->plan->n_mounts ?
		&a->plan->mounts[at] : NULL;

	if (fd < 0)
		return -1;
	if (what == SYNC_SOURCE && (m || at == PAGE_ROOT))
		return serve_path(a, m, fd, e);
	if (what != SYNC_IDS || !m || !m->ids)
		return err_set(e, EPROTO, "init asked for nothing");
	return mount_idmap_op(m, fd, u, e) ? mount_ctx(m, e) :
		sync_send(a->sync, SYNC_MAPS, e);
}

/* Whether init's next message is a request; if not it is left for others. */
static bool
is_asked(int sync)
{
	ssize_t n;
	char what;

	do
		n = recv(sync, &what, 1, MSG_PEEK);
	while (n < 0 && errno == EINTR);
	return n == 1 && (what == SYNC_SOURCE || what == SYNC_IDS);
}

int
mount_serve(const struct mount_ask *a, struct err *e)
{
	struct idmap_users u = { .ns = -1 };
	int r = 0;

	while (r == 0 && is_asked(a->sync))
		r = serve(a, &u, e);
	fd_drop(&u.ns);
	/* init is gone: who waits for it next says how */
	if (r && (!e->code || e->code == EPIPE)) {
		err_clear(e);
		return 0;
	}
	return r;
}
