/* SPDX-License-Identifier: MIT */
/* filter.h -- puts the seccomp filter on init. */
#ifndef FILTER_H
#define FILTER_H

#include <stdatomic.h>
#include <stddef.h>

struct err;
struct seccomp_plan;

struct filter_handover {
	int conn;
	atomic_int listener;    /* 0: not yet, -1: there will be none */
	atomic_int result;      /* 0: not yet, 1: handed over, else failed */
	_Alignas(max_align_t) char stack[16384];
};

#if FEAT_SECCOMP
/* Whether this kernel can carry out the filter: an action or a flag that it
 * does not know would be another action, or no filter.  Nothing is asked where
 * there is none. */
int filter_check(const struct seccomp_plan *s, struct err *e);

/* Filters this thread.  Needs no_new_privs or CAP_SYS_ADMIN.  Returns 0, or the
 * descriptor of the listener where the plan has one. */
int filter_load(const struct seccomp_plan *s, struct err *e);

/* The same with a listener, which goes over conn: the filter may forbid every
 * call that could send it, so a second thread does, which began without.  Waits
 * for the answer of filter_receive's side, by looking at h only.  *h lasts
 * until execve, which ends the thread. */
int filter_listen(const struct seccomp_plan *s, int conn,
	struct filter_handover *h, struct err *e);

/* The other side: waits for the listener on conn.  -1: an error, -2: init ended
 * before it had one.  The descriptor is the caller's. */
int filter_receive(int conn, struct err *e);

/* Tells init that its listener is in good hands. */
int filter_thank(int conn, struct err *e);
#else
#include <errno.h>
#include "err.h"
static inline int
filter_check(const struct seccomp_plan *s, struct err *e)
{
	(void)s;
	(void)e;
	return 0;
}
static inline int
filter_load(const struct seccomp_plan *s, struct err *e)
{
	(void)s;
	return err_set(e, ENOTSUP, "built without SECCOMP");
}
static inline int
filter_listen(const struct seccomp_plan *s, int conn,
	struct filter_handover *h, struct err *e)
{
	(void)conn;
	(void)h;
	return filter_load(s, e);
}
static inline int
filter_receive(int conn, struct err *e)
{
	(void)conn;
	return err_set(e, ENOTSUP, "built without SECCOMP");
}
static inline int
filter_thank(int conn, struct err *e)
{
	(void)conn;
	return err_set(e, ENOTSUP, "built without SECCOMP");
}
#endif

#endif
