/* SPDX-License-Identifier: MIT */
/* spec_check_linux.c -- the rules of linux, but resources and seccomp. */
#include <sched.h>
#include <string.h>
#include <sys/stat.h>

#include "diag.h"
#include "names.h"
#include "numlist.h"
#include "path.h"
#include "spec.h"
#include "spec_rules.h"

enum {
	MAX_MAPS = 340,         /* user_namespaces(7) */
	MAX_IF_NAME = 15,       /* IFNAMSIZ, less the NUL */
};

const struct spec_namespace *
ns_entry(const struct spec *s, unsigned type)
{
	unsigned i;

	for (i = 0; i < s->linux.n_namespaces; i++) {
		if (s->linux.namespaces[i].type == type)
			return &s->linux.namespaces[i];
	}
	return NULL;
}

void
check_map(const char *member, const struct spec_idmap *map, unsigned n,
	struct diag *d)
{
	unsigned i, k;

	if (n > MAX_MAPS)
		diag_error(diag_at(d, "%s", member),
			"more than %d entries", MAX_MAPS);
	for (i = 0; i < n && i < MAX_MAPS; i++) {
		const struct spec_idmap *m = &map[i];

		diag_at(d, "%s[%u]", member, i);
		/* The kernel adds in 32 bits and takes no sum of 0. */
		if ((uint64_t)m->container_id + m->size > UINT32_MAX ||
		    (uint64_t)m->host_id + m->size > UINT32_MAX)
			diag_error(d, "ids go beyond %u", UINT32_MAX - 1);
		for (k = 0; k < i; k++) {
			const struct spec_idmap *o = &map[k];

			if ((m->container_id - o->container_id < o->size ||
			     o->container_id - m->container_id < m->size) ||
			    (m->host_id - o->host_id < o->size ||
			     o->host_id - m->host_id < m->size))
				diag_error(d, "overlaps with [%u]", k);
		}
	}
}

static void
check_user_ns(const struct spec *s, struct diag *d)
{
	const struct spec_namespace *user = ns_entry(s, CLONE_NEWUSER);
	const struct spec_linux *l = &s->linux;
	bool uid = l->n_uid_mappings, gid = l->n_gid_mappings;

	diag_at(d, "linux.%sMappings", uid || !gid ? "uid" : "gid");
	if ((uid || gid) && !user)
		diag_error(d, "needs a user namespace");
	else if ((uid || gid) && user->path)
		diag_error(d, "the user namespace to join has its own");
	else if (user && !user->path && !(uid && gid))
		diag_error(diag_at(d, "linux.%sMappings", uid ? "gid" : "uid"),
			"missing: the user namespace needs it");
	check_map("linux.uidMappings", l->uid_mappings, l->n_uid_mappings, d);
	check_map("linux.gidMappings", l->gid_mappings, l->n_gid_mappings, d);
}

static void
check_time_ns(const struct spec *s, struct diag *d)
{
	const struct spec_namespace *time = ns_entry(s, CLONE_NEWTIME);
	const char *clock;
	unsigned i;

	if (!s->linux.n_time_offsets)
		return;
	diag_at(d, "linux.timeOffsets");
	if (!time)
		diag_error(d, "needs a time namespace");
	else if (time->path)
		diag_error(d, "the time namespace to join has its own");
	for (i = 0; i < s->linux.n_time_offsets; i++) {
		clock = s->linux.time_offsets[i].clock;
		if (strcmp(clock, "monotonic") != 0 &&
		    strcmp(clock, "boottime") != 0)
			diag_error(d, "unknown clock `%s`", clock);
	}
}

/* What root of a user namespace may not do in the host's, and what would not
 * hold in one that is not the container's own (list N9). */
static void
check_mount_ns(const struct spec *s, struct diag *d)
{
	static const char text[] = "needs a mount namespace";

	if (ns_entry(s, CLONE_NEWNS))
		return;
	if (s->n_mounts && ns_entry(s, CLONE_NEWUSER))
		diag_error(diag_at(d, "mounts"), text);
	if (s->root && s->root->readonly && ns_entry(s, CLONE_NEWUSER))
		diag_error(diag_at(d, "root.readonly"), text);
	if (s->linux.rootfs_propagation)
		diag_error(diag_at(d, "linux.rootfsPropagation"), text);
	if (s->linux.n_masked_paths)
		diag_error(diag_at(d, "linux.maskedPaths"), text);
	if (s->linux.n_readonly_paths)
		diag_error(diag_at(d, "linux.readonlyPaths"), text);
}

void
check_namespaces(const struct spec *s, struct diag *d)
{
	const struct spec_namespace *n;
	unsigned i;

	for (i = 0; i < s->linux.n_namespaces; i++) {
		n = &s->linux.namespaces[i];
		if (n->type && ns_entry(s, n->type) != n)
			diag_error(diag_at(d, "linux.namespaces[%u]", i),
				"a second %s namespace",
				names_text(&ns_names, n->type));
		if (n->path)
			check_path(n->path,
				diag_at(d, "linux.namespaces[%u].path", i));
	}
	check_user_ns(s, d);
	check_time_ns(s, d);
	check_mount_ns(s, d);
}

/* podman writes down what stat says, the type with it. */
static bool
is_mode_of(char type, uint32_t mode)
{
	mode &= S_IFMT;
	return !mode || mode == (type == 'b' ? S_IFBLK :
		type == 'p' ? S_IFIFO : S_IFCHR);
}

