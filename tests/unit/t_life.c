/* SPDX-License-Identifier: MIT */
/* t_life.c -- every cell of operation x status. */
#include "life.h"

#include <errno.h>

#include "err.h"
#include "tap.h"

#define ABSENT "container `c` does not exist"
#define EXISTS "container `c` already exists"
#define MAKING "container `c` is being created"
#define PAUSED "container `c` is paused"
#define AWAKE "container not paused: `c`"
#define DEAD "container not running: `c`"

static const struct {
	enum op op;
	/* none creating created running paused stopped */
	const char *want[STATUS_COUNT];
} rows[] = {
	{ OP_CREATE, { "", EXISTS, EXISTS, EXISTS, EXISTS, EXISTS } },
	{ OP_START, { ABSENT, MAKING, "", "container `c` was started already",
		PAUSED, "container `c` has stopped" } },
	{ OP_STATE, { ABSENT, "", "", "", "", "" } },
	{ OP_KILL, { ABSENT, DEAD, "", "", "", DEAD } },
	{ OP_KILL_ALL, { ABSENT, DEAD, "", "", "", "" } },
	{ OP_DELETE, { ABSENT, MAKING,
		"container `c` is created, not stopped (use --force)",
		"container `c` is running, not stopped (use --force)",
		PAUSED ", not stopped (use --force)", "" } },
	{ OP_DELETE_FORCE, { "", "", "", "", "", "" } },
	{ OP_WAIT, { ABSENT, MAKING, "", "", "", "" } },
	{ OP_STOP, { ABSENT, MAKING, "", "", "", "" } },
	{ OP_PAUSE, { ABSENT, MAKING, "", "", PAUSED, DEAD } },
	{ OP_RESUME, { ABSENT, MAKING, AWAKE, AWAKE, "", DEAD } },
	{ OP_UPDATE, { ABSENT, MAKING, "", "", "", DEAD } },
	{ OP_PS, { ABSENT, MAKING, "", "", "", DEAD } },
	{ OP_EVENTS, { ABSENT, MAKING, "", "", "", DEAD } },
	{ OP_EXEC, { ABSENT, MAKING, "", "", PAUSED, DEAD } },
	{ OP_EXEC_PAUSED, { ABSENT, MAKING, "", "", "", DEAD } },
};

int
main(void)
{
	OK(sizeof(rows) / sizeof(rows[0]) == OP_COUNT);
	for (unsigned i = 0; i < OP_COUNT; i++) {
		OK(rows[i].op == (enum op)i);
		for (unsigned s = 0; s < STATUS_COUNT; s++) {
			struct err e = { 0 };
			int r = life_check(rows[i].op, (enum status)s, "c", &e);

			IS(err_str(&e), rows[i].want[s]);
			IS_INT(r, *rows[i].want[s] ? -1 : 0);
		}
	}
	for (unsigned op = OP_START; op < OP_COUNT; op++) {
		struct err e = { 0 };

		if (op != OP_DELETE_FORCE) {
			life_check((enum op)op, STATUS_NONE, "c", &e);
			IS_INT(e.code, ENOENT);
		}
	}
	for (unsigned s = STATUS_CREATING; s < STATUS_COUNT; s++)
		IS_INT(status_find(status_name((enum status)s)), s);
	IS(status_name(STATUS_RUNNING), "running");
	IS_INT(status_find("none"), -1);
	IS_INT(status_find("frozen"), -1);
	IS_INT(status_find(""), -1);
	return done();
}
