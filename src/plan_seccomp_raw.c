/* SPDX-License-Identifier: MIT */
/* plan_seccomp_raw.c -- our own translator to classic BPF.
 *
 * The numbers of all calls of an architecture make one sorted list of ranges,
 * each with what happens to it; neighbours that agree are one range.  A binary
 * search over the list finds the range, behind which stand its arguments'
 * tests.
 *
 * Instructions are put from the last to the first: a jump then knows where it
 * leads.  A conditional jump reaches 255 instructions; a target farther away
 * gets a copy (a return) or a long jump (anything else) right behind. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "plan_seccomp.h"
#include "spec.h"

/* Offsets in struct seccomp_data. */
enum { NR_AT = 0, ARCH_AT = 4, ARGS_AT = 16 };

/* The mark of x32's numbers. */
enum { X32 = 0x40000000 };

/* A place in the program: how many instructions stand from there to the end. */
typedef unsigned place;

enum { RETURNS = 16, FAR = 255 };

struct gen {
	struct sock_filter *end; /* of a buffer of BPF_MAXINSNS */
	place n;                /* put so far, even what has no room */
	struct {
		uint32_t value;
		place at;       /* 0: none yet */
	} ret[RETURNS];         /* the latest of each value */
	unsigned ret_next;
	const struct calls_arch *arch;
};

/* Calls from first on, up to the next range. */
struct range {
	uint32_t first;
	struct seccomp_verdict verdict;
	place at;               /* of its tests; 0: not put yet */
	unsigned same;          /* the first range with these tests */
};

struct ranges {
	struct range *list;
	unsigned n;
};

static place
put(struct gen *g, unsigned code, uint32_t k, unsigned jt, unsigned jf)
{
	if (g->n++ < BPF_MAXINSNS)
		g->end[-(ptrdiff_t)g->n] = (struct sock_filter) {
			(uint16_t)code, (uint8_t)jt, (uint8_t)jf, k,
		};
	return g->n;
}

static place
put_load(struct gen *g, uint32_t at)
{
	return put(g, BPF_LD | BPF_W | BPF_ABS, at, 0, 0);
}

/* A return, an old one where it is within reach. */
static place
put_ret(struct gen *g, uint32_t value)
{
	unsigned i;

	for (i = 0; i < RETURNS; i++) {
		if (g->ret[i].at && g->ret[i].value == value)
			break;
	}
	if (i == RETURNS)
		i = g->ret_next++ % RETURNS;
	else if (g->n - g->ret[i].at < FAR)
		return g->ret[i].at;
	g->ret[i].value = value;
	g->ret[i].at = put(g, BPF_RET | BPF_K, value, 0, 0);
	return g->n;
}

/* The place, or one that leads there, near enough for a jump from here with
 * one instruction in between. */
static place
reach(struct gen *g, place to)
{
	const struct sock_filter *i = g->end - (ptrdiff_t)to;

	if (g->n - to < FAR)
		return to;
	if (to && to <= BPF_MAXINSNS && i->code == (BPF_RET | BPF_K))
		return put_ret(g, i->k);
	return put(g, BPF_JMP | BPF_JA, g->n - to, 0, 0);
}

static place
put_branch(struct gen *g, unsigned test, uint32_t k, place yes, place no)
{
	if (yes == no)
		return yes;
	yes = reach(g, yes);
	no = reach(g, no);
	return put(g, BPF_JMP | test | BPF_K, k, g->n - yes, g->n - no);
}

