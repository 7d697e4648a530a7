/* SPDX-License-Identifier: MIT */
/* plan_dump.c -- a plan as text: a line for each thing that will be done, in
 * the order in which it is done. */
#include "plan_dump.h"

#include <sched.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "mountopt.h"
#include "names.h"
#include "plan.h"
#include "spec.h"
#include "spec_decode.h"
#include "sys.h"

void
plan_line(struct out *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (fmt_vfd(o->fd, fmt, ap) < 0 || write_all(o->fd, "\n", 1))
		o->failed = true;
	va_end(ap);
}

static const struct {
	unsigned bit;
	char word[12];
} flags[] = {
	{ MS_RDONLY, "ro" }, { MS_NOSUID, "nosuid" }, { MS_NODEV, "nodev" },
	{ MS_NOEXEC, "noexec" }, { MS_SYNCHRONOUS, "sync" },
	{ MS_MANDLOCK, "mand" }, { MS_DIRSYNC, "dirsync" },
	{ MS_NOSYMFOLLOW, "nosymfollow" }, { MS_NOATIME, "noatime" },
	{ MS_NODIRATIME, "nodiratime" }, { MS_SILENT, "silent" },
	{ MS_RELATIME, "relatime" }, { MS_I_VERSION, "iversion" },
	{ MS_STRICTATIME, "strictatime" }, { MS_LAZYTIME, "lazytime" },
	{ MS_SHARED, "shared" }, { MS_SLAVE, "slave" },
	{ MS_PRIVATE, "private" }, { MS_UNBINDABLE, "unbindable" },
};

enum { WORDS = 256 };

/* " WORD" for every flag, "" for none. */
static const char *
words(unsigned long set, const char *prefix, char buf[WORDS])
{
	size_t i, n = 0;

	buf[0] = '\0';
	for (i = 0; i < COUNT(flags) && n < WORDS; i++) {
		if (set & flags[i].bit)
			n += (size_t)fmt_to(buf + n, WORDS - n, " %s%s",
				prefix, flags[i].word);
	}
	return buf;
}

static void
dump_clone(struct out *o, const struct plan *p)
{
	unsigned i;

	for (i = 0; i < p->n_ns; i++) {
		if (!p->ns[i].path && p->ns[i].type != CLONE_NEWCGROUP &&
		    p->ns[i].type != CLONE_NEWTIME)
			plan_line(o, "clone %s namespace", p->ns[i].name);
	}
	plan_line(o, p->exec ? "clone process" : "clone init");
}

static void
dump_join(struct out *o, const struct plan *p)
{
	unsigned i;

	for (i = 0; i < p->n_ns; i++) {
		if (p->ns[i].path)
			plan_line(o, "stage join %s namespace %s",
				p->ns[i].name, p->ns[i].path);
	}
}

static void
dump_time(struct out *o, const struct plan *p)
{
	const char *s = p->time_offsets;

	plan_line(o, "time namespace");
	for (; s && *s; s += strcspn(s, "\n") + 1)
		plan_line(o, "time offset %.*s", (int)strcspn(s, "\n"), s);
}

static void
dump_rebind(struct out *o, const struct plan *p)
{
	(void)p;
	plan_line(o, "stage initramfs: cover / with a copy that can pivot");
}

static void
dump_enter(struct out *o, const struct plan *p)
{
	size_t i;

	if (p->cgroup.n_ops)
		plan_line(o, "stage enter cgroups");
	for (i = 0; i < ns_names.n; i++) {
		if (p->enter & (int)ns_names.list[i].value)
			plan_line(o, "stage enter %s namespace",
				ns_names.list[i].text);
	}
	if (p->rung == ROOT_CHROOT)
		plan_line(o, "stage enter root");
	plan_line(o, "stage close descriptors");
}

static void
dump_map(struct out *o, const char *what, const char *kind,
	const struct idmap_op *map, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++)
		plan_line(o, "%s %s %u = %u size %u", what, kind,
			(unsigned)map[i].inside, (unsigned)map[i].outside,
			(unsigned)map[i].size);
}

