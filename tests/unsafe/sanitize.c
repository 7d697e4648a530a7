/* SPDX-License-Identifier: MIT */
/* Unsafe: takes the caller's privileges and descriptors as they come. */
#include "sanitize.h"

int
process_sanitize(int argc, struct err *e)
{
	(void)argc;
	(void)e;
	return 0;
}

int
process_keep_fds(unsigned keep, struct err *e)
{
	(void)keep;
	(void)e;
	return 0;
}

int
process_own_signals(struct err *e)
{
	(void)e;
	return 0;
}

int
process_pass_signals(struct err *e)
{
	(void)e;
	return 0;
}

int
process_default_signals(void)
{
	return 0;
}
