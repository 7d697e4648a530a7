/* SPDX-License-Identifier: MIT */
/* plan_knob.c -- the table of limits, and in which hierarchy each is set. */
#include "plan_knob.h"

#include <errno.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "host.h"
#include "io.h"
#include "kopt.h"
#include "plan.h"
#include "plan_weight.h"
#include "spec.h"
#include "str.h"
#include "words.h"

bool
knob_is_v2(const struct knobs *k, unsigned op)
{
	return k->c->ops[op].kind == CGROUP_V2;
}

static int
find_op(const struct knobs *k, enum cgroup_kind kind, const char *file)
{
	size_t len = file ? strcspn(file, ".") : 0;
	const struct cgroup_op *op;
	unsigned i;

	for (i = 0; file && i < k->c->n_ops; i++) {
		op = &k->c->ops[i];
		if (op->kind != kind)
			continue;
		if (kind == CGROUP_V1 ? words_have(op->controllers, file, len) :
		    !op->has || words_have(op->has, file, len))
			return (int)i;
	}
	return -1;
}

/* The controller must reach the container's cgroup. */
static int
pass_on(struct knobs *k, struct cgroup_op *op, const char *file)
{
	size_t len = strcspn(file, ".");

	if (op->kind == CGROUP_V1 || words_have(op->controllers, file, len))
		return 0;
	op->controllers = arena_fmt(k->a, k->e, "%s%s%.*s", op->controllers,
		*op->controllers ? " " : "", (int)len, file);
	return op->controllers ? 0 : -1;
}

static bool
has_v2(const struct host *h)
{
	unsigned i;

	for (i = 0; i < h->n_hier; i++) {
		if (h->hier[i].v2)
			return true;
	}
	return false;
}

/* A hierarchy that is mounted nowhere is mounted by us, attached nowhere. */
static int
add_own(struct knobs *k, const struct knob_file *f)
{
	const struct host *h = k->host;
	struct cgroup_op op = { .path = k->path, .controllers = "" };

	if (!h || k->why_none || h->uid || h->in_userns)
		return -1;
	if (!f->v1 && h->n_hier)        /* unified: v1 has the controllers */
		return -1;
	if (FEAT_CGROUP_V2 && f->v2 && h->cgroup2 && !has_v2(h))
		op.kind = CGROUP_V2;
	else if (FEAT_CGROUP_V1 && f->v1 && h->cgroup1 && !h->cgroup2)
		op.kind = CGROUP_V1;
	else
		return -1;
	if (op.kind == CGROUP_V1)
		op.controllers = arena_dup(k->a, f->v1, strcspn(f->v1, "."),
			k->e);
	if (!op.controllers)
		return -1;
	k->c->ops[k->c->n_ops] = op;
	return (int)k->c->n_ops++;
}

/* The one controller whose name is another in v2. */
static bool
is_blkio(const char *v1)
{
	return v1 && !strncmp(v1, "blkio.", 6);
}

static int
nowhere(struct knobs *k, const struct knob_file *f)
{
	const char *file = is_blkio(f->v1) ? "blkio or io" :
		f->v2 ? f->v2 : f->v1;

	if (k->why_none)
		return err_set(k->e, ENOTSUP, "linux.resources.%s: %s",
			f->member, k->why_none);
	err_set(k->e, ENOTSUP, "linux.resources.%s: no cgroup hierarchy that "
		"we may use has the controller %.*s", f->member,
		(int)strcspn(file, "."), file);
	return err_hint(k->e, "%s", f->option);
}

