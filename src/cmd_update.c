/* SPDX-License-Identifier: MIT */
/* cmd_update.c -- wherry update: limits by options, or a linux.resources in
 * JSON. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>

#include "arena.h"
#include "cgroup.h"
#include "cmd.h"
#include "conf.h"
#include "diag.h"
#include "err.h"
#include "input.h"
#include "io.h"
#include "plan.h"
#include "plan_dev.h"
#include "spec.h"
#include "spec_check.h"
#include "spec_decode.h"
#include "target.h"

/* What options can set. */
struct limits {
	struct spec_memory memory;
	struct spec_cpu cpu;
	struct spec_pids pids;
	struct spec_block_io block_io;
};

enum kind { SIZE, SIGNED, UNSIGNED, WEIGHT, IDLE, TEXT };

#define FLAG(name, kind, m, h) { "--" name, kind, offsetof(struct limits, m), \
	offsetof(struct limits, h) }
static const struct flag {
	const char *name;
	unsigned char kind;
	unsigned short off, has;
} flags[UPD_COUNT] = {
	[UPD_MEMORY] = FLAG("memory", SIZE, memory.limit, memory.has_limit),
	[UPD_RESERVATION] = FLAG("memory-reservation", SIZE,
		memory.reservation, memory.has_reservation),
	[UPD_SWAP] = FLAG("memory-swap", SIZE, memory.swap, memory.has_swap),
	[UPD_SHARES] = FLAG("cpu-share", UNSIGNED, cpu.shares, cpu.has_shares),
	[UPD_QUOTA] = FLAG("cpu-quota", SIGNED, cpu.quota, cpu.has_quota),
	[UPD_PERIOD] = FLAG("cpu-period", UNSIGNED, cpu.period,
		cpu.has_period),
	[UPD_BURST] = FLAG("cpu-burst", UNSIGNED, cpu.burst, cpu.has_burst),
	[UPD_RT_RUNTIME] = FLAG("cpu-rt-runtime", SIGNED,
		cpu.realtime_runtime, cpu.has_realtime_runtime),
	[UPD_RT_PERIOD] = FLAG("cpu-rt-period", UNSIGNED,
		cpu.realtime_period, cpu.has_realtime_period),
	[UPD_IDLE] = FLAG("cpu-idle", IDLE, cpu.idle, cpu.has_idle),
	[UPD_CPUS] = FLAG("cpuset-cpus", TEXT, cpu.cpus, cpu.cpus),
	[UPD_MEMS] = FLAG("cpuset-mems", TEXT, cpu.mems, cpu.mems),
	[UPD_PIDS] = FLAG("pids-limit", SIGNED, pids.limit, pids.has_limit),
	[UPD_WEIGHT] = FLAG("blkio-weight", WEIGHT, block_io.weight,
		block_io.has_weight),
};

/* Cuts "k", "kb" or "kib" and so on off a size: its power of 1024, or 0. */
static unsigned
cut_unit(char *text, size_t n)
{
	static const char units[] = "bkmgt";
	const char *u;

	if (n > 1 && (text[n - 1] | 0x20) == 'b') {
		text[--n] = '\0';
		if (n > 1 && text[n - 1] == 'i')
			text[--n] = '\0';
	}
	u = n > 1 ? strchr(units, text[n - 1] | 0x20) : NULL;
	if (!u || !*u)
		return 0;
	text[n - 1] = '\0';
	return (unsigned)(u - units);
}

static int
parse_number(const struct flag *f, const char *value, unsigned long long *v)
{
	const unsigned long long max = f->kind == WEIGHT ? UINT16_MAX :
		f->kind == IDLE ? 1 : f->kind == UNSIGNED ? UINT64_MAX :
		INT64_MAX;
	char text[32];
	size_t n = strlen(value);
	unsigned power = 0;

	if ((f->kind == SIZE || f->kind == SIGNED) && !strcmp(value, "-1")) {
		*v = UINT64_MAX;
		return 0;
	}
	if (n >= sizeof(text)) {
		errno = ERANGE;
		return -1;
	}
	memcpy(text, value, n + 1);
	if (f->kind == SIZE)
		power = cut_unit(text, n);
	if (parse_u64(text, max, v))
		return -1;
	while (power--) {
		if (*v > INT64_MAX / 1024) {
			errno = ERANGE;
			return -1;
		}
		*v *= 1024;
	}
	return 0;
}

