/* SPDX-License-Identifier: MIT */
/* naive.h -- what a seccomp profile says about one call, found by reading it
 * rule by rule.  Written from the text of plan_seccomp.h, and slow. */
#ifndef NAIVE_H
#define NAIVE_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bpf_run.h"
#include "plan_seccomp.h"
#include "spec.h"

static inline int64_t
naive_number(const struct calls_arch *arch, const char *name)
{
	int id = calls_id(name);
	unsigned slot = id < 0 ? CALLS_NONE : calls_slot(arch, (unsigned)id);

	return slot == CALLS_NONE ? -1 : (int64_t)calls_number(arch, slot);
}

static inline bool
naive_named(const struct spec_seccomp *s, const char *name)
{
	for (unsigned i = 0; i < s->n_syscalls; i++)
		for (unsigned j = 0; j < s->syscalls[i].n_names; j++)
			if (!strcmp(s->syscalls[i].names[j], name))
				return true;
	return false;
}

static inline bool
naive_holds(const struct calls_arch *arch, const struct spec_seccomp_arg *a,
	const struct call *c)
{
	uint64_t bits = arch->narrow ? UINT32_MAX : UINT64_MAX;
	uint64_t x = c->args[a->index] & bits, v = a->value & bits;

	switch (a->op) {
	case SECCOMP_OP_NE: return x != v;
	case SECCOMP_OP_LT: return x < v;
	case SECCOMP_OP_LE: return x <= v;
	case SECCOMP_OP_EQ: return x == v;
	case SECCOMP_OP_GE: return x >= v;
	case SECCOMP_OP_GT: return x > v;
	default: return (x & v) == (a->value_two & v);
	}
}

/* Severity as the kernel has it. */
static inline int
naive_rank(unsigned action)
{
	static const int rank[] = {
		[SECCOMP_ACT_KILL_PROCESS] = 0, [SECCOMP_ACT_KILL_THREAD] = 1,
		[SECCOMP_ACT_TRAP] = 2, [SECCOMP_ACT_ERRNO] = 3,
		[SECCOMP_ACT_NOTIFY] = 4, [SECCOMP_ACT_TRACE] = 5,
		[SECCOMP_ACT_LOG] = 6, [SECCOMP_ACT_ALLOW] = 7,
	};

	return rank[action];
}

/* The number of name's form with 64-bit times, or -1. */
static inline int64_t
naive_twin(const struct spec_seccomp *s, const struct calls_arch *arch,
	const char *name)
{
	static const char *const ends[] = { "64", "_time64" };
	char twin[64];

	for (int k = 0; k < 2 && arch->narrow; k++) {
		int64_t nr;

		snprintf(twin, sizeof(twin), "%s%s", name, ends[k]);
		nr = naive_number(arch, twin);
		if (nr >= 0 && nr - arch->base >= 403 &&
		    nr - arch->base <= 423 && !naive_named(s, twin))
			return nr;
	}
	return -1;
}

/* The number under which socketcall or ipc have name; *call is which. */
static inline int
naive_mux(const char *name, const char **call)
{
	static const char *const net[] = {
		"", "socket", "bind", "connect", "listen", "accept",
		"getsockname", "getpeername", "socketpair", "send", "recv",
		"sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt",
		"sendmsg", "recvmsg", "accept4", "recvmmsg", "sendmmsg",
	};
	static const char *const ipc[] = {
		"", "semop", "semget", "semctl", "semtimedop", "", "", "", "",
		"", "", "msgsnd", "msgrcv", "msgget", "msgctl", "", "", "", "",
		"", "", "shmat", "shmdt", "shmget", "shmctl",
	};

	*call = "socketcall";
	for (unsigned i = 1; i < sizeof(net) / sizeof(*net); i++)
		if (!strcmp(net[i], name))
			return (int)i;
	*call = "ipc";
	for (unsigned i = 1; i < sizeof(ipc) / sizeof(*ipc); i++)
		if (!strcmp(ipc[i], name))
			return (int)i;
	return 0;
}

/* What the names of a profile stand for on one architecture; -1: nothing. */
struct naive {
	const struct spec_seccomp *s;
	const struct seccomp_how *how;
	const struct calls_arch *arch;
	uint32_t otherwise;
	int64_t top;            /* the highest that is named */
	struct naive_name {
		int64_t number, twin, mux_call;
		int mux;
	} name[4096];           /* of all rules, in order */
};

