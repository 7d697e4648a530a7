/* SPDX-License-Identifier: MIT */
/* plan.c -- from what is wanted and what is there to what will be done. */
#include "plan.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>

#include "arena.h"
#include "conf.h"
#include "err.h"
#include "host.h"
#include "io.h"
#include "names.h"
#include "plan_cgroup.h"
#include "plan_lsm.h"
#include "plan_mount.h"
#include "plan_order.h"
#include "plan_rdt.h"
#include "plan_seccomp.h"
#include "spec.h"
#include "sys.h"
#include "sysctl_key.h"

static int
plan_namespaces(struct plan *p, const struct spec *spec, struct err *e)
{
	unsigned i;

	if (spec->linux.n_namespaces > PLAN_MAX_NS)
		return err_set(e, EINVAL, "linux.namespaces: too many");
	for (i = 0; i < spec->linux.n_namespaces; i++) {
		const struct spec_namespace *s = &spec->linux.namespaces[i];

		p->ns[p->n_ns++] = (struct plan_ns) {
			.type = (int)s->type, .path = s->path, .at = i,
			.name = names_text(&ns_names, s->type),
		};
		if (!s->path)
			p->create_ns |= (int)s->type;
	}
	return 0;
}

static bool
mapped(const struct idmap_op *m, unsigned n, uint32_t id)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		if (id >= m[i].inside && id - m[i].inside < m[i].size)
			return true;
	}
	return false;
}

/* check_mapped has seen to it that it is there. */
static uint32_t
on_host(const struct idmap_op *m, unsigned n, uint32_t id)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		if (id >= m[i].inside && id - m[i].inside < m[i].size)
			return m[i].outside + id - m[i].inside;
	}
	return id;
}

/* An id that the map lacks would fail at start, long after create said that all
 * is well. */
static int
check_mapped(const struct plan *p, struct err *e)
{
	unsigned i;

	if (p->groups_denied && p->n_groups)
		return err_set(e, EPERM, "process.user.additionalGids: a user "
			"namespace made without privilege has no setgroups");
	if (!(p->create_ns & CLONE_NEWUSER))
		return 0;
	if (!mapped(p->uid_map, p->n_uid_map, 0) ||
	    !mapped(p->gid_map, p->n_gid_map, 0))
		return err_set(e, EINVAL, "linux.%cidMappings: without 0, and "
			"only root of the namespace can set up a container",
			mapped(p->uid_map, p->n_uid_map, 0) ? 'g' : 'u');
	if (!mapped(p->uid_map, p->n_uid_map, p->uid))
		return err_set(e, EINVAL, "process.user.uid %u: not in "
			"linux.uidMappings", (unsigned)p->uid);
	if (!mapped(p->gid_map, p->n_gid_map, p->gid))
		return err_set(e, EINVAL, "process.user.gid %u: not in "
			"linux.gidMappings", (unsigned)p->gid);
	for (i = 0; i < p->n_groups; i++) {
		if (!mapped(p->gid_map, p->n_gid_map, p->groups[i]))
			return err_set(e, EINVAL, "process.user.additionalGids"
				"[%u]: not in linux.gidMappings", i);
	}
	return 0;
}

/* user_namespaces(7): without CAP_SETUID and CAP_SETGID outside, one can map
 * the own id and no other, and the group only once setgroups is denied. */
static bool
is_own(const struct idmap_op *m, unsigned n, uint64_t id)
{
	return n == 1 && m->size == 1 && m->outside == id;
}

static int
plan_userns(struct plan *p, const struct spec *spec, const struct host *h,
	struct arena *a, struct err *e)
{
	const struct spec_linux *l = &spec->linux;

	p->joins_user = plan_joins(p, CLONE_NEWUSER);
	p->groups_denied = h->groups_denied;
	p->unprivileged = h->no_setid;
	if (!(p->create_ns & CLONE_NEWUSER))
		return 0;
	p->uid_map = plan_idmap(l->uid_mappings, l->n_uid_mappings, a, e);
	p->gid_map = plan_idmap(l->gid_mappings, l->n_gid_mappings, a, e);
	if (!p->uid_map || !p->gid_map)
		return -1;
	p->n_uid_map = l->n_uid_mappings;
	p->n_gid_map = l->n_gid_mappings;
	p->uid_helper = h->no_setid &&
		!is_own(p->uid_map, p->n_uid_map, h->uid);
	p->gid_helper = h->no_setid &&
		!is_own(p->gid_map, p->n_gid_map, h->gid);
	if (h->no_setid && !p->gid_helper)
		p->groups_denied = true;
	return 0;
}

