/* SPDX-License-Identifier: MIT */
/* destroy.h -- takes a container away: for delete, and for a start that failed
 * so that nothing may be left (runtime.md, "Lifecycle"). */
#ifndef DESTROY_H
#define DESTROY_H

#include <stdbool.h>

struct arena;
struct err;
struct target;

/* Kills what runs, removes the cgroups, runs the poststop hooks and removes the
 * state directory, in this order: a crash in between leaves a container that
 * can be deleted again.  The lock is held.  force: what can't be read any more
 * is no reason to stop.  Needs no new file, so that it works where the state
 * directory's file system is full (sec X3). */
int destroy(struct target *t, bool force, struct arena *a, struct err *e);

#endif
