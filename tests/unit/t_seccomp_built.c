/* SPDX-License-Identifier: MIT */
/* The translator that this build has (libseccomp, where it is there) against
 * the naive reading, and our list of calls against libseccomp's. */
#include "calls_all.c"
#include "real.h"

/* Asked by name, so that the test builds without the library as well. */
int seccomp_syscall_resolve_name_arch(uint32_t arch, const char *name)
	__attribute__((weak));
const char *seccomp_version(void) __attribute__((weak));

/* A third is refused for what libseccomp gets wrong. */
enum { PROFILES = 5000 };

/* What the library can express: one condition per argument, and one action for
 * all conditions. */
static void
make_plain(struct profile *p)
{
	unsigned i, j, action = random_below(8);

	/* one other: the library takes its time */
	p->s.architectures = 1u << random_below(SECCOMP_ARCH_LOONGARCH64);
	p->s.architectures &= ~(1u << SECCOMP_ARCH_X32);
	for (i = 0; i < p->s.n_syscalls; i++) {
		struct spec_seccomp_rule *r = &p->rule[i];

		/* with several, some profiles take it minutes */
		if (r->n_args > 1 && i % 8)
			r->n_args = 1;
		for (j = 0; j < r->n_names; j++) {
			if (seccomp_syscall_resolve_name_arch &&
			    seccomp_syscall_resolve_name_arch(0xc000003e,
			    p->name[i][j]) == -1)
				p->name[i][j] = "read";
		}
		for (j = 0; j < r->n_args; j++)
			p->arg[i][j].index = 2 * j + random_below(2);
		if (r->n_args) {
			r->action = action;
			r->has_errno_ret = false;
		}
	}
}

static void
test_random(void)
{
	static struct profile p;
	unsigned i, bad = 0, refused = 0;

	for (i = 0; i < tap_times(PROFILES); i++) {
		struct arena a = fresh();
		struct seccomp_how how = {
			.native = calls_native(), .enosys = random_below(2),
			.time64 = random_below(2),
		};
		struct seccomp_prog prog = { 0 };

		random_profile(&p);
		make_plain(&p);
		if (plan_seccomp(&prog, &p.s, &how, &a, &why)) {
			if (why.code == ENOTSUP || why.code == EINVAL) {
				if (refused++ < 4)
					printf("# %s\n", err_str(&why));
				continue;
			}
			printf("# %s\n", err_str(&why));
		}
		if (!bpf_valid(prog.insn, prog.n) ||
		    !agree_everywhere(&prog, &p.s, &how, 6)) {
			printf("# profile %u: %s\n", i, err_str(&why));
			if (++bad == 5)
				break;
		}
	}
	OK(!bad);
	OK(refused <= tap_times(PROFILES) * 2 / 3);
	printf("# %lu verdicts, %u refused\n", compared, refused);
}

static void
test_real(void)
{
	const struct calls_arch *arch = calls_native();
	struct profile_for whom = {
		.arch = arch->name, .spec = arch->spec, .kernel = { 6, 1 },
	};
	struct seccomp_how how = { .native = arch };
	unsigned k;
	size_t i;

	for (i = 0; i < COUNT(reals); i++) {
		struct spec_seccomp s;
		struct seccomp_prog prog;
		bool good = true;

		if (reals[i].path && access(reals[i].path, R_OK)) {
			SKIP(1, reals[i].path);
			continue;
		}
		for (k = 0; k < 2; k++) {
			struct arena a = fresh();

			how.enosys = how.time64 = !k;
			whom.caps = k ? UINT64_MAX : 0;
			good = real_read(&reals[i], &s, &whom, &a) > 0 && good;
			/* the library has no conditions on x32's 64 bits, and
			 * one byte order for all */
			s.architectures &= 1u << SECCOMP_ARCH_X86 |
				1u << SECCOMP_ARCH_ARM;
			good = good &&
				plan_seccomp(&prog, &s, &how, &a, &why) == 0 &&
				bpf_valid(prog.insn, prog.n) &&
				seccomp_check(&prog, arch, &why) == 0 &&
				agree_on_edges(&prog, &s, &how, arch->audit,
				arch->big_endian);
		}
		if (!good)
			printf("# %s: %s\n", reals[i].name, err_str(&why));
		OK(good);
	}
}

/* For the names that it knows. */
static void
test_resolver(void)
{
	char name[CALLS_NAME];
	unsigned id, spec, bad = 0, same = 0;

	if (!seccomp_syscall_resolve_name_arch) {
		SKIP(2, "no libseccomp in this build");
		return;
	}
	for (spec = 0; spec < 23; spec++) {
		const struct calls_arch *arch = calls_arch(spec);

		for (id = 0; arch && id < calls_count; id++) {
			uint32_t token = spec == SECCOMP_ARCH_X32 ?
				0x4000003e : arch->audit;
			int64_t ours = naive_number(arch,
				calls_name(id, name));
			int nr = seccomp_syscall_resolve_name_arch(token,
				name);

			/* below zero: it has the name elsewhere, or none */
			if (nr < 0)
				continue;
			same += ours == nr;
			if (ours != nr) {
				printf("# %s %s: %lld, libseccomp %d\n",
					arch->name, name, (long long)ours, nr);
				bad++;
			}
		}
	}
	OK(!bad);
	OK(same > 3000);
	printf("# %u numbers compared\n", same);
}

int
main(void)
{
	test_resolver();
	test_random();
	test_real();
	return done();
}