static int
plan_time(struct plan *p, const struct spec *spec, struct arena *a,
	struct err *e)
{
	const struct spec_linux *l = &spec->linux;
	const char *text = "";
	unsigned i;

	for (i = 0; text && i < l->n_time_offsets; i++)
		text = arena_fmt(a, e, "%s%s %lld %u\n", text,
			l->time_offsets[i].clock,
			(long long)l->time_offsets[i].secs,
			(unsigned)l->time_offsets[i].nanosecs);
	if (!text)
		return -1;
	p->time_offsets = *text ? text : NULL;
	return 0;
}

/* Without a mount namespace of any kind: what is mounted is the runtime's too,
 * and delete must find it. */
static enum root_rung
shared_rung(const struct plan *p, const struct spec *spec)
{
	return plan_joins(p, CLONE_NEWNS) ||
		(!spec->n_mounts && !spec->root->readonly) ?
		ROOT_CHROOT : ROOT_HELD;
}

static void
plan_root(struct plan *p, const struct spec *spec, const struct host *h,
	const struct plan_args *args)
{
	unsigned long want = spec->linux.rootfs_propagation &
		~(unsigned long)MS_REC;
	static const unsigned long after[] = { MS_SHARED, MS_UNBINDABLE };
	size_t i;

	p->root_readonly = spec->root->readonly;
	p->rung = !(p->create_ns & CLONE_NEWNS) ? shared_rung(p, spec) :
		args->no_pivot ? ROOT_MOVE :
		h->root_absolute ? ROOT_REBIND : ROOT_PIVOT;
	p->stage_proc = h->no_proc && p->rung != ROOT_CHROOT;
	p->root_propagation = want == MS_SLAVE || want == MS_SHARED ?
		MS_SLAVE : MS_PRIVATE;
	for (i = 0; i < COUNT(after); i++) {
		if (want == after[i])
			p->root_propagation_after = after[i];
	}
}

static int
plan_rlimits(struct plan *p, const struct spec_process *s, struct arena *a,
	struct err *e)
{
	struct rlimit_op *r = NEWS(a, struct rlimit_op, s->n_rlimits, e);
	unsigned i;

	if (!r)
		return -1;
	for (i = 0; i < s->n_rlimits; i++)
		r[i] = (struct rlimit_op) {
			.resource = (int)s->rlimits[i].type,
			.name = names_text(&rlimit_names,
				s->rlimits[i].type),
			.soft = s->rlimits[i].soft, .hard = s->rlimits[i].hard,
		};
	p->rlimits = r;
	p->n_rlimits = s->n_rlimits;
	return 0;
}

static bool
has_home(const char *const *env, unsigned n)
{
	while (n--) {
		if (!strncmp(env[n], "HOME=", 5) && env[n][5])
			return true;
	}
	return false;
}

/* Where each name of an environment was seen last: entries + 1, hashed. */
struct last_seen {
	const char *const *env;
	unsigned *slot, mask;
};

/* The slot of the name of a variable; 0 where it is not yet there. */
static unsigned *
slot_of(const struct last_seen *l, const char *variable)
{
	size_t i, len = strcspn(variable, "=") + 1;
	uint32_t h = UINT32_C(2166136261);      /* FNV-1a */

	for (i = 0; i < len; i++)
		h = (h ^ (unsigned char)variable[i]) * UINT32_C(16777619);
	for (;; h++) {
		h &= l->mask;
		if (!l->slot[h] ||
		    !strncmp(variable, l->env[l->slot[h] - 1], len))
			return &l->slot[h];
	}
}

static int
find_last(struct last_seen *l, unsigned n, struct arena *a, struct err *e)
{
	unsigned i;

	for (l->mask = 1; l->mask / 4 * 3 < n; )
		l->mask = l->mask * 2 + 1;
	l->slot = NEWS(a, unsigned, (size_t)l->mask + 1, e);
	if (!l->slot)
		return -1;
	for (i = 0; i < n; i++)
		*slot_of(l, l->env[i]) = i + 1;
	return 0;
}

/* sd_listen_fds(3) */
static int
plan_listen(struct plan *p, const char **env, struct arena *a, struct err *e)
{
	if (!p->listen_fds)
		return 0;
	env[0] = arena_fmt(a, e, "LISTEN_FDS=%u", p->listen_fds);
	p->listen_pid = arena_alloc(a, LISTEN_PID_TEXT, 1, e);
	if (!env[0] || !p->listen_pid)
		return -1;
	p->listen_pid[0] = '\0';
	env[1] = p->listen_pid;
	if (!p->listen_names)
		return 2;
	env[2] = arena_fmt(a, e, "LISTEN_FDNAMES=%s", p->listen_names);
	return env[2] ? 3 : -1;
}

