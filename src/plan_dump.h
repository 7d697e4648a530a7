/* SPDX-License-Identifier: MIT */
/* plan_dump.h -- what the files that print a plan share. */
#ifndef PLAN_DUMP_H
#define PLAN_DUMP_H

#include <stdbool.h>

struct plan;

struct out {
	int fd;
	bool failed;            /* a write did; plan_dump reports it */
};

/* Writes one line; the newline is added. */
void plan_line(struct out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The cgroups, their limits and the access to devices. */
void plan_dump_cgroups(struct out *o, const struct plan *p);

#endif