int
knob_find(struct knobs *k, const struct knob_file *f, bool may_lack,
	unsigned *op)
{
	const char *v2_name = !is_blkio(f->v1) ? f->v1 : "io.";
	int i = find_op(k, CGROUP_V1, f->v1);

	if (i < 0)
		i = find_op(k, CGROUP_V2, f->v2);
	if (i < 0 && !may_lack)
		i = add_own(k, f);
	if (i < 0 && k->e->code)
		return -1;
	if (i < 0 && may_lack)
		return 0;
	if (i < 0 && !f->v2 && find_op(k, CGROUP_V2, v2_name) >= 0)
		return err_set(k->e, ENOTSUP, "linux.resources.%s: "
			"cgroup v2 has no such setting", f->member);
	if (i < 0 && !f->v1 && find_op(k, CGROUP_V1, f->v2) >= 0)
		return err_set(k->e, ENOTSUP, "linux.resources.%s: "
			"cgroup v1 has no such setting", f->member);
	if (i < 0)
		return nowhere(k, f);
	*op = (unsigned)i;
	return pass_on(k, &k->c->ops[i],
		knob_is_v2(k, *op) ? f->v2 : f->v1) ? -1 : 1;
}

int
knob_add(struct knobs *k, const struct cgroup_write *w)
{
	struct cgroup_write *copy = NEW(k->a, struct cgroup_write, k->e);

	if (!copy)
		return -1;
	*copy = *w;
	copy->next = NULL;
	*k->tail = copy;
	k->tail = &copy->next;
	return 0;
}

/* A conversion's answer where another member sets the same file. */
static const char skip[] = "";

static const char *
number(struct knobs *k, int64_t v)
{
	return arena_fmt(k->a, k->e, "%lld", (long long)v);
}

/* -1 is v2's word for no limit. */
static const char *
or_max(struct knobs *k, int64_t v)
{
	return v < 0 ? "max" : number(k, v);
}

/* The limit of memory that goes with a swap limit; -1: none. */
static int64_t
memory_limit(const struct knobs *k)
{
	const struct spec_memory *m = k->r->memory;

	return m->limit ? m->limit : k->update ? k->now_limit : 0;
}

/* memory.swap counts memory and swap together, v2 swap alone (list Q2). */
static const char *
swap_alone(struct knobs *k, int64_t v)
{
	int64_t limit = memory_limit(k);

	if (v < 0)
		return "max";
	if (limit > v) {
		err_set(k->e, EINVAL, "linux.resources.memory.swap: %lld is "
			"below the limit %lld, which it includes",
			(long long)v, (long long)limit);
		return NULL;
	}
	return number(k, limit > 0 ? v - limit : v);
}

/* v1 can't have less of both than of one. */
static const char *
swap_total(struct knobs *k, int64_t v)
{
	if (v < 0 || k->r->memory->limit >= 0)
		return number(k, v);
	err_set(k->e, EINVAL, "linux.resources.memory.swap: cgroup v1 needs a "
		"limit of memory with it");
	return NULL;
}

/* list Q14: an idle group has no weight, and refuses one. */
static bool
is_idle(const struct knobs *k)
{
	return k->r->cpu->has_idle && k->r->cpu->idle;
}

static const char *
shares(struct knobs *k, int64_t v)
{
	return is_idle(k) ? skip : number(k, v < 2 ? 2 : v > 262144 ? 262144 :
		v);
}

static const char *
weight(struct knobs *k, int64_t v)
{
	return is_idle(k) ? skip : number(k, weight_of_shares((uint64_t)v));
}

/* The period stays where none follows: 100000 in a new cgroup. */
static const char *
quota_of_max(struct knobs *k, int64_t v)
{
	const char *text = or_max(k, v);

	if (!text || !k->r->cpu->period)
		return text;
	return arena_fmt(k->a, k->e, "%s %llu", text,
		(unsigned long long)k->r->cpu->period);
}

static const char *
period_of_max(struct knobs *k, int64_t v)
{
	if (k->r->cpu->quota)
		return skip;
	return arena_fmt(k->a, k->e, "%s %lld",
		k->now_quota ? k->now_quota : "max", (long long)v);
}

static const char *
io_weight(struct knobs *k, int64_t v)
{
	return number(k, weight_of_blkio((unsigned)v));
}