static int
set(struct limits *l, const struct flag *f, const char *value, struct err *e)
{
	char *at = (char *)l + f->off;
	unsigned long long v;
	uint64_t u;
	uint16_t w;

	if (f->kind == TEXT) {
		memcpy(at, &value, sizeof(value));
		return 0;
	}
	if (parse_number(f, value, &v))
		return err_set(e, errno, "option %s: `%s` is %s", f->name,
			value, errno == ERANGE ? "out of range" : "no number");
	u = v;
	w = (uint16_t)v;
	if (f->kind == WEIGHT)
		memcpy(at, &w, sizeof(w));
	else
		memcpy(at, &u, sizeof(u));
	*((bool *)l + f->has) = true;
	return 0;
}

static int
from_options(struct spec_resources *r, struct limits *l, const struct ctx *c,
	struct err *e)
{
	bool any = false;
	unsigned i;

	for (i = 0; i < UPD_COUNT; i++) {
		if (!c->opt->update[i])
			continue;
		any = true;
		if (set(l, &flags[i], c->opt->update[i], e))
			return -1;
	}
	if (!any)
		return err_set(e, EINVAL, "nothing to change is given");
	r->memory = &l->memory;
	r->cpu = &l->cpu;
	r->pids = &l->pids;
	r->block_io = &l->block_io;
	return 0;
}

static int
get(struct spec *s, struct limits *l, const struct ctx *c, struct err *e)
{
	struct diag d = { .name = c->opt->resources, .err = e };
	const char *text = NULL;
	size_t len = 0;

	if (c->opt->l3_cache_schema || c->opt->mem_bw_schema)
		return err_set(e, ENOTSUP, "--l3-cache-schema, "
			"--mem-bw-schema: not supported by this version of "
			"wherry");
	/* the options do not count then (list U4) */
	if (c->opt->resources) {
		if (input_read("resources", c->opt->resources, &text, &len,
		    c->arena, e) ||
		    spec_decode_resources(s, text, len, &d, c->arena, e))
			return -1;
	} else {
		s->linux.resources = NEW(c->arena, struct spec_resources, e);
		if (!s->linux.resources ||
		    from_options(s->linux.resources, l, c, e))
			return -1;
	}
	return spec_check_resources(s, &d, e);
}

/* Managers repeat the rules that the container was created with.  Others would
 * leave a moment without a filter in v1, and in v2 nothing says which of
 * several programs is ours. */
static int
check_devices(const struct spec *s, const struct target *t,
	const struct ctx *c, struct err *e)
{
	struct diag d = { 0 };  /* create has said all about it */
	struct spec created = { 0 };
	struct devrules was, is;

	if (!s->linux.resources->n_devices)
		return 0;
	AUTO_FD(fd, openat(t->state.dir, "config.json", O_RDONLY | O_CLOEXEC |
		O_NOFOLLOW));
	if (fd < 0)
		return err_sys(e, "config.json");
	if (spec_decode(&created, fd, "config.json", &d, c->arena, e) ||
	    plan_dev_rules(&was, &created, c->arena, e) ||
	    plan_dev_rules(&is, s, c->arena, e))
		return -1;
	return plan_dev_equal(&was, &is) ? 0 :
		err_set(e, ENOTSUP, "linux.resources.devices: other rules "
			"than at create can't be set");
}

int
cmd_update(struct ctx *c, struct err *e)
{
	struct cgroup_plan cgroups;
	struct limits limits = { 0 };
	struct spec spec = { 0 };
	struct target t;
	int r;

	if (get(&spec, &limits, c, e) || target_open(&t, c->conf->state_dir,
	    c->args[0], OP_UPDATE, c->arena, e))
		return -1;
	r = check_devices(&spec, &t, c, e) ||
		cgroup_load(&cgroups, t.state.dir, "cg", c->arena, e) ||
		cgroup_update(&cgroups, spec.linux.resources, c->arena, e) ?
		-1 : 0;
	target_close(&t);
	return r;
}
