/* SPDX-License-Identifier: MIT */
/* swap A B -- the racer: exchanges two names as fast as it can until it is
 * killed, or until whoever started it is gone. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { EXCHANGE = 1 << 1 };

int
main(int argc, char **argv)
{
	cpu_set_t cpus;
	long last = sysconf(_SC_NPROCESSORS_ONLN) - 1;

	if (argc != 3)
		return 2;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (last > 0 && last < CPU_SETSIZE) {
		CPU_ZERO(&cpus);
		CPU_SET((size_t)last, &cpus);
		sched_setaffinity(0, sizeof(cpus), &cpus);
	}
	for (;;)
		if (syscall(SYS_renameat2, AT_FDCWD, argv[1], AT_FDCWD, argv[2],
		    EXCHANGE) && errno != ENOENT && errno != EBUSY) {
			perror("swap");
			return 1;
		}
}
