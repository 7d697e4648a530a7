/* SPDX-License-Identifier: MIT */
/* init.h -- the container's first process, and any that exec adds, from the
 * clone to execve. */
#ifndef INIT_H
#define INIT_H

#include <stdbool.h>

#include "mount_ask.h"

struct cgroup;
struct enter;
struct hook_source;
struct page;
struct plan;
struct timing;

/* What init is given by the runtime; it owns copies of the descriptors. */
struct init {
	const struct plan *plan;
	struct page *page;
	const struct cgroup *cgroup;
	const struct enter *enter; /* exec */
	int state_dir;          /* -1: exec, which is not what the state is
	                         * about */
	int sync;               /* its end of the pair */
	int gate;               /* by gate_listen; -1: SYNC_GO starts it */
	int *trees;             /* by mount_sources */
	struct mount_ask ask;   /* create */
	const struct hook_source *hooks;
	struct timing *timing;  /* or NULL */
	bool wait;              /* SYNC_MAPS will come: maps, cgroup */
};

/* Carries out the plan's steps behind the clone.  Returns only when one fails,
 * with the reason in the page; the caller then exits with the result. */
int init_main(struct init *in);

#endif
