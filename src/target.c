/* SPDX-License-Identifier: MIT */
/* target.c -- finds the container for a command. */
#include "target.h"

#include <errno.h>

#include "err.h"
#include "io.h"
#include "state_root.h"

/* Operations that change the folder or act on what is in it, and those that
 * only must not see it go. */
enum { ALONE = 1, SHARED = 2 };
static const unsigned char locks[OP_COUNT] = {
	[OP_START] = ALONE, [OP_KILL] = ALONE, [OP_KILL_ALL] = ALONE,
	[OP_DELETE] = ALONE, [OP_DELETE_FORCE] = ALONE, [OP_PAUSE] = ALONE,
	[OP_RESUME] = ALONE, [OP_UPDATE] = ALONE, [OP_EXEC] = SHARED,
	[OP_EXEC_PAUSED] = SHARED,
};

/* A folder without state.json holds nothing that was made for it, and with
 * --force one that can't be read is removed by what `cg` says. */
static bool
removable(enum op op, int code)
{
	return (code == ENOENT && (op == OP_DELETE || op == OP_DELETE_FORCE)) ||
		(code == EBADMSG && op == OP_DELETE_FORCE);
}

/* ENOENT in e->code: there is no such container. */
static int
load(struct target *t, const char *id, enum op op, struct arena *a,
	struct err *e)
{
	if (state_open(&t->state, t->root, id, e))
		return -1;
	if ((locks[op] == ALONE && state_lock(&t->state, e)) ||
	    (locks[op] == SHARED && state_share(&t->state, e)))
		return -1;
	if (!state_load(&t->state, &t->record, a, e))
		return 0;
	if (!removable(op, e->code))
		return -1;
	err_clear(e);
	t->record = (struct record){ .id = id };
	t->corrupt = true;
	return 0;
}

static int
judge(struct target *t, const char *id, enum op op, struct arena *a,
	struct err *e)
{
	int status = STATUS_STOPPED;

	if (!t->corrupt)
		status = state_status(&t->state, &t->record, *a, e);
	if (status < 0)
		return -1;
	t->status = (enum status)status;
	return life_check(op, t->status, id, e);
}

int
target_open(struct target *t, const char *state_dir, const char *id,
	enum op op, struct arena *a, struct err *e)
{
	unsigned n;

	*t = (struct target)TARGET_NONE;
	if (state_id_check(id, e))
		return -1;
	for (n = 0; n < STATE_ROOTS; n++) {
		t->root = state_root_at(state_dir, n, e);
		if (t->root >= 0 && !load(t, id, op, a, e)) {
			if (!judge(t, id, op, a, e))
				return 0;
			target_close(t);
			return -1;
		}
		target_close(t);
		if (e->code != ENOENT)
			return -1;
		err_clear(e);
	}
	return life_check(op, STATUS_NONE, id, e);
}

void
target_close(struct target *t)
{
	state_close(&t->state);
	fd_drop(&t->root);
	t->root = -1;
}
