/* SPDX-License-Identifier: MIT */
/* reaper.c -- runs a program and takes in what it orphans, as process 1 does:
 * that of some machines looks only every two seconds, and until then init of a
 * PID namespace can't end, because zap_pid_ns_processes() waits for those whom
 * exec put there.
 *   reaper PROGRAM [ARG...] */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	int status;
	pid_t child, pid;

	if (argc < 2 || prctl(PR_SET_CHILD_SUBREAPER, 1) ||
	    (child = fork()) < 0)
		return 127;
	if (!child) {
		execvp(argv[1], argv + 1);
		fprintf(stderr, "reaper: %s: %s\n", argv[1], strerror(errno));
		_exit(127);
	}
	/* what outlives the program is left to the next reaper */
	while ((pid = wait(&status)) != child)
		if (pid < 0 && errno != EINTR)
			return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
		128 + WTERMSIG(status);
}
