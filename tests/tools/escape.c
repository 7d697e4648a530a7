/* SPDX-License-Identifier: MIT */
/* escape FILE -- the classic way out of a chroot: make another one below and
 * climb up from a directory that is outside of it.  Says "out" and fails if
 * FILE can then be seen. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	int top = open("/", O_RDONLY | O_DIRECTORY);

	if (argc != 2 || top < 0)
		return 2;
	mkdir("cell", 0700);
	if (chroot("cell") || fchdir(top)) {
		perror("escape");
		return 2;
	}
	for (int i = 0; i < 64; i++)
		if (chdir("..")) {
			perror("escape: ..");
			return 2;
		}
	if (!access(argv[1] + (argv[1][0] == '/'), F_OK)) {
		puts("out");
		return 1;
	}
	puts("in");
	return 0;
}
