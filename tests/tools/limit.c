/* SPDX-License-Identifier: MIT */
/* limit SECONDS CMD... -- runs CMD, kills it when the time is over (124) and
 * when it is ended itself (128 and the signal).  Unlike busybox' timeout no
 * watcher is left behind that keeps pipes open. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static void
over(int sig)
{
	kill(child, SIGKILL);
	_exit(sig == SIGALRM ? 124 : 128 + sig);
}

int
main(int argc, char **argv)
{
	sigset_t ours, before;
	int status;

	if (argc < 3)
		return 2;
	/* until it is known whom to kill */
	sigemptyset(&ours);
	sigaddset(&ours, SIGALRM);
	sigaddset(&ours, SIGTERM);
	sigprocmask(SIG_BLOCK, &ours, &before);
	child = fork();
	if (child < 0)
		return 125;
	if (!child) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	signal(SIGALRM, over);
	signal(SIGTERM, over);
	alarm((unsigned)strtoul(argv[1], NULL, 10));
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (waitpid(child, &status, 0) != child)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
