/* SPDX-License-Identifier: MIT */
/* Unsafe: the program runs from the host's file (CVE-2019-5736). */
#include "shield.h"

int
shield_reexec(char **argv, int (*dir)(const void *arg, struct err *e),
	const void *arg, struct err *e)
{
	(void)argv;
	(void)dir;
	(void)arg;
	(void)e;
	return 0;
}
