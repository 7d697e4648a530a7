/* SPDX-License-Identifier: MIT */
/* plan_seccomp_lib.c -- the translator that leaves the work to libseccomp.
 *
 * Each architecture gets a filter of its own, so that its table alone says what
 * goes in; they are merged at the end, and the numbers above the newest call
 * are answered in front.  What the library would carry out in another sense is
 * refused. */
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "plan_seccomp.h"
#include "spec.h"
#include "sys.h"

enum { PIPE_BYTES = 65536 };    /* twice what the kernel takes */

#define NEEDS_RAW "libseccomp can't express it: needs SECCOMP=raw"

static int
refuse(const struct seccomp_table *t, unsigned id, const char *why,
	struct err *e)
{
	char name[CALLS_NAME];

	return err_set(e, ENOTSUP, "linux.seccomp: %s: %s: %s: " NEEDS_RAW,
		t->arch->name, calls_name(id, name), why);
}

/* No call can satisfy both: one wants a value that the other rules out. */
static bool
disjoint(const struct seccomp_rule *a, const struct seccomp_rule *b)
{
	unsigned i, j;

	for (i = 0; i < a->n_args; i++) {
		for (j = 0; j < b->n_args; j++) {
			const struct spec_seccomp_arg *x = &a->args[i];
			const struct spec_seccomp_arg *y = &b->args[j];

			if (x->index == y->index &&
			    ((x->op == SECCOMP_OP_EQ &&
			    !seccomp_holds(y, false, x->value)) ||
			    (y->op == SECCOMP_OP_EQ &&
			    !seccomp_holds(x, false, y->value))))
				return true;
		}
	}
	return false;
}

static bool
one_each(const struct seccomp_rule *r)
{
	unsigned i, seen = 0;

	for (i = 0; i < r->n_args; i++) {
		if (seen >> r->args[i].index & 1)
			return false;
		seen |= 1u << r->args[i].index;
	}
	return true;
}

static bool
compares(const struct seccomp_rule *r)
{
	unsigned i;

	for (i = 0; i < r->n_args; i++) {
		if (r->args[i].op != SECCOMP_OP_EQ &&
		    r->args[i].op != SECCOMP_OP_NE &&
		    r->args[i].op != SECCOMP_OP_MASKED_EQ)
			return true;
	}
	return false;
}

/* Behind socketcall the library allows what it can't look at. */
static bool
mux_decides(const struct seccomp_table *t, unsigned id)
{
	char name[CALLS_NAME];
	int mux = seccomp_mux(calls_name(id, name));
	unsigned slot = mux < 0 ? CALLS_NONE :
		calls_slot(t->arch, (unsigned)mux);

	return slot == CALLS_NONE ||
		(t->call[slot].used && !t->call[slot].rules);
}

static int
check_call(const struct seccomp_table *t, const struct seccomp_verdict *v,
	struct err *e)
{
	const struct seccomp_rule *a, *b;

	for (a = v->rules; a; a = a->next) {
		if (t->arch->column == CALLS_X32)
			return refuse(t, v->id, "conditions on 64 bits", e);
		if (!one_each(a))
			return refuse(t, v->id, "two conditions on one "
				"argument", e);
		/* 2.5.4 lets values through: t_seccomp_built.c finds them */
		if (v->rules->next && compares(a))
			return refuse(t, v->id, "several rules, one of which "
				"compares by size", e);
		if (!seccomp_stricter(a->action, t->otherwise) &&
		    !mux_decides(t, v->id))
			return refuse(t, v->id, "it can be called through "
				"socketcall or ipc, past the conditions", e);
		for (b = v->rules; b != a; b = b->next) {
			if (a->action != b->action && !disjoint(a, b))
				return refuse(t, v->id, "rules with other "
					"actions whose order counts", e);
		}
	}
	return 0;
}

static enum scmp_compare
lib_op(unsigned op)
{
	static const uint8_t ops[] = {
		[SECCOMP_OP_NE] = SCMP_CMP_NE, [SECCOMP_OP_LT] = SCMP_CMP_LT,
		[SECCOMP_OP_LE] = SCMP_CMP_LE, [SECCOMP_OP_EQ] = SCMP_CMP_EQ,
		[SECCOMP_OP_GE] = SCMP_CMP_GE, [SECCOMP_OP_GT] = SCMP_CMP_GT,
		[SECCOMP_OP_MASKED_EQ] = SCMP_CMP_MASKED_EQ,
	};

	return (enum scmp_compare)ops[op];
}

static int
add_rule(scmp_filter_ctx ctx, int nr, const struct seccomp_rule *r)
{
	struct scmp_arg_cmp args[6];
	unsigned i;

	for (i = 0; i < r->n_args; i++)
		args[i] = (struct scmp_arg_cmp) {
			r->args[i].index, lib_op(r->args[i].op),
			r->args[i].value, r->args[i].value_two,
		};
	return seccomp_rule_add_array(ctx, r->action, nr, r->n_args, args);
}

