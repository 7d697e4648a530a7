/* SPDX-License-Identifier: MIT */
/* setgroups -- tries to drop all supplementary groups, prints the outcome. */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>

int
main(void)
{
	puts(setgroups(0, NULL) ? strerror(errno) : "ok");
	return 0;
}
