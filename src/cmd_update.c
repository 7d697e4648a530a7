/* SPDX-License-Identifier: MIT */
/* cmd_update.c -- wherry update: limits by options, or a linux.resources in
 * JSON. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "bundle.h"
#include "cgroup.h"
#include "cmd.h"
#include "conf.h"
#include "container.h"
#include "diag.h"
#include "err.h"
#include "host.h"
#include "input.h"
#include "io.h"
#include "plan.h"
#include "plan_cgroup.h"
#include "plan_rdt.h"
#include "rdt.h"
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
	char name[21];
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
	unsigned i;

	for (i = 0; i < UPD_COUNT; i++) {
		if (c->opt->update[i] &&
		    set(l, &flags[i], c->opt->update[i], e))
			return -1;
	}
	r->memory = &l->memory;
	r->cpu = &l->cpu;
	r->pids = &l->pids;
	r->block_io = &l->block_io;
	return 0;
}

/* Whether there is something for the cgroups. */
static bool
has_limits(const struct ctx *c)
{
	unsigned i;

	for (i = 0; i < UPD_COUNT && !c->opt->update[i]; i++)
		;
	return i < UPD_COUNT || c->opt->resources;
}

/* What --resources gives. */
struct input {
	const char *text;
	size_t len;
};

static int
get(struct spec *s, struct limits *l, struct input *in, const struct ctx *c,
	struct err *e)
{
	struct diag d = { .name = c->opt->resources, .err = e };

	/* the options do not count then (list U4) */
	if (c->opt->resources) {
		if (input_read("resources", c->opt->resources, &in->text,
		    &in->len, c->arena, e) ||
		    spec_decode_resources(s, in->text, in->len, &d, c->arena,
		    e))
			return -1;
	} else {
		s->linux.resources = NEW(c->arena, struct spec_resources, e);
		if (!s->linux.resources ||
		    from_options(s->linux.resources, l, c, e))
			return -1;
	}
	return spec_check_resources(s, &d, e);
}

/* The file in which the container's folder keeps the resources that changed the
 * device rules last, as a config; and the one that is to replace it. */
static const char rules[] = "devices.json", next[] = ".devices.json";

static int
load_was(struct spec *was, const struct target *t, const struct ctx *c,
	struct err *e)
{
	struct diag d = { 0 };  /* create and update have said all about it */
	const char *name = rules;
	AUTO_FD(fd, openat(t->state.dir, name, O_RDONLY | O_CLOEXEC |
		O_NOFOLLOW));

	if (fd < 0 && errno == ENOENT) {
		name = "config.json";
		fd = openat(t->state.dir, name, O_RDONLY | O_CLOEXEC |
			O_NOFOLLOW);
	}
	if (fd < 0)
		return err_sys(e, "%s", name);
	return spec_decode(was, fd, name, &d, c->arena, e);
}

static int
save(const struct target *t, const struct input *in, struct err *e)
{
	static const char head[] = "{\"ociVersion\":\"1.0.0\","
		"\"linux\":{\"resources\":";
	AUTO_FD(fd, openat(t->state.dir, next, O_WRONLY | O_CREAT | O_TRUNC |
		O_CLOEXEC | O_NOFOLLOW, 0600));

	return fd < 0 || write_all(fd, head, sizeof(head) - 1) ||
		write_all(fd, in->text, in->len) || write_all(fd, "}}", 2) ?
		err_sys(e, "%s", rules) : 0;
}

/* Managers repeat the rules that the container was created with, or give none
 * for what they leave alone. */
static int
plan_devices(struct cgroup_plan *p, const struct spec *s,
	const struct target *t, const struct ctx *c, struct err *e)
{
	const struct bundle none = BUNDLE_NONE;
	struct plan_args args = container_plan_args(c, &none, c->args[0]);
	struct spec was = { 0 };
	struct host host;

	args.was = &was;
	if (!s->linux.resources->n_devices)
		return 0;
	return load_was(&was, t, c, e) || host_probe(&host, c->arena, e) ||
		plan_cgroup_devices(p, s, &host, &args, c->arena, e) ?
		-1 : 0;
}

static int
change_cgroups(struct target *t, const struct spec *s, const struct input *in,
	struct ctx *c, struct err *e)
{
	struct cgroup_plan cgroups;
	int r = cgroup_load(&cgroups, t->state.dir, "cg", c->arena, e) ||
		plan_devices(&cgroups, s, t, c, e) ||
		(cgroups.dev_lines && save(t, in, e)) ||
		cgroup_update(&cgroups, s->linux.resources, c->arena, e) ?
		-1 : 0;

	if (!r && cgroups.dev_lines &&
	    renameat(t->state.dir, next, t->state.dir, rules))
		r = err_sys(e, "%s", rules);
	if (r)
		unlinkat(t->state.dir, next, 0);
	return r;
}

/* The options of resctrl, which count beside --resources, too. */
static int
change(struct target *t, const struct spec *s, const struct input *in,
	struct ctx *c, struct err *e)
{
	const struct spec_intel_rdt lines = {
		.l3_cache_schema = c->opt->l3_cache_schema,
		.mem_bw_schema = c->opt->mem_bw_schema,
	};
	struct rdt_plan rdt;
	char was[RDT_TEXT];

	record_rdt(&t->record, &rdt);
	if (plan_rdt_lines(&rdt, &lines, c->arena, e) ||
	    (rdt.n_lines && rdt_update(&rdt, was, e)))
		return -1;
	if (!has_limits(c))
		return rdt.n_lines ? 0 :
			err_set(e, EINVAL, "nothing to change is given");
	if (change_cgroups(t, s, in, c, e) == 0)
		return 0;
	if (rdt.n_lines)
		rdt_restore(&rdt, was);
	return -1;
}

int
cmd_update(struct ctx *c, struct err *e)
{
	struct limits limits = { 0 };
	struct spec spec = { 0 };
	struct input in = { 0 };
	struct target t;
	int r;

	if (get(&spec, &limits, &in, c, e) || target_open(&t,
	    c->conf->state_dir, c->args[0], OP_UPDATE, c->arena, e))
		return -1;
	r = change(&t, &spec, &in, c, e);
	target_close(&t);
	return r;
}