static void
dump_user_ns(struct out *o, const struct plan *p)
{
	dump_map(o, "user namespace", "uid", p->uid_map, p->n_uid_map);
	dump_map(o, "user namespace", "gid", p->gid_map, p->n_gid_map);
	if (p->gid_helper)
		plan_line(o, "user namespace gids by newgidmap");
	if (p->uid_helper)
		plan_line(o, "user namespace uids by newuidmap");
	if (p->groups_denied && p->create_ns & CLONE_NEWUSER)
		plan_line(o, "user namespace setgroups deny");
	plan_line(o, "user namespace become root");
}

static void
dump_rootfs(struct out *o, const struct plan *p)
{
	char buf[WORDS];

	plan_line(o, "rootfs %s%s", p->rootfs,
		words(p->root_propagation, "", buf));
}

static void
dump_how(struct out *o, const struct mount_op *m)
{
	static const struct {
		unsigned bit;
		char word[25];
	} how[] = {
		{ MOUNTOPT_RIDMAP, "ids recursive" },
		{ MOUNTOPT_COPY_UP, "copy up" },
		{ MOUNTOPT_COPY_LINK, "copy a link" },
		{ MOUNTOPT_SRC_NOFOLLOW, "source not followed" },
		{ MOUNTOPT_DEST_NOFOLLOW, "destination not followed" },
		{ MOUNTOPT_OPTIONAL, "optional" },
		{ MOUNTOPT_CREATE_FILE, "make a file" },
		{ MOUNTOPT_CREATE_DIR, "make a directory" },
	};
	size_t i;

	for (i = 0; i < COUNT(how); i++) {
		if (m->how & how[i].bit)
			plan_line(o, "how %s %s", m->dest, how[i].word);
	}
	if (!m->ids)
		return;
	if (m->ids->ns)
		plan_line(o, "ids of user namespace %s", m->ids->ns);
	dump_map(o, "ids", "uid", m->ids->uid, m->ids->n_uid);
	dump_map(o, "ids", "gid", m->ids->gid, m->ids->n_gid);
}

static void
dump_mounts(struct out *o, const struct plan *p)
{
	static const char *const kinds[] = {
		[MOUNT_FS] = "mount", [MOUNT_BIND] = "bind",
		[MOUNT_CGROUP] = "mount", [MOUNT_AGAIN] = "remount",
	};
	char set[WORDS], clear[WORDS], prop[WORDS];
	unsigned i, k;
	bool typed;

	for (i = 0; i < p->n_mounts; i++) {
		const struct mount_op *m = &p->mounts[i];

		typed = m->kind == MOUNT_FS || m->kind == MOUNT_CGROUP;
		plan_line(o, "%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s",
			m->kind == MOUNT_BIND && m->recursive ? "r" : "",
			kinds[m->kind], *m->source ? " " : "", m->source,
			*m->source ? " on " : " ", m->dest,
			typed ? " type " : "", typed ? m->type : "",
			words(m->flags, "", set), words(m->clear, "-", clear),
			m->data ? " data " : "", m->data ? m->data : "",
			m->real_dir ? " (no links)" : "",
			m->late_ro ? " (ro last)" : "",
			m->two_way ? " (two-way)" : "");
		if (m->rset | m->rclear)
			plan_line(o, "all of %s%s%s", m->dest,
				words(m->rset, "", set),
				words(m->rclear, "-", clear));
		dump_how(o, m);
		for (k = 0; k < m->n_propagation; k++)
			plan_line(o, "propagation %s%s%s", m->dest,
				words(m->propagation[k], "", prop),
				m->propagation[k] & MS_REC ? " recursive" : "");
	}
}

static char
node_letter(mode_t mode)
{
	return S_ISBLK(mode) ? 'b' : S_ISFIFO(mode) ? 'p' : 'c';
}

