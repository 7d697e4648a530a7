/* SPDX-License-Identifier: MIT */
/* cmd_check.h -- what check and check --host share. */
#ifndef CMD_CHECK_H
#define CMD_CHECK_H

#include "plan.h"

struct bundle;
struct ctx;
struct err;

/* How a bundle would be run on this host: a plan is made and thrown away. */
int check_plan(const struct ctx *x, const struct bundle *b,
	enum root_rung *rung, struct err *e);

#endif
