/* SPDX-License-Identifier: MIT */
/* f_seccomp.c -- fuzzes the way from a seccomp profile to a program
 * (libFuzzer).
 *
 * The input is JSON, or else decides what a random profile is made of.  What
 * comes out must be a program that the kernel takes, no longer than a list of
 * tests would be, and judge calls as the naive reading does. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../src/plan_seccomp.c"
#include "../../src/plan_seccomp_raw.c"
#include "../../src/profile.c"
#include "calls_all.c"
#include "random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(cond) \
	do { \
		if (!(cond)) { \
			fprintf(stderr, "f_seccomp: %s: %s\n", #cond, \
				err_str(&why)); \
			abort(); \
		} \
	} while (0)

enum { CALLS = 400, NAMES = 4096 };

static const struct calls_arch *
random_arch(void)
{
	const struct calls_arch *arch = NULL;

	while (!arch)
		arch = calls_arch(random_below(23));
	return arch;
}

/* A test and a return for each call, six instructions for a condition. */
static unsigned
plain_length(const struct spec_seccomp *s)
{
	unsigned i, n = 16;

	for (i = 0; i < s->n_syscalls; i++) {
		const struct spec_seccomp_rule *r = &s->syscalls[i];

		/* a name may have a twin and stand behind ipc as well */
		n += r->n_names * 3 * (6 * r->n_args + 4);
	}
	return n * 12;
}

static void
compare(const struct seccomp_prog *prog, const struct spec_seccomp *s,
	const struct seccomp_how *how)
{
	static struct naive_set set;
	struct call c = { 0 };
	unsigned i;

	for (i = 0; i < CALLS; i++) {
		if (i % 40 == 0) {
			const struct calls_arch *arch = random_arch();

			c.arch = random_below(8) ? arch->audit :
				random_below(UINT32_MAX);
			c.big_endian = arch->big_endian;
			naive_set_load(&set, s, how, c.arch);
		}
		c.nr = random_below(8) ? random_below(600) +
			(set.n ? set.one[0].arch->base : 0) :
			(uint32_t)random_edge();
		if (set.n && set.one[0].arch->column == CALLS_X86_64 && i % 2)
			c.nr |= 0x40000000;
		random_args(s, &c);
		MUST(agree(prog, &set, &c));
	}
}

static int
from_json(struct spec_seccomp *s, const uint8_t *data, size_t size,
	const struct calls_arch *arch, struct arena *a)
{
	struct profile_for whom = {
		.arch = arch->name, .spec = arch->spec, .caps = 0x1234567,
		.kernel = { 5, 4 },
	};
	int fd = memfd_create("profile", MFD_CLOEXEC);
	unsigned i, names = 0;
	bool good;

	MUST(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	good = profile_read(s, fd, "f", &whom, a, &why) == 0;
	close(fd);
	MUST(good == (*err_str(&why) == '\0'));
	for (i = 0; good && i < s->n_syscalls; i++)
		names += s->syscalls[i].n_names;
	return good && names <= NAMES;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct profile p;
	struct arena a = fresh();
	struct seccomp_prog prog;
	struct seccomp_how how;
	bool json = size && *data == '{';

	seed = 1 + size;
	fuel = data;
	fuel_end = json ? data : data + size;
	how = (struct seccomp_how) {
		.native = random_arch(), .enosys = random_below(2),
		.time64 = random_below(2),
	};
	if (!json)
		random_profile(&p);
	else if (!from_json(&p.s, data, size, how.native, &a))
		return 0;
	if (plan_seccomp(&prog, &p.s, &how, &a, &why)) {
		MUST(why.code == E2BIG || why.code == EINVAL ||
			why.code == ENOMEM);
		return 0;
	}
	MUST(bpf_valid(prog.insn, prog.n));
	MUST(prog.n <= plain_length(&p.s));
	compare(&prog, &p.s, &how);
	return 0;
}
