/* SPDX-License-Identifier: MIT */
/* rdt.h -- groups of resctrl, the kernel's interface to cache and memory
 * bandwidth control (config-linux.md, "Intel RDT"). */
#ifndef RDT_H
#define RDT_H

#include <stdbool.h>
#include <sys/types.h>

struct err;
struct rdt_plan;

/* What rdt_enter has made: noted right behind the mkdir, and only there.  A
 * record from before it would have a creator that was killed in between, or
 * found the group there, remove somebody else's. */
struct rdt {
	bool group, monitor;
};

/* Makes or checks the group of the plan and puts the process into it, which
 * must not have forked yet.  On failure rdt_undo is the caller's to call. */
int rdt_enter(struct rdt *r, const struct rdt_plan *p, pid_t pid,
	struct err *e);

/* Removes what was made, once the process is gone.  What fails is logged. */
void rdt_undo(struct rdt *r, const struct rdt_plan *p);

/* Removes what was made and belongs to the container alone: its monitoring
 * group, and the group if that was named by nobody else.  What is gone already
 * is no error. */
int rdt_remove(const struct rdt *r, const struct rdt_plan *p, struct err *e);

/* Writes the plan's lines to the group of a container that has it for itself,
 * all or none.  was gets what rdt_restore can put back. */
enum { RDT_TEXT = 4096 };
int rdt_update(const struct rdt_plan *p, char was[RDT_TEXT], struct err *e);

/* What fails is logged. */
void rdt_restore(const struct rdt_plan *p, const char *was);

/* Whether a group that has this schemata file has all that a line such as
 * "L3:0=ff;1=f" asks for, whatever the order, blanks and leading zeros. */
bool rdt_match(const char *line, const char *schemata);

#endif
