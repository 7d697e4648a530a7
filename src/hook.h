/* SPDX-License-Identifier: MIT */
/* hook.h -- runs the hooks of a config (config.md, "POSIX-platform Hooks").
 *
 * A hook is somebody else's program that runs with our privileges: it gets its
 * own environment and nothing of ours, no descriptor but stdin, stdout and
 * stderr, no terminal, and can't make us wait longer than its timeout. */
#ifndef HOOK_H
#define HOOK_H

#include <stdbool.h>
#include <sys/types.h>

struct err;
struct spec_hooks;

/* How the hooks of one kind are run. */
struct hook_how {
	unsigned kind;          /* enum spec_hook_kind */
	int state;              /* what they read on stdin, from its start */
	const char *cwd;        /* NULL: where we are */
	bool cwd_may_fail;      /* then "/": it can't be entered from a user
	                         * namespace */
	mode_t umask;           /* HOOK_UMASK: as it is */
};
#define HOOK_UMASK ((mode_t)-1)

/* Gives the state for the hooks of a kind, as a new descriptor; pid is init's
 * as they see it.  Whoever makes containers has this (launch.h, init.h), since
 * it takes what is known there only. */
struct hook_source {
	int (*open)(void *arg, unsigned kind, pid_t pid, struct err *e);
	void *arg;
};

#if FEAT_HOOKS
/* Runs them in order.  The first that fails is the error, with what it printed;
 * the others do not run then.  A failure of poststop is a warning, and the
 * others run (list H14).  Standard output and error are read as long as the
 * hook itself lives: what it leaves behind may keep them (sec X20). */
int hook_run(const struct spec_hooks *h, const struct hook_how *how,
	struct err *e);

/* The same with state and working directory from where they are known. */
int hook_run_from(const struct spec_hooks *h, struct hook_how *how,
	const struct hook_source *s, pid_t pid, struct err *e);
#else
#include <errno.h>
#include "err.h"
static inline int
hook_run(const struct spec_hooks *h, const struct hook_how *how, struct err *e)
{
	(void)h;
	(void)how;
	return err_set(e, ENOTSUP, "hooks: built without HOOKS");
}
static inline int
hook_run_from(const struct spec_hooks *h, struct hook_how *how,
	const struct hook_source *s, pid_t pid, struct err *e)
{
	(void)s;
	(void)pid;
	return hook_run(h, how, e);
}
#endif

#endif
