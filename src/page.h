/* SPDX-License-Identifier: MIT */
/* page.h -- one page that init shares with whoever waits for it.
 *
 * The file `init` of the state directory, mapped until execve takes the
 * mapping away.  Init leaves its failure here by plain stores, because a
 * seccomp profile may deny every system call that could report it. */
#ifndef PAGE_H
#define PAGE_H

#include <stdatomic.h>
#include <stdint.h>

#include "err.h"
#include "rdt.h"

enum page_stage {
	PAGE_SETUP,             /* init is at work */
	PAGE_GATE,              /* init waits for start */
	PAGE_RELEASED,          /* the gate is open, no program yet */
	PAGE_HOOKS,             /* startContainer hooks run */
	PAGE_EXEC,              /* the next system call is execve */
};

enum { PAGE_ROOT = 0x7fffffff };

struct page {
	atomic_uint stage;      /* enum page_stage */
	atomic_int failed;      /* set after err is complete */
	int32_t pid;            /* of init, by the stage process (ns.h) */
	struct rdt rdt;         /* outlives a creator that is killed */
	uint32_t asked;         /* by init (mount_ask.h): an index of the plan's
	                         * mounts, or PAGE_ROOT */
	struct err err;
	/* what init will execute, absolute in its root; "": not known yet, or
	 * longer than this */
	char program[2048];
};

/* Creates `init` in the state directory and maps it.  The mapping lives until
 * the process ends.  NULL with err set. */
struct page *page_create(int dir, struct err *e);

/* One that has no file, for a process that only this one and its children wait
 * for.  NULL with err set. */
struct page *page_new(struct err *e);

/* Maps an existing one for reading.  NULL with err set. */
const struct page *page_open(int dir, struct err *e);

/* Init's claim that it has not become the container's program yet: takes an
 * exclusive flock on `init` through a close-on-exec descriptor of its own.
 * Readers of the state probe it (state.h).  Returns the descriptor, or -1. */
int page_hold(int dir, struct err *e);

/* Leaves *e in the page, for init. */
void page_fail(struct page *p, const struct err *e);

/* Whether init left a failure; copies it to *e and returns -1 then, else 0. */
int page_check(const struct page *p, struct err *e);

#endif
