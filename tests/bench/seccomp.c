/* SPDX-License-Identifier: MIT */
/* seccomp.c -- our seccomp compiler beside libseccomp, for a profile:
 *   seccomp PROFILE
 * Generation is the median of rounds in turns, from the parsed profile to the
 * program; instructions are counted by running it for a trace of calls. */
#include <seccomp.h>
#include <stdlib.h>
#include <time.h>

#include "../../src/plan_seccomp.c"
#define seccomp_compile raw_compile
int raw_compile(struct seccomp_prog *prog, const struct seccomp_rules *rules,
	struct arena *a, struct err *e);
#include "../../src/plan_seccomp_raw.c"
#undef seccomp_compile
#include "real.h"

enum { ROUNDS = 41, TOP = 600 };

/* strace -f -c of git status and log, find | sort, tar | gzip and an asyncio
 * server with 300 connections: what came more than 60 times. */
static const struct {
	char name[16];
	unsigned count;
} trace[] = {
	{ "newfstatat", 8450 }, { "close", 8318 }, { "fcntl", 7756 },
	{ "openat", 3695 }, { "getdents64", 3177 }, { "epoll_wait", 1810 },
	{ "mmap", 1273 }, { "epoll_ctl", 1203 }, { "ioctl", 1112 },
	{ "read", 1068 }, { "getsockname", 904 }, { "rt_sigaction", 795 },
	{ "setsockopt", 601 }, { "accept4", 600 }, { "rt_sigprocmask", 571 },
	{ "getpid", 399 }, { "socket", 305 }, { "connect", 304 },
	{ "lseek", 301 }, { "getpeername", 301 }, { "recvfrom", 300 },
	{ "getsockopt", 300 }, { "execve", 260 }, { "brk", 260 },
	{ "write", 217 }, { "mprotect", 192 }, { "access", 187 },
	{ "munmap", 161 }, { "pread64", 97 }, { "geteuid", 95 },
	{ "wait4", 92 }, { "dup2", 68 },
};

int
seccomp_compile(struct seccomp_prog *prog, const struct seccomp_rules *rules,
	struct arena *a, struct err *e)
{
	return raw_compile(prog, rules, a, e);
}

static void
die(const char *what)
{
	fprintf(stderr, "seccomp: %s: %s\n", what, err_str(&why));
	exit(1);
}

static void
add_lib_rule(scmp_filter_ctx ctx, const struct spec_seccomp_rule *r,
	const char *name)
{
	static const enum scmp_compare ops[] = {
		SCMP_CMP_NE, SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_EQ,
		SCMP_CMP_GE, SCMP_CMP_GT, SCMP_CMP_MASKED_EQ,
	};
	uint32_t action = seccomp_action(r->action, r->has_errno_ret,
		r->errno_ret);
	int nr = seccomp_syscall_resolve_name(name);
	struct scmp_arg_cmp args[6];
	unsigned i;

	for (i = 0; i < r->n_args; i++)
		args[i] = (struct scmp_arg_cmp) { r->args[i].index,
			ops[r->args[i].op], r->args[i].value,
			r->args[i].value_two };
	/* a rule with the default's action is refused: no harm */
	if (nr != __NR_SCMP_ERROR)
		seccomp_rule_add_array(ctx, action, nr, r->n_args, args);
}

/* As runc and crun use the library. */
static void
lib_compile(struct seccomp_prog *prog, const struct spec_seccomp *s,
	unsigned optimize, struct arena *a)
{
	scmp_filter_ctx ctx = seccomp_init(seccomp_action(s->default_action,
		s->has_default_errno_ret, s->default_errno_ret));
	int fd = memfd_create("program", MFD_CLOEXEC);
	struct sock_filter *insn = NEWS(a, struct sock_filter, 4096, &why);
	unsigned i, j;

	if (!ctx || fd < 0 || !insn)
		die("libseccomp");
	seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, optimize);
	if (s->architectures & 1u << SECCOMP_ARCH_X86)
		seccomp_arch_add(ctx, SCMP_ARCH_X86);
	if (s->architectures & 1u << SECCOMP_ARCH_X32)
		seccomp_arch_add(ctx, SCMP_ARCH_X32);
	for (i = 0; i < s->n_syscalls; i++)
		for (j = 0; j < s->syscalls[i].n_names; j++)
			add_lib_rule(ctx, &s->syscalls[i],
				s->syscalls[i].names[j]);
	if (seccomp_export_bpf(ctx, fd))
		die("export");
	prog->insn = insn;
	prog->n = (unsigned)(pread(fd, insn, 4096 * sizeof(*insn), 0) /
		(ssize_t)sizeof(*insn));
	close(fd);
	seccomp_release(ctx);
}

