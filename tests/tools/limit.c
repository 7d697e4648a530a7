/* SPDX-License-Identifier: MIT */
/* limit SECONDS CMD... -- runs CMD, kills it when the time is over (124).
 * Unlike busybox' timeout no watcher is left behind that keeps pipes open. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static void
over(int sig)
{
	(void)sig;
	kill(child, SIGKILL);
	_exit(124);
}

int
main(int argc, char **argv)
{
	int status;

	if (argc < 3)
		return 2;
	child = fork();
	if (child < 0)
		return 125;
	if (!child) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	signal(SIGALRM, over);
	alarm((unsigned)strtoul(argv[1], NULL, 10));
	if (waitpid(child, &status, 0) != child)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
