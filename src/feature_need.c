/* SPDX-License-Identifier: MIT */
/* feature_need.c -- what a config can't do without.  The config alone decides,
 * so that it can be asked for a machine that is elsewhere. */
#include <errno.h>
#include <sched.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "feature.h"
#include "io.h"
#include "mountopt.h"
#include "spec.h"

static void
need(struct feature_needs *n, enum feature f, bool when)
{
	if (when && feature_kinds[f].without == REFUSED)
		n->of[f] = true;
}

void
feature_needs_all(struct feature_needs *n, const struct feature_rules *r)
{
	static const uint8_t all[] = {
		F_FLOCK, F_FS_PROC, F_FS_TMPFS, F_HOST_DEV, F_HOST_PROC,
		F_HOST_STATE, F_MULTIUSER, F_NET_UNIX,
	};
	size_t i;

	for (i = 0; i < COUNT(all); i++)
		n->of[all[i]] = true;
	need(n, F_CG_DEVICES, r->devices);
	need(n, F_CGROUPS, r->devices);
	need(n, F_HOST_KEYRING, r->keyring);
}

static void
needs_namespaces(struct feature_needs *n, const struct spec_linux *l)
{
	static const struct {
		uint32_t type;
		uint8_t feature;
	} kinds[] = {
		{ CLONE_NEWCGROUP, F_NS_CGROUP }, { CLONE_NEWIPC, F_NS_IPC },
		{ CLONE_NEWNS, F_NS_MOUNT }, { CLONE_NEWNET, F_NS_NETWORK },
		{ CLONE_NEWPID, F_NS_PID }, { CLONE_NEWTIME, F_NS_TIME },
		{ CLONE_NEWUSER, F_NS_USER }, { CLONE_NEWUTS, F_NS_UTS },
	};
	size_t i, k;

	for (i = 0; i < l->n_namespaces; i++) {
		for (k = 0; k < COUNT(kinds); k++)
			need(n, (enum feature)kinds[k].feature,
				kinds[k].type == l->namespaces[i].type);
		need(n, F_HOST_USERNS, l->namespaces[i].type == CLONE_NEWUSER &&
			!l->namespaces[i].path);
	}
}

/* The row of a type of file system, or F_COUNT. */
static enum feature
find_type(const char *type)
{
	enum feature f;

	for (f = F_FS_CGROUP; f <= F_FS_VFAT; f++) {
		if (!strcmp(feature_text(f).arg, type))
			return f;
	}
	return F_COUNT;
}

static int
needs_type(struct feature_needs *n, const char *type, struct err *e)
{
	enum feature f = find_type(type);
	unsigned i;

	if (f != F_COUNT) {
		need(n, f, true);
		return 0;
	}
	for (i = 0; i < n->n_types; i++) {
		if (!strcmp(n->types[i], type))
			return 0;
	}
	if (n->n_types == FEATURE_TYPES)
		return err_set(e, E2BIG, "mounts: more than %d types of file "
			"systems that are not known", FEATURE_TYPES);
	n->types[n->n_types++] = type;
	return 0;
}

/* Whether bind mounts can be of both the host and the container: then the
 * source is cloned before its mount namespace is left. */
static bool
goes_out(const struct feature_needs *n, const struct spec_linux *l)
{
	return l->rootfs_propagation & MS_SHARED && !n->of[F_NS_USER];
}

/* Of type cgroup is a view of what there is, be it nothing.  What is optional
 * is left out for want of its source or its type alone. */
static int
needs_mount(struct feature_needs *n, const struct spec_mount *m, bool out,
	struct arena scratch, struct err *e)
{
	struct mountopt o;
	bool bind;

	if (mountopt_parse(&o, m->options, m->n_options, &scratch, e))
		return -1;
	bind = o.bind || (m->type && !strcmp(m->type, "bind"));
	need(n, F_MOUNT_API, out && bind && mountopt_shared(&o));
	need(n, F_MOUNT_SETATTR, m->n_uid_mappings || m->n_gid_mappings ||
		o.how & MOUNTOPT_IDMAP);
	need(n, F_NS_USER, m->n_uid_mappings != 0);
	if (bind || o.how & (MOUNTOPT_OPTIONAL | MOUNTOPT_REMOUNT) ||
	    !m->type || !strncmp(m->type, "cgroup", 6))
		return 0;
	return needs_type(n, m->type, e);
}

static void
needs_io(struct feature_needs *n, const struct spec_block_io *b)
{
	need(n, F_CG_IO, true);
	need(n, F_CG_IO_WEIGHT, b->has_weight || b->n_weight_device);
	need(n, F_CG_IO_THROTTLE, b->n_throttle_read_bps_device ||
		b->n_throttle_write_bps_device ||
		b->n_throttle_read_iops_device ||
		b->n_throttle_write_iops_device);
}

