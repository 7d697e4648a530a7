/* SPDX-License-Identifier: MIT */
/* Our compiler against a naive reading of the profile: random profiles, every
 * operator and boundary, programs of more than 255 instructions. */
#include <linux/audit.h>
#include <stdlib.h>

#include "../../src/plan_seccomp.c"
int raw_compile(struct seccomp_prog *prog, const struct seccomp_rules *rules,
	struct arena *a, struct err *e);
#define seccomp_compile raw_compile
#include "../../src/plan_seccomp_raw.c"
#undef seccomp_compile
#include "calls_all.c"
#include "real.h"

int
seccomp_compile(struct seccomp_prog *prog, const struct seccomp_rules *rules,
	struct arena *a, struct err *e)
{
	return raw_compile(prog, rules, a, e);
}

enum { PROFILES = 2000 };

static struct seccomp_how
random_how(void)
{
	struct seccomp_how how = {
		.enosys = random_below(2), .time64 = random_below(2),
	};

	while (!how.native)
		how.native = calls_arch(random_below(23));
	return how;
}

static void
test_random(void)
{
	static struct profile p;
	unsigned i, bad = 0, longest = 0;

	for (i = 0; i < tap_times(PROFILES); i++) {
		struct arena a = fresh();
		struct seccomp_how how = random_how();
		struct seccomp_prog prog = { 0 };

		random_profile(&p);
		if (plan_seccomp(&prog, &p.s, &how, &a, &why) ||
		    !bpf_valid(prog.insn, prog.n) ||
		    !agree_everywhere(&prog, &p.s, &how, 6)) {
			printf("# profile %u: %s\n", i, err_str(&why));
			if (++bad == 5)
				break;
		}
		if (prog.n > longest)
			longest = prog.n;
	}
	OK(!bad);
	OK(longest > 600);
	printf("# %lu verdicts, longest program %u\n", compared, longest);
}

/* --- Profiles in use ------------------------------------------------------ */

static bool
test_one_real(const struct real *r, const struct calls_arch *arch,
	struct seccomp_how *how, uint64_t caps)
{
	struct profile_for whom = {
		.arch = arch->name, .spec = arch->spec, .caps = caps,
		.kernel = { 4 + random_below(3), random_below(20) },
	};
	struct arena a = fresh();
	struct spec_seccomp s;
	struct seccomp_prog prog;

	return real_read(r, &s, &whom, &a) > 0 &&
		plan_seccomp(&prog, &s, how, &a, &why) == 0 &&
		bpf_valid(prog.insn, prog.n) && seccomp_check(&prog, arch,
		&why) == 0 && agree_on_edges(&prog, &s, how, arch->audit,
		arch->big_endian);
}

static void
test_real(void)
{
	unsigned spec, k;
	size_t i;

	for (i = 0; i < COUNT(reals); i++) {
		bool good = true;

		if (reals[i].path && access(reals[i].path, R_OK)) {
			SKIP(1, reals[i].path);
			continue;
		}
		for (spec = 0; spec < 23; spec++) {
			const struct calls_arch *arch = calls_arch(spec);

			for (k = 0; arch && k < 2; k++) {
				struct seccomp_how how = {
					.native = arch, .enosys = !k,
					.time64 = !k,
				};

				if (test_one_real(&reals[i], arch, &how,
				    k ? UINT64_MAX : 0))
					continue;
				printf("# %s, %s: %s\n", reals[i].name,
					arch->name, err_str(&why));
				good = false;
			}
		}
		OK(good);
	}
}

/* --- By hand -------------------------------------------------------------- */

/* 7 operators, each value, each argument, both sides of each boundary. */
static void
test_operators(void)
{
	static const char *const names[] = { "mmap", "mmap2" };
	struct spec_seccomp_arg arg = { 0 };
	struct spec_seccomp_rule rule = {
		.names = names, .n_names = 2, .action = SECCOMP_ACT_ALLOW,
		.args = &arg, .n_args = 1,
	};
	struct spec_seccomp s = {
		.default_action = SECCOMP_ACT_ERRNO, .syscalls = &rule,
		.n_syscalls = 1, .architectures = 0x7fffff,
	};
	struct seccomp_how how = { .native = calls_arch(SECCOMP_ARCH_S390X) };
	static struct naive_set set;
	struct seccomp_prog prog;
	unsigned spec, bad = 0;
	size_t v, w, x;
	int d;

	for (arg.index = 0; arg.index < 6; arg.index++)
	for (arg.op = 0; arg.op < 7; arg.op++)
	for (v = 0; v < COUNT(edges); v++)
	for (w = 0; w < (arg.op == SECCOMP_OP_MASKED_EQ ? COUNT(edges) : 1);
	    w++) {
		struct arena a = fresh();

		arg.value = edges[v];
		arg.value_two = edges[w];
		if (plan_seccomp(&prog, &s, &how, &a, &why) ||
		    !bpf_valid(prog.insn, prog.n)) {
			bad++;
			continue;
		}
		for (spec = 0; spec < 23; spec++) {
			const struct calls_arch *arch = calls_arch(spec);
			struct call c = { 0 };
			int64_t nr = arch ? naive_number(arch, "mmap") : -1;

			if (nr < 0)
				continue;
			c.nr = (uint32_t)nr;
			c.arch = arch->audit;
			c.big_endian = arch->big_endian;
			naive_set_load(&set, &s, &how, c.arch);
			for (x = 0; x < COUNT(edges); x++)
				for (d = -1; d < 2; d++) {
					c.args[arg.index] = edges[x] +
						(uint64_t)d;
					bad += !agree(&prog, &set, &c);
				}
		}
	}
	OK(!bad);
}

