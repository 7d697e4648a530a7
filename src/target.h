/* SPDX-License-Identifier: MIT */
/* target.h -- the container that a command is about: found, locked, read and
 * asked whether it allows the operation. */
#ifndef TARGET_H
#define TARGET_H

#include "life.h"
#include "record.h"
#include "state.h"

struct target {
	struct state state;
	struct record record;
	enum status status;
	bool corrupt;           /* deleting only: the record is empty */
	int root;
};
#define TARGET_NONE { .state = STATE_NONE, .root = -1 }

/* Everything up to the point where the command acts.  The operations that only
 * look, wait or act on init alone (state, ps, events, wait, stop) take no lock.
 * Where life_check lets an operation pass without a container, status is
 * STATUS_NONE and nothing is open. */
int target_open(struct target *t, const char *state_dir, const char *id,
	enum op op, struct arena *a, struct err *e);

void target_close(struct target *t);

#endif