/* SCMP_ARCH_* is AUDIT_ARCH_*, but for x32. */
static uint32_t
token(const struct calls_arch *arch)
{
	return arch->column == CALLS_X32 ? SCMP_ARCH_X32 : arch->audit;
}

/* Whether the library will come to our number.  Some of its own numbers for
 * what an architecture lacks stand for two names. */
static bool
knows(const struct calls_arch *arch, const char *name, int nr, uint32_t number)
{
	int there = seccomp_syscall_resolve_name_arch(token(arch), name);
	char *back = seccomp_syscall_resolve_num_arch(seccomp_arch_native(),
		nr);
	bool same = back && !strcmp(back, name);

	free(back);             /* the one thing here that malloc made */
	if (nr == __NR_SCMP_ERROR || !same)
		return false;
	return there < 0 ? seccomp_mux(name) >= 0 :
		(uint32_t)there == number;
}

/* The library translates from the native number to that of its filter's
 * architecture; a name that is not native has a number below zero. */
static int
add_call(scmp_filter_ctx ctx, const struct seccomp_table *t, unsigned slot,
	struct err *e)
{
	const struct seccomp_verdict *v = &t->call[slot];
	uint32_t number = calls_number(t->arch, slot);
	const struct seccomp_rule always = { .action = v->action };
	const struct seccomp_rule *r;
	char name[CALLS_NAME];
	int rc, nr = seccomp_syscall_resolve_name(calls_name(v->id, name));

	if (!knows(t->arch, name, nr, number))
		return refuse(t, v->id, "not known to it", e);
	if (check_call(t, v, e))
		return -1;
	rc = v->rules ? 0 : add_rule(ctx, nr, &always);
	for (r = v->rules; r && !rc; r = r->next)
		rc = add_rule(ctx, nr, r);
	errno = -rc;
	return rc ? err_sys(e, "linux.seccomp: libseccomp: %s", name) : 0;
}

static int
choose_arch(scmp_filter_ctx ctx, const struct calls_arch *arch)
{
	if (token(arch) == seccomp_arch_native())
		return 0;
	return seccomp_arch_add(ctx, token(arch)) ? -1 :
		seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE);
}

/* NULL with err set. */
static scmp_filter_ctx
make_filter(const struct seccomp_table *t, struct err *e)
{
	scmp_filter_ctx ctx;
	unsigned slot, level = 7;

	/* The newest level there is: libseccomp would ask this kernel, but a
	 * plan may be another host's, and before Linux 4.14 SECCOMP_FOREIGN
	 * kills as well, if only a thread.  What the profile asks for and the
	 * kernel lacks is for filter_check to say. */
	while (level && seccomp_api_set(level))
		level--;
	ctx = seccomp_init(t->otherwise);
	if (!ctx) {
		err_set(e, ENOMEM, "linux.seccomp: libseccomp");
		return NULL;
	}
	if (choose_arch(ctx, t->arch))
		err_set(e, ENOTSUP, "linux.seccomp.architectures: %s: "
			NEEDS_RAW, t->arch->name);
	/* optimising is the business of 2.5 and later */
	seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!e->code && seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
	    SECCOMP_FOREIGN))
		err_set(e, ENOTSUP, "linux.seccomp: this libseccomp can't "
			"kill foreign architectures");
	for (slot = 0; slot < CALLS_NONE && !e->code; slot++) {
		if (t->call[slot].used)
			add_call(ctx, t, slot, e);
	}
	if (!e->code)
		return ctx;
	seccomp_release(ctx);
	return NULL;
}

/* --- Above the newest ----------------------------------------------------- */

struct prologue {
	struct sock_filter *insn;
	unsigned n;
};

static void
put(struct prologue *p, unsigned code, uint32_t k, unsigned jt, unsigned jf)
{
	p->insn[p->n++] = (struct sock_filter) {
		(uint16_t)code, (uint8_t)jt, (uint8_t)jf, k,
	};
}

enum { ABOVE_MAX = 48, X32 = 0x40000000 };

/* Ends where the next part begins.  Calls above the newest that have a rule
 * all the same are few: the twins of those with 32-bit times and the private
 * ones of arm. */
static void
put_above(struct prologue *p, const struct seccomp_table *t, bool has_x32)
{
	const unsigned jeq = BPF_JMP | BPF_JEQ | BPF_K;
	const unsigned jge = BPF_JMP | BPF_JGE | BPF_K;
	bool x86 = t->arch->column == CALLS_X86_64;
	unsigned slot, left = 2, i;

	for (slot = t->newest + 1; slot < CALLS_NONE; slot++)
		left += t->call[slot].used;
	put(p, BPF_LD | BPF_W | BPF_ABS, 4, 0, 0);
	put(p, jeq, t->arch->audit, 0, left + 1 + (x86 ? 2 : 0) +
		t->zero_above);
	put(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, 0);
	if (t->zero_above)
		put(p, jeq, 0, left - 1, 0);
	if (x86) {
		put(p, jge, X32, 0, 1);
		/* -1 is no x32 call */
		put(p, jeq, has_x32 ? 0 : UINT32_MAX, left - 1, left);
	}
	for (slot = t->newest + 1, i = 1; slot < CALLS_NONE; slot++) {
		if (t->call[slot].used)
			put(p, jeq, calls_number(t->arch, slot), left - i++, 0);
	}
	put(p, jge, calls_number(t->arch, t->newest) + 1, 0, 1);
	put(p, BPF_RET | BPF_K, t->above, 0, 0);
}

