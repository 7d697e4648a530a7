/* SPDX-License-Identifier: MIT */
/* fore.c -- waits for a program in the foreground. */
#include "fore.h"

#include <errno.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "notify.h"
#include "relay.h"
#include "task.h"

/* Everything else that would end us goes to the program.  What tells of a fault
 * of our own stays, and so does what stops a job. */
static const int kept[] = {
	SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGABRT,
	SIGTSTP, SIGTTIN, SIGTTOU, SIGURG,
};

bool
fore_sent(int code, pid_t sender)
{
	return code <= 0 && sender != getpid();
}

int
fore_begin(struct fore *f, struct err *e)
{
	size_t i;

	f->sigfd = f->in.from = f->out.to = f->flags[0] = f->flags[1] = -1;
	f->raw = f->hung = false;
	/* orphans of a program that shares our PID namespace */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		return err_sys(e, "subreaper");
	sigfillset(&f->signals);
	for (i = 0; i < COUNT(kept); i++)
		sigdelset(&f->signals, kept[i]);
	if (f->master >= 0)     /* our terminal must not be left raw */
		sigaddset(&f->signals, SIGTSTP);
	if (sigprocmask(SIG_BLOCK, &f->signals, NULL))
		return err_sys(e, "signal mask");
	if (f->notify && notify_async(f->notify, e))
		return -1;
	return f->master < 0 ? 0 : relay_begin(f, e);
}

void
fore_end(struct fore *f)
{
	if (f->master >= 0)
		relay_end(f);
	f->master = -1;
}

/* Reaps everything that has ended, orphans of the container among them.  1:
 * pid was one of them, with *status. */
static int
reap(pid_t pid, int *status, struct err *e)
{
	for (;;) {
		int s;
		pid_t got = waitpid(-1, &s, WNOHANG);

		if (got == pid) {
			*status = s;
			return 1;
		}
		if (got == 0)
			return 0;
		if (got < 0 && errno != EINTR)
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
		siginfo_t info;

		if (r > 0 && f->master >= 0)
			relay_drain(f);
		if (r > 0 && f->notify)
			notify_drain(f->notify);
		if (r)
			return r < 0 ? -1 : 0;
		if (f->master >= 0) {
			sig = relay_wait(f);
		} else {
			sig = sigwaitinfo(&f->signals, &info);
			f->sent = sig > 0 && fore_sent(info.si_code,
				info.si_pid);
		}
		if (sig < 0 && errno != EINTR)
			return err_sys(e, "wait for a signal");
		/* Also a late one, of what came behind the message; and one
		 * that somebody has sent, since the kernel's may be lost in
		 * it: both are pending as one. */
		if (sig == SIGIO && f->notify) {
			notify_take(f->notify);
			if (!f->sent)
				continue;
		}
		/* an unreaped child: its pid is no one else's */
		if (sig > 0 && sig != SIGCHLD && sig != SIGPIPE)
			task_signal(t, pidfd, sig, &gone);
	}
}
