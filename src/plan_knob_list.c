/* SPDX-License-Identifier: MIT */
/* plan_knob_list.c -- the limits of which there can be many. */
#include "plan_knob.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "kopt.h"
#include "plan.h"
#include "plan_weight.h"
#include "spec.h"

static int
weight_device(struct knobs *k, const struct spec_weight_device *d,
	const char *member)
{
	struct knob_file f = { member, "blkio.weight_device", "io.bfq.weight",
		KOPT_IO_WEIGHT };
	struct cgroup_write w = { .member = member, .option = KOPT_IO_WEIGHT };
	int r = knob_find(k, &f, false, &w.op);

	if (r < 0)
		return -1;
	w.file = knob_is_v2(k, w.op) ? f.v2 : f.v1;
	w.alt = knob_is_v2(k, w.op) ? "io.weight" : "blkio.bfq.weight_device";
	w.text = w.alt_text = arena_fmt(k->a, k->e, "%u:%u %u",
		(unsigned)d->major, (unsigned)d->minor, d->weight);
	if (knob_is_v2(k, w.op))
		w.alt_text = arena_fmt(k->a, k->e, "%u:%u %u",
			(unsigned)d->major, (unsigned)d->minor,
			weight_of_blkio(d->weight));
	return w.text && w.alt_text ? knob_add(k, &w) : -1;
}

static int
leaf_weight_device(struct knobs *k, const struct spec_weight_device *d,
	const char *member)
{
	struct knob_file f = { member, "blkio.leaf_weight_device", NULL,
		"removed in Linux 5.0" };
	struct cgroup_write w = { .member = member, .option = f.option,
		.file = f.v1 };

	if (knob_find(k, &f, false, &w.op) < 0)
		return -1;
	w.text = arena_fmt(k->a, k->e, "%u:%u %u", (unsigned)d->major,
		(unsigned)d->minor, d->leaf_weight);
	return w.text ? knob_add(k, &w) : -1;
}

int
knob_block_weights(struct knobs *k)
{
	const struct spec_block_io *b = k->r->block_io;
	const struct spec_weight_device *d;
	const char *member;
	unsigned i;

	for (i = 0; b && i < b->n_weight_device; i++) {
		d = &b->weight_device[i];
		member = arena_fmt(k->a, k->e, "blockIO.weightDevice[%u]", i);
		if (!member || (d->weight && weight_device(k, d, member)) ||
		    (d->leaf_weight && leaf_weight_device(k, d, member)))
			return -1;
	}
	return 0;
}

