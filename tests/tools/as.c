/* SPDX-License-Identifier: MIT */
/* as ID CMD... -- runs CMD as user and group ID with no supplementary group. */
#include <grp.h>
#include <stdlib.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	unsigned id;

	if (argc < 3)
		return 2;
	id = (unsigned)strtoul(argv[1], NULL, 10);
	if (setgroups(0, NULL) || setgid(id) || setuid(id))
		return 125;
	execvp(argv[2], argv + 2);
	return 127;
}
