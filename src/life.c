/* SPDX-License-Identifier: MIT */
/* life.c -- the table of operations and statuses. */
#include "life.h"

#include <errno.h>
#include <string.h>

#include "err.h"
#include "io.h"

static const char words[STATUS_COUNT][9] = {
	[STATUS_NONE] = "none",
	[STATUS_CREATING] = "creating",
	[STATUS_CREATED] = "created",
	[STATUS_RUNNING] = "running",
	[STATUS_PAUSED] = "paused",
	[STATUS_STOPPED] = "stopped",
};

enum answer {
	YES, ABSENT, EXISTS, CREATING, STARTED, ENDED, DEAD, WAITS, ALIVE,
	STILL, FROZEN, AWAKE
};

/* containerd, podman and docker look for "does not exist", "already exists"
 * and "container not running" (list W3, W4, W10). */
static const struct {
	char before[24], after[42]; /* the id, in backticks */
	int code;
} refusals[] = {
	[ABSENT] = { "container ", " does not exist", ENOENT },
	[EXISTS] = { "container ", " already exists", EEXIST },
	[CREATING] = { "container ", " is being created", EBUSY },
	[STARTED] = { "container ", " was started already", EEXIST },
	[ENDED] = { "container ", " has stopped", ESRCH },
	[DEAD] = { "container not running: ", "", ESRCH },
	[WAITS] = { "container ", " is created, not stopped (use --force)",
		EBUSY },
	[STILL] = { "container ", " is paused, not stopped (use --force)",
		EBUSY },
	[FROZEN] = { "container ", " is paused", EBUSY },
	[AWAKE] = { "container not paused: ", "", EINVAL },
	[ALIVE] = { "container ", " is running, not stopped (use --force)",
		EBUSY },
};

/* list §4; runtime-spec, runtime.md: start of anything but created, kill of
 * neither created nor running, delete of anything but stopped MUST be errors.
 * Columns: none, creating, created, running, paused, stopped. */
static const unsigned char table[OP_COUNT][STATUS_COUNT] = {
	[OP_CREATE] = { YES, EXISTS, EXISTS, EXISTS, EXISTS, EXISTS },
	[OP_START] = { ABSENT, CREATING, YES, STARTED, FROZEN, ENDED },
	[OP_STATE] = { ABSENT, YES, YES, YES, YES, YES },
	[OP_KILL] = { ABSENT, DEAD, YES, YES, YES, DEAD },
	/* Processes can outlive init where the PID namespace is not its own. */
	[OP_KILL_ALL] = { ABSENT, DEAD, YES, YES, YES, YES },
	[OP_DELETE] = { ABSENT, CREATING, WAITS, ALIVE, STILL, YES },
	[OP_DELETE_FORCE] = { YES, YES, YES, YES, YES, YES },
	[OP_WAIT] = { ABSENT, CREATING, YES, YES, YES, YES },
	[OP_STOP] = { ABSENT, CREATING, YES, YES, YES, YES },
	[OP_PAUSE] = { ABSENT, CREATING, YES, YES, FROZEN, DEAD },
	[OP_RESUME] = { ABSENT, CREATING, AWAKE, AWAKE, YES, DEAD },
	[OP_UPDATE] = { ABSENT, CREATING, YES, YES, YES, DEAD },
	[OP_PS] = { ABSENT, CREATING, YES, YES, YES, DEAD },
	[OP_EXEC] = { ABSENT, CREATING, YES, YES, FROZEN, DEAD },
	[OP_EXEC_PAUSED] = { ABSENT, CREATING, YES, YES, YES, DEAD },
	[OP_EVENTS] = { ABSENT, CREATING, YES, YES, YES, DEAD },
};

const char *
status_name(enum status s)
{
	return words[s];
}

int
status_find(const char *name)
{
	for (size_t i = STATUS_CREATING; i < COUNT(words); i++) {
		if (!strcmp(words[i], name))
			return (int)i;
	}
	return -1;
}

int
life_check(enum op op, enum status s, const char *id, struct err *e)
{
	unsigned char a = table[op][s];

	if (a == YES)
		return 0;
	return err_set(e, refusals[a].code, "%s`%s`%s", refusals[a].before, id,
		refusals[a].after);
}
