/* SPDX-License-Identifier: MIT */
/* random.h -- random seccomp profiles, and what the programs made of them say
 * beside the naive reading. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stddef.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "naive.h"
#include "tap.h"

enum { MAX_RULES = 24, MAX_NAMES = 24, MAX_ARGS = 3 };

static _Alignas(max_align_t) char block[8 << 20];
static struct err why;

static struct arena
fresh(void)
{
	why.code = 0;
	return (struct arena) { block, block + sizeof(block) };
}

static uint64_t seed = 1;

/* What a fuzzer decides; where it ends, chance goes on. */
static const unsigned char *fuel, *fuel_end;

static unsigned
random_below(unsigned n)
{
	unsigned v = 0, i;

	if (fuel < fuel_end) {
		for (i = 1; i < n && fuel < fuel_end; i = i << 8 | 255)
			v = v << 8 | *fuel++;
		return v % n;
	}
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 11) % n;
}

/* sec T37 */
static const uint64_t edges[] = {
	0, 1, 2, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0x100000000,
	0x100000001, 0x1ffffffff, 0x7fffffffffffffff, 0x8000000000000000,
	0x8000000000000001, 0xffffffff00000000, 0xfffffffffffffffe,
	0xffffffffffffffff,
};

static uint64_t
random_edge(void)
{
	return edges[random_below(COUNT(edges))];
}

/* --- Random profiles ------------------------------------------------------ */

struct profile {
	struct spec_seccomp s;
	struct spec_seccomp_rule rule[MAX_RULES];
	const char *name[MAX_RULES][MAX_NAMES];
	char text[MAX_RULES][MAX_NAMES][CALLS_NAME];
	struct spec_seccomp_arg arg[MAX_RULES][MAX_ARGS];
};

static void
random_rule(struct profile *p, unsigned i, unsigned pool)
{
	struct spec_seccomp_rule *r = &p->rule[i];
	unsigned j;

	r->names = p->name[i];
	r->n_names = 1 + random_below(random_below(2) ? 2 : MAX_NAMES);
	for (j = 0; j < r->n_names; j++)
		p->name[i][j] = calls_name((pool + random_below(pool % 40 + 9) *
			7) % calls_count, p->text[i][j]);
	r->action = random_below(8);
	r->has_errno_ret = (r->action == SECCOMP_ACT_ERRNO ||
		r->action == SECCOMP_ACT_TRACE) && random_below(2);
	r->errno_ret = random_below(3) + 37;
	r->args = p->arg[i];
	r->n_args = random_below(2) ? 0 : random_below(MAX_ARGS + 1);
	for (j = 0; j < r->n_args; j++)
		p->arg[i][j] = (struct spec_seccomp_arg) {
			.index = random_below(random_below(2) ? 2 : 6),
			.op = random_below(7), .value = random_edge(),
			.value_two = random_edge(),
		};
}

static inline void
random_profile(struct profile *p)
{
	unsigned pool = random_below(calls_count), i;

	memset(p, 0, sizeof(*p));
	p->s.syscalls = p->rule;
	p->s.n_syscalls = random_below(MAX_RULES + 1);
	p->s.default_action = random_below(8);
	p->s.has_default_errno_ret = random_below(2) &&
		p->s.default_action == SECCOMP_ACT_ERRNO;
	p->s.default_errno_ret = 1 + random_below(50);
	p->s.architectures = random_below(1u << 23) & random_below(1u << 23);
	for (i = 0; i < p->s.n_syscalls; i++)
		random_rule(p, i, random_below(3) ? pool :
			random_below(calls_count));
}

/* --- Comparing ------------------------------------------------------------ */

static unsigned long compared;

static bool
agree(const struct seccomp_prog *prog, const struct naive_set *set,
	const struct call *c)
{
	uint32_t got = bpf_run(prog->insn, c, NULL);
	uint32_t want = naive_verdict(set, c);

	compared++;
	if (got == want)
		return true;
	printf("# arch %x nr %u args %llx %llx %llx: got %x, want %x\n",
		(unsigned)c->arch, (unsigned)c->nr,
		(unsigned long long)c->args[0],
		(unsigned long long)c->args[1],
		(unsigned long long)c->args[2], (unsigned)got, (unsigned)want);
	return false;
}

/* The arguments: edges, and what the profile names and its neighbours. */
static void
random_args(const struct spec_seccomp *s, struct call *c)
{
	for (unsigned i = 0; i < 6; i++) {
		const struct spec_seccomp_rule *r = s->n_syscalls ?
			&s->syscalls[random_below(s->n_syscalls)] : NULL;

		c->args[i] = random_below(4) ? random_edge() :
			random_below(30);
		if (r && r->n_args && random_below(2)) {
			const struct spec_seccomp_arg *a =
				&r->args[random_below(r->n_args)];

			c->args[i] = (random_below(2) ? a->value :
				a->value_two) + random_below(3) - 1;
		}
	}
}

static inline bool
agree_everywhere(const struct seccomp_prog *prog, const struct spec_seccomp *s,
	const struct seccomp_how *how, unsigned tries)
{
	static const uint32_t odd[] = {
		0x3fffffff, 0x40000000, 0x40000001, 0x40000200, 0x40000223,
		0x400003ff, 0x7fffffff, 0x80000000, 0xc0000000, 0xfffffffe,
		0xffffffff, 0xeffff, 0xf0000, 0xf0001, 0xf0002, 0xf0005,
		0xf0006, 0xf0007, 3999, 4000, 4403, 4472, 4473, 5000,
	};
	static struct naive_set set;
	struct call c = { 0 };
	bool good = true;
	unsigned spec, nr, i, n = 600 + COUNT(odd);

	for (spec = 0; spec < 24; spec++) {
		const struct calls_arch *arch = calls_arch(spec);

		if (spec < 23 && !arch)
			continue;
		c.arch = arch ? arch->audit : 0x12345678;
		c.big_endian = arch && arch->big_endian;
		naive_set_load(&set, s, how, c.arch);
		for (nr = 0; nr < n; nr++) {
			c.nr = nr < 600 ? nr + (arch ? arch->base : 0) :
				odd[nr - 600];
			for (i = 0; i < (nr % 8 ? 1 : tries); i++) {
				random_args(s, &c);
				good = agree(prog, &set, &c) && good;
			}
		}
	}
	return good;
}

#endif