static const struct seccomp_how *
how(void)
{
	static struct seccomp_how h = { .enosys = true, .time64 = true };

	h.native = calls_native();
	return &h;
}

static double
generate(struct seccomp_prog *prog, const struct spec_seccomp *s, int kind,
	struct arena *a)
{
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	if (kind)
		lib_compile(prog, s, kind == 1 ? 0 : 2, a);
	else if (plan_seccomp(prog, s, how(), a, &why))
		die("plan_seccomp");
	clock_gettime(CLOCK_MONOTONIC, &to);
	return (double)(to.tv_sec - from.tv_sec) * 1e6 +
		(double)(to.tv_nsec - from.tv_nsec) / 1e3;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static unsigned
steps(const struct seccomp_prog *prog, uint32_t nr)
{
	struct call c = { .arch = how()->native->audit, .nr = nr };
	unsigned n;

	bpf_run(prog->insn, &c, &n);
	return n;
}

/* Calls without conditions take two loads, the architecture, a compare for each
 * halving and the return. */
static unsigned
bound(const struct spec_seccomp *s, struct arena scratch, unsigned *ranges,
	const struct seccomp_table **table)
{
	static struct range list[2 * CALLS_SLOTS];
	struct ranges r = { list, 0 };
	struct seccomp_rules rules;
	unsigned n = 4, k;

	if (seccomp_read(&rules, s, how(), &scratch, &why))
		die("read");
	add_calls(&r, rules.table[0]);
	*ranges = r.n;
	*table = rules.table[0];
	for (k = 1; k < r.n; k *= 2)
		n++;
	return n;
}

static void
report(const char *name, const struct seccomp_prog *prog, double us,
	const struct seccomp_table *t)
{
	double sum = 0, all = 0;
	unsigned worst = 0, plain = 0, i, n;

	for (i = 0; i < COUNT(trace); i++) {
		int64_t nr = naive_number(how()->native, trace[i].name);

		if (nr < 0)
			continue;
		sum += (double)steps(prog, (uint32_t)nr) * trace[i].count;
		all += trace[i].count;
	}
	for (i = 0; i < TOP; i++) {
		n = steps(prog, i);
		worst = n > worst ? n : worst;
		if (!t->call[i].rules && n > plain)
			plain = n;
	}
	printf("| %s | %.0f | %u | %.1f | %u | %u |\n", name, us, prog->n,
		sum / all, plain, worst);
}

int
main(int argc, char **argv)
{
	static const char *const names[] = { "ours", "libseccomp, optimise 0",
		"libseccomp, optimise 2" };
	static double times[3][ROUNDS];
	struct real file = { argc > 1 ? argv[1] : "", argv[1], NULL };
	struct profile_for whom = { .arch = calls_native()->name,
		.spec = calls_native()->spec, .kernel = { 6, 1 } };
	struct arena a = fresh(), rest;
	struct seccomp_prog prog[3];
	const struct seccomp_table *table;
	struct spec_seccomp s;
	unsigned k, i, least, ranges;

	if (real_read(&file, &s, &whom, &a) <= 0)
		die(file.name);
	/* only what this build has numbers for, on both sides */
	for (i = 0; i < 23; i++) {
		if (!calls_arch(i))
			s.architectures &= ~(1u << i);
	}
	rest = a;
	for (i = 0; i < ROUNDS; i++) {
		a = rest;
		for (k = 0; k < 3; k++)
			times[k][i] = generate(&prog[k], &s, (int)k, &a);
	}
	least = bound(&s, a, &ranges, &table);
	printf("| | generation us | instructions | mean, hot calls | worst "
		"without conditions | worst |\n|---|---|---|---|---|---|\n");
	for (k = 0; k < 3; k++) {
		qsort(times[k], ROUNDS, sizeof(double), by_value);
		report(names[k], &prog[k], times[k][ROUNDS / 2], table);
	}
	printf("\n%u ranges: a balanced search takes %u instructions.\n",
		ranges, least);
	return 0;
}