static void
dump_devices(struct out *o, const struct plan *p)
{
	unsigned i;

	for (i = 0; i < p->n_devices; i++) {
		const struct dev_op *d = &p->devices[i];

		plan_line(o, "node %s %c %u:%u %04o %u:%u", d->path,
			node_letter(d->mode), d->major, d->minor,
			(unsigned)d->mode & 07777, (unsigned)d->uid,
			(unsigned)d->gid);
	}
	for (i = 0; i < p->n_links; i++)
		plan_line(o, "link %s -> %s%s", p->links[i].path,
			p->links[i].target,
			p->links[i].replace ? " (replace)" : "");
}

static void
dump_list(struct out *o, const char *what, const char *const *v, unsigned n)
{
	unsigned i;

	for (i = 0; i < n && v[i]; i++)
		plan_line(o, "%s %s", what, v[i]);
}

static void
dump_readonly(struct out *o, const struct plan *p)
{
	dump_list(o, "read-only", p->readonly, p->n_readonly);
}

static void
dump_masked(struct out *o, const struct plan *p)
{
	dump_list(o, "mask", p->masked, p->n_masked);
}

static void
dump_late_ro(struct out *o, const struct plan *p)
{
	unsigned i;

	for (i = 0; i < p->n_mounts; i++) {
		if (p->mounts[i].late_ro)
			plan_line(o, "remount ro %s", p->mounts[i].dest);
	}
}

static void
dump_root(struct out *o, const struct plan *p)
{
	static const char *const rungs[] = {
		[ROOT_CHROOT] = "chroot",
		[ROOT_HELD] = "chroot to the held clone",
		[ROOT_PIVOT] = "pivot_root",
		[ROOT_REBIND] = "pivot_root from the copy",
		[ROOT_MOVE] = "move mount and chroot",
	};
	char buf[WORDS];

	plan_line(o, "root %s%s", rungs[p->rung],
		words(p->root_propagation_after, "", buf));
}

static void
dump_names(struct out *o, const struct plan *p)
{
	if (p->hostname)
		plan_line(o, "hostname %s", p->hostname);
	if (p->domainname)
		plan_line(o, "domainname %s", p->domainname);
}

static void
dump_pipes(struct out *o, const struct plan *p)
{
	plan_line(o, "pipes of stdio to %u:%u", (unsigned)p->pipes_uid,
		(unsigned)p->pipes_gid);
}

static void
dump_terminal(struct out *o, const struct plan *p)
{
	if (p->rows || p->cols)
		plan_line(o, "terminal of %u rows, %u columns", p->rows,
			p->cols);
	else
		plan_line(o, "terminal");
	if (!p->exec && p->rung != ROOT_CHROOT)
		plan_line(o, "bind it on /dev/console");
}

static void
dump_session(struct out *o, const struct plan *p)
{
	if (p->terminal)
		plan_line(o, "session with the terminal");
	if (p->has_umask)
		plan_line(o, "session umask %04o", (unsigned)p->umask);
	else
		plan_line(o, "session umask of the caller");
}

static void
limit(char *buf, size_t size, uint64_t v)
{
	if (v == UINT64_MAX)
		fmt_to(buf, size, "infinity");
	else
		fmt_to(buf, size, "%llu", (unsigned long long)v);
}

static void
dump_rlimits(struct out *o, const struct plan *p)
{
	char soft[24], hard[24];
	unsigned i;

	for (i = 0; i < p->n_rlimits; i++) {
		limit(soft, sizeof(soft), p->rlimits[i].soft);
		limit(hard, sizeof(hard), p->rlimits[i].hard);
		plan_line(o, "rlimit %s %s %s", p->rlimits[i].name, soft, hard);
	}
}

static void
dump_sysctl(struct out *o, const struct plan *p)
{
	unsigned i;

	for (i = 0; i < p->n_sysctl; i++)
		plan_line(o, "sysctl %s = %s", p->sysctl[i].path,
			p->sysctl[i].value);
}

static void
dump_sched(struct out *o, const struct plan *p)
{
	const struct spec_scheduler *s = p->scheduler;

	if (p->all_cpus)
		plan_line(o, "CPU affinity: all");
	if (s)
		plan_line(o, "scheduler policy %u flags %#x nice %d "
			"priority %d runtime %llu deadline %llu period %llu",
			s->policy, s->flags, (int)s->nice, (int)s->priority,
			(unsigned long long)s->runtime,
			(unsigned long long)s->deadline,
			(unsigned long long)s->period);
	if (p->io_priority)
		plan_line(o, "I/O priority class %u level %u",
			p->io_priority->class,
			(unsigned)p->io_priority->priority);
}

