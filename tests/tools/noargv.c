/* SPDX-License-Identifier: MIT */
/* noargv PROGRAM -- runs PROGRAM with an empty argument vector. */
#include <unistd.h>

int
main(int argc, char **argv)
{
	char *none[] = { NULL };

	if (argc != 2)
		return 2;
	execve(argv[1], none, none);
	return 127;
}
