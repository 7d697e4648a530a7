/* SPDX-License-Identifier: MIT */
/* launch.h -- the runtime's side of making a container: resources in order, and
 * all of them undone in reverse when one fails. */
#ifndef LAUNCH_H
#define LAUNCH_H

#include <stdbool.h>

#include "cgroup.h"
#include "netdev.h"
#include "ns.h"
#include "task.h"

struct arena;
struct enter;
struct err;
struct hook_source;
struct page;
struct plan;
struct timing;

struct launch {
	const struct plan *plan;
	int state_dir;          /* lent */
	/* lent; set before launch_create: */
	const struct hook_source *hooks;
	struct timing *timing;  /* or NULL */
	int console;            /* takes the terminal; -1: it stays in */
	int master;             /* ... or -1 */
	struct page *page;
	struct cgroup cgroup;
	struct ns_child child;  /* init; its pidfd is ours */
	struct task_id init;
	struct arena *arena;    /* lent; holds net */
	struct netdev net;
	int sync;
};

/* Who will hold the terminal of the plan, if it has one, must be known before
 * (list T1, T2): the console socket at path, unless that is NULL, or this
 * process, if it stays.  Sets l->console, which is the caller's. */
int launch_console(struct launch *l, const struct plan *p, const char *path,
	bool stays, struct err *e);

/* Makes cgroups and namespaces and has init set up the container, up to the
 * point where it waits.  gate: init will listen for `wherry start`; else only
 * launch_go can start it.  On failure nothing is left but the state directory,
 * which is the caller's. */
int launch_create(struct launch *l, const struct plan *p, int state_dir,
	bool gate, struct arena *a, struct err *e);

/* Makes a process in the cgroups and namespaces of a container that is there,
 * by a plan of plan_exec.  On failure nothing is left.  The second has it set
 * up, to the point where it waits for launch_go. */
int launch_exec(struct launch *l, const struct plan *p,
	const struct enter *to, struct err *e);
int launch_ready(struct launch *l, struct err *e);

/* The state says created: init may outlive this process. */
int launch_commit(struct launch *l, struct err *e);

/* Starts the program at once; the second waits until it runs.  In between, sync
 * is what a listener comes over (listener.h). */
int launch_go(struct launch *l, struct err *e);
int launch_verdict(struct launch *l, struct err *e);

/* Kills init, reaps it, removes the cgroups where they were made for it.  For
 * failures behind launch_create and launch_exec. */
void launch_undo(struct launch *l);

/* Lets go of the descriptors. */
void launch_close(struct launch *l);

#endif
