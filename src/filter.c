/* SPDX-License-Identifier: MIT */
/* filter.c -- seccomp(2), and what the kernel knows of it. */
#include "filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "kopt.h"
#include "plan.h"
#include "sock.h"
#include "spec.h"

/* <linux/seccomp.h> may be too old for some of it. */
enum { SET_MODE_FILTER = 1, GET_ACTION_AVAIL = 2, MODE_FILTER = 2 };
enum { SPEC_ALLOW = 4 };

/* What came later than the first filters. */
static const struct later {
	char name[24];
	char since[6];
	uint32_t flag;          /* SECCOMP_FILTER_FLAG_*, or */
	uint32_t action;        /* SECCOMP_RET_* */
	uint8_t bit;            /* enum spec_seccomp_action */
} later[] = {
	{ "LOG", "4.14", 0x02, 0, 0 },
	{ "SPEC_ALLOW", "4.17", SPEC_ALLOW, 0, 0 },
	{ "NEW_LISTENER", "5.0", 0x08, 0, 0 },
	{ "WAIT_KILLABLE_RECV", "5.19", 0x20, 0, 0 },
	{ "SCMP_ACT_LOG", "4.14", 0, 0x7ffc0000, SECCOMP_ACT_LOG },
	{ "SCMP_ACT_KILL_PROCESS", "4.14", 0, 0x80000000,
		SECCOMP_ACT_KILL_PROCESS },
	{ "SCMP_ACT_NOTIFY", "5.0", 0, 0x7fc00000, SECCOMP_ACT_NOTIFY },
};

static long
seccomp(unsigned op, unsigned flags, const void *arg)
{
	return syscall(SYS_seccomp, op, flags, arg);
}

/* Before 3.17, or under another filter: prctl can do without flags. */
static bool
absent(void)
{
	return errno == ENOSYS || errno == EPERM;
}

/* A program at NULL: EFAULT says that all else was right. */
static bool
takes(unsigned flags)
{
	return seccomp(SET_MODE_FILTER, flags, NULL) < 0 && errno == EFAULT;
}

static int
check_one(const struct later *l, const struct seccomp_plan *s, struct err *e)
{
	/* filter_load leaves SPEC_ALLOW out where nobody asked for it */
	if (l->flag && s->flags & l->flag) {
		if (takes(l->flag) ||
		    (l->flag == SPEC_ALLOW && !s->flags_given))
			return 0;
		return err_set(e, ENOTSUP, "linux.seccomp.flags: "
			"SECCOMP_FILTER_FLAG_%s: not in this kernel (Linux %s)",
			l->name, l->since);
	}
	if (l->flag || !(s->actions >> l->bit & 1) ||
	    seccomp(GET_ACTION_AVAIL, 0, &l->action) == 0)
		return 0;
	return err_set(e, ENOTSUP, "linux.seccomp: %s: not in this kernel "
		"(Linux %s)", l->name, l->since);
}

int
filter_check(const struct seccomp_plan *s, struct err *e)
{
	size_t i;

	if (!s->insn)
		return 0;
	if (!takes(0) && (!absent() ||
	    prctl(PR_SET_SECCOMP, MODE_FILTER, NULL, 0, 0) == 0 ||
	    errno != EFAULT)) {
		err_sys(e, "linux.seccomp");
		return err_hint(e, KOPT_SECCOMP);
	}
	for (i = 0; i < COUNT(later); i++) {
		if (check_one(&later[i], s, e))
			return -1;
	}
	return 0;
}

int
filter_load(const struct seccomp_plan *s, struct err *e)
{
	/* plan_seccomp has seen to the limit, which is below 65536 */
	struct sock_fprog prog = {
		(unsigned short)s->n,
		(struct sock_filter *)(uintptr_t)s->insn,
	};
	unsigned flags = s->flags;
	long r = seccomp(SET_MODE_FILTER, flags, &prog);

	if (r < 0 && errno == EINVAL && flags && !s->flags_given) {
		flags = 0;
		r = seccomp(SET_MODE_FILTER, 0, &prog);
	}
	if (r < 0 && absent() && (!flags || !s->flags_given))
		r = prctl(PR_SET_SECCOMP, MODE_FILTER, &prog, 0, 0);
	if (r >= 0)
		return (int)r;
	err_sys(e, "seccomp");
	return e->code == EACCES ? err_hint(e, "process.noNewPrivileges, or "
		"CAP_SYS_ADMIN in the container's user namespace") :
		err_hint(e, KOPT_SECCOMP);
}

static const char listener_byte = 'L';

/* The second thread.  It shares the descriptors, and is under no filter. */
static int
hand_over(void *arg)
{
	const struct timespec moment = { .tv_nsec = 50000 };
	struct filter_handover *h = arg;
	int fd;
	char c;

	while (!(fd = atomic_load(&h->listener)))
		nanosleep(&moment, NULL);
	if (fd > 0) {
		bool done = sock_send(h->conn, fd, &listener_byte, 1) == 1 &&
			recv(h->conn, &c, 1, 0) == 1;

		close(fd);
		atomic_store(&h->result, done ? 1 : -1);
	}
	return 0;
}

int
filter_listen(const struct seccomp_plan *s, int conn,
	struct filter_handover *h, struct err *e)
{
	const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
		CLONE_THREAD | CLONE_SYSVSEM;
	int fd, result;

	h->conn = conn;
	atomic_store(&h->listener, 0);
	atomic_store(&h->result, 0);
	if (clone(hand_over, h->stack + sizeof(h->stack), flags, h) < 0)
		return err_sys(e, "linux.seccomp: listener: thread");
	fd = filter_load(s, e);
	atomic_store(&h->listener, fd > 0 ? fd : -1);
	if (fd < 0)
		return -1;
	do
		result = atomic_load(&h->result);
	while (!result);
	return result > 0 ? 0 : err_set(e, EPIPE, "linux.seccomp.listenerPath: "
		"nobody took the listener");
}

int
filter_receive(int conn, struct err *e)
{
	char c;
	int fd = sock_receive(conn, &c, e);

	if (fd == -1)
		return err_ctx(e, "linux.seccomp: listener");
	if (fd >= 0 && c != listener_byte) {
		close(fd);
		return err_set(e, EPROTO, "linux.seccomp: listener");
	}
	return fd;
}

int
filter_thank(int conn, struct err *e)
{
	return send(conn, &listener_byte, 1, MSG_NOSIGNAL) == 1 ? 0 :
		err_sys(e, "linux.seccomp: listener");
}
