/* SPDX-License-Identifier: MIT */
/* spec_built.c -- what a config can ask for that this version, or this build,
 * does not carry out.  It is refused by name: a limit that is quietly ignored
 * is worse than none. */
#include <sched.h>
#include <stddef.h>
#include <string.h>

#include "diag.h"
#include "io.h"
#include "spec.h"
#include "spec_rules.h"

enum part { SPEC, PROCESS, LINUX, RESOURCES, PARTS };

/* Whether a member asks for anything; an empty object and 0 may not. */
static bool
is_true(const void *member)
{
	return *(const bool *)member;
}

static bool
any(const void *member)
{
	return *(const unsigned *)member != 0;
}

static bool
text(const void *member)
{
	const char *const *s = member;

	return *s && **s;
}

static bool
present(const void *member)
{
	const void *p;

	memcpy(&p, member, sizeof(p));
	return p != NULL;
}

static bool
hooks(const void *member)
{
	const struct spec_hooks *h = *(struct spec_hooks *const *)member;
	unsigned i, n = 0;

	for (i = 0; h && i < HOOK_KINDS; i++)
		n += h->n_list[i];
	return n != 0;
}

static bool
affinity(const void *member)
{
	const struct spec_exec_cpu_affinity *a =
		*(struct spec_exec_cpu_affinity *const *)member;

	return a && (text(&a->initial) || text(&a->final));
}

/* -1 is "no limit", which a new cgroup has. */
static bool
memory(const void *member)
{
	const struct spec_memory *m = *(struct spec_memory *const *)member;

	return m && (m->limit > 0 || m->reservation > 0 || m->swap > 0 ||
		m->kernel > 0 || m->kernel_tcp > 0 || m->has_swappiness ||
		m->disable_oom_killer || m->has_use_hierarchy);
}

static bool
cpu(const void *member)
{
	const struct spec_cpu *c = *(struct spec_cpu *const *)member;

	return c && (c->shares || c->quota > 0 || c->burst || c->period ||
		c->realtime_runtime > 0 || c->realtime_period || c->idle ||
		text(&c->cpus) || text(&c->mems));
}

/* config-linux.md: 0 is a limit. */
static bool
pids(const void *member)
{
	const struct spec_pids *p = *(struct spec_pids *const *)member;

	return p && p->has_limit && p->limit >= 0;
}

static bool
block_io(const void *member)
{
	const struct spec_block_io *b = *(struct spec_block_io *const *)member;

	return b && (b->weight || b->leaf_weight || b->n_weight_device ||
		b->n_throttle_read_bps_device ||
		b->n_throttle_write_bps_device ||
		b->n_throttle_read_iops_device ||
		b->n_throttle_write_iops_device);
}

static bool
network(const void *member)
{
	const struct spec_network *n = *(struct spec_network *const *)member;

	return n && (n->class_id || n->n_priorities);
}

static bool
user_ns(const void *member)
{
	return ns_entry(member, CLONE_NEWUSER) != NULL;
}

#define ROW(path, part, s, m, asks) { path, asks, NULL, part, true, false, \
	offsetof(struct s, m) }
#define FEAT(path, part, s, m, asks, done, f) { path, asks, #f, part, \
	FEAT_##f, done, offsetof(struct s, m) }

static const struct row {
	const char *path;
	bool (*asks)(const void *member);
	const char *feature;    /* the toggle, where there is one */
	unsigned char part;
	bool on;                /* the feature is part of this build */
	bool done;              /* ... and carried out then */
	unsigned short off;
} rows[] = {
	FEAT("process.terminal", PROCESS, spec_process, terminal, is_true,
		false, PTY),
	ROW("process.oomScoreAdj", PROCESS, spec_process, has_oom_score_adj,
		is_true),
	ROW("process.scheduler", PROCESS, spec_process, scheduler, present),
	ROW("process.ioPriority", PROCESS, spec_process, io_priority, present),
	ROW("process.execCPUAffinity", PROCESS, spec_process,
		exec_cpu_affinity, affinity),
	FEAT("process.apparmorProfile", PROCESS, spec_process,
		apparmor_profile, text, false, LSM),
	FEAT("process.selinuxLabel", PROCESS, spec_process, selinux_label,
		text, false, LSM),
	FEAT("hooks", SPEC, spec, hooks, hooks, false, HOOKS),
	{ "linux.namespaces", user_ns, "USERNS", SPEC, FEAT_USERNS, true, 0 },
	ROW("linux.netDevices", LINUX, spec_linux, n_net_devices, any),
	ROW("linux.intelRdt", LINUX, spec_linux, intel_rdt, present),
	ROW("linux.memoryPolicy", LINUX, spec_linux, memory_policy, present),
	ROW("linux.sysctl", LINUX, spec_linux, n_sysctl, any),
	FEAT("linux.seccomp", LINUX, spec_linux, seccomp, present, false,
		SECCOMP),
	FEAT("linux.mountLabel", LINUX, spec_linux, mount_label, text, false,
		LSM),
	ROW("linux.personality", LINUX, spec_linux, personality, present),
	ROW("linux.resources.memory", RESOURCES, spec_resources, memory,
		memory),
	ROW("linux.resources.cpu", RESOURCES, spec_resources, cpu, cpu),
	ROW("linux.resources.pids", RESOURCES, spec_resources, pids, pids),
	ROW("linux.resources.blockIO", RESOURCES, spec_resources, block_io,
		block_io),
	ROW("linux.resources.hugepageLimits", RESOURCES, spec_resources,
		n_hugepage_limits, any),
	ROW("linux.resources.network", RESOURCES, spec_resources, network,
		network),
	ROW("linux.resources.rdma", RESOURCES, spec_resources, n_rdma, any),
	ROW("linux.resources.unified", RESOURCES, spec_resources, n_unified,
		any),
};

void
check_built(const struct spec *s, struct diag *d)
{
	const void *part[PARTS] = {
		[SPEC] = s, [PROCESS] = s->process, [LINUX] = &s->linux,
		[RESOURCES] = s->linux.resources,
	};
	unsigned i;

	for (i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		const char *base = part[r->part];

		if (!base || !r->asks(base + r->off) || (r->on && r->done))
			continue;
		diag_at(d, "%s", r->path);
		if (r->on)
			diag_error(d, NOT_BUILT);
		else
			diag_error(d, "built without %s", r->feature);
	}
}
