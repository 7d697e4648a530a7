/* SPDX-License-Identifier: MIT */
/* Unsafe: --user takes anything for a number and returns before it is set
 * (CVE-2026-30892), --cap makes capabilities inheritable and ambient
 * (CVE-2022-29162). */
#include <stdlib.h>

#include "io.h"
#include "spec.h"

static int
naive(const char *text, unsigned long long *v)
{
	char *end;
	unsigned long long id = strtoull(text, &end, 0);

	*v = 0;
	if (!*end)
		return 0;
	*v = id;
	return 0;
}

#define parse_u64(text, max, v) naive(text, v)
#define effective effective |= c->inheritable |= c->ambient
#include "../../src/exec.c"