/* "memory.high": the controller of the file. */
static void
needs_unified(struct feature_needs *n, const char *file)
{
	size_t len = strcspn(file, "."), i;
	static const uint8_t controllers[] = {
		F_CG_CPU, F_CG_CPUSET, F_CG_HUGETLB, F_CG_IO, F_CG_MEMORY,
		F_CG_MISC, F_CG_PIDS, F_CG_RDMA,
	};
	const char *name;

	for (i = 0; i < COUNT(controllers); i++) {
		name = feature_text((enum feature)controllers[i]).arg;
		if (!strncmp(name, file, len) &&
		    (!name[len] || name[len] == ' '))
			need(n, (enum feature)controllers[i], true);
	}
}

static void
needs_cpu(struct feature_needs *n, const struct spec_cpu *c)
{
	need(n, F_CG_CPU, c->has_shares || (c->has_idle && c->idle > 0));
	need(n, F_CG_CPU_QUOTA, (c->has_quota && c->quota >= 0) ||
		c->has_period || (c->has_burst && c->burst));
	need(n, F_CG_CPU_RT, c->has_realtime_period ||
		(c->has_realtime_runtime && c->realtime_runtime >= 0));
	need(n, F_CG_CPUSET, c->cpus || c->mems);
}

/* -1 is no limit, and asks for nothing (plan_knob.c). */
static void
needs_memory(struct feature_needs *n, const struct spec_memory *m)
{
	bool swap = m->has_swap && m->swap >= 0;

	need(n, F_CG_MEMORY, swap || (m->has_limit && m->limit >= 0) ||
		(m->has_reservation && m->reservation >= 0) ||
		(m->has_kernel_tcp && m->kernel_tcp >= 0) ||
		m->has_swappiness || m->has_disable_oom_killer);
	need(n, F_CG_SWAP, swap);
}

static void
needs_resources(struct feature_needs *n, const struct spec_resources *r)
{
	unsigned i;

	if (r->memory)
		needs_memory(n, r->memory);
	if (r->cpu)
		needs_cpu(n, r->cpu);
	if (r->block_io)
		needs_io(n, r->block_io);
	need(n, F_CG_PIDS, r->pids && r->pids->has_limit &&
		r->pids->limit >= 0);
	need(n, F_CG_HUGETLB, r->n_hugepage_limits != 0);
	need(n, F_CG_RDMA, r->n_rdma != 0);
	need(n, F_CG_NET_CLS, r->network && r->network->has_class_id &&
		r->network->class_id);
	need(n, F_CG_NET_PRIO, r->network && r->network->n_priorities);
	for (i = 0; i < r->n_unified; i++)
		needs_unified(n, r->unified[i].key);
	for (i = F_CG_CPU; i < F_CGROUPS; i++)
		need(n, F_CGROUPS, n->of[i]);
}

static void
needs_process(struct feature_needs *n, const struct spec_process *p,
	const struct feature_rules *r)
{
	need(n, F_FS_DEVPTS, p->terminal);
	need(n, F_SIGNALFD, p->terminal);
	need(n, F_IOPRIO, p->io_priority != NULL);
	need(n, F_APPARMOR, r->lsm && p->apparmor_profile &&
		strcmp(p->apparmor_profile, "unconfined") != 0);
	need(n, F_SELINUX, r->lsm && p->selinux_label);
}

static void
needs_seccomp(struct feature_needs *n, const struct spec_seccomp *s)
{
	unsigned i;

	need(n, F_SECCOMP, true);
	need(n, F_SECCOMP_NOTIFY, s->default_action == SECCOMP_ACT_NOTIFY);
	for (i = 0; i < s->n_syscalls; i++)
		need(n, F_SECCOMP_NOTIFY,
			s->syscalls[i].action == SECCOMP_ACT_NOTIFY);
}

int
feature_needs_of(struct feature_needs *n, const struct spec *s,
	const struct feature_rules *r, struct arena scratch, struct err *e)
{
	const struct spec_linux *l = &s->linux;
	unsigned i;
	bool out;

	needs_namespaces(n, l);
	out = goes_out(n, l);
	for (i = 0; i < s->n_mounts; i++) {
		if (needs_mount(n, &s->mounts[i], out, scratch, e))
			return err_ctx(e, "mounts[%u]", i);
	}
	if (l->resources)
		needs_resources(n, l->resources);
	if (s->process)
		needs_process(n, s->process, r);
	if (l->seccomp)
		needs_seccomp(n, l->seccomp);
	need(n, F_SECCOMP, s->annotations.filter != NULL);
	need(n, F_CGROUPS, r->cgroups && l->cgroups_path);
	need(n, F_NET_LINK, l->n_net_devices != 0);
	need(n, F_MEMPOLICY, l->memory_policy != NULL);
	need(n, F_RESCTRL, l->intel_rdt != NULL);
	need(n, F_SYSCTL, l->n_sysctl != 0);
	need(n, F_SELINUX, r->lsm && l->mount_label);
	return 0;
}