static bool
is_listen(const char *variable)
{
	return !strncmp(variable, "LISTEN_FDS=", 11) ||
		!strncmp(variable, "LISTEN_PID=", 11) ||
		!strncmp(variable, "LISTEN_FDNAMES=", 15);
}

/* Of a name that is given twice the last one counts (sec 2.2); getenv would
 * find the first.  An empty HOME counts as none (list P5): the one found later
 * takes its place. */
static int
plan_env(struct plan *p, const struct spec_process *s, struct arena *a,
	struct err *e)
{
	const char **env = NEWS(a, const char *, s->n_env + 5, e);
	struct last_seen last = { .env = s->env };
	struct arena scratch = *a;      /* behind env */
	unsigned i, n = 0;
	int listen;

	if (!env || find_last(&last, s->n_env, &scratch, e))
		return -1;
	for (i = 0; i < s->n_env; i++) {
		if (strcmp(s->env[i], "HOME=") &&
		    !(p->listen_fds && is_listen(s->env[i])) &&
		    *slot_of(&last, s->env[i]) == i + 1)
			env[n++] = s->env[i];
	}
	listen = plan_listen(p, env + n, a, e);
	if (listen < 0)
		return -1;
	n += (unsigned)listen;
	if (!has_home(env, n))
		p->home = &env[n];
	p->env = env;
	return 0;
}

/* The name of the domain has a call of its own, which root of a user namespace
 * may make where it may not write to the file. */
static int
plan_sysctl(struct plan *p, const struct spec_linux *l, struct arena *a,
	struct err *e)
{
	struct sysctl_op *op = NEWS(a, struct sysctl_op, l->n_sysctl, e);
	char path[SYSCTL_PATH];
	unsigned i;

	if (!op)
		return -1;
	p->sysctl = op;
	for (i = 0; i < l->n_sysctl; i++) {
		op->key = l->sysctl[i].key;
		op->value = l->sysctl[i].value;
		op->ns = sysctl_key(op->key, path);
		op->path = arena_fmt(a, e, "%s", path);
		if (!op->path)
			return -1;
		if (op->ns == CLONE_NEWUTS)
			p->domainname = op->value;
		else
			op++;
	}
	p->n_sysctl = (unsigned)(op - p->sysctl);
	return 0;
}

static const char *
unless_empty(const char *s)
{
	return s && *s ? s : NULL;
}

/* Where CPUs are given, the caller's affinity must not leave fewer; and a
 * deadline can only be kept by who may run anywhere (sched(7)). */
static void
plan_sched(struct plan *p, const struct spec *spec)
{
	const struct spec_process *s = spec->process;
	const struct spec_resources *r = spec->linux.resources;
	enum { DEADLINE = 6 };

	/* for the container's first process (config-linux.md) */
	p->memory_policy = p->exec ? NULL : spec->linux.memory_policy;
	p->personality = spec->linux.personality;
	p->has_oom_score = s->has_oom_score_adj;
	p->oom_score = s->oom_score_adj;
	p->scheduler = s->scheduler;
	p->io_priority = s->io_priority;
	p->all_cpus = (r && r->cpu && unless_empty(r->cpu->cpus)) ||
		(s->scheduler && s->scheduler->policy == DEADLINE);
	if (p->exec && s->exec_cpu_affinity) {
		p->exec_cpus = unless_empty(s->exec_cpu_affinity->initial);
		p->exec_cpus_final = unless_empty(s->exec_cpu_affinity->final);
	}
}

static int
plan_process(struct plan *p, const struct spec *spec, struct arena *a,
	struct err *e)
{
	static const char *const nothing[] = { NULL };
	const struct spec_process *s = spec->process;

	p->cwd = "/";
	p->args = p->env = nothing;
	if (!s)
		return 0;
	p->has_process = true;
	p->args = s->args;
	if (plan_env(p, s, a, e))
		return -1;
	p->cwd = s->cwd;
	p->uid = s->user.uid;
	p->gid = s->user.gid;
	p->groups = s->user.additional_gids;
	p->n_groups = s->user.n_additional_gids;
	p->has_umask = s->user.has_umask;
	p->umask = s->user.umask;
	p->no_new_privs = s->no_new_privileges;
	plan_sched(p, spec);
	p->terminal = s->terminal;
	if (s->terminal && s->console_size) {
		p->rows = (unsigned short)s->console_size->height;
		p->cols = (unsigned short)s->console_size->width;
	}
	if (s->capabilities) {
		p->cap_bounding = s->capabilities->bounding;
		p->cap_effective = s->capabilities->effective;
		p->cap_permitted = s->capabilities->permitted;
		p->cap_inheritable = s->capabilities->inheritable;
		p->cap_ambient = s->capabilities->ambient;
	}
	return plan_rlimits(p, s, a, e);
}