/* Without it, one process of many dies and the rest goes on (Linux 4.19). */
static const char *
oom_group(struct knobs *k, int64_t v)
{
	(void)k;
	return v < 0 ? skip : "1";
}

/* config-linux.md says what it does there: nothing that is not so already. */
static const char *
hierarchy_v2(struct knobs *k, int64_t v)
{
	if (v)
		return skip;
	err_set(k->e, ENOTSUP, "linux.resources.memory.useHierarchy: "
		"cgroup v2 is always a hierarchy");
	return NULL;
}

enum part { MEMORY, CPU, PIDS, BLOCK_IO, NETWORK, PARTS };
enum type { T_I64, T_U64, T_U32, T_U16, T_BOOL, T_TEXT };

enum {
	ZERO = 1,               /* 0 is a value */
	NEG_IS_NONE = 2,        /* -1 asks for nothing: no file, no harm */
	ZERO_IS_NONE = 4,       /* and so does 0 */
	LATER = 8,
	PARENTS = 16,
	V2_ONLY = 32,           /* v1 has it not, and that is no error */
};

typedef const char *convert(struct knobs *k, int64_t v);

struct knob {
	unsigned char part, type, flags;
	unsigned short off, has; /* has: 1 + offset of the flag, 0 none */
	const char *texts;      /* those of FILES_ALT, for str_take */
	convert *conv1, *conv2, *alt_conv2;
};

#define TYPE(s, m) _Generic(((struct s *)0)->m, int64_t: T_I64, \
	uint64_t: T_U64, uint32_t: T_U32, uint16_t: T_U16, bool: T_BOOL, \
	const char *: T_TEXT)
#define AT(p, s, m, fl) .part = p, .type = TYPE(s, m), .flags = fl, \
	.off = offsetof(struct s, m)
#define HAS(s, m) .has = 1 + offsetof(struct s, has_##m)
#define MEM(m, fl) AT(MEMORY, spec_memory, m, fl), HAS(spec_memory, m)
#define PROC(m, fl) AT(CPU, spec_cpu, m, fl), HAS(spec_cpu, m)

/* Member of linux.resources; file in v1; in v2; kernel option; where that file
 * is missing in v1; in v2. */
#define FILES_ALT(member, v1, v2, option, alt1, alt2) \
	.texts = member "\0" v1 "\0" v2 "\0" option "\0" alt1 "\0" alt2
#define FILES(member, v1, v2, option) FILES_ALT(member, v1, v2, option, "", "")

#define KMEM "removed in Linux 5.16"
#define MEMSW KOPT_SWAP ", and swapaccount=1 before Linux 5.8"

