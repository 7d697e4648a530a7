/* SPDX-License-Identifier: MIT */
/* schedule.h -- when and where the kernel runs the container's program. */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include <sys/types.h>

struct err;
struct plan;

/* Sets CPU affinity, scheduler and I/O priority of a process as the plan says;
 * 0 is this process.  The caller has the rights of the host, which root of a
 * user namespace has not (list P20-P22).  To be called when the process is in
 * its cgroups: entering a cpuset cuts the affinity. */
int schedule_apply(pid_t pid, const struct plan *p, struct err *e);

/* The CPUs that the process may run on, as "0-3,7" (list P23). */
int schedule_affinity(pid_t pid, const char *cpus, struct err *e);

/* The memory policy of this process and all that it starts (list Z13). */
int schedule_memory(const struct plan *p, struct err *e);

#endif