static void
dump_ids(struct out *o, const struct plan *p)
{
	unsigned i;

	for (i = 0; i < p->n_groups; i++)
		plan_line(o, "group %u", (unsigned)p->groups[i]);
	plan_line(o, "user %u:%u", (unsigned)p->uid, (unsigned)p->gid);
}

static void
dump_caps(struct out *o, const struct plan *p)
{
	plan_line(o, "capabilities effective %016llx permitted %016llx "
		"inheritable %016llx ambient %016llx",
		(unsigned long long)p->cap_effective,
		(unsigned long long)p->cap_permitted,
		(unsigned long long)p->cap_inheritable,
		(unsigned long long)p->cap_ambient);
}

static void
dump_rdt(struct out *o, const struct plan *p)
{
	static const char *const how[] = {
		[RDT_OURS] = "make", [RDT_SHARED] = "make or compare",
		[RDT_THERE] = "enter", [RDT_JOIN] = "enter",
	};
	const struct rdt_plan *r = &p->rdt;
	unsigned i;

	plan_line(o, "resctrl %s %s in %s", how[r->how], r->group, r->mount);
	for (i = 0; i < r->n_lines; i++)
		plan_line(o, "resctrl schemata %.*s",
			(int)strcspn(r->lines[i], "\n"), r->lines[i]);
	if (r->monitor)
		plan_line(o, "resctrl monitor %s", r->monitor);
}

static void
dump_net_devices(struct out *o, const struct plan *p)
{
	const struct spec_net_device *d = p->net_devices;

	for (; d < p->net_devices + p->n_net_devices; d++)
		plan_line(o, "network device %s as %s", d->device,
			d->name && *d->name ? d->name : d->device);
}

static void
dump_label(struct out *o, const struct plan *p)
{
	if (p->lsm.apparmor)
		plan_line(o, "label AppArmor exec %s", p->lsm.apparmor);
	if (p->lsm.selinux)
		plan_line(o, "label SELinux exec %s", p->lsm.selinux);
}

static void
dump_key_label(struct out *o, const struct plan *p)
{
	plan_line(o, "label SELinux keys %s", p->lsm.selinux);
}

static void
dump_seccomp(struct out *o, const struct plan *p)
{
	/* the program is another one on each machine */
	plan_line(o, "seccomp flags %#x%s%s", p->seccomp.flags,
		p->seccomp.listener ? " listener " : "",
		p->seccomp.listener ? p->seccomp.listener : "");
}

static void
dump_hooks(struct out *o, const struct plan *p, unsigned kind)
{
	unsigned i;

	for (i = 0; i < p->hooks->n_list[kind]; i++) {
		const struct spec_hook *h = &p->hooks->list[kind][i];
		char limit[24] = "";

		if (h->has_timeout)
			fmt_to(limit, sizeof(limit), " at most %u s",
				(unsigned)h->timeout);
		plan_line(o, "hook %s %s%s", names_text(&hook_names, kind),
			h->path, limit);
	}
}

static void
dump_exec(struct out *o, const struct plan *p)
{
	dump_list(o, "arg", p->args, ~0u);
}