static void
check_devices(const struct spec_linux *l, struct diag *d)
{
	const struct spec_device *v;
	unsigned i;

	for (i = 0; i < l->n_devices; i++) {
		v = &l->devices[i];
		if (v->path)
			check_path(v->path,
				diag_at(d, "linux.devices[%u].path", i));
		if (v->path && (!v->path[strspn(v->path, "/.")] ||
		    path_has_dotdot(v->path)))
			diag_error(d, "`%s`: not the path of a device",
				v->path);
		if ((v->type == 'b' || v->type == 'c') &&
		    !(v->has_major && v->has_minor))
			diag_error(diag_at(d, "linux.devices[%u]", i),
				"missing \"%s\"", v->has_major ? "minor" :
				"major");
		if (v->has_file_mode && !is_mode_of(v->type, v->file_mode))
			diag_error(diag_at(d, "linux.devices[%u].fileMode", i),
				"%#o: of another type of file", v->file_mode);
	}
}

/* The path ends up in the host's hierarchy: it must stay below the place that
 * it is relative to, and never be that place, whose limits are the host's. */
static void
check_cgroups_path(const char *path, struct diag *d)
{
	if (!path || !*path)
		return;
	diag_at(d, "linux.cgroupsPath");
	if (path_has_dotdot(path))
		diag_error(d, "`%s`: `..` is not allowed", path);
	else if (!path[strspn(path, "/.")])
		diag_error(d, "`%s`: names the root of the hierarchy", path);
	else if (strpbrk(path, "\n\r") || path_too_long(path))
		diag_error(d, "not a path");
}

static void
check_paths(const char *member, const char *const *paths, unsigned n,
	struct diag *d)
{
	unsigned i;

	for (i = 0; i < n; i++)
		check_path(paths[i], diag_at(d, "linux.%s[%u]", member, i));
}

static bool
is_if_name(const char *name)
{
	size_t n = strlen(name);

	return n && n <= MAX_IF_NAME && strcspn(name, "/ \t\n:") == n &&
		strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static void
check_net_devices(const struct spec *s, struct diag *d)
{
	const struct spec_net_device *v;
	unsigned i;

	if (s->linux.n_net_devices && !ns_entry(s, CLONE_NEWNET))
		diag_error(diag_at(d, "linux.netDevices"),
			"needs a network namespace");
	for (i = 0; i < s->linux.n_net_devices; i++) {
		v = &s->linux.net_devices[i];
		diag_at(d, "linux.netDevices.%s", v->device);
		if (!is_if_name(v->device))
			diag_error(d, "not the name of a network device");
		if (v->name && !is_if_name(v->name))
			diag_error(d, "`%s`: not a name for a network device",
				v->name);
	}
}

static void
check_intel_rdt(const struct spec_intel_rdt *r, struct diag *d)
{
	const char *id = r->clos_id;
	unsigned i;

	if (id && (!*id || strcmp(id, ".") == 0 || strcmp(id, "..") == 0 ||
	    (strchr(id, '/') && strcmp(id, "/") != 0)))
		diag_error(diag_at(d, "linux.intelRdt.closID"),
			"`%s`: not the name of a directory", id);
	if (r->l3_cache_schema && strchr(r->l3_cache_schema, '\n'))
		diag_error(diag_at(d, "linux.intelRdt.l3CacheSchema"),
			"more than one line");
	if (r->mem_bw_schema && (strncmp(r->mem_bw_schema, "MB:", 3) != 0 ||
	    strchr(r->mem_bw_schema, '\n')))
		diag_error(diag_at(d, "linux.intelRdt.memBwSchema"),
			"not one line that starts with MB:");
	for (i = 0; i < r->n_schemata; i++) {
		if (strchr(r->schemata[i], '\n'))
			diag_error(diag_at(d, "linux.intelRdt.schemata[%u]",
				i), "more than one line");
	}
}

static void
check_memory_policy(const struct spec_memory_policy *p, struct diag *d)
{
	enum { DEFAULT = 0, PREFERRED = 1, LOCAL = 4 };
	enum { RELATIVE = 1 << 14, STATIC = 1 << 15 };
	bool nodes = p->nodes && *p->nodes;

	diag_at(d, "linux.memoryPolicy.flags");
	if ((p->flags & RELATIVE) && (p->flags & STATIC))
		diag_error(d, "static and relative nodes contradict");
	if (p->flags && !nodes)
		diag_error(d, "need nodes");
	diag_at(d, "linux.memoryPolicy.nodes");
	if (nodes && numlist_parse(p->nodes, NULL))
		diag_error(d, "`%s`: not a list of memory nodes", p->nodes);
	if (nodes && (p->mode == DEFAULT || p->mode == LOCAL))
		diag_error(d, "the mode takes none");
	if (!nodes && p->mode != DEFAULT && p->mode != LOCAL &&
	    p->mode != PREFERRED)
		diag_error(d, "the mode needs them");
}

void
check_linux(const struct spec *s, struct diag *d)
{
	const struct spec_linux *l = &s->linux;

	check_devices(l, d);
	check_cgroups_path(l->cgroups_path, d);
	check_paths("maskedPaths", l->masked_paths, l->n_masked_paths, d);
	check_paths("readonlyPaths", l->readonly_paths, l->n_readonly_paths, d);
	check_net_devices(s, d);
	check_sysctl(s, d);
	if (l->intel_rdt)
		check_intel_rdt(l->intel_rdt, d);
	if (l->memory_policy)
		check_memory_policy(l->memory_policy, d);
}