#define THROTTLE(json, m, file, word) { json, \
	offsetof(struct spec_block_io, throttle_##m##_device), \
	offsetof(struct spec_block_io, n_throttle_##m##_device), file, word }

static const struct throttle {
	char member[32];
	unsigned short list, n;
	char v1[33];
	char word[6];           /* in v2's one file */
} throttles[] = {
	THROTTLE("blockIO.throttleReadBpsDevice", read_bps,
		"blkio.throttle.read_bps_device", "rbps"),
	THROTTLE("blockIO.throttleWriteBpsDevice", write_bps,
		"blkio.throttle.write_bps_device", "wbps"),
	THROTTLE("blockIO.throttleReadIOPSDevice", read_iops,
		"blkio.throttle.read_iops_device", "riops"),
	THROTTLE("blockIO.throttleWriteIOPSDevice", write_iops,
		"blkio.throttle.write_iops_device", "wiops"),
};

/* A rate of 0 ends a throttle; v2 has a word for that. */
static int
throttle(struct knobs *k, const struct throttle *t,
	const struct spec_throttle_device *d, unsigned at)
{
	const char *member = arena_fmt(k->a, k->e, "%s[%u]", t->member, at);
	struct knob_file f = { member, t->v1, "io.max",
		KOPT_IO_THROTTLE };
	struct cgroup_write w = { .member = member, .option = f.option };
	unsigned long long rate = d->rate;

	if (!member || knob_find(k, &f, false, &w.op) < 0)
		return -1;
	w.file = knob_is_v2(k, w.op) ? f.v2 : f.v1;
	if (!knob_is_v2(k, w.op))
		w.text = arena_fmt(k->a, k->e, "%u:%u %llu",
			(unsigned)d->major, (unsigned)d->minor, rate);
	else if (rate)
		w.text = arena_fmt(k->a, k->e, "%u:%u %s=%llu",
			(unsigned)d->major, (unsigned)d->minor, t->word, rate);
	else
		w.text = arena_fmt(k->a, k->e, "%u:%u %s=max",
			(unsigned)d->major, (unsigned)d->minor, t->word);
	return w.text ? knob_add(k, &w) : -1;
}

int
knob_throttles(struct knobs *k)
{
	const char *b = (const char *)k->r->block_io;
	const struct spec_throttle_device *list;
	unsigned i, at, n;

	for (i = 0; b && i < COUNT(throttles); i++) {
		memcpy(&list, b + throttles[i].list, sizeof(list));
		memcpy(&n, b + throttles[i].n, sizeof(n));
		for (at = 0; at < n; at++) {
			if (throttle(k, &throttles[i], &list[at], at))
				return -1;
		}
	}
	return 0;
}

/* config-linux.md: of reservations (Linux 5.7) where there are such limits.
 * Mappings without a reservation are only held by the other file. */
static int
hugepage(struct knobs *k, const struct spec_hugepage_limit *l, unsigned at)
{
	const char *member = arena_fmt(k->a, k->e, "hugepageLimits[%u]", at);
	struct knob_file f = { member, "hugetlb.", "hugetlb.",
		KOPT_CGROUP_HUGETLB ", and the host's sizes of huge pages" };
	struct cgroup_write w = { .member = member, .option = f.option };
	const char *end;

	if (!member || knob_find(k, &f, false, &w.op) < 0)
		return -1;
	end = knob_is_v2(k, w.op) ? "max" : "limit_in_bytes";
	w.text = arena_fmt(k->a, k->e, "%llu", (unsigned long long)l->limit);
	w.file = arena_fmt(k->a, k->e, "hugetlb.%s.rsvd.%s", l->page_size,
		end);
	w.how = WRITE_MAY_LACK;
	if (!w.text || !w.file || knob_add(k, &w))
		return -1;
	w.file = arena_fmt(k->a, k->e, "hugetlb.%s.%s", l->page_size, end);
	w.how = 0;
	return w.file ? knob_add(k, &w) : -1;
}

int
knob_hugepages(struct knobs *k)
{
	unsigned i;

	for (i = 0; i < k->r->n_hugepage_limits; i++) {
		if (hugepage(k, &k->r->hugepage_limits[i], i))
			return -1;
	}
	return 0;
}

int
knob_priorities(struct knobs *k)
{
	const struct spec_network *n = k->r->network;
	struct cgroup_write w = { .file = "net_prio.ifpriomap",
		.option = KOPT_CGROUP_NET_PRIO };
	unsigned i;

	for (i = 0; n && i < n->n_priorities; i++) {
		struct knob_file f = { NULL, w.file, NULL, w.option };

		f.member = w.member = arena_fmt(k->a, k->e,
			"network.priorities[%u]", i);
		if (!f.member || knob_find(k, &f, false, &w.op) < 0)
			return -1;
		w.text = arena_fmt(k->a, k->e, "%s %u", n->priorities[i].name,
			(unsigned)n->priorities[i].priority);
		if (!w.text || knob_add(k, &w))
			return -1;
	}
	return 0;
}

int
knob_rdma(struct knobs *k)
{
	struct cgroup_write w = { .file = "rdma.max",
		.option = KOPT_CGROUP_RDMA ", and the device" };
	const struct spec_rdma *d;
	unsigned i;

	for (i = 0; i < k->r->n_rdma; i++) {
		struct knob_file f = { NULL, w.file, w.file, w.option };

		d = &k->r->rdma[i];
		f.member = w.member = arena_fmt(k->a, k->e, "rdma.%s",
			d->device);
		if (!f.member || knob_find(k, &f, false, &w.op) < 0)
			return -1;
		w.text = d->device;
		if (d->has_hca_handles)
			w.text = arena_fmt(k->a, k->e, "%s hca_handle=%u",
				w.text, (unsigned)d->hca_handles);
		if (w.text && d->has_hca_objects)
			w.text = arena_fmt(k->a, k->e, "%s hca_object=%u",
				w.text, (unsigned)d->hca_objects);
		if (!w.text || knob_add(k, &w))
			return -1;
	}
	return 0;
}

/* What would stop the container, move processes, or take from us the means to
 * end it. */
static bool
is_denied(const char *key)
{
	static const char denied[][23] = {
		"cgroup.procs", "cgroup.threads", "cgroup.kill",
		"cgroup.freeze", "cgroup.type", "cgroup.subtree_control",
	};
	size_t i;

	for (i = 0; i < COUNT(denied); i++) {
		if (!strcmp(key, denied[i]))
			return true;
	}
	return false;
}

static int
find_v2(struct knobs *k, const char *key, const char *member, unsigned *op)
{
	struct knob_file f = { member, NULL, key, "a controller of cgroup v2" };
	unsigned i;

	if (is_denied(key))
		return err_set(k->e, EPERM, "linux.resources.%s: "
			"is not for a config to set", member);
	for (i = 0; !strncmp(key, "cgroup.", 7) && i < k->c->n_ops; i++) {
		if (knob_is_v2(k, i)) {
			*op = i;
			return 0;
		}
	}
	return knob_find(k, &f, false, op) < 0 ? -1 : 0;
}

/* After all others, so that it overrides them; each line is a write. */
int
knob_unified(struct knobs *k)
{
	struct cgroup_write w = { .option =
		"no such file in cgroup v2 of this kernel" };
	const struct spec_pair *p;
	const char *text;
	size_t len;
	unsigned i;

	for (i = 0; i < k->r->n_unified; i++) {
		p = &k->r->unified[i];
		if (!p->value[strspn(p->value, "\n")])
			continue;
		w.file = p->key;
		w.member = arena_fmt(k->a, k->e, "unified.%s", p->key);
		if (!w.member || find_v2(k, p->key, w.member, &w.op))
			return -1;
		for (text = p->value; *text; text += len + !!text[len]) {
			len = strcspn(text, "\n");
			w.text = arena_dup(k->a, text, len, k->e);
			if (!w.text || (len && knob_add(k, &w)))
				return -1;
		}
	}
	return 0;
}
