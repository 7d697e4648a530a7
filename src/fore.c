/* SPDX-License-Identifier: MIT */
/* fore.c -- waits for a program in the place of its caller. */
#include "fore.h"

#include <errno.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "err.h"
#include "io.h"
#include "task.h"

static const int forwarded[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGCONT,
	SIGWINCH,
};

int
fore_begin(struct fore *f, struct err *e)
{
	size_t i;
	sigset_t *set = &f->signals;

	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		return err_sys(e, "subreaper");
	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	for (i = 0; i < COUNT(forwarded); i++)
		sigaddset(set, forwarded[i]);
	return sigprocmask(SIG_BLOCK, set, NULL) ?
		err_sys(e, "signal mask") : 0;
}

void
fore_end(struct fore *f)
{
	sigprocmask(SIG_UNBLOCK, &f->signals, NULL);
}

static int
reap(pid_t program, int *status, struct err *e)
{
	for (;;) {
		int s;
		pid_t pid = waitpid(-1, &s, WNOHANG);

		if (pid == program) {
			*status = s;
			return 1;
		}
		if (pid == 0)
			return 0;
		if (pid < 0 && errno != EINTR)
			return err_sys(e, "wait");
	}
}

int
fore_wait(struct fore *f, const struct task_id *t, int pidfd, int *status,
	struct err *e)
{
	struct err gone = { 0 };

	for (;;) {
		int sig, r = reap(t->pid, status, e);

		if (r)
			return r < 0 ? -1 : 0;
		sig = sigwaitinfo(&f->signals, NULL);
		if (sig < 0 && errno != EINTR)
			return err_sys(e, "wait for a signal");
		if (sig > 0 && sig != SIGCHLD)
			task_signal(t, pidfd, sig, &gone);
	}
}
