/* SPDX-License-Identifier: MIT */
/* plan_mount.c -- plans everything that appears in the container's tree. */
#include "plan_mount.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "arena.h"
#include "err.h"
#include "host.h"
#include "io.h"
#include "mountopt.h"
#include "path.h"
#include "plan.h"
#include "plan_lsm.h"
#include "spec.h"

/* File systems of the kernel's own, whose mount point an image could make a
 * link to somewhere that matters. */
static const char real_dir_types[][8] = {
	"cgroup", "cgroup2", "devpts", "mqueue", "proc", "sysfs",
};

static bool
needs_real_dir(const struct mount_op *m)
{
	size_t i;

	if (!strcmp(m->dest, "/proc") || !strcmp(m->dest, "/sys"))
		return true;
	for (i = 0; (m->kind == MOUNT_FS || m->kind == MOUNT_CGROUP) &&
	    i < COUNT(real_dir_types); i++) {
		if (!strcmp(m->type, real_dir_types[i]))
			return true;
	}
	return false;
}

static enum mount_kind
kind_of(const struct spec_mount *s, const struct mountopt *o)
{
	if (o->how & MOUNTOPT_REMOUNT)
		return MOUNT_AGAIN;
	if (o->bind || (s->type && !strcmp(s->type, "bind")))
		return MOUNT_BIND;
	if (!strcmp(s->type, "cgroup") || !strcmp(s->type, "cgroup2"))
		return MOUNT_CGROUP;
	return MOUNT_FS;
}

/* Sources of binds are relative to the bundle (config.md). */
static const char *
source_of(const struct plan *p, const struct spec_mount *s, bool bind,
	struct arena *a, struct err *e)
{
	if (!bind)
		return s->source ? s->source : s->type;
	if (!s->source) {
		err_set(e, EINVAL, "source: missing");
		return NULL;
	}
	return s->source[0] == '/' ? s->source :
		arena_fmt(a, e, "%s/%s", p->bundle, s->source);
}

static const struct plan_ns *
user_ns(const struct plan *p)
{
	unsigned i;

	for (i = 0; i < p->n_ns; i++) {
		if (p->ns[i].type == CLONE_NEWUSER)
			return &p->ns[i];
	}
	return NULL;
}

/* What the host mounts below, or the container: each sees the other's. */
static bool
is_two_way(const struct plan *p, const struct mountopt *o)
{
	return mountopt_shared(o) && p->root_propagation_after == MS_SHARED &&
		!user_ns(p);
}

static bool
same_map(const struct idmap_op *m, unsigned n, const struct spec_idmap *s,
	unsigned n_s)
{
	unsigned i;

	for (i = 0; n == n_s && i < n; i++) {
		if (m[i].inside != s[i].container_id ||
		    m[i].outside != s[i].host_id || m[i].size != s[i].size)
			return false;
	}
	return n == n_s;
}

struct idmap_op *
plan_idmap(const struct spec_idmap *s, unsigned n, struct arena *a,
	struct err *e)
{
	struct idmap_op *m = NEWS(a, struct idmap_op, n, e);
	unsigned i;

	for (i = 0; m && i < n; i++)
		m[i] = (struct idmap_op) {
			s[i].container_id, s[i].host_id, s[i].size,
		};
	return m;
}

/* The mount's own mappings, else those of the container.  before is the set of
 * an earlier mount, which is shared where it is the same: each costs a user
 * namespace. */
static const struct idmap_set *
ids_of(const struct plan *p, const struct spec_mount *s,
	const struct idmap_set *before, struct arena *a, struct err *e)
{
	const struct plan_ns *user = user_ns(p);
	struct idmap_set *set;

	if (before && (s->n_uid_mappings ?
	    same_map(before->uid, before->n_uid, s->uid_mappings,
		s->n_uid_mappings) &&
	    same_map(before->gid, before->n_gid, s->gid_mappings,
		s->n_gid_mappings) :
	    before->ns || before->uid == p->uid_map))
		return before;
	set = NEW(a, struct idmap_set, e);
	if (!set)
		return NULL;
	if (s->n_uid_mappings) {
		set->uid = plan_idmap(s->uid_mappings, s->n_uid_mappings, a,
			e);
		set->gid = plan_idmap(s->gid_mappings, s->n_gid_mappings, a,
			e);
		set->n_uid = s->n_uid_mappings;
		set->n_gid = s->n_gid_mappings;
		return set->uid && set->gid ? set : NULL;
	}
	if (!user) {
		err_set(e, EINVAL, "idmap: no mappings, and no user namespace");
		return NULL;
	}
	*set = (struct idmap_set) {
		p->uid_map, p->gid_map, p->n_uid_map, p->n_gid_map, user->path,
	};
	return set;
}

