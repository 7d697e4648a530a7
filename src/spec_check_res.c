/* SPDX-License-Identifier: MIT */
/* spec_check_res.c -- the rules of linux.resources and linux.seccomp. */
#include <string.h>

#include "diag.h"
#include "spec.h"
#include "spec_rules.h"

static void
check_rules(const struct spec_resources *r, struct diag *d)
{
	const struct spec_device_rule *v;
	unsigned i;

	for (i = 0; i < r->n_devices; i++) {
		v = &r->devices[i];
		diag_at(d, "linux.resources.devices[%u].access", i);
		/* Left out, it can safely mean "all" only where denying. */
		if (v->allow && !v->has_access)
			diag_error(d, "missing, and the rule allows");
		if (!*v->access || v->access[strspn(v->access, "rwm")])
			diag_error(d, "`%s`: not of the letters r, w, m",
				v->access);
	}
}

static void
check_memory(const struct spec_memory *m, bool update, struct diag *d)
{
	diag_at(d, "linux.resources.memory.swap");
	if (m->swap > 0 && m->limit == 0 && !update)
		diag_error(d, "needs limit");
	else if (m->swap > 0 && m->swap < m->limit)
		diag_error(d, "%lld is below limit, which it includes",
			(long long)m->swap);
}

static void
check_cpu(const struct spec_cpu *c, struct diag *d)
{
	if (c->quota > 0 && c->quota < 1000)
		diag_error(diag_at(d, "linux.resources.cpu.quota"),
			"%lld: the smallest is 1000", (long long)c->quota);
	if (c->quota > 0 && c->burst > (uint64_t)c->quota)
		diag_error(diag_at(d, "linux.resources.cpu.burst"),
			"%llu is above quota", (unsigned long long)c->burst);
	if (c->cpus && !is_number_list(c->cpus))
		diag_error(diag_at(d, "linux.resources.cpu.cpus"),
			"`%s`: not a list of CPUs", c->cpus);
	if (c->mems && !is_number_list(c->mems))
		diag_error(diag_at(d, "linux.resources.cpu.mems"),
			"`%s`: not a list of memory nodes", c->mems);
}

/* 0 means "not set"; the decoder has cut at 1000. */
static void
check_weight(unsigned weight, struct diag *d)
{
	if (weight && weight < 10)
		diag_error(d, "%u is out of range (10 to 1000)", weight);
}

static void
check_block_io(const struct spec_block_io *b, struct diag *d)
{
	static const char at[] = "linux.resources.blockIO";
	const struct spec_weight_device *v;
	unsigned i;

	check_weight(b->weight, diag_at(d, "%s.weight", at));
	check_weight(b->leaf_weight, diag_at(d, "%s.leafWeight", at));
	for (i = 0; i < b->n_weight_device; i++) {
		v = &b->weight_device[i];
		diag_at(d, "%s.weightDevice[%u]", at, i);
		if (!v->has_weight && !v->has_leaf_weight)
			diag_error(d, "neither weight nor leafWeight");
		check_weight(v->weight, d);
		check_weight(v->leaf_weight, d);
	}
}

/* "64KB", as in the names of the kernel's files. */
static bool
is_page_size(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n && *s != '0' && s[n] && strchr("KMG", s[n]) &&
		strcmp(s + n + 1, "B") == 0;
}

static void
check_hugepages(const struct spec_resources *r, struct diag *d)
{
	const char *size;
	unsigned i;

	for (i = 0; i < r->n_hugepage_limits; i++) {
		size = r->hugepage_limits[i].page_size;
		if (size && !is_page_size(size))
			diag_error(diag_at(d, "linux.resources."
				"hugepageLimits[%u].pageSize", i),
				"`%s`: not a size such as 64KB, 2MB or 1GB",
				size);
	}
}

/* A key becomes a file name in the container's cgroup: "memory.high". */
static bool
is_cgroup_file(const char *key)
{
	size_t n = strspn(key, "abcdefghijklmnopqrstuvwxyz");

	return n && key[n] == '.' && key[n + 1] &&
		!key[strspn(key, "abcdefghijklmnopqrstuvwxyz"
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.")];
}

void
check_resources(const struct spec *s, bool update, struct diag *d)
{
	const struct spec_resources *r = s->linux.resources;
	unsigned i;

	if (!r)
		return;
	check_rules(r, d);
	if (r->memory)
		check_memory(r->memory, update, d);
	if (r->cpu)
		check_cpu(r->cpu, d);
	if (r->block_io)
		check_block_io(r->block_io, d);
	check_hugepages(r, d);
	for (i = 0; i < r->n_rdma; i++) {
		if (!r->rdma[i].has_hca_handles && !r->rdma[i].has_hca_objects)
			diag_error(diag_at(d, "linux.resources.rdma.%s",
				r->rdma[i].device),
				"neither hcaHandles nor hcaObjects");
	}
	for (i = 0; i < r->n_unified; i++) {
		if (!is_cgroup_file(r->unified[i].key))
			diag_error(diag_at(d, "linux.resources.unified"),
				"`%s`: not CONTROLLER.PARAMETER",
				r->unified[i].key);
	}
}

/* Of the kernel; <linux/seccomp.h> may be older. */
enum { FLAG_WAIT_KILLABLE = 0x20 };

/* config-linux.md: other actions have no errno to return. */
static void
check_errno(unsigned action, bool given, struct diag *d)
{
	if (given && action != SECCOMP_ACT_ERRNO && action != SECCOMP_ACT_TRACE)
		diag_error(d, "the action takes none");
}

void
check_seccomp(const struct spec *s, struct diag *d)
{
	const struct spec_seccomp *c = s->linux.seccomp;
	const struct spec_seccomp_rule *r;
	bool notify;
	unsigned i;

	if (!c)
		return;
	check_errno(c->default_action, c->has_default_errno_ret,
		diag_at(d, "linux.seccomp.defaultErrnoRet"));
	notify = c->default_action == SECCOMP_ACT_NOTIFY;
	for (i = 0; i < c->n_syscalls; i++) {
		r = &c->syscalls[i];
		check_errno(r->action, r->has_errno_ret,
			diag_at(d, "linux.seccomp.syscalls[%u].errnoRet", i));
		if (r->names && !r->n_names)
			diag_error(diag_at(d,
				"linux.seccomp.syscalls[%u].names", i),
				"at least one entry is needed");
		notify = notify || r->action == SECCOMP_ACT_NOTIFY;
	}
	/* the kernel refuses it without a listener */
	if (c->flags & FLAG_WAIT_KILLABLE && !notify)
		diag_error(diag_at(d, "linux.seccomp.flags"),
			"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV needs "
			"SCMP_ACT_NOTIFY");
	/* nobody could let init go on */
	if (c->default_action == SECCOMP_ACT_NOTIFY)
		diag_error(diag_at(d, "linux.seccomp.defaultAction"),
			"SCMP_ACT_NOTIFY can't be the default");
	diag_at(d, "linux.seccomp.listenerPath");
	if (notify && !c->listener_path)
		diag_error(d, "missing: SCMP_ACT_NOTIFY needs it");
	if (c->listener_path)
		check_path(c->listener_path, d);
	if (c->listener_metadata && !c->listener_path)
		diag_error(diag_at(d, "linux.seccomp.listenerMetadata"),
			"needs listenerPath");
}
