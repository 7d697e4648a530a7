/* SPDX-License-Identifier: MIT */
/* Unsafe: of the values in conditions only the low word counts. */
#define plan_filter whole_filter
#include "../../src/plan_seccomp.c"
#undef plan_filter

int plan_filter(struct plan *p, const struct spec *spec,
	const struct plan_args *args, struct arena *a, struct err *e);

int
plan_filter(struct plan *p, const struct spec *spec,
	const struct plan_args *args, struct arena *a, struct err *e)
{
	const struct spec_seccomp *s = spec->linux.seccomp;
	unsigned i, j;

	for (i = 0; s && i < s->n_syscalls; i++) {
		for (j = 0; j < s->syscalls[i].n_args; j++) {
			s->syscalls[i].args[j].value &= UINT32_MAX;
			s->syscalls[i].args[j].value_two &= UINT32_MAX;
		}
	}
	return whole_filter(p, spec, args, a, e);
}