/* sysfs brings the host's cgroup file systems along, and a read-only bind says
 * nothing of what is mounted on it (CVE-2023-25809). */
static bool
brings_cgroups(const struct mount_op *m)
{
	return m->kind == MOUNT_BIND && m->recursive && m->flags & MS_RDONLY &&
		!strncmp(m->source, "/sys", 4) &&
		(!m->source[4] || m->source[4] == '/');
}

/* A sysfs shows a network namespace, and only who owns that may mount it: in a
 * user namespace with the host's network, the host's is shown (list M20). */
static bool
borrows_sys(const struct plan *p, const struct host *h,
	const struct mount_op *m)
{
	unsigned i;

	for (i = 0; i < p->n_ns; i++) {
		if (p->ns[i].type == CLONE_NEWNET)
			return false;
	}
	return m->kind == MOUNT_FS && !strcmp(m->type, "sysfs") &&
		(user_ns(p) || h->in_userns);
}

static void
borrow_sys(struct mount_op *m)
{
	m->kind = MOUNT_BIND;
	m->source = "/sys";
	m->recursive = true;
	m->flags = (m->flags & ~(unsigned long)MOUNT_OF_FS) | MS_RDONLY;
	m->data = NULL;
}

struct making {
	const struct plan *p;
	const struct host *host;
	const struct idmap_set *ids; /* of the last mount that has any */
};

static int
plan_one(struct mount_op *m, struct making *t, const struct spec_mount *s,
	struct arena *a, struct err *e)
{
	const struct plan *p = t->p;
	struct mountopt o;

	if (mountopt_parse(&o, s->options, s->n_options, a, e))
		return -1;
	if (!s->type && !o.bind && !(o.how & MOUNTOPT_REMOUNT))
		return err_set(e, EINVAL, "type: missing");
	m->kind = kind_of(s, &o);
	m->type = m->kind == MOUNT_BIND ? "bind" : s->type;
	m->source = m->kind == MOUNT_AGAIN ? "" :
		source_of(p, s, m->kind == MOUNT_BIND, a, e);
	m->dest = path_clean(s->destination, a, e);
	if (!m->source || !m->dest)
		return -1;
	if (!strcmp(m->dest, "/"))
		return err_set(e, EINVAL, "destination: nothing can be "
			"mounted over the root");
	o.bind = o.bind || m->kind == MOUNT_BIND;
	if (o.bind && o.odd)
		return err_set(e, EINVAL, "options: a bind has no option "
			"\"%s\"", o.odd);
	m->data = o.bind ? NULL : o.data;
	m->flags = o.set;
	m->clear = o.clear;
	m->rset = o.rset;
	m->rclear = o.rclear;
	m->how = o.how;
	if (o.bind) {
		m->flags &= ~(unsigned long)MOUNT_OF_FS;
		m->clear &= ~(unsigned long)MOUNT_OF_FS;
	}
	m->propagation = o.propagation;
	m->n_propagation = o.n_propagation;
	m->recursive = o.recursive;
	if (borrows_sys(p, t->host, m))
		borrow_sys(m);
	if (brings_cgroups(m))
		m->rset |= MS_RDONLY;
	m->real_dir = needs_real_dir(m);
	m->late_ro = m->kind == MOUNT_FS && o.set & MS_RDONLY &&
		(!strcmp(m->dest, "/dev") || !strcmp(m->type, "tmpfs"));
	if (m->kind != MOUNT_BIND)
		return plan_mount_label(p, m, a, e);
	m->two_way = is_two_way(p, &o);
	if (!(o.how & MOUNTOPT_IDMAP) && !s->n_uid_mappings)
		return 0;
	t->ids = m->ids = ids_of(p, s, t->ids, a, e);
	return m->ids ? 0 : -1;
}

static const struct mount_op own_dev = {
	.kind = MOUNT_FS, .at = MOUNT_OWN, .type = "tmpfs", .source = "tmpfs",
	.dest = "/dev", .data = "mode=755,size=65536k",
	.flags = MS_NOSUID | MS_STRICTATIME, .real_dir = true,
};

