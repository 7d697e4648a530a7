/* SPDX-License-Identifier: MIT */
/* timing.c -- the clock of run --timing. */
#include "timing.h"

#include <sys/mman.h>
#include <time.h>

#include "err.h"
#include "log.h"
#include "str.h"

struct timing {
	uint64_t last[2];       /* end of the last phase: runtime, init */
	uint64_t ns[PHASE_COUNT];
};

static uint64_t
now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

struct timing *
timing_new(struct err *e)
{
	struct timing *t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (t == MAP_FAILED) {
		err_sys(e, "--timing");
		return NULL;
	}
	/* its start is known in clock ticks only */
	t->ns[PHASE_PROCESS] = now(CLOCK_PROCESS_CPUTIME_ID);
	t->last[0] = now(CLOCK_MONOTONIC);
	return t;
}

void
timing_phase(struct timing *t, unsigned p)
{
	uint64_t *last, at;

	if (!t)
		return;
	at = now(CLOCK_MONOTONIC);
	last = &t->last[p >= PHASE_INIT];
	t->ns[p] += at - *last;
	*last = at;
	if (p == PHASE_CGROUPS)
		t->last[1] = at;
}

void
timing_log(const struct timing *t)
{
	static const char names[PHASE_LOST][8] = {
		"process", "config", "plan", "claim", "cgroups", "clone",
		"setup", "record", "start", "program", "delete",
		"join", "rootfs", "mounts", "devices", "paths", "pivot",
		"names", "lookup", "gate", "confine",
	};
	char text[ERR_TEXT];
	struct str s;

	if (!t)
		return;
	str_init(&s, text, sizeof(text));
	for (unsigned i = 0; i < PHASE_LOST; i++)
		str_add(&s, "%s%.8s=%llu", i == PHASE_INIT ? " init: " : " ",
			names[i], (unsigned long long)t->ns[i] / 1000);
	log_at(LEVEL_INFO, "timing (us):%s", text);
}
