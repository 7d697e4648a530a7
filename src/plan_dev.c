/* SPDX-License-Identifier: MIT */
/* plan_dev.c -- device rules: normal form, and its two translations. */
#include "plan_dev.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "plan.h"
#include "spec.h"

/* 11 instructions a rule: far below what a kernel takes since 5.2 (a million);
 * before, 4096 allow some 370 rules. */
enum { MAX_RULES = 1024, RULE_TEXT = 40 };
enum { DEV_ALL = DEV_MKNOD | DEV_READ | DEV_WRITE };

/* list V3: every node may be made, these may be used: null zero full random
 * urandom tty ptmx pts/N.  Not in it, unlike other runtimes' lists: tun
 * (10:200), which is a way into the host's network when the network is shared,
 * and the console (5:1), which is the host's. */
static const struct devrule implicit[] = {
	{ true, 'c', -1, -1, DEV_MKNOD },
	{ true, 'b', -1, -1, DEV_MKNOD },
	{ true, 'c', 1, 3, DEV_ALL },
	{ true, 'c', 1, 5, DEV_ALL },
	{ true, 'c', 1, 7, DEV_ALL },
	{ true, 'c', 1, 8, DEV_ALL },
	{ true, 'c', 1, 9, DEV_ALL },
	{ true, 'c', 5, 0, DEV_ALL },
	{ true, 'c', 5, 2, DEV_ALL },
	{ true, 'c', 136, -1, DEV_ALL },
};

static unsigned
access_bits(const char *s)
{
	return (strchr(s, 'm') ? DEV_MKNOD : 0u) |
		(strchr(s, 'r') ? DEV_READ : 0u) |
		(strchr(s, 'w') ? DEV_WRITE : 0u);
}

static bool
is_everything(const struct spec_device_rule *s)
{
	return s->type == 'a' && s->major < 0 && s->minor < 0 &&
		access_bits(s->access) == DEV_ALL;
}

/* Every device of a is one of b. */
static bool
within(const struct devrule *a, const struct devrule *b)
{
	return a->type == b->type &&
		(b->major < 0 || a->major == b->major) &&
		(b->minor < 0 || a->minor == b->minor);
}

/* Some device can be both. */
static bool
meet(const struct devrule *a, const struct devrule *b)
{
	return a->type == b->type &&
		(a->major < 0 || b->major < 0 || a->major == b->major) &&
		(a->minor < 0 || b->minor < 0 || a->minor == b->minor);
}

/* Takes out what makes no difference: access that a later rule decides for the
 * same devices, and what only repeats the default.  A rule that would lose a
 * part to one of its own sense stays as the config has it: in a v1 cgroup that
 * text can be read back. */
static void
simplify(struct devrules *r)
{
	const struct devrule *late;
	struct devrule *a;
	unsigned i, j, n = 0;
	bool counts;

	for (i = 0; i < r->n; i++) {
		a = &r->rule[i];
		for (j = i + 1; j < r->n; j++) {
			late = &r->rule[j];
			if (within(a, late) && (a->allow != late->allow ||
			    !(a->access & ~late->access)))
				a->access &= ~late->access;
		}
	}
	for (i = 0; i < r->n; i++) {
		a = &r->rule[i];
		counts = a->allow != r->allow;
		for (j = 0; j < n && !counts; j++)
			counts = r->rule[j].allow != r->allow &&
				meet(a, &r->rule[j]) &&
				a->access & r->rule[j].access;
		if (counts && a->access)
			r->rule[n++] = *a;
	}
	r->n = n;
}

/* Type a with numbers or with part of the access does not stand for everything
 * (the v1 cgroup would take it so): it is the same rule for both types. */
static void
add_rule(struct devrules *r, const struct spec_device_rule *s)
{
	struct devrule d = { s->allow, s->type, s->major, s->minor,
		access_bits(s->access) };

	if (is_everything(s)) {
		r->allow = s->allow;
		r->n = 0;
		return;
	}
	if (s->type == 'a') {
		d.type = 'b';
		r->rule[r->n++] = d;
		d.type = 'c';
	}
	r->rule[r->n++] = d;
}

int
plan_dev_rules(struct devrules *r, const struct spec *spec, struct arena *a,
	struct err *e)
{
	const struct spec_resources *res = spec->linux.resources;
	unsigned i, n = res ? res->n_devices : 0;

	if (n > MAX_RULES)
		return err_set(e, E2BIG, "linux.resources.devices: "
			"more than %d rules", MAX_RULES);
	r->allow = false;
	r->n = 0;
	r->rule = NEWS(a, struct devrule, 2 * (size_t)n + COUNT(implicit),
		e);
	if (!r->rule)
		return -1;
	for (i = 0; i < n; i++)
		add_rule(r, &res->devices[i]);
	memcpy(&r->rule[r->n], implicit, sizeof(implicit));
	r->n += (unsigned)COUNT(implicit);
	simplify(r);
	return 0;
}

