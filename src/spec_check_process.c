/* SPDX-License-Identifier: MIT */
/* spec_check_process.c -- the rules of process. */
#include "diag.h"
#include "names.h"
#include "numlist.h"
#include "spec.h"
#include "spec_rules.h"
#include "str.h"

/* Of struct spec_scheduler.policy. */
enum { OTHER = 0, FIFO = 1, RR = 2, BATCH = 3, ISO = 4, DEADLINE = 6 };

static void
check_rlimits(const struct spec_process *p, struct diag *d)
{
	const struct spec_rlimit *r;
	const char *name;
	uint32_t seen = 0;
	unsigned i;

	for (i = 0; i < p->n_rlimits; i++) {
		r = &p->rlimits[i];
		name = names_text(&rlimit_names, r->type);
		if (!name)              /* decoding complained */
			continue;
		diag_at(d, "process.rlimits[%u]", i);
		if (seen & UINT32_C(1) << r->type)
			diag_error(d, "RLIMIT_%s is given twice", name);
		seen |= UINT32_C(1) << r->type;
		if (r->soft > r->hard)
			diag_error(d, "soft is above hard");
	}
}

/* The names of the capabilities in set. */
static void
list_caps(struct str *out, uint64_t set)
{
	unsigned i;

	for (i = 0; i < cap_names.n; i++) {
		if (set >> cap_names.list[i].value & 1)
			str_add(out, "%s%s%s", out->len ? " " : "",
				cap_names.prefix, cap_names.list[i].text);
	}
}

/* capset(2) refuses the first; the second the kernel would not raise, which
 * config.md wants as a warning. */
static void
check_caps(const struct spec_capabilities *c, struct diag *d)
{
	uint64_t effective = c->effective & ~c->permitted;
	uint64_t ambient = c->ambient & ~(c->permitted & c->inheritable);
	char buf[256];
	struct str names;

	if (effective) {
		str_init(&names, buf, sizeof(buf));
		list_caps(&names, effective);
		diag_error(diag_at(d, "process.capabilities.effective"),
			"not permitted: %s", buf);
	}
	if (ambient) {
		str_init(&names, buf, sizeof(buf));
		list_caps(&names, ambient);
		diag_warn(diag_at(d, "process.capabilities.ambient"),
			"not granted, being not permitted and inheritable: %s",
			buf);
	}
}

static void
check_scheduler(const struct spec_scheduler *c, struct diag *d)
{
	if (c->nice && c->policy != OTHER && c->policy != BATCH)
		diag_error(diag_at(d, "process.scheduler.nice"),
			"needs SCHED_OTHER or SCHED_BATCH");
	if (c->priority && c->policy != FIFO && c->policy != RR)
		diag_error(diag_at(d, "process.scheduler.priority"),
			"needs SCHED_FIFO or SCHED_RR");
	if ((c->runtime || c->deadline || c->period) && c->policy != DEADLINE)
		diag_error(diag_at(d, "process.scheduler.policy"),
			"runtime, deadline and period need SCHED_DEADLINE");
	if (!c->priority && (c->policy == FIFO || c->policy == RR))
		diag_error(diag_at(d, "process.scheduler.priority"),
			"real time has 1 to 99");
	if (c->policy == DEADLINE && (!c->runtime || c->runtime > c->deadline ||
	    (c->period && c->deadline > c->period)))
		diag_error(diag_at(d, "process.scheduler.runtime"),
			"not within deadline, and that within period");
	if (c->policy == ISO)
		diag_error(diag_at(d, "process.scheduler.policy"),
			"no kernel has SCHED_ISO");
}

/* An empty list is none. */
static void
check_cpus(const char *member, const char *list, struct diag *d)
{
	if (list && *list && numlist_parse(list, NULL))
		diag_error(diag_at(d, "process.execCPUAffinity.%s", member),
			"`%s`: not a list of CPUs", list);
}

static void
check_terminal(const struct spec_process *p, struct diag *d)
{
	const struct spec_console_size *c = p->console_size;

	/* struct winsize has 16 bits. */
	if (p->terminal && c && (c->height > UINT16_MAX ||
	    c->width > UINT16_MAX))
		diag_error(diag_at(d, "process.consoleSize"),
			"more than %d lines or columns", UINT16_MAX);
}

void
check_process(const struct spec *s, struct diag *d)
{
	const struct spec_process *p = s->process;

	if (!p)
		return;
	if (p->cwd)
		check_path(p->cwd, diag_at(d, "process.cwd"));
	if (!p->n_args)
		diag_error(diag_at(d, "process.args"),
			"at least one entry is needed");
	if (p->n_args + p->n_env > SPEC_MAX_ARGS)
		diag_error(diag_at(d, "process.args"),
			"more than %d entries together with env",
			SPEC_MAX_ARGS);
	check_env(p->env, p->n_env, "process", d);
	check_rlimits(p, d);
	if (p->capabilities)
		check_caps(p->capabilities, d);
	if (p->scheduler)
		check_scheduler(p->scheduler, d);
	if (p->exec_cpu_affinity) {
		check_cpus("initial", p->exec_cpu_affinity->initial, d);
		check_cpus("final", p->exec_cpu_affinity->final, d);
	}
	check_terminal(p, d);
}