/* config-linux.md, "Cgroup ownership": in a cgroup namespace of its own, with a
 * cgroup mount that it may write to. */
static void
plan_delegate(struct plan *p)
{
	const struct mount_op *o = p->mounts;
	bool writable = false;

	for (; o < p->mounts + p->n_mounts; o++) {
		if (o->kind == MOUNT_CGROUP &&
		    !strcmp(o->dest, "/sys/fs/cgroup"))
			writable = !(o->flags & MS_RDONLY);
	}
	/* in a user namespace that is joined, who is that on the host? */
	if (!writable || !p->has_process ||
	    !(p->create_ns & CLONE_NEWCGROUP) || p->joins_user)
		return;
	p->cgroup.delegate = true;
	p->cgroup.owner = on_host(p->uid_map, p->n_uid_map, p->uid);
}

/* Only root can give them away.  Who joins a user namespace does not know its
 * maps. */
static void
plan_pipes(struct plan *p, const struct host *h)
{
	p->pipes_uid = on_host(p->uid_map, p->n_uid_map, p->uid);
	p->pipes_gid = on_host(p->gid_map, p->n_gid_map, p->gid);
	p->pipes = p->has_process && !p->terminal && !h->uid && p->pipes_uid &&
		!p->joins_user;
}

int
plan_make(struct plan *p, const struct spec *spec, const struct host *host,
	const struct plan_args *args, struct arena *a, struct err *e)
{
	*p = (struct plan) {
		.id = args->id, .bundle = args->bundle, .rootfs = args->rootfs,
		.net_devices = spec->linux.net_devices,
		.n_net_devices = spec->linux.n_net_devices,
		.hostname = spec->hostname, .domainname = spec->domainname,
		.masked = spec->linux.masked_paths,
		.n_masked = spec->linux.n_masked_paths,
		.readonly = spec->linux.readonly_paths,
		.n_readonly = spec->linux.n_readonly_paths,
		.cap_last = (unsigned)host->cap_last,
		.preserve_fds = args->preserve_fds + args->listen_fds,
		.listen_fds = args->listen_fds,
		.listen_names = args->listen_names,
		.keyring = !args->no_keyring && args->keyring != POLICY_OFF,
		.keyring_warn = args->keyring == POLICY_WARN,
		.hooks = spec->hooks,
	};
	if (plan_namespaces(p, spec, e) || plan_userns(p, spec, host, a, e) ||
	    plan_time(p, spec, a, e) ||
	    plan_sysctl(p, &spec->linux, a, e))
		return -1;
	plan_root(p, spec, host, args);
	if (p->rung == ROOT_REBIND && host->uid)
		return err_set(e, ENOTSUP, "root: / is an initramfs, which "
			"only root can leave (or switch_root first)");
	if (plan_lsm(p, spec, host, args->lsm, e) ||
	    plan_mounts(p, spec, host, a, e) || plan_process(p, spec, a, e) ||
	    check_mapped(p, e) || plan_filter(p, spec, args, a, e) ||
	    plan_rdt(p, spec->linux.intel_rdt, host, a, e) ||
	    plan_cgroup(&p->cgroup, spec, host, args, a, e))
		return -1;
	plan_delegate(p);
	plan_pipes(p, host);
	plan_order(p);
	return 0;
}

int
plan_exec(struct plan *p, const struct spec *spec, const struct host *host,
	const struct plan_args *args, struct arena *a, struct err *e)
{
	*p = (struct plan) {
		.id = args->id, .exec = true, .enter = args->enter,
		.rung = args->enter & CLONE_NEWNS ? ROOT_PIVOT : ROOT_CHROOT,
		.cap_last = (unsigned)host->cap_last,
		.preserve_fds = args->preserve_fds,
		.keyring = !args->no_keyring && args->keyring != POLICY_OFF,
		.keyring_warn = args->keyring == POLICY_WARN,
		.rdt = args->rdt,
	};
	if (plan_namespaces(p, spec, e) || plan_userns(p, spec, host, a, e) ||
	    plan_process(p, spec, a, e) || check_mapped(p, e) ||
	    plan_lsm(p, spec, host, args->lsm, e) ||
	    plan_filter(p, spec, args, a, e))
		return -1;
	plan_pipes(p, host);
	/* that was for the ids; nothing is created */
	p->create_ns = 0;
	p->n_ns = p->n_uid_map = p->n_gid_map = 0;
	plan_order(p);
	return 0;
}