static const struct {
	const char *text;       /* a line that says it all, or */
	void (*dump)(struct out *o, const struct plan *p);
} dumps[STEP_COUNT] = {
	[STEP_PIPES] = { NULL, dump_pipes },
	[STEP_TIME_NS] = { NULL, dump_time },
	[STEP_STAGE_JOIN] = { NULL, dump_join },
	[STEP_STAGE_REBIND] = { NULL, dump_rebind },
	[STEP_STAGE_PROC] = { "stage mount /proc where the host can't see it",
		NULL },
	[STEP_STAGE_ENTER] = { NULL, dump_enter },
	[STEP_CLONE] = { NULL, dump_clone },
	[STEP_RDT] = { NULL, dump_rdt },
	[STEP_NET_DEVICES] = { NULL, dump_net_devices },
	[STEP_USER_NS] = { NULL, dump_user_ns },
	[STEP_CGROUP] = { "cgroup enter", NULL },
	[STEP_CGROUP_NS] = { "cgroup namespace", NULL },
	[STEP_KEY_LABEL] = { NULL, dump_key_label },
	[STEP_KEYRING] = { "session keyring", NULL },
	[STEP_PROPAGATION] = { "propagation / slave recursive", NULL },
	[STEP_ROOTFS] = { NULL, dump_rootfs },
	[STEP_MOUNTS] = { NULL, dump_mounts },
	[STEP_DEVICES] = { NULL, dump_devices },
	[STEP_TERMINAL] = { NULL, dump_terminal },
	[STEP_READONLY_PATHS] = { NULL, dump_readonly },
	[STEP_MASKED_PATHS] = { NULL, dump_masked },
	[STEP_LATE_RO] = { NULL, dump_late_ro },
	[STEP_SYSCTL] = { NULL, dump_sysctl },
	[STEP_ROOT] = { NULL, dump_root },
	[STEP_ROOT_READONLY] = { "root read-only", NULL },
	[STEP_HOSTNAME] = { NULL, dump_names },
	[STEP_LOOPBACK] = { "loopback up", NULL },
	[STEP_SESSION] = { NULL, dump_session },
	[STEP_HOME] = { "home from /etc/passwd", NULL },
	[STEP_SCHEDULER] = { NULL, dump_sched },
	[STEP_LABEL] = { NULL, dump_label },
	[STEP_RLIMITS] = { NULL, dump_rlimits },
	[STEP_IDS] = { NULL, dump_ids },
	[STEP_CAPS] = { NULL, dump_caps },
	[STEP_NO_NEW_PRIVS] = { "no_new_privs", NULL },
	[STEP_SECCOMP] = { NULL, dump_seccomp },
	[STEP_EXEC] = { NULL, dump_exec },
};

/* Steps whose line holds one value of the plan. */
static void
dump_value(struct out *o, const struct plan *p, enum step s)
{
	switch (s) {
	case STEP_MAKE_CWD:
		plan_line(o, "directory %s", p->cwd);
		break;
	case STEP_CWD:
		plan_line(o, "cwd %s", p->cwd);
		break;
	case STEP_OOM_SCORE:
		plan_line(o, "oom_score_adj %d", p->oom_score);
		break;
	case STEP_MEMORY_POLICY:
		plan_line(o, "memory policy mode %u flags %#x nodes %s",
			p->memory_policy->mode, p->memory_policy->flags,
			p->memory_policy->nodes ? p->memory_policy->nodes : "");
		break;
	case STEP_PERSONALITY:
		plan_line(o, "personality %#x", p->personality->domain);
		break;
	case STEP_LOOKUP:
		plan_line(o, "look up %s", p->args[0]);
		break;
	case STEP_GATE:
		plan_line(o, "gate wait for %s", p->exec ? "the runtime" :
			"start");
		break;
	case STEP_CAP_BOUNDING:
		plan_line(o, "capabilities bounding %016llx",
			(unsigned long long)p->cap_bounding);
		break;
	case STEP_CLOSE_FDS:
		plan_line(o, "close descriptors from %u", 3 + p->preserve_fds);
		break;
	default:
		break;
	}
}

int
plan_dump(const struct plan *p, int fd, struct err *e)
{
	struct out o = { .fd = fd };
	unsigned i, k;

	plan_dump_cgroups(&o, p);
	for (i = 0; i < p->n_order; i++) {
		enum step s = p->order[i];

		if (dumps[s].text)
			plan_line(&o, "%s", dumps[s].text);
		else if (dumps[s].dump)
			dumps[s].dump(&o, p);
		else
			dump_value(&o, p, s);
		for (k = 0; p->hooks && k < HOOK_KINDS; k++) {
			if (plan_hook_step(k) == s)
				dump_hooks(&o, p, k);
		}
	}
	return o.failed ? err_sys(e, "plan") : 0;
}