/* (A & mask) == value */
static place
put_masked(struct gen *g, uint32_t mask, uint32_t value, place yes, place no)
{
	value &= mask;
	if (!value)
		return put_branch(g, BPF_JSET, mask, no, yes);
	if (!(mask & (mask - 1)))
		return put_branch(g, BPF_JSET, mask, yes, no);
	put_branch(g, BPF_JEQ, value, yes, no);
	return mask == UINT32_MAX ? g->n :
		put(g, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
}

static uint32_t
word_at(const struct gen *g, unsigned arg, bool high)
{
	return ARGS_AT + 8 * arg + (high != g->arch->big_endian ? 4 : 0);
}

static place
put_masked_arg(struct gen *g, const struct spec_seccomp_arg *c, place yes,
	place no)
{
	uint32_t low = (uint32_t)c->value, high = (uint32_t)(c->value >> 32);

	if (yes == no)
		return yes;
	if (low) {
		put_masked(g, low, (uint32_t)c->value_two, yes, no);
		yes = put_load(g, word_at(g, c->index, false));
	}
	if (high && !g->arch->narrow) {
		put_masked(g, high, (uint32_t)(c->value_two >> 32), yes, no);
		yes = put_load(g, word_at(g, c->index, true));
	}
	return yes;
}

/* test: BPF_JEQ, BPF_JGT or BPF_JGE. */
static place
put_compared(struct gen *g, const struct spec_seccomp_arg *c, unsigned test,
	place yes, place no)
{
	uint32_t high = (uint32_t)(c->value >> 32);

	if (yes == no)
		return yes;
	put_branch(g, test, (uint32_t)c->value, yes, no);
	put_load(g, word_at(g, c->index, false));
	if (g->arch->narrow)
		return g->n;
	if (test == BPF_JEQ)
		put_branch(g, BPF_JEQ, high, g->n, no);
	else if (high)
		put_branch(g, BPF_JGT, high, yes,
			put_branch(g, BPF_JEQ, high, g->n, no));
	else
		put_branch(g, BPF_JGT, high, yes, g->n);
	return put_load(g, word_at(g, c->index, true));
}

static place
put_condition(struct gen *g, const struct spec_seccomp_arg *c, place yes,
	place no)
{
	switch (c->op) {
	case SECCOMP_OP_NE:
		return put_compared(g, c, BPF_JEQ, no, yes);
	case SECCOMP_OP_LT:
		return put_compared(g, c, BPF_JGE, no, yes);
	case SECCOMP_OP_LE:
		return put_compared(g, c, BPF_JGT, no, yes);
	case SECCOMP_OP_EQ:
		return put_compared(g, c, BPF_JEQ, yes, no);
	case SECCOMP_OP_GE:
		return put_compared(g, c, BPF_JGE, yes, no);
	case SECCOMP_OP_GT:
		return put_compared(g, c, BPF_JGT, yes, no);
	default:
		return put_masked_arg(g, c, yes, no);
	}
}

/* All conditions of one rule. */
static place
put_rule(struct gen *g, const struct seccomp_rule *r, place no)
{
	place yes = put_ret(g, r->action);
	unsigned i;

	for (i = r->n_args; i > 0; i--)
		yes = put_condition(g, &r->args[i - 1], yes, no);
	return yes;
}

/* Rules that ask whether one argument is one of several values with the same
 * high word look at it once. */
static bool
alike(const struct gen *g, const struct seccomp_rule *a,
	const struct seccomp_rule *b)
{
	return a->n_args == 1 && b->n_args == 1 &&
		a->args->op == SECCOMP_OP_EQ && b->args->op == SECCOMP_OP_EQ &&
		a->args->index == b->args->index &&
		(g->arch->narrow || a->args->value >> 32 ==
		b->args->value >> 32);
}

static place
put_values(struct gen *g, const struct seccomp_rule *const *rule, unsigned n,
	place no)
{
	const struct spec_seccomp_arg *c = rule[0]->args;
	place next = no;
	unsigned i;

	for (i = n; i > 0; i--)
		next = put_branch(g, BPF_JEQ,
			(uint32_t)rule[i - 1]->args->value,
			put_ret(g, rule[i - 1]->action), next);
	if (next == no)
		return no;
	next = put_load(g, word_at(g, c->index, false));
	if (g->arch->narrow)
		return next;
	put_branch(g, BPF_JEQ, (uint32_t)(c->value >> 32), next, no);
	return put_load(g, word_at(g, c->index, true));
}

static place
put_rules(struct gen *g, const struct seccomp_verdict *v, struct arena scratch,
	struct err *e)
{
	const struct seccomp_rule *r, **list;
	unsigned n = 0, i, from;
	place next;

	for (r = v->rules; r; r = r->next)
		n++;
	list = NEWS(&scratch, const struct seccomp_rule *, n, e);
	if (!list)
		return 0;
	for (r = v->rules, n = 0; r; r = r->next)
		list[n++] = r;
	next = put_ret(g, v->action);
	for (i = n; i > 0; i = from) {
		from = i - 1;
		while (from > 0 && alike(g, list[from - 1], list[i - 1]))
			from--;
		next = i - from > 1 ?
			put_values(g, list + from, i - from, next) :
			put_rule(g, list[from], next);
	}
	return next;
}

static bool
same_rules(const struct seccomp_rule *a, const struct seccomp_rule *b)
{
	unsigned i;

	for (; a && b && a != b; a = a->next, b = b->next) {
		if (a->action != b->action || a->n_args != b->n_args)
			return false;
		for (i = 0; a->args != b->args && i < a->n_args; i++) {
			const struct spec_seccomp_arg *x = &a->args[i];
			const struct spec_seccomp_arg *y = &b->args[i];

			if (x->index != y->index || x->op != y->op ||
			    x->value != y->value ||
			    x->value_two != y->value_two)
				return false;
		}
	}
	return a == b;
}

static bool
same(const struct seccomp_verdict *a, const struct seccomp_verdict *b)
{
	return a->action == b->action && same_rules(a->rules, b->rules);
}

/* From that number on; numbers come in rising order. */
static void
add_range(struct ranges *r, uint32_t first, struct seccomp_verdict verdict)
{
	struct range *last;
	unsigned i;

	if (r->n && r->list[r->n - 1].first == first)
		r->n--;
	last = r->n ? &r->list[r->n - 1] : NULL;
	if (last && same(&last->verdict, &verdict))
		return;
	for (i = 0; verdict.rules && i < r->n; i++) {
		if (same(&r->list[i].verdict, &verdict))
			break;
	}
	r->list[r->n] = (struct range) {
		first, verdict, 0, verdict.rules && i < r->n ? i : r->n,
	};
	r->n++;
}

/* Numbers above the newest may still have a rule: the twin of a call with
 * 32-bit times, and the private ones of arm. */
static void
add_calls(struct ranges *r, const struct seccomp_table *t)
{
	struct seccomp_verdict rest = { .action = t->otherwise };
	unsigned slot;
	uint32_t first;

	add_range(r, t->arch->base == X32 ? X32 : 0, rest);
	if (t->zero_above) {
		rest.action = t->above;
		add_range(r, 0, rest);
		rest.action = t->otherwise;
		add_range(r, 1, rest);
	}
	for (slot = 0; slot < CALLS_NONE; slot++) {
		first = calls_number(t->arch, slot);
		if (slot == t->newest + 1) {
			rest.action = t->above;
			add_range(r, first, rest);
		}
		if (t->call[slot].used) {
			add_range(r, first, t->call[slot]);
			add_range(r, first + 1, rest);
		}
	}
}

/* A tracer sets -1 to have a call left out, and the kernel answers it itself:
 * it is no x32 call. */
static void
add_no_x32(struct ranges *r, uint32_t otherwise)
{
	struct seccomp_verdict v = { .action = SECCOMP_FOREIGN };

	add_range(r, X32, v);
	v.action = otherwise;
	add_range(r, UINT32_MAX, v);
}

static place
put_verdict(struct gen *g, const struct ranges *r, unsigned i,
	struct arena scratch, struct err *e)
{
	struct range *x = &r->list[r->list[i].same];

	if (!x->verdict.rules)
		return put_ret(g, x->verdict.action);
	if (!x->at)
		x->at = put_rules(g, &x->verdict, scratch, e);
	return x->at;
}

/* The search among n ranges from i on. */
static place
put_search(struct gen *g, const struct ranges *r, unsigned i, unsigned n,
	struct arena scratch, struct err *e)
{
	const struct range *x = &r->list[i];
	place low, high;

	if (n == 1)
		return put_verdict(g, r, i, scratch, e);
	/* one number amid others that agree takes one test */
	if (n == 3 && x[1].first + 1 == x[2].first &&
	    same(&x[0].verdict, &x[2].verdict)) {
		high = put_verdict(g, r, i + 1, scratch, e);
		low = put_verdict(g, r, i, scratch, e);
		return put_branch(g, BPF_JEQ, x[1].first, high, low);
	}
	high = put_search(g, r, i + n / 2, n - n / 2, scratch, e);
	low = put_search(g, r, i, n / 2, scratch, e);
	return put_branch(g, BPF_JGE, x[n / 2].first, high, low);
}

static unsigned
count_ranges(const struct seccomp_table *t)
{
	unsigned slot, n = 4;

	for (slot = 0; t && slot < CALLS_NONE; slot++)
		n += t->call[slot].used ? 2 : 0;
	return n;
}

/* All calls that come with one value of seccomp_data.arch; x32 may be NULL, or
 * t be x32 itself. */
static place
put_calls(struct gen *g, const struct seccomp_table *t,
	const struct seccomp_table *x32, struct arena scratch, struct err *e)
{
	const struct seccomp_verdict foreign = { .action = SECCOMP_FOREIGN };
	struct ranges r = { NULL, 0 };
	place root;

	r.list = NEWS(&scratch, struct range, count_ranges(t) +
		count_ranges(x32), e);
	if (!r.list)
		return 0;
	g->arch = t->arch;
	if (t->arch->base == X32)
		add_range(&r, 0, foreign);
	add_calls(&r, t);
	if (x32)
		add_calls(&r, x32);
	else if (t->arch->column == CALLS_X86_64)
		add_no_x32(&r, t->newest == CALLS_NONE ? t->otherwise :
			t->above);
	root = put_search(g, &r, 0, r.n, scratch, e);
	if (e->code)
		return 0;
	/* one range only: what was put before will do, and asks no number */
	return root == g->n ? put_load(g, NR_AT) : root;
}

static const struct seccomp_table *
find_table(const struct seccomp_rules *rules, unsigned column)
{
	unsigned i;

	for (i = 0; i < rules->n; i++) {
		if (rules->table[i]->arch->column == column)
			return rules->table[i];
	}
	return NULL;
}

int
seccomp_compile(struct seccomp_prog *prog, const struct seccomp_rules *rules,
	struct arena *a, struct err *e)
{
	struct sock_filter *buf = NEWS(a, struct sock_filter, BPF_MAXINSNS, e);
	struct gen g = { .end = buf + BPF_MAXINSNS };
	place next, calls;
	unsigned i;

	if (!buf)
		return -1;
	next = put_ret(&g, SECCOMP_FOREIGN);
	for (i = rules->n; i > 0; i--) {
		const struct seccomp_table *t = rules->table[i - 1];
		unsigned column = t->arch->column;

		/* x32 shares the value of x86_64 */
		if (column == CALLS_X32 && find_table(rules, CALLS_X86_64))
			continue;
		calls = put_calls(&g, t, column == CALLS_X86_64 ?
			find_table(rules, CALLS_X32) : NULL, *a, e);
		if (!calls)
			return -1;
		next = put_branch(&g, BPF_JEQ, t->arch->audit, calls, next);
	}
	if (next == g.n)
		put_load(&g, ARCH_AT);
	else
		put(&g, BPF_JMP | BPF_JA, g.n - next, 0, 0);
	if (g.n > BPF_MAXINSNS)
		return err_set(e, E2BIG, "linux.seccomp: a program of %u "
			"instructions: the kernel takes %d", g.n, BPF_MAXINSNS);
	*prog = (struct seccomp_prog) { g.end - (ptrdiff_t)g.n, g.n };
	return 0;
}
