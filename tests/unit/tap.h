/* SPDX-License-Identifier: MIT */
/* tap.h -- TAP for the unit tests: one test program, one count, on stdout.
 *
 * A failure prints what was compared and where; done() prints the plan and
 * gives main's return value, so a program that dies early has no plan and
 * fails. */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned tap_run, tap_failed, tap_plan;

static inline bool
tap_ok(bool good, const char *what, const char *file, int line)
{
	printf("%sok %u - %s:%d ", good ? "" : "not ", ++tap_run, file, line);
	for (; *what; what++)           /* '#' would start a TAP directive */
		putchar(*what == '#' || *what < ' ' ? '.' : *what);
	putchar('\n');
	tap_failed += !good;
	fflush(stdout);
	return good;
}

/* Prints a text as one "# " comment line. */
static inline void
tap_show(const char *label, const char *s)
{
	printf("#   %s: %s", label, s ? "'" : "NULL");
	for (; s && *s; s++) {
		if (*s == '\n')
			printf("\\n");
		else
			putchar(*s);
	}
	puts(s ? "'" : "");
}

static inline bool
tap_is(const char *got, const char *want, const char *what, const char *file,
	int line)
{
	bool good = got && want ? !strcmp(got, want) : got == want;

	if (!tap_ok(good, what, file, line)) {
		tap_show("got ", got);
		tap_show("want", want);
	}
	return good;
}

static inline bool
tap_is_int(long long got, long long want, const char *what, const char *file,
	int line)
{
	if (!tap_ok(got == want, what, file, line))
		printf("#   got : %lld\n#   want: %lld\n", got, want);
	return got == want;
}

/* All return whether it held. */
#define OK(cond) tap_ok((cond), #cond, __FILE__, __LINE__)
#define IS(got, want) tap_is((got), (want), #got, __FILE__, __LINE__)
#define IS_INT(got, want) \
	tap_is_int((long long)(got), (long long)(want), #got, __FILE__, \
		__LINE__)

/* n tests that can't run here. */
static inline void
tap_skip(unsigned n, const char *why)
{
	while (n--)
		printf("ok %u # SKIP %s\n", ++tap_run, why);
}
#define SKIP(n, why) tap_skip((n), (why))

/* How often a random test runs: less with QUICK, for slow machines. */
static inline unsigned
tap_times(unsigned n)
{
	return getenv("QUICK") ? n / 50 + 1 : n;
}

/* Optional: done() then fails unless exactly n tests ran. */
static inline void
plan_tests(unsigned n)
{
	tap_plan = n;
	printf("1..%u\n", n);
}

/* For "return done();" at the end of main. */
static inline int
done(void)
{
	if (!tap_plan)
		printf("1..%u\n", tap_run);
	else if (tap_plan != tap_run)
		printf("# planned %u, ran %u\n", tap_plan, tap_run);
	if (tap_failed)
		printf("# %u of %u failed\n", tap_failed, tap_run);
	return tap_failed || (tap_plan && tap_plan != tap_run);
}

#endif
