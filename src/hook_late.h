/* SPDX-License-Identifier: MIT */
/* hook_late.h -- hooks of a container that exists: poststart and poststop, as
 * the config had them when it was made. */
#ifndef HOOK_LATE_H
#define HOOK_LATE_H

#include "arena.h"

struct err;
struct record;

/* kind: HOOK_POSTSTART or HOOK_POSTSTOP of spec.h; nothing is read where the
 * record knows of none.  dir is the state directory.  As hook_run. */
#if FEAT_HOOKS
int hook_late(const struct record *r, int dir, unsigned kind,
	struct arena scratch, struct err *e);
#else
static inline int
hook_late(const struct record *r, int dir, unsigned kind, struct arena scratch,
	struct err *e)
{
	(void)r;
	(void)dir;
	(void)kind;
	(void)scratch;
	(void)e;
	return 0;
}
#endif

#endif