static uint32_t
verdict(struct spec_seccomp *s, bool enosys, const struct call *c)
{
	struct arena a = fresh();
	struct seccomp_how how = {
		.native = calls_arch(SECCOMP_ARCH_X86_64), .enosys = enosys,
		.time64 = true,
	};
	struct seccomp_prog prog;

	return plan_seccomp(&prog, s, &how, &a, &why) ? 1 :
		bpf_run(prog.insn, c, NULL);
}

enum { ALLOW = 0x7fff0000, EPERM_RET = 0x50001,
	ENOSYS_RET = 0x50000 | ENOSYS };

static void
test_hand(void)
{
	static const char *const names[] = {
		"read", "clock_gettime", "statx", "no_such_call",
	};
	static const char *const open_names[] = { "openat" };
	struct spec_seccomp_arg both[] = {
		{ .index = 2, .op = SECCOMP_OP_GE, .value = 5 },
		{ .index = 2, .op = SECCOMP_OP_LT, .value = 9 },
	};
	struct spec_seccomp_rule rules[] = {
		{ .names = names, .n_names = 4, .action = SECCOMP_ACT_ALLOW },
		{ .names = open_names, .n_names = 1, .args = both, .n_args = 2,
			.action = SECCOMP_ACT_ALLOW },
	};
	struct spec_seccomp s = {
		.default_action = SECCOMP_ACT_ERRNO, .syscalls = rules,
		.n_syscalls = 2, .architectures = 1 << SECCOMP_ARCH_X86,
	};
	struct call c = { .arch = AUDIT_ARCH_X86_64, .nr = 0 };

	IS_INT(verdict(&s, true, &c), ALLOW);
	c.nr = 1;
	IS_INT(verdict(&s, true, &c), EPERM_RET);
	c.nr = 333;                     /* above statx */
	IS_INT(verdict(&s, true, &c), ENOSYS_RET);
	IS_INT(verdict(&s, false, &c), EPERM_RET);
	c.nr = UINT32_MAX;
	IS_INT(verdict(&s, true, &c), ENOSYS_RET);
	c.nr = 0x40000000;
	IS_INT(verdict(&s, true, &c), SECCOMP_FOREIGN);
	c = (struct call) { .arch = AUDIT_ARCH_AARCH64, .nr = 63 };
	IS_INT(verdict(&s, true, &c), SECCOMP_FOREIGN);
	/* TR20: two conditions on one argument */
	c = (struct call) { .arch = AUDIT_ARCH_X86_64, .nr = 257 };
	c.args[2] = 4;
	IS_INT(verdict(&s, true, &c), EPERM_RET);
	c.args[2] = 5;
	IS_INT(verdict(&s, true, &c), ALLOW);
	c.args[2] = 9;
	IS_INT(verdict(&s, true, &c), EPERM_RET);
	c.args[2] = UINT64_C(1) << 32 | 6;
	IS_INT(verdict(&s, true, &c), EPERM_RET);
	/* clock_gettime64 on i386 */
	c = (struct call) { .arch = AUDIT_ARCH_I386, .nr = 403 };
	IS_INT(verdict(&s, true, &c), ALLOW);
	c.nr = 404;
	IS_INT(verdict(&s, true, &c), ENOSYS_RET);
	/* sec M16: what would be denied must be known */
	s.default_action = SECCOMP_ACT_ALLOW;
	rules[0].action = SECCOMP_ACT_ERRNO;
	IS_INT(verdict(&s, true, &c), 1);
	IS(err_str(&why),
		"linux.seccomp.syscalls[0].names[3] `no_such_call`: no "
		"such system call, and the default would allow it");
}

