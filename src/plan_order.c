/* SPDX-License-Identifier: MIT */
/* plan_order.c -- which steps a plan has, and in which order. */
#include "plan_order.h"

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>

#include "io.h"
#include "plan.h"
#include "spec.h"
#include "sys.h"
#include "timing.h"

bool
plan_joins(const struct plan *p, int type)
{
	unsigned i;

	for (i = 0; i < p->n_ns; i++) {
		if (p->ns[i].path && (!type || p->ns[i].type == type))
			return true;
	}
	return false;
}

/* The whole order of things, top to bottom.  A row stands in the plan where all
 * of need and none of not holds. */
enum {
	HAS_TIME_NS = 1 << 0, HAS_JOIN = 1 << 1, ON_INITRAMFS = 1 << 2,
	HAS_USER_NS = 1 << 3, HAS_CGROUPS = 1 << 4, HAS_CGROUP_NS = 1 << 5,
	HAS_KEYRING = 1 << 6, OWN_MOUNTS = 1 << 7, HAS_MOUNTS = 1 << 8,
	HAS_READONLY = 1 << 9, HAS_MASKED = 1 << 10, HAS_LATE_RO = 1 << 11,
	ROOT_RO = 1 << 12, HAS_NAMES = 1 << 13, OWN_NET = 1 << 14,
	HAS_PROCESS = 1 << 15, NNP = 1 << 16, HAS_DEVICES = 1 << 17,
	NO_HOME = 1 << 18, HAS_SECCOMP = 1 << 19,
	FOR_EXEC = 1 << 25,
	HAS_OOM_SCORE = 1 << 26, HAS_SYSCTL = 1 << 27, HAS_NUMA = 1 << 28,
	HAS_DOMAIN = 1 << 29, HAS_SCHED = 1 << 30,
};

static const struct {
	enum step step;
	unsigned need, not;
} rows[] = {
	{ STEP_OOM_SCORE, HAS_OOM_SCORE, 0 },
	{ STEP_PIPES, 0, 0 },
	{ STEP_STAGE_REBIND, ON_INITRAMFS, 0 },
	{ STEP_STAGE_PROC, 0, 0 },
	{ STEP_STAGE_JOIN, HAS_JOIN, 0 },
	{ STEP_STAGE_ENTER, FOR_EXEC, 0 },
	{ STEP_CLONE, 0, 0 },
	{ STEP_RDT, 0, 0 },
	{ STEP_NET_DEVICES, 0, FOR_EXEC },
	{ STEP_USER_NS, HAS_USER_NS, 0 },
	{ STEP_TIME_NS, HAS_TIME_NS, 0 },
	{ STEP_CGROUP, HAS_CGROUPS, FOR_EXEC },
	{ STEP_CGROUP_NS, HAS_CGROUP_NS, 0 },
	{ STEP_KEY_LABEL, HAS_KEYRING, 0 },
	{ STEP_KEYRING, HAS_KEYRING, 0 },
	{ STEP_PROPAGATION, OWN_MOUNTS, 0 },
	{ STEP_ROOTFS, 0, FOR_EXEC },
	{ STEP_MOUNTS, HAS_MOUNTS, 0 },
	{ STEP_DEVICES, HAS_DEVICES, 0 },
	{ STEP_TERMINAL, 0, 0 },
	/* before the pivot (config.md), before what they may look at is
	 * masked */
	{ STEP_HOOKS_RUNTIME, 0, 0 },
	{ STEP_HOOKS_CONTAINER, 0, 0 },
	{ STEP_READONLY_PATHS, HAS_READONLY, 0 },
	{ STEP_MASKED_PATHS, HAS_MASKED, 0 },
	{ STEP_MAKE_CWD, HAS_PROCESS, FOR_EXEC },
	{ STEP_LATE_RO, HAS_LATE_RO, 0 },
	{ STEP_SYSCTL, HAS_SYSCTL, 0 },
	{ STEP_ROOT, 0, FOR_EXEC },
	{ STEP_ROOT_READONLY, ROOT_RO, 0 },
	{ STEP_HOSTNAME, HAS_NAMES, 0 },
	{ STEP_LOOPBACK, OWN_NET, 0 },
	{ STEP_SESSION, 0, 0 },
	{ STEP_CWD, HAS_PROCESS, 0 },
	{ STEP_HOME, NO_HOME, 0 },
	{ STEP_LOOKUP, HAS_PROCESS, 0 },
	{ STEP_MEMORY_POLICY, HAS_NUMA, 0 },
	{ STEP_PERSONALITY, HAS_DOMAIN, 0 },
	{ STEP_SCHEDULER, HAS_SCHED, 0 },
	{ STEP_LABEL, 0, 0 },
	{ STEP_GATE, 0, 0 },
	{ STEP_RLIMITS, HAS_PROCESS, 0 },
	/* The filter goes last where the kernel lets an unprivileged process
	 * load it; else while CAP_SYS_ADMIN is there (list X10). */
	{ STEP_CLOSE_FDS, 0, NNP },
	{ STEP_SECCOMP, HAS_SECCOMP, NNP },
	{ STEP_CAP_BOUNDING, HAS_PROCESS, 0 },
	{ STEP_IDS, HAS_PROCESS, 0 },
	{ STEP_CAPS, HAS_PROCESS, 0 },
	{ STEP_NO_NEW_PRIVS, NNP, 0 },
	{ STEP_CLOSE_FDS, NNP, 0 },
	{ STEP_SECCOMP, HAS_SECCOMP | NNP, 0 },
	{ STEP_HOOKS_START, HAS_PROCESS, 0 },
	{ STEP_EXEC, HAS_PROCESS, 0 },
	{ STEP_HOOKS_POSTSTART, 0, 0 },
	{ STEP_HOOKS_POSTSTOP, 0, 0 },
};

