/* SPDX-License-Identifier: MIT */
/* cgroup.h -- the container's cgroups, in whatever hierarchies the host has.
 *
 * A backend is a table of functions (cgroup_v1.c, cgroup_v2.c); this layer
 * walks the plan's list.  All work is relative to directory descriptors of the
 * hierarchies, checked to be of the right file system type (sec M17). */
#ifndef CGROUP_H
#define CGROUP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;
struct cgroup_op;
struct cgroup_plan;
struct err;
struct jsonw;
struct spec_resources;

enum { CGROUP_MAX = 32 };

/* The open cgroups of one container; fds are -1 where there is none. */
struct cgroup {
	const struct cgroup_plan *plan;
	int parent[CGROUP_MAX]; /* where the container's cgroup in ops[i] is */
	int dir[CGROUP_MAX];    /* that cgroup, where something is set in it */
	int tasks[CGROUP_MAX];  /* v1: its tasks file, open for writing */
	bool made[CGROUP_MAX];  /* by us: to be undone on failure */
};

/* Makes the directories, sets all limits, filters devices, opens what
 * cgroup_enter needs.  On failure what was made is removed again. */
int cgroup_create(struct cgroup *c, const struct cgroup_plan *plan,
	struct err *e);

/* The v2 cgroup for CLONE_INTO_CGROUP, or -1. */
int cgroup_clone_fd(const struct cgroup *c);

/* Called by init itself: writes 0 to each v1 tasks file.  One thread that moves
 * itself does not take the kernel's global thread-group lock, which can cost an
 * RCU grace period of 10 ms and more. */
int cgroup_enter(const struct cgroup *c, struct err *e);

/* Why the kernel answers EOPNOTSUPP to both ways into a v2 cgroup. */
#define CGROUP_THREADED "is the cgroup below a threaded one?"

/* Called by the parent where clone3 could not place pid in the v2 cgroup. */
int cgroup_attach(const struct cgroup *c, pid_t pid, struct err *e);

/* Removes what cgroup_create has made or found, by the descriptors it has kept,
 * which takes one call each where nothing runs in there any more; else as
 * cgroup_remove does it. */
int cgroup_discard(const struct cgroup *c, struct err *e);

/* Closes the descriptors. */
void cgroup_close(struct cgroup *c);

/* What a later command needs, kept in the state directory: one line per
 * hierarchy.  cgroup_load reads it back into a plan without device rules. */
int cgroup_save(const struct cgroup_plan *plan, int dir, const char *name,
	struct err *e);
int cgroup_load(struct cgroup_plan *plan, int dir, const char *name,
	struct arena *a, struct err *e);

/* Writes plan->writes; dir[i] is the cgroup of ops[i].  With keep, the cgroups
 * are in use: the plan's device rules are changed too, and on failure what was
 * there before is written back, which keep holds. */
int cgroup_set(const struct cgroup_plan *plan, const int *dir,
	struct arena *keep, struct err *e);

/* Changes the limits that r has, of a container that is there, and the device
 * rules where the plan has some (plan_cgroup_devices).  On failure all is as it
 * was, but for controllers of v2 that were passed on for it. */
int cgroup_update(struct cgroup_plan *plan, const struct spec_resources *r,
	struct arena *a, struct err *e);

/* How the container's memory stands.  False: no cgroup tells. */
struct cgroup_memory {
	uint64_t limit;         /* UINT64_MAX: none */
	uint64_t usage, peak;   /* peak 0: not known (v2 before Linux 5.19) */
	uint64_t oom_kills;     /* 0 also before Linux 4.13 */
};
bool cgroup_memory(const struct cgroup_plan *plan, struct cgroup_memory *m);

/* Writes members with what the container has used, into an object that is open;
 * what no cgroup tells is left out. */
void cgroup_stats(const struct cgroup_plan *plan, struct jsonw *w);

/* Adds to the failure of an init in e that memory ran out, with the numbers, if
 * it did.  Returns -1. */
int cgroup_explain(const struct cgroup_plan *plan, struct err *e);

/* Stops all processes of the container, or continues them.  What could not be
 * stopped whole runs again: 0, or -1 with err set. */
int cgroup_pause(const struct cgroup_plan *plan, bool on, struct err *e);

/* Whether cgroup_pause, or somebody else, has stopped them. */
bool cgroup_paused(const struct cgroup_plan *plan);

/* The processes in the container's cgroups and below them, as our PID namespace
 * numbers them, in rising order; the list goes to the arena.  Returns how many,
 * or -1. */
int cgroup_pids(const struct cgroup_plan *plan, pid_t **pids, struct arena *a,
	struct err *e);

/* Sends sig to every process in the container's cgroups (cgroup.kill, else a
 * loop; never this process).  Returns how many were signalled, 0 none, or -1.
 * With SIGKILL it repeats until the cgroup is empty or 10 s have passed, and
 * continues what was stopped: a v1 freezer holds the dying too. */
int cgroup_signal(const struct cgroup_plan *plan, int sig, struct err *e);

/* Removes the container's cgroups and those below them; waits for the last
 * processes to be gone.  What does not exist is no error. */
int cgroup_remove(const struct cgroup_plan *plan, struct err *e);

#endif