static int
put_prologue(struct prologue *p, const struct seccomp_rules *rules)
{
	bool has_x32 = false;
	unsigned i;

	for (i = 0; i < rules->n; i++)
		has_x32 = has_x32 || rules->table[i]->arch->column == CALLS_X32;
	for (i = 0; i < rules->n; i++) {
		if (rules->table[i]->newest != CALLS_NONE)
			put_above(p, rules->table[i], has_x32);
	}
	return 0;
}

/* The library writes to a descriptor only: a memory file, or, where there is
 * none (3.17), a pipe.  Of that the reading end, with all of the program in it:
 * what fills a pipe may be a part, and is refused. */
static int
export_by_pipe(scmp_filter_ctx ctx, size_t *bytes, struct err *e)
{
	int ends[2], rc, have, room;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return err_sys(e, "linux.seccomp: pipe");
	AUTO_FD(from, ends[0]);
	AUTO_FD(to, ends[1]);
	fcntl(to, F_SETPIPE_SZ, PIPE_BYTES);
	rc = seccomp_export_bpf(ctx, to);
	room = fcntl(to, F_GETPIPE_SZ);
	errno = -rc;
	if ((rc && rc != -EAGAIN && rc != -ECANCELED) || room < 0 ||
	    ioctl(from, FIONREAD, &have))
		return err_sys(e, "linux.seccomp: libseccomp");
	if (rc || have >= room)
		return err_set(e, E2BIG, "linux.seccomp: a program of %zu "
			"instructions or more: without memfd_create there is "
			"no room for it",
			(size_t)room / sizeof(struct sock_filter));
	*bytes = (size_t)have;
	return fd_take(&from);
}

static int
export(scmp_filter_ctx ctx, size_t *bytes, struct err *e)
{
	AUTO_FD(fd, sys_memfd_create("filter"));
	struct stat st;
	int rc;

	if (fd < 0)
		return export_by_pipe(ctx, bytes, e);
	rc = seccomp_export_bpf(ctx, fd);
	errno = -rc;
	if (rc || fstat(fd, &st) || lseek(fd, 0, SEEK_SET))
		return err_sys(e, "linux.seccomp: libseccomp");
	*bytes = (size_t)st.st_size;
	return fd_take(&fd);
}

static int
fetch(struct seccomp_prog *prog, scmp_filter_ctx ctx,
	const struct seccomp_rules *rules, struct arena *a, struct err *e)
{
	struct prologue p = { NULL, 0 };
	size_t n = 0;
	AUTO_FD(fd, export(ctx, &n, e));

	if (fd < 0)
		return -1;
	n /= sizeof(*p.insn);
	p.insn = NEWS(a, struct sock_filter,
		n + (size_t)rules->n * ABOVE_MAX, e);
	if (!p.insn)
		return -1;
	put_prologue(&p, rules);
	if (read_full(fd, p.insn + p.n, n * sizeof(*p.insn)) !=
	    (ssize_t)(n * sizeof(*p.insn)))
		return err_set(e, EIO, "linux.seccomp: libseccomp");
	n += p.n;
	if (n > BPF_MAXINSNS)
		return err_set(e, E2BIG, "linux.seccomp: a program of %zu "
			"instructions: the kernel takes %d", n, BPF_MAXINSNS);
	*prog = (struct seccomp_prog) { p.insn, (unsigned)n };
	return 0;
}

int
seccomp_compile(struct seccomp_prog *prog, const struct seccomp_rules *rules,
	struct arena *a, struct err *e)
{
	scmp_filter_ctx all, one;
	unsigned i;

	/* the library writes for the machine that a filter is for */
	if (rules->table[0]->arch->big_endian !=
	    (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
		return err_set(e, ENOTSUP, "linux.seccomp: the other byte "
			"order: needs SECCOMP=raw");
	all = make_filter(rules->table[0], e);

	for (i = 1; all && i < rules->n; i++) {
		one = make_filter(rules->table[i], e);
		if (one && seccomp_merge(all, one)) {
			err_set(e, ENOTSUP, "linux.seccomp.architectures: "
				"%s: " NEEDS_RAW, rules->table[i]->arch->name);
			seccomp_release(one);
		}
		if (e->code)
			break;
	}
	if (!e->code)
		fetch(prog, all, rules, a, e);
	if (all)
		seccomp_release(all);
	return e->code ? -1 : 0;
}