static inline void
naive_load(struct naive *n, const struct spec_seccomp *s,
	const struct seccomp_how *how, const struct calls_arch *arch)
{
	struct naive_name *x = n->name;
	const char *call;

	n->s = s;
	n->how = how;
	n->arch = arch;
	n->otherwise = seccomp_action(s->default_action,
		s->has_default_errno_ret, s->default_errno_ret);
	n->top = -1;
	for (unsigned i = 0; i < s->n_syscalls; i++)
		for (unsigned j = 0; j < s->syscalls[i].n_names; j++, x++) {
			const char *name = s->syscalls[i].names[j];

			x->number = naive_number(arch, name);
			x->twin = how->time64 ? naive_twin(s, arch, name) : -1;
			x->mux = naive_mux(name, &call);
			x->mux_call = x->mux ? naive_number(arch, call) : -1;
			if (x->number > n->top &&
			    x->number - arch->base < 0xf0000)
				n->top = x->number;
			if (x->mux_call > n->top)
				n->top = x->mux_call;
		}
}

enum { NAIVE_NO, NAIVE_IF, NAIVE_ALWAYS };

/* Whether a rule says something about a call: if its conditions hold, or in any
 * case.  *known: it would, were the conditions others. */
static inline int
naive_applies(const struct naive *n, const struct spec_seccomp_rule *r,
	const struct naive_name *name, const struct call *c, bool *known)
{
	bool all = true;
	int hit = NAIVE_NO;

	for (unsigned i = 0; i < r->n_args; i++)
		all = all && naive_holds(n->arch, &r->args[i], c);
	for (unsigned j = 0; j < r->n_names; j++, name++) {
		if (name->number == c->nr || name->twin == c->nr) {
			*known = true;
			if (!r->n_args)
				return NAIVE_ALWAYS;
			if (all)
				hit = NAIVE_IF;
		}
		if (name->mux_call == c->nr && (!r->n_args ||
		    naive_rank(r->action) < naive_rank(n->s->default_action)) &&
		    (uint32_t)c->args[0] == (uint32_t)name->mux &&
		    (n->arch->narrow || !(c->args[0] >> 32)))
			hit = NAIVE_IF;
	}
	return hit;
}

static inline uint32_t
naive_arch(const struct naive *n, const struct call *c)
{
	const struct spec_seccomp *s = n->s;
	const struct naive_name *name = n->name;
	uint32_t action, result = 0;
	int found = NAIVE_NO;
	bool known = false;

	for (unsigned i = 0; i < s->n_syscalls; i++) {
		const struct spec_seccomp_rule *r = &s->syscalls[i];
		int hit;

		action = seccomp_action(r->action, r->has_errno_ret,
			r->errno_ret);
		if (action != n->otherwise) {
			hit = naive_applies(n, r, name, c, &known);
			if (hit > found) {
				found = hit;
				result = action;
			}
		}
		name += r->n_names;
	}
	if (found)
		return result;
	/* on s390x the kernel makes 0 of what it does not know */
	if (!known && n->how->enosys && n->top >= 0 && (c->nr > n->top ||
	    (c->nr == 0 && n->arch->column == CALLS_S390X)) &&
	    (s->default_action == SECCOMP_ACT_ERRNO ||
	    s->default_action == SECCOMP_ACT_KILL_THREAD ||
	    s->default_action == SECCOMP_ACT_KILL_PROCESS))
		return 0x00050000 | ENOSYS;
	return n->otherwise;
}

/* Those of a profile that share one value of seccomp_data.arch. */
struct naive_set {
	struct naive one[3];
	unsigned n;
};

static inline void
naive_set_load(struct naive_set *set, const struct spec_seccomp *s,
	const struct seccomp_how *how, uint32_t audit)
{
	set->n = 0;
	for (unsigned i = 0; i < 23; i++) {
		const struct calls_arch *arch = calls_arch(i);

		if (arch && arch->audit == audit &&
		    (s->architectures >> i & 1 || arch == how->native))
			naive_load(&set->one[set->n++], s, how, arch);
	}
}

static inline uint32_t
naive_verdict(const struct naive_set *set, const struct call *c)
{
	for (unsigned i = 0; i < set->n; i++) {
		const struct naive *n = &set->one[i];
		bool marked = c->nr >= 0x40000000 &&
			(c->nr != UINT32_MAX || set->n > 1);

		if (n->arch->column == CALLS_X86_64 ? !marked :
		    n->arch->column == CALLS_X32 ? c->nr >= 0x40000000 : true)
			return naive_arch(n, c);
	}
	return SECCOMP_FOREIGN;
}

#endif