/* In the order in which they are written. */
static const struct knob knobs[] = {
	{ MEM(limit, NEG_IS_NONE | LATER),
		FILES("memory.limit", "memory.limit_in_bytes", "memory.max",
			KOPT_MEMCG),
		.conv2 = or_max },
	{ MEM(swap, NEG_IS_NONE | LATER),
		FILES("memory.swap", "memory.memsw.limit_in_bytes",
			"memory.swap.max", MEMSW),
		.conv1 = swap_total, .conv2 = swap_alone },
	{ MEM(limit, NEG_IS_NONE | ZERO_IS_NONE | V2_ONLY),
		FILES("memory.limit", "", "memory.oom.group", "Linux 4.19"),
		.conv2 = oom_group },
	{ MEM(reservation, NEG_IS_NONE),
		FILES("memory.reservation", "memory.soft_limit_in_bytes",
			"memory.low", KOPT_MEMCG),
		.conv2 = or_max },
	{ MEM(kernel, NEG_IS_NONE),
		FILES("memory.kernel", "memory.kmem.limit_in_bytes", "",
			KMEM) },
	{ MEM(kernel_tcp, NEG_IS_NONE),
		FILES("memory.kernelTCP", "memory.kmem.tcp.limit_in_bytes",
			"", KOPT_MEMCG) },
	{ MEM(swappiness, ZERO),
		FILES("memory.swappiness", "memory.swappiness", "",
			KOPT_MEMCG) },
	{ MEM(disable_oom_killer, 0),
		FILES("memory.disableOOMKiller", "memory.oom_control", "",
			KOPT_MEMCG) },
	{ MEM(use_hierarchy, ZERO),
		FILES("memory.useHierarchy", "memory.use_hierarchy",
			"memory.", KOPT_MEMCG),
		.conv2 = hierarchy_v2 },
	{ PROC(idle, ZERO | ZERO_IS_NONE),
		FILES("cpu.idle", "cpu.idle", "cpu.idle", "Linux 5.15") },
	{ PROC(shares, 0),
		FILES("cpu.shares", "cpu.shares", "cpu.weight",
			KOPT_FAIR_GROUP),
		.conv1 = shares, .conv2 = weight },
	{ PROC(period, LATER),
		FILES("cpu.period", "cpu.cfs_period_us", "cpu.max",
			KOPT_CFS_BANDWIDTH),
		.conv2 = period_of_max },
	{ PROC(quota, NEG_IS_NONE | LATER),
		FILES("cpu.quota", "cpu.cfs_quota_us", "cpu.max",
			KOPT_CFS_BANDWIDTH),
		.conv2 = quota_of_max },
	{ PROC(burst, ZERO | ZERO_IS_NONE | LATER),
		FILES("cpu.burst", "cpu.cfs_burst_us", "cpu.max.burst",
			"Linux 5.14") },
	{ PROC(realtime_period, LATER),
		FILES("cpu.realtimePeriod", "cpu.rt_period_us", "",
			KOPT_RT_GROUP) },
	{ PROC(realtime_runtime, NEG_IS_NONE | LATER | PARENTS),
		FILES("cpu.realtimeRuntime", "cpu.rt_runtime_us", "",
			KOPT_RT_GROUP) },
	{ AT(CPU, spec_cpu, cpus, 0),
		FILES_ALT("cpu.cpus", "cpuset.cpus", "cpuset.cpus",
			KOPT_CPUSETS, "cpus", "") },
	{ AT(CPU, spec_cpu, mems, 0),
		FILES_ALT("cpu.mems", "cpuset.mems", "cpuset.mems",
			KOPT_CPUSETS, "mems", "") },
	{ AT(PIDS, spec_pids, limit, ZERO | NEG_IS_NONE), HAS(spec_pids, limit),
		FILES("pids.limit", "pids.max", "pids.max",
			KOPT_CGROUP_PIDS),
		.conv1 = or_max, .conv2 = or_max },
	{ AT(BLOCK_IO, spec_block_io, weight, 0),
		FILES_ALT("blockIO.weight", "blkio.weight", "io.bfq.weight",
			KOPT_IO_WEIGHT, "blkio.bfq.weight", "io.weight"),
		.alt_conv2 = io_weight },
	{ AT(BLOCK_IO, spec_block_io, leaf_weight, 0),
		FILES("blockIO.leafWeight", "blkio.leaf_weight", "",
			"removed in Linux 5.0") },
	{ AT(NETWORK, spec_network, class_id, ZERO | ZERO_IS_NONE),
		HAS(spec_network, class_id),
		FILES("network.classID", "net_cls.classid", "",
			KOPT_CGROUP_NET_CLS) },
};

/* Reads a member as a number, or its text.  False: not set. */
static bool
get(const struct knob *n, const void *part, int64_t *v, const char **text)
{
	const char *at = (const char *)part + n->off;
	uint64_t u = 0;

	if (n->has && !((const bool *)part)[n->has - 1])
		return false;
	switch (n->type) {
	case T_TEXT:
		*text = *(const char *const *)(const void *)at;
		return *text && **text;
	case T_U16:
		u = *(const uint16_t *)(const void *)at;
		break;
	case T_U32:
		u = *(const uint32_t *)(const void *)at;
		break;
	case T_BOOL:
		u = *(const bool *)at;
		break;
	default:
		u = *(const uint64_t *)(const void *)at;
		if (n->type == T_U64 && u > INT64_MAX)
			u = INT64_MAX;
	}
	*v = (int64_t)u;
	return u || n->flags & ZERO;
}

