/* SPDX-License-Identifier: MIT */
/* schedule.c -- CPUs, scheduler, I/O priority and memory policy. */
#include "schedule.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "err.h"
#include "kopt.h"
#include "numlist.h"
#include "plan.h"
#include "spec.h"

/* sched_setattr(2) as of Linux 5.3, which older kernels take as long as what
 * they do not know is 0.  libc may have it or not. */
struct attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t util_min, util_max;
};

/* ioprio_set(2) */
enum { WHO_PROCESS = 1, CLASS_SHIFT = 13 };

static int
set_affinity(pid_t pid, const unsigned long *mask)
{
	return (int)syscall(SYS_sched_setaffinity, pid,
		NUMLIST_WORDS * sizeof(*mask), mask);
}

int
schedule_affinity(pid_t pid, const char *cpus, struct err *e)
{
	unsigned long mask[NUMLIST_WORDS];

	return numlist_parse(cpus, mask) || set_affinity(pid, mask) ?
		err_sys(e, "CPUs %s", cpus) : 0;
}

static int
set_scheduler(pid_t pid, const struct spec_scheduler *s, struct err *e)
{
	const struct attr a = {
		.size = sizeof(a), .policy = s->policy, .flags = s->flags,
		.nice = s->nice, .priority = (uint32_t)s->priority,
		.runtime = s->runtime, .deadline = s->deadline,
		.period = s->period,
	};

	if (syscall(SYS_sched_setattr, pid, &a, 0) == 0)
		return 0;
	err_sys(e, "process.scheduler");
	if (e->code == EPERM)
		err_hint(e, "CAP_SYS_NICE, and cpu.realtimeRuntime where "
			"cgroups share out real time");
	if (e->code == EBUSY)
		err_hint(e, "no such share of the CPUs is left");
	return -1;
}

static int
set_io_priority(pid_t pid, const struct spec_io_priority *s, struct err *e)
{
	unsigned value = s->class << CLASS_SHIFT | s->priority;

	if (syscall(SYS_ioprio_set, WHO_PROCESS, pid, value) == 0)
		return 0;
	err_sys(e, "process.ioPriority");
	return e->code == ENOSYS ? err_hint(e, KOPT_BLOCK) : -1;
}

int
schedule_apply(pid_t pid, const struct plan *p, struct err *e)
{
	unsigned long all[NUMLIST_WORDS];

	if (p->exec_cpus_final) {
		if (schedule_affinity(pid, p->exec_cpus_final, e))
			return err_ctx(e, "process.execCPUAffinity.final");
	} else if (p->all_cpus) {
		memset(all, 0xff, sizeof(all));
		if (set_affinity(pid, all))
			return err_sys(e, "CPU affinity");
	}
	if (p->scheduler && set_scheduler(pid, p->scheduler, e))
		return -1;
	return p->io_priority ? set_io_priority(pid, p->io_priority, e) : 0;
}

int
schedule_memory(const struct plan *p, struct err *e)
{
	const struct spec_memory_policy *m = p->memory_policy;
	unsigned long nodes[NUMLIST_WORDS], *mask = NULL;

	if (m->nodes && *m->nodes) {
		mask = nodes;
		if (numlist_parse(m->nodes, nodes))
			return err_sys(e, "linux.memoryPolicy.nodes");
	}
	/* the kernel takes one bit less than it is told */
	if (syscall(SYS_set_mempolicy, m->mode | m->flags, mask,
	    mask ? NUMLIST_BITS + 1UL : 0UL) == 0)
		return 0;
	err_sys(e, "linux.memoryPolicy");
	if (e->code == ENOSYS)
		err_hint(e, KOPT_NUMA);
	if (e->code == EINVAL)
		err_hint(e, "none of the nodes can be used, or the mode is "
			"newer than this kernel");
	return -1;
}
