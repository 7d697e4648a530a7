/* SPDX-License-Identifier: MIT */
/* life.h -- which operation a container allows in which status (list §4), and
 * what is said when it does not. */
#ifndef LIFE_H
#define LIFE_H

struct err;

enum status {
	STATUS_NONE,            /* there is no such container */
	STATUS_CREATING,
	STATUS_CREATED,
	STATUS_RUNNING,
	STATUS_PAUSED,          /* created or running, and frozen */
	STATUS_STOPPED,
	STATUS_COUNT
};

enum op {
	OP_CREATE, OP_START, OP_STATE, OP_KILL, OP_KILL_ALL, OP_DELETE,
	OP_DELETE_FORCE, OP_WAIT, OP_STOP, OP_PAUSE, OP_RESUME, OP_UPDATE,
	OP_PS, OP_EVENTS, OP_EXEC, OP_EXEC_PAUSED,
	OP_COUNT
};

/* The word of the runtime-spec; "none" for STATUS_NONE. */
const char *status_name(enum status s);
/* The status of that word, or -1. */
int status_find(const char *name);

/* 0: go on.  Else -1 with the error for the user.  What "go on" means for a
 * container that is gone already (delete --force, kill --all, stop) is the
 * caller's. */
int life_check(enum op op, enum status s, const char *id, struct err *e);

#endif