int
plan_dev_denies(const struct spec *spec)
{
	const struct spec_resources *res = spec->linux.resources;
	unsigned i;

	for (i = 0; res && i < res->n_devices; i++) {
		if (!res->devices[i].allow && !is_everything(&res->devices[i]))
			return (int)i;
	}
	return -1;
}

static void
number_text(char text[12], int64_t n)
{
	if (n < 0)
		fmt_to(text, 12, "*");
	else
		fmt_to(text, 12, "%u", (unsigned)n);
}

static void
rule_text(char text[RULE_TEXT], const struct devrule *d)
{
	char major[12], minor[12];

	number_text(major, d->major);
	number_text(minor, d->minor);
	fmt_to(text, RULE_TEXT, "%c %s:%s %s%s%s", d->type, major, minor,
		d->access & DEV_READ ? "r" : "",
		d->access & DEV_WRITE ? "w" : "",
		d->access & DEV_MKNOD ? "m" : "");
}

/* The rule that makes the list more than exceptions from its default, or NULL:
 * after simplify, any rule that has the default's sense is one. */
static const struct devrule *
find_hole(const struct devrules *r)
{
	unsigned i;

	for (i = 0; i < r->n; i++) {
		if (r->rule[i].allow == r->allow)
			return &r->rule[i];
	}
	return NULL;
}

/* Lists as exceptions from a deny what was an allow with exceptions that have
 * exceptions. */
static int
from_deny(struct devrules *to, const struct devrules *r, struct arena *a,
	struct err *e)
{
	static const struct devrule all[] = {
		{ true, 'b', -1, -1, DEV_ALL }, { true, 'c', -1, -1, DEV_ALL },
	};

	to->allow = false;
	to->n = r->n + (unsigned)COUNT(all);
	to->rule = NEWS(a, struct devrule, to->n, e);
	if (!to->rule)
		return -1;
	memcpy(to->rule, all, sizeof(all));
	memcpy(to->rule + COUNT(all), r->rule, r->n * sizeof(*r->rule));
	simplify(to);
	return 0;
}

/* Two exceptions that share devices, though neither has all of the other's. */
static bool
cross(const struct devrule *a, const struct devrule *b)
{
	return meet(a, b) && !within(a, b) && !within(b, a);
}

static unsigned
count_crosses(const struct devrules *r)
{
	unsigned i, j, count = 0;

	for (i = 0; i < r->n; i++) {
		for (j = 0; j < i; j++)
			count += cross(&r->rule[i], &r->rule[j]);
	}
	return count;
}

/* A v1 cgroup grants a request only if one exception has all of it.  So what
 * two share becomes an exception too ("c 1:* r" and "c *:3 w": "c 1:3 rw"), and
 * each gets what wider ones let an open of its devices do: mknod asks for
 * nothing else at the same time. */
static int
widen(struct devrules *to, const struct devrules *r, struct arena *a,
	struct err *e)
{
	struct devrule *d, *x;
	unsigned i, j;

	*to = *r;
	to->rule = NEWS(a, struct devrule, r->n + count_crosses(r), e);
	if (!to->rule)
		return -1;
	memcpy(to->rule, r->rule, r->n * sizeof(*r->rule));
	for (i = 0; i < r->n; i++) {
		for (j = 0; j < i; j++) {
			d = &to->rule[i];
			x = &to->rule[j];
			if (!cross(d, x))
				continue;
			to->rule[to->n] = *d;
			if (d->major < 0)
				to->rule[to->n].major = x->major;
			if (d->minor < 0)
				to->rule[to->n].minor = x->minor;
			to->n++;
		}
	}
	for (i = 0; i < to->n; i++) {
		for (j = 0; j < to->n; j++) {
			if (within(&to->rule[i], &to->rule[j]))
				to->rule[i].access |= to->rule[j].access &
					(DEV_READ | DEV_WRITE);
		}
	}
	return 0;
}

static int
put_lines(struct cgroup_plan *c, const struct devrules *r, struct arena *a,
	struct err *e)
{
	const char **line = NEWS(a, const char *, r->n + 1, e);
	char text[RULE_TEXT];
	unsigned i;

	if (!line)
		return -1;
	line[0] = r->allow ? "allow a" : "deny a";
	for (i = 0; i < r->n; i++) {
		rule_text(text, &r->rule[i]);
		line[i + 1] = arena_fmt(a, e, "%s %s",
			r->rule[i].allow ? "allow" : "deny", text);
		if (!line[i + 1])
			return -1;
	}
	c->dev_lines = line;
	c->n_dev_lines = r->n + 1;
	return 0;
}

