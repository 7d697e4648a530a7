/* SPDX-License-Identifier: MIT */
/* state.h -- the state directory: one folder per container below one root.
 *
 * The folder is the claim to the id and the lock file orders the commands.
 * state.json is replaced, never changed, and is the last file to go: a folder
 * without it holds nothing that would have to be undone (sec 3.1). */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>

#include "arena.h"

struct err;
struct record;

struct state {
	int dir;                /* <root>/<id>; for exec.sock, init, cg, ... */
	int lock;               /* -1: not locked */
	int root;               /* lent */
	const char *id;         /* lent */
};
#define STATE_NONE { .dir = -1, .lock = -1, .root = -1 }

/* The name rule of sec 2.2. */
int state_id_check(const char *id, struct err *e);

/* Makes the folder and takes its lock: from here on the id is ours, until
 * state_remove.  An existing container, or one that another process is about
 * to make, is an error (list S1). */
int state_claim(struct state *s, int root, const char *id, struct err *e);

/* Opens the folder of an existing container; code ENOENT where there is none.
 * The id is checked first. */
int state_open(struct state *s, int root, const char *id, struct err *e);

/* Takes the lock; waits for another command up to 10 s, then "busy". */
int state_lock(struct state *s, struct err *e);

/* The same beside others that share it; nobody can take it alone then. */
int state_share(struct state *s, struct err *e);

/* Lets other commands in, for a process that stays around. */
void state_unlock(struct state *s);

/* state.json.  Reading a folder that has none is ENOENT, one that can't be
 * understood EBADMSG.  Writing is atomic and reaches the disk. */
int state_load(const struct state *s, struct record *r, struct arena *a,
	struct err *e);
int state_save(const struct state *s, const struct record *r, struct err *e);

/* The status, derived from what init holds, whether it lives and whether its
 * cgroup is frozen: an enum status of life.h, never STATUS_NONE; -1 error. */
int state_status(const struct state *s, const struct record *r,
	struct arena scratch, struct err *e);

/* Removes the folder, state.json last.  What is gone already is no error.  The
 * caller holds the lock. */
int state_remove(struct state *s, struct err *e);

void state_close(struct state *s);

#endif