/* The first rule without conditions wins; else the first that holds. */
static void
test_order(void)
{
	static const char *const names[] = { "write" };
	struct spec_seccomp_arg one = { .index = 0, .op = SECCOMP_OP_LE,
		.value = 5 };
	struct spec_seccomp_arg two = { .index = 0, .op = SECCOMP_OP_EQ,
		.value = 1 };
	struct spec_seccomp_rule rules[] = {
		{ .names = names, .n_names = 1, .action = SECCOMP_ACT_ALLOW,
			.args = &one, .n_args = 1 },
		{ .names = names, .n_names = 1, .action = SECCOMP_ACT_TRAP,
			.args = &two, .n_args = 1 },
		{ .names = names, .n_names = 1, .action = SECCOMP_ACT_LOG },
		{ .names = names, .n_names = 1, .action = SECCOMP_ACT_TRACE },
	};
	struct spec_seccomp s = {
		.default_action = SECCOMP_ACT_ERRNO, .syscalls = rules,
		.n_syscalls = 2,
	};
	struct call c = { .arch = AUDIT_ARCH_X86_64, .nr = 1, .args = { 1 } };

	IS_INT(verdict(&s, false, &c), ALLOW);
	s.n_syscalls = 4;
	IS_INT(verdict(&s, false, &c), 0x7ffc0000);
}

/* Programs of exactly so many instructions: 4096 is what the kernel takes. */
static void
test_limit(void)
{
	static const char *const names[] = { "read" };
	static struct spec_seccomp_arg arg[20000];
	struct spec_seccomp_rule rule = {
		.names = names, .n_names = 1, .action = SECCOMP_ACT_ALLOW,
		.args = arg,
	};
	struct spec_seccomp s = {
		.default_action = SECCOMP_ACT_ERRNO, .syscalls = &rule,
		.n_syscalls = 1,
	};
	struct seccomp_how how = {
		.native = calls_arch(SECCOMP_ARCH_S390X),
	};
	struct seccomp_prog prog;
	unsigned n, taken = 0, refused = 0, bad = 0;

	for (n = 0; n < COUNT(arg); n++)
		arg[n] = (struct spec_seccomp_arg) { .index = n % 6,
			.op = SECCOMP_OP_NE, .value = n + 1 };
	for (n = 900; n < 1100; n++) {
		struct arena a = fresh();

		rule.n_args = n;
		if (plan_seccomp(&prog, &s, &how, &a, &why) == 0) {
			struct call c = { .arch = AUDIT_ARCH_S390X, .nr = 3,
				.big_endian = true };

			bad += !bpf_valid(prog.insn, prog.n) || refused ||
				prog.n < taken ||
				bpf_run(prog.insn, &c, NULL) != ALLOW;
			taken = prog.n;
			c.args[(n - 1) % 6] = n;
			bad += bpf_run(prog.insn, &c, NULL) != EPERM_RET;
		} else {
			bad += why.code != E2BIG;
			refused++;
		}
	}
	OK(!bad);
	OK(taken > 4090 && taken <= 4096);
	OK(refused);
	/* far above 65535, where a u16 would wrap */
	struct arena a = fresh();
	rule.n_args = COUNT(arg);
	OK(plan_seccomp(&prog, &s, &how, &a, &why) == -1 && why.code == E2BIG);
	printf("# %s\n", err_str(&why));
}

/* --- The list of calls ---------------------------------------------------- */

static void
test_calls(void)
{
	char name[CALLS_NAME], last[CALLS_NAME] = "";
	unsigned id, bad = 0;

	for (id = 0; id < calls_count; id++) {
		calls_name(id, name);
		bad += strcmp(last, name) >= 0 || calls_id(name) != (int)id;
		strcpy(last, name);
	}
	OK(!bad);
	OK(calls_count > 500);
	OK(calls_id("") == -1 && calls_id("a") == -1 && calls_id("zzz") == -1);
	OK(calls_id("rea") == -1 && calls_id("readx") == -1);
	IS_INT(naive_number(calls_arch(SECCOMP_ARCH_X86_64), "openat2"), 437);
	IS_INT(naive_number(calls_arch(SECCOMP_ARCH_X32), "execve"),
		0x40000208);
	IS_INT(naive_number(calls_arch(SECCOMP_ARCH_MIPS), "openat2"), 4437);
	IS_INT(naive_number(calls_arch(SECCOMP_ARCH_ARM), "set_tls"), 0xf0005);
	IS_INT(naive_number(calls_arch(SECCOMP_ARCH_AARCH64), "open"), -1);
}

int
main(void)
{
	test_calls();
	test_hand();
	test_order();
	test_operators();
	test_limit();
	test_random();
	test_real();
	return done();
}