int
plan_dev_lines(struct cgroup_plan *c, const struct devrules *r,
	struct arena *a, struct err *e)
{
	struct devrules plain = *r, wide;
	const struct devrule *hole = find_hole(r);
	char text[RULE_TEXT];

	if (hole && r->allow) {
		if (from_deny(&plain, r, a, e))
			return -1;
		hole = find_hole(&plain);
	}
	if (hole) {
		rule_text(text, hole);
		return err_set(e, ENOTSUP, "linux.resources.devices: %s %s: "
			"inside a wider rule, which a v1 cgroup can't do",
			hole->allow ? "allow" : "deny", text);
	}
	if (plain.allow)
		return put_lines(c, &plain, a, e);
	if (widen(&wide, &plain, a, e))
		return -1;
	return put_lines(c, &wide, a, e);
}

/* Registers of the program. */
enum { R_RESULT, R_CTX, R_TYPE, R_WANTED, R_MAJOR, R_MINOR };

struct prog {
	struct bpf_insn *insn;
	unsigned n;
};

static void
put(struct prog *p, unsigned code, unsigned dst, unsigned src, int off,
	int32_t imm)
{
	struct bpf_insn *i = &p->insn[p->n++];

	i->code = (uint8_t)code;
	i->dst_reg = dst & 0xf;
	i->src_reg = src & 0xf;
	i->off = (int16_t)off;
	i->imm = imm;
}

static void
put_return(struct prog *p, bool allow)
{
	put(p, BPF_ALU | BPF_MOV | BPF_K, R_RESULT, 0, 0, allow);
	put(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

/* Goes on only where the condition holds, else to the end of the rule, where
 * *end instructions later the next one begins.  The verifier of kernels before
 * 5.3 looks into what follows first with nothing learnt, and then recognises
 * every other way to get there as a part of it; with the jump the other way
 * round, it would look at each combination of rules. */
static void
put_unless(struct prog *p, unsigned test, unsigned reg, int32_t imm,
	unsigned end)
{
	put(p, BPF_JMP | test | BPF_K, reg, 0, 1, imm);
	put(p, BPF_JMP | BPF_JA, 0, 0, (int)(end - p->n - 1), 0);
}

/* Latest rule first: a deny answers, an allow takes what it grants from what is
 * wanted and answers when nothing is left. */
static void
put_rule(struct prog *p, const struct devrule *d)
{
	unsigned end = p->n + 2 + (d->major >= 0 ? 2 : 0) +
		(d->minor >= 0 ? 2 : 0) + (d->allow ? 5 : 4);

	put_unless(p, BPF_JEQ, R_TYPE, d->type == 'b' ? BPF_DEVCG_DEV_BLOCK :
		BPF_DEVCG_DEV_CHAR, end);
	if (d->major >= 0)
		put_unless(p, BPF_JEQ, R_MAJOR, (int32_t)d->major, end);
	if (d->minor >= 0)
		put_unless(p, BPF_JEQ, R_MINOR, (int32_t)d->minor, end);
	if (d->allow) {
		put(p, BPF_ALU | BPF_AND | BPF_K, R_WANTED, 0, 0,
			(int32_t)(DEV_ALL & ~d->access));
		put_unless(p, BPF_JEQ, R_WANTED, 0, end);
	} else {
		put_unless(p, BPF_JSET, R_WANTED, (int32_t)d->access, end);
	}
	put_return(p, d->allow);
}

int
plan_dev_prog(struct cgroup_plan *c, const struct devrules *r,
	struct arena *a, struct err *e)
{
	const unsigned load = BPF_LDX | BPF_MEM | BPF_W;
	struct prog p = { NEWS(a, struct bpf_insn, 8 + r->n * 11, e), 0 };
	unsigned i;

	if (!p.insn)
		return -1;
	/* struct bpf_cgroup_dev_ctx: access_type holds the type below and the
	 * access above bit 16 */
	put(&p, load, R_TYPE, R_CTX, 0, 0);
	put(&p, BPF_ALU | BPF_MOV | BPF_X, R_WANTED, R_TYPE, 0, 0);
	put(&p, BPF_ALU | BPF_AND | BPF_K, R_TYPE, 0, 0, 0xffff);
	put(&p, BPF_ALU | BPF_RSH | BPF_K, R_WANTED, 0, 0, 16);
	put(&p, load, R_MAJOR, R_CTX, 4, 0);
	put(&p, load, R_MINOR, R_CTX, 8, 0);
	for (i = r->n; i > 0; i--)
		put_rule(&p, &r->rule[i - 1]);
	put_return(&p, r->allow);
	c->dev_prog = p.insn;
	c->n_dev_prog = p.n;
	return 0;
}
