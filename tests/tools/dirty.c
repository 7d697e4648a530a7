/* SPDX-License-Identifier: MIT */
/* dirty PATH CMD... -- runs CMD with the descriptors 3 to 20 open on
 * directories of the host, none of them close-on-exec. */
#include <fcntl.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	const char *dirs[] = { "/", "/sys/fs/cgroup", argc > 1 ? argv[1] : "" };

	if (argc < 3)
		return 2;
	for (int fd = 3; fd <= 20; fd++) {
		int d = open(dirs[fd % 3], O_RDONLY | O_DIRECTORY);

		if (d < 0 || (d != fd && (dup2(d, fd) < 0 || close(d))))
			return 125;
	}
	execvp(argv[2], argv + 2);
	return 127;
}