static const struct mount_op own_pts = {
	.kind = MOUNT_FS, .at = MOUNT_OWN, .type = "devpts",
	.source = "devpts", .dest = "/dev/pts", .real_dir = true,
	.data = "newinstance,ptmxmode=0666,mode=0620",
	.flags = MS_NOSUID | MS_NOEXEC,
};

static const struct dev_op own_devices[] = {
#define OWN(name, maj, min) \
	{ .path = "/dev/" name, .mode = S_IFCHR | 0666, .major = maj, \
	  .minor = min, .at = MOUNT_OWN }
	OWN("null", 1, 3), OWN("zero", 1, 5), OWN("full", 1, 7),
	OWN("random", 1, 8), OWN("urandom", 1, 9), OWN("tty", 5, 0),
};

/* config-linux.md, default devices; ptmx must be the container's own. */
static const struct link_op own_links[] = {
	{ "/dev/fd", "/proc/self/fd", false },
	{ "/dev/stdin", "/proc/self/fd/0", false },
	{ "/dev/stdout", "/proc/self/fd/1", false },
	{ "/dev/stderr", "/proc/self/fd/2", false },
	{ "/dev/ptmx", "pts/ptmx", true },
};

static mode_t
type_bits(char type)
{
	return type == 'b' ? S_IFBLK : type == 'p' ? S_IFIFO : S_IFCHR;
}

static bool
listed(const struct dev_op *list, unsigned n, const char *path)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		if (!strcmp(list[i].path, path))
			return true;
	}
	return false;
}

/* The config's nodes come first: one at the path of a default takes its
 * place. */
static int
plan_devices(struct plan *p, const struct spec *spec, bool defaults,
	struct arena *a, struct err *e)
{
	const struct spec_linux *l = &spec->linux;
	struct dev_op *d = NEWS(a, struct dev_op,
		l->n_devices + COUNT(own_devices), e);
	unsigned i, n = 0;

	if (!d)
		return -1;
	for (i = 0; i < l->n_devices; i++) {
		const struct spec_device *s = &l->devices[i];
		const char *path = path_clean(s->path, a, e);

		if (!path)
			return -1;
		if (!strcmp(path, "/dev/ptmx"))
			continue;
		d[n++] = (struct dev_op) {
			.path = path, .major = s->major, .minor = s->minor,
			.uid = s->uid, .gid = s->gid, .at = i,
			.has_mode = s->has_file_mode, .has_uid = s->has_uid,
			.has_gid = s->has_gid,
			.mode = type_bits(s->type) |
				(s->has_file_mode ? s->file_mode & 07777 :
					0666),
		};
	}
	for (i = 0; defaults && i < COUNT(own_devices); i++) {
		if (!listed(d, n, own_devices[i].path))
			d[n++] = own_devices[i];
	}
	p->devices = d;
	p->n_devices = n;
	if (defaults) {
		p->links = own_links;
		p->n_links = COUNT(own_links);
	}
	return 0;
}

int
plan_mounts(struct plan *p, const struct spec *spec, const struct host *host,
	struct arena *a, struct err *e)
{
	bool own = p->rung != ROOT_CHROOT, dev = false, dev_bind = false;
	struct mount_op *m = NEWS(a, struct mount_op, spec->n_mounts + 2, e);
	bool pts = !spec->process || !spec->process->terminal;
	struct making t = { p, host, NULL };
	unsigned i;

	if (!m)
		return -1;
	/* m[0] is kept for our own /dev, below whatever else goes there, the
	 * last for the devpts that a terminal needs */
	for (i = 0; i < spec->n_mounts; i++) {
		m[i + 1].at = i;
		if (plan_one(&m[i + 1], &t, &spec->mounts[i], a, e))
			return err_ctx(e, "mounts[%u] %s", i,
				spec->mounts[i].destination);
		if (!strcmp(m[i + 1].dest, "/dev") &&
		    m[i + 1].kind != MOUNT_AGAIN) {
			dev = true;
			dev_bind = m[i + 1].kind == MOUNT_BIND;
		}
		if (!strcmp(m[i + 1].dest, "/dev/pts"))
			pts = true;
	}
	if (own && !dev) {
		m[0] = own_dev;
		if (plan_mount_label(p, &m[0], a, e))
			return -1;
	}
	p->mounts = own && !dev ? m : m + 1;
	p->n_mounts = spec->n_mounts + (own && !dev);
	if (own && !dev_bind && !pts) {
		m[spec->n_mounts + 1] = own_pts;
		p->n_mounts++;
	}
	return plan_devices(p, spec, own && !dev_bind, a, e);
}
