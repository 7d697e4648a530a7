/* SPDX-License-Identifier: MIT */
/* relay.h -- the terminal half of fore.h: copies between our stdio and the
 * program's terminal.
 *
 * Each direction stands alone: a reader that stops holds up what it reads and
 * nothing else, ^C still goes through (sec X24).  No end is ever blocked on,
 * and one that is closed is not polled. */
#ifndef RELAY_H
#define RELAY_H

struct err;
struct fore;

#if FEAT_PTY
int relay_begin(struct fore *f, struct err *e);
void relay_end(struct fore *f);

/* Copies until a signal comes that is none of the terminal's own business.
 * Returns it; -1 with errno. */
int relay_wait(struct fore *f);

/* The program is gone: writes what its terminal holds, and little of what
 * others still write to it.  Ends early on a signal, and where our terminal
 * takes nothing for 10 seconds; a pipe is waited for, as any writer would. */
void relay_drain(struct fore *f);
#else
#include <errno.h>
#include "err.h"
static inline int
relay_begin(struct fore *f, struct err *e)
{
	(void)f;
	return err_set(e, ENOTSUP, "terminal: built without PTY");
}
static inline void
relay_end(struct fore *f)
{
	(void)f;
}
static inline int
relay_wait(struct fore *f)
{
	(void)f;
	errno = ENOTSUP;
	return -1;
}
static inline void
relay_drain(struct fore *f)
{
	(void)f;
}
#endif

#endif