static unsigned
has_late_ro(const struct plan *p)
{
	unsigned i;

	for (i = 0; i < p->n_mounts; i++) {
		if (p->mounts[i].late_ro)
			return HAS_LATE_RO;
	}
	return 0;
}

enum step
plan_hook_step(unsigned kind)
{
	static const unsigned char steps[HOOK_KINDS] = {
		[HOOK_PRESTART] = STEP_HOOKS_RUNTIME,
		[HOOK_CREATE_RUNTIME] = STEP_HOOKS_RUNTIME,
		[HOOK_CREATE_CONTAINER] = STEP_HOOKS_CONTAINER,
		[HOOK_START_CONTAINER] = STEP_HOOKS_START,
		[HOOK_POSTSTART] = STEP_HOOKS_POSTSTART,
		[HOOK_POSTSTOP] = STEP_HOOKS_POSTSTOP,
	};

	return (enum step)steps[kind];
}

static unsigned
traits(const struct plan *p)
{
	int ns = p->create_ns;

	return (ns & CLONE_NEWTIME ? HAS_TIME_NS : 0u) |
		(plan_joins(p, 0) ? HAS_JOIN : 0u) |
		(p->rung == ROOT_REBIND ? ON_INITRAMFS : 0u) |
		((ns | p->enter) & CLONE_NEWUSER || p->joins_user ?
			HAS_USER_NS : 0u) |
		(p->cgroup.n_ops ? HAS_CGROUPS : 0u) |
		(ns & CLONE_NEWCGROUP ? HAS_CGROUP_NS : 0u) |
		(p->keyring ? HAS_KEYRING : 0u) |
		(ns & CLONE_NEWNS ? OWN_MOUNTS : 0u) |
		(p->n_mounts ? HAS_MOUNTS : 0u) |
		(p->n_devices || p->n_links ? HAS_DEVICES : 0u) |
		(p->n_readonly ? HAS_READONLY : 0u) |
		(p->n_masked ? HAS_MASKED : 0u) | has_late_ro(p) |
		(p->root_readonly ? ROOT_RO : 0u) |
		(p->hostname || p->domainname ? HAS_NAMES : 0u) |
		(ns & CLONE_NEWNET ? OWN_NET : 0u) |
		(p->has_process ? HAS_PROCESS : 0u) |
		(p->home ? NO_HOME : 0u) |
		(p->seccomp.insn ? HAS_SECCOMP : 0u) |
		(p->has_oom_score ? HAS_OOM_SCORE : 0u) |
		(p->n_sysctl ? HAS_SYSCTL : 0u) |
		(p->memory_policy ? HAS_NUMA : 0u) |
		(p->personality ? HAS_DOMAIN : 0u) |
		(p->all_cpus || p->exec_cpus_final || p->scheduler ||
			p->io_priority ? HAS_SCHED : 0u) |
		(p->no_new_privs ? NNP : 0u) |
		(p->exec ? FOR_EXEC : 0u);
}

static bool
has_hooks(const struct plan *p, enum step s)
{
	unsigned i, n = 0;

	for (i = 0; p->hooks && i < HOOK_KINDS; i++)
		n += plan_hook_step(i) == s ? p->hooks->n_list[i] : 0;
	return n != 0;
}

/* Whether the config has what only this step is for. */
static bool
is_asked(const struct plan *p, enum step s)
{
	switch (s) {
	case STEP_STAGE_PROC:
		return p->stage_proc;
	case STEP_NET_DEVICES:
		return p->n_net_devices;
	case STEP_RDT:
		return p->rdt.mount;
	case STEP_KEY_LABEL:
		return p->lsm.selinux;
	case STEP_LABEL:
		return p->lsm.apparmor || p->lsm.selinux;
	case STEP_PIPES:
		return p->pipes;
	case STEP_TERMINAL:
		return p->terminal;
	case STEP_HOOKS_RUNTIME:
	case STEP_HOOKS_CONTAINER:
	case STEP_HOOKS_START:
	case STEP_HOOKS_POSTSTART:
	case STEP_HOOKS_POSTSTOP:
		return has_hooks(p, s);
	default:
		return true;
	}
}

unsigned
plan_phase(unsigned step)
{
	/* the last step of each, in the order of enum step */
	static const unsigned char last[PHASE_LOST - PHASE_INIT] = {
		STEP_KEYRING, STEP_ROOTFS, STEP_MOUNTS, STEP_HOOKS_CONTAINER,
		STEP_LATE_RO, STEP_ROOT_READONLY, STEP_LOOPBACK, STEP_LABEL,
		STEP_GATE, STEP_SECCOMP,
	};
	unsigned i = 0;

	if (step == STEP_TIME_NS)
		return PHASE_LOST;
	while (i < COUNT(last) && step > last[i])
		i++;
	return PHASE_INIT + i;
}

void
plan_order(struct plan *p)
{
	unsigned has = traits(p);
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		if ((has & rows[i].need) == rows[i].need &&
		    !(has & rows[i].not) && is_asked(p, rows[i].step))
			p->order[p->n_order++] = rows[i].step;
	}
}

bool
plan_has(const struct plan *p, enum step s)
{
	unsigned i;

	for (i = 0; i < p->n_order; i++) {
		if (p->order[i] == s)
			return true;
	}
	return false;
}
