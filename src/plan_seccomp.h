/* SPDX-License-Identifier: MIT */
/* plan_seccomp.h -- linux.seccomp to a classic BPF program.
 *
 * What a profile means is settled first, in plan_seccomp.c, and is the same for
 * both translators (SECCOMP in config.mk):
 * - A rule whose action is the default's is as good as absent.
 * - The first rule without conditions decides its call, wherever it stands;
 *   else the first whose conditions hold, all of them, also two on one
 *   argument.
 * - MASKED_EQ looks at the bits of the mask only, in both values.  Where
 *   arguments have 32 bits, so have the values they are compared with.
 * - An architecture that is not listed is killed, and so is an x32 call where
 *   x32 is not listed.
 * - Numbers above the highest that the profile names get ENOSYS where the
 *   default is an errno or a kill (seccomp_how.enosys).
 * - A name that no kernel has is passed over (a newer profile), but where it
 *   would have been forbidden and is allowed now: an error.
 * - Calls behind socketcall and ipc, where an architecture has these, follow
 *   the rules of their names.  The conditions of such a rule can't be looked at
 *   there: it counts without them if it is stricter than the default, else not
 *   at all. */
#ifndef PLAN_SECCOMP_H
#define PLAN_SECCOMP_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

#include "calls.h"

struct arena;
struct err;
struct plan;
struct plan_args;
struct spec;
struct spec_seccomp;
struct spec_seccomp_arg;

/* How a profile is read. */
struct seccomp_how {
	const struct calls_arch *native;
	/* ENOSYS, not the default, for numbers above the highest that the
	 * profile names, where the default is an errno or a kill: the profile
	 * did not know them, and libc's tries of new calls need to learn that
	 * they are absent (list X12). */
	bool enosys;
	/* On 32-bit architectures the rules of a call that takes time_t hold
	 * for its successor with 64-bit times, if that is not named itself. */
	bool time64;
};

struct seccomp_prog {
	const struct sock_filter *insn; /* in the byte order of this machine */
	unsigned n;
};

/* One rule for one call. */
struct seccomp_rule {
	const struct seccomp_rule *next;
	const struct spec_seccomp_arg *args;
	unsigned n_args;
	uint32_t action;        /* SECCOMP_RET_* with its data */
	unsigned from;          /* linux.seccomp.syscalls[from] */
};

/* What happens to a call: its rules in order, then the action. */
struct seccomp_verdict {
	const struct seccomp_rule *rules;
	uint32_t action;
	unsigned id:15;         /* of the call (calls.h) */
	unsigned used:1;        /* the profile has a say */
	unsigned from:16;       /* as above, of the action; where there are
	                         * rules it is the default's */
};

/* The meaning of a profile for one architecture. */
struct seccomp_table {
	const struct calls_arch *arch;
	uint32_t otherwise;     /* for calls that are not used */
	uint32_t above;         /* for those above newest */
	unsigned newest;        /* slot; CALLS_NONE: above is not to be used */
	bool zero_above;        /* so is number 0, under which s390x has what
	                         * its kernel does not know */
	struct seccomp_verdict call[CALLS_SLOTS];
};

/* The native one first; x32 behind x86_64. */
struct seccomp_rules {
	const struct seccomp_table *const *table;
	unsigned n;
};

/* In the state folder: a filter that was made before. */
#define SECCOMP_COPY "seccomp.bpf"

/* A process of an architecture that is not listed, or an x32 call. */
#define SECCOMP_FOREIGN 0x80000000u /* SECCOMP_RET_KILL_PROCESS */

/* Fills p->seccomp from linux.seccomp, if that is there. */
#if FEAT_SECCOMP
int plan_filter(struct plan *p, const struct spec *spec,
	const struct plan_args *args, struct arena *a, struct err *e);

/* A program that was made before, from a file; any file, to be checked. */
int seccomp_fetch(struct seccomp_prog *prog, int dir, const char *path,
	struct arena *a, struct err *e);
#else
#include <errno.h>
#include "err.h"
static inline int
seccomp_fetch(struct seccomp_prog *prog, int dir, const char *path,
	struct arena *a, struct err *e)
{
	(void)prog;
	(void)dir;
	(void)a;
	return err_set(e, ENOTSUP, "seccomp program %s: built without SECCOMP",
		path);
}

/* spec_check has refused the member. */
static inline int
plan_filter(struct plan *p, const struct spec *spec,
	const struct plan_args *args, struct arena *a, struct err *e)
{
	(void)p;
	(void)spec;
	(void)args;
	(void)a;
	(void)e;
	return 0;
}
#endif

/* Whether a kernel takes the program and whether it judges calls of arch (NULL:
 * there is none), and refuses those of an architecture that it does not name.
 * -1: EINVAL. */
int seccomp_check(const struct seccomp_prog *prog,
	const struct calls_arch *arch, struct err *e);

/* 1 << enum spec_seccomp_action of what it may return. */
unsigned seccomp_used(const struct seccomp_prog *prog);

/* The whole way.  E2BIG: more instructions than the kernel takes (4096). */
int plan_seccomp(struct seccomp_prog *prog, const struct spec_seccomp *spec,
	const struct seccomp_how *how, struct arena *a, struct err *e);

/* Its two halves. */
int seccomp_read(struct seccomp_rules *rules, const struct spec_seccomp *spec,
	const struct seccomp_how *how, struct arena *a, struct err *e);
int seccomp_compile(struct seccomp_prog *prog,
	const struct seccomp_rules *rules, struct arena *a, struct err *e);

/* Whether the condition holds for that argument; narrow: it has 32 bits. */
bool seccomp_holds(const struct spec_seccomp_arg *c, bool narrow, uint64_t x);

/* Whether a is more severe than b as the kernel sorts actions. */
bool seccomp_stricter(uint32_t a, uint32_t b);

/* The id of the call behind which some architectures have that one as well:
 * socketcall or ipc; -1: neither. */
int seccomp_mux(const char *name);

/* SECCOMP_RET_* with data for an action of the config. */
uint32_t seccomp_action(unsigned action, bool has_errno, uint32_t errno_ret);

#endif