/* The swap limit goes with that of memory where both end (list Q2). */
static bool
swap_ends(const struct knobs *k, const struct knob *n, int64_t *v)
{
	const struct spec_memory *m = k->r->memory;

	if (n->part != MEMORY || n->off != offsetof(struct spec_memory, swap) ||
	    m->swap || m->limit >= 0)
		return false;
	*v = -1;
	return true;
}

/* What a missing file can't hurt. */
static bool
asks_nothing(const struct knobs *k, const struct knob *n, int64_t v)
{
	if (n->type == T_TEXT)
		return false;
	/* no swap beyond the limit: without swap accounting, as runc does */
	if (!strcmp(n->texts, "memory.swap") && v > 0 &&
	    v == memory_limit(k))
		return true;
	return (v < 0 && n->flags & NEG_IS_NONE) ||
		(v <= 0 && n->flags & ZERO_IS_NONE);
}

static int
set(struct knobs *k, const struct knob *n, int64_t v, const char *text)
{
	bool nothing = asks_nothing(k, n, v), v2;
	const char *at = n->texts, *alt1, *alt2;
	struct cgroup_write w = { 0 };
	struct knob_file f;
	convert *conv;
	int r;

	f.member = w.member = str_take(&at);
	f.v1 = str_take(&at);
	f.v2 = str_take(&at);
	f.option = w.option = str_take(&at);
	alt1 = str_take(&at);
	alt2 = str_take(&at);
	r = knob_find(k, &f, nothing || n->flags & V2_ONLY, &w.op);

	if (r <= 0)
		return r;
	v2 = knob_is_v2(k, w.op);
	conv = v2 ? n->conv2 : n->conv1;
	w.file = v2 ? f.v2 : f.v1;
	w.text = text ? text : conv ? conv(k, v) : number(k, v);
	w.alt = v2 ? alt2 : alt1;
	w.alt_text = w.text;
	if (v2 && n->alt_conv2)
		w.alt_text = n->alt_conv2(k, v);
	if (!w.text || !w.alt_text)
		return -1;
	if (w.text == skip)
		return 0;
	w.how = (nothing || n->flags & V2_ONLY ? WRITE_MAY_LACK : 0u) |
		(n->flags & LATER ? WRITE_LATER : 0u) |
		(n->flags & PARENTS && v > 0 ? WRITE_PARENTS : 0u);
	return knob_add(k, &w);
}

int
plan_knobs(struct knobs *k)
{
	static int (*const lists[])(struct knobs *k) = {
		knob_block_weights, knob_throttles, knob_hugepages,
		knob_priorities, knob_rdma, knob_unified,
	};
	const void *parts[PARTS];
	const char *text;
	int64_t v = 0;
	size_t i;

	k->c->writes = NULL;
	k->tail = &k->c->writes;
	if (!k->r)
		return 0;
	parts[MEMORY] = k->r->memory;
	parts[CPU] = k->r->cpu;
	parts[PIDS] = k->r->pids;
	parts[BLOCK_IO] = k->r->block_io;
	parts[NETWORK] = k->r->network;
	for (i = 0; i < COUNT(knobs); i++) {
		const void *part = parts[knobs[i].part];

		text = NULL;
		if (part && (get(&knobs[i], part, &v, &text) ||
		    swap_ends(k, &knobs[i], &v)) &&
		    set(k, &knobs[i], v, text))
			return -1;
	}
	for (i = 0; i < COUNT(lists); i++) {
		if (lists[i](k))
			return -1;
	}
	return 0;
}
