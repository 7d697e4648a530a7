/* SPDX-License-Identifier: MIT */
/* timing.h -- where the time of one start goes (run --timing).  Who works says
 * which phase is over; without --timing there is no memory for it, and nothing
 * is asked of the kernel. */
#ifndef TIMING_H
#define TIMING_H

#include <stdint.h>

struct err;

/* In the order in which they end, those of init apart: they pass while the
 * runtime is in PHASE_CLONE to PHASE_START. */
enum phase {
	PHASE_PROCESS,          /* CPU time before the command, with shield */
	PHASE_CONFIG, PHASE_PLAN, PHASE_CLAIM, PHASE_CGROUPS, PHASE_CLONE,
	PHASE_SETUP,            /* waiting for init, mostly */
	PHASE_RECORD, PHASE_START, PHASE_PROGRAM, PHASE_DELETE,
	PHASE_INIT,
	PHASE_JOIN = PHASE_INIT, PHASE_ROOTFS, PHASE_MOUNTS, PHASE_DEVICES,
	PHASE_PATHS, PHASE_PIVOT, PHASE_NAMES, PHASE_LOOKUP,
	PHASE_GATE,             /* waiting for the runtime */
	PHASE_CONFINE,
	PHASE_LOST,             /* told to nobody, as by a clock that jumped */
	PHASE_COUNT
};

/* Memory that the runtime shares with init.  NULL with err set. */
struct timing *timing_new(struct err *e);

/* Phase p (enum phase) is over, for this process.  The first of init began when
 * the runtime ended PHASE_CGROUPS.  t may be NULL. */
void timing_phase(struct timing *t, unsigned p);

/* All of them in one line of the log.  t may be NULL. */
void timing_log(const struct timing *t);

#endif
