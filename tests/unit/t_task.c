/* SPDX-License-Identifier: MIT */
/* t_task.c -- identity, signals and ends of processes, with pidfds and
 * without. */
#include "task.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "procfs.h"
#include "sys.h"
#include "tap.h"

/* A child that waits to be killed, with this name. */
static struct task_id
sleeper(const char *name)
{
	struct task_id t = { .pid = fork() };
	struct err e = { 0 };

	if (t.pid == 0) {
		prctl(PR_SET_NAME, name);
		for (;;)
			pause();
	}
	OK(task_start_time(t.pid, &t.start, &e) == 0);
	return t;
}

static void
wait_for_state(pid_t pid, char state)
{
	struct task_stat st = { 0 };
	struct err e = { 0 };

	for (int i = 0; i < 1000 && st.state != state; i++) {
		poll(NULL, 0, 5);
		if (task_stat_read(pid, &st, &e))
			return;
	}
}

static void
reading(void)
{
	struct task_stat st, again;
	bool failed;
	struct err e = { 0 };
	struct task_id t;
	uint64_t start;

	OK(task_stat_read(getpid(), &st, &e) == 0);
	IS_INT(st.state, 'R');
	OK(!st.ended && !st.never_execed);
	OK(task_start_time(getpid(), &start, &e) == 0);
	OK(start == st.start && start > 0);

	t = sleeper("a) R 1 (b");
	wait_for_state(t.pid, 'S');
	OK(task_stat_read(t.pid, &again, &e) == 0);
	IS_INT(again.state, 'S');
	OK(again.never_execed);
	OK(again.start >= st.start);
	OK(task_alive(&t, NULL));
	OK(task_alive(&t, &failed) && !failed);
	kill(t.pid, SIGKILL);
	wait_for_state(t.pid, 'Z');
	OK(task_stat_read(t.pid, &again, &e) == 0);
	OK(again.ended && again.never_execed && again.failed);
	IS_INT(again.exit_status, SIGKILL);
	OK(!task_alive(&t, NULL));
	waitpid(t.pid, NULL, 0);
	OK(task_stat_read(t.pid, &again, &e) == -1);
	IS_INT(e.code, ESRCH);
	OK(!task_alive(&t, NULL));
	OK(task_stat_read(0, &again, &e) == -1 && e.code == ESRCH);
	OK(task_stat_read(-1, &again, &e) == -1 && e.code == ESRCH);
}

/* with_pidfd false: as if the kernel had none. */
static void
acting(bool with_pidfd)
{
	struct task_id t = sleeper("target"), other = t;
	struct timespec a, b;
	struct err e = { 0 };
	int pidfd = -7, status = -1;
	long ms;

	other.start++;
	OK(task_open(&other, &pidfd, &e) == -1);
	IS_INT(e.code, ESRCH);
	IS_INT(pidfd, -1);
	OK(!task_alive(&other, NULL));
	OK(task_signal(&other, -1, SIGKILL, &e) == -1);
	IS_INT(e.code, ESRCH);

	OK(task_open(&t, &pidfd, &e) == 0);
	if (!with_pidfd && pidfd >= 0) {
		close(pidfd);
		pidfd = -1;
	}
	OK(task_signal(&t, pidfd, 0, &e) == 0);
	IS_INT(task_exit_status(&t, -1, &status), 0);
	clock_gettime(CLOCK_MONOTONIC, &a);
	IS_INT(task_wait(&t, pidfd, 60, &e), 0);
	clock_gettime(CLOCK_MONOTONIC, &b);
	ms = (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
	OK(ms >= 59 && ms < 5000);
	IS_INT(task_wait(&t, pidfd, 0, &e), 0);
	OK(task_signal(&t, pidfd, SIGTERM, &e) == 0);
	IS_INT(task_wait(&t, pidfd, 5000, &e), 1);
	OK(!task_alive(&t, NULL));
	IS_INT(task_exit_status(&t, pidfd, &status), 1);
	OK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	waitpid(t.pid, NULL, 0);

	IS_INT(task_wait(&t, pidfd, -1, &e), 1);
	OK(task_signal(&t, pidfd, SIGTERM, &e) == -1);
	IS_INT(e.code, ESRCH);
	status = -1;
	if (task_exit_status(&t, pidfd, &status))
		OK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	else
		OK(status == -1);
	if (pidfd >= 0)
		close(pidfd);
}

/* Ends while it is being waited for. */
static void
waiting(bool with_pidfd)
{
	struct task_id t = { .pid = fork() };
	struct err e = { 0 };
	int pidfd = -1, status = -1;

	if (t.pid == 0) {
		poll(NULL, 0, 80);
		_exit(3);
	}
	OK(task_start_time(t.pid, &t.start, &e) == 0);
	if (with_pidfd)
		OK(task_open(&t, &pidfd, &e) == 0);
	IS_INT(task_wait(&t, pidfd, -1, &e), 1);
	IS_INT(task_exit_status(&t, pidfd, &status), 1);
	OK(WIFEXITED(status) && WEXITSTATUS(status) == 3);
	waitpid(t.pid, NULL, 0);
	if (pidfd >= 0)
		close(pidfd);
}

static void *
nap(void *arg)
{
	(void)arg;
	poll(NULL, 0, 400);
	_exit(5);
}

/* A process whose first thread has ended shows as a zombie but is none. */
static void
thread_leader(void)
{
	struct task_id t = { .pid = fork() };
	struct err e = { 0 };
	struct task_stat st;
	pthread_t thread;

	if (t.pid == 0) {
		if (pthread_create(&thread, NULL, nap, NULL))
			_exit(1);
		pthread_exit(NULL);
	}
	wait_for_state(t.pid, 'Z');
	OK(task_stat_read(t.pid, &st, &e) == 0);
	t.start = st.start;
	if (st.ended) {
		SKIP(2, "no threads here");
		waitpid(t.pid, NULL, 0);
		return;
	}
	OK(task_alive(&t, NULL));
	IS_INT(task_wait(&t, -1, 5000, &e), 1);
	waitpid(t.pid, NULL, 0);
}

static void
boot(void)
{
	char a[BOOT_ID], b[BOOT_ID];
	struct err e = { 0 };

	OK(boot_id_read(a, &e) == 0);
	OK(strlen(a) == 36 && strspn(a, "0123456789abcdef-") == 36);
	OK(boot_id_read(b, &e) == 0);
	IS(a, b);
}

int
main(void)
{
	struct task_id me = { .pid = getpid(), .start = 1 };
	struct err e = { 0 };
	bool failed = true;

	/* /proc can't be read: not taken for stopped */
	OK(task_alive(&me, &failed) && !failed);
	OK(procfs_open(&e) == 0);
	OK(!task_alive(&me, NULL));
	reading();
	acting(true);
	acting(false);
	waiting(true);
	waiting(false);
	thread_leader();
	boot();
	return done();
}
