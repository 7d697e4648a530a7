/* SPDX-License-Identifier: MIT */
/* task.c -- reads /proc/PID/stat and acts on the process it belongs to. */
#include "task.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "procfs.h"
#include "sys.h"

/* Fields of proc_pid_stat(5). */
enum { STATE = 3, FLAGS = 9, THREADS = 20, START = 22, EXIT_CODE = 52 };
enum { PF_EXITING = 0x4, PF_FORKNOEXEC = 0x40 };
enum { POLL_MIN = 1, POLL_MAX = 50, REAP_WAIT = 1000 };   /* ms */

/* The number in field n; text begins at field 3. */
static int
field(const char *text, int n, uint64_t *v)
{
	unsigned long long u;
	char word[24];
	size_t len;

	for (int i = STATE; i < n; i++) {
		text = strchr(text, ' ');
		if (!text)
			return -1;
		text++;
	}
	len = strcspn(text, " \n");
	if (len >= sizeof(word))
		return -1;
	memcpy(word, text, len);
	word[len] = '\0';
	if (parse_u64(word, UINT64_MAX, &u))
		return -1;
	*v = u;
	return 0;
}

static int
parse_stat(const char *text, struct task_stat *st)
{
	/* comm may hold spaces and parentheses: the fields begin after the last
	 * one. */
	const char *p = strrchr(text, ')');
	uint64_t flags, threads, code;

	if (!p || p[1] != ' ' || p[2] == '\0')
		return -1;
	p += 2;
	if (field(p, FLAGS, &flags) || field(p, THREADS, &threads) ||
	    field(p, START, &st->start))
		return -1;
	st->state = *p;
	st->never_execed = flags & PF_FORKNOEXEC;
	st->failed = st->never_execed && flags & PF_EXITING;
	/* The first thread may be a zombie long before the process ends. */
	st->ended = (*p == 'Z' && threads <= 1) || *p == 'X' || *p == 'x';
	/* 3.5; hidden as 0 from who may not ptrace */
	st->exit_status = field(p, EXIT_CODE, &code) ? 0 : (int)code;
	return 0;
}

/* -1 with errno; ESRCH no such process. */
static int
read_stat(pid_t pid, struct task_stat *st)
{
	char name[32], text[1024];
	ssize_t n;

	if (pid <= 0) {
		errno = ESRCH;
		return -1;
	}
	fmt_to(name, sizeof(name), "%d/stat", pid);
	AUTO_FD(fd, procfs_open_path(name, O_RDONLY));
	n = fd < 0 ? -1 : read_kernel(fd, text, sizeof(text) - 1);
	if (n < 0) {
		if (errno == ENOENT)
			errno = ESRCH;
		return -1;
	}
	text[n] = '\0';
	if (parse_stat(text, st)) {
		errno = EPROTO;
		return -1;
	}
	return 0;
}

int
task_stat_read(pid_t pid, struct task_stat *st, struct err *e)
{
	return read_stat(pid, st) ? err_sys(e, "/proc/%d/stat", pid) : 0;
}

int
task_start_time(pid_t pid, uint64_t *start, struct err *e)
{
	struct task_stat st;

	if (task_stat_read(pid, &st, e))
		return -1;
	*start = st.start;
	return 0;
}

/* The process is there, maybe as a zombie.  -1 with errno. */
static int
compare(const struct task_id *t, struct task_stat *st)
{
	if (read_stat(t->pid, st))
		return -1;
	if (st->start == t->start)
		return 0;
	errno = ESRCH;
	return -1;
}

/* 1 alive, 0 ended, -1 with errno. */
static int
alive(const struct task_id *t, bool *failed)
{
	struct task_stat st;

	*failed = false;
	if (compare(t, &st))
		return errno == ESRCH ? 0 : -1;
	*failed = st.failed;
	return !st.ended;
}

bool
task_alive(const struct task_id *t, bool *failed)
{
	bool ignored;

	return alive(t, failed ? failed : &ignored) != 0;
}

int
task_open(const struct task_id *t, int *pidfd, struct err *e)
{
	AUTO_FD(fd, t->pid > 0 ? sys_pidfd_open(t->pid) : -1);
	struct task_stat st;

	*pidfd = -1;
	if (compare(t, &st))
		return err_sys(e, "process %d", t->pid);
	*pidfd = fd_take(&fd);
	return 0;
}

int
task_signal(const struct task_id *t, int pidfd, int sig, struct err *e)
{
	struct task_stat st;

	if (pidfd >= 0) {
		if (sys_pidfd_send_signal(pidfd, sig) == 0)
			return 0;
		if (!sys_absent(errno))
			return err_sys(e, "process %d: signal %d", t->pid, sig);
	}
	if (compare(t, &st) || kill(t->pid, sig))
		return err_sys(e, "process %d: signal %d", t->pid, sig);
	return 0;
}

static int64_t
now_ms(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Milliseconds until end, at most cap; end < 0 is never. */
static int
until(int64_t end, int cap)
{
	int64_t left = end < 0 ? cap : end - now_ms();

	return left < 0 ? 0 : left < cap ? (int)left : cap;
}

/* 1 the pidfd says it ended, 0 time is up, -1 with errno. */
static int
wait_pidfd(int pidfd, int64_t end)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	int r;

	do
		r = poll(&p, 1, end < 0 ? -1 : until(end, INT32_MAX));
	while (r < 0 && errno == EINTR);
	if (r > 0 && p.revents & POLLNVAL) {
		errno = EBADF;
		return -1;
	}
	return r;
}

int
task_wait(const struct task_id *t, int pidfd, int timeout, struct err *e)
{
	int64_t end = timeout < 0 ? -1 : now_ms() + timeout;
	int r, ms, step = POLL_MIN;
	bool failed;

	r = pidfd < 0 ? 1 : wait_pidfd(pidfd, end);
	if (r < 0)
		return err_sys(e, "process %d: wait", t->pid);
	if (r == 0)
		return 0;
	/* Without a pidfd, and where it can't be polled (5.2 says it is ready
	 * at once), look again and again. */
	while ((r = alive(t, &failed)) > 0) {
		ms = until(end, step);
		if (ms == 0)
			return 0;
		poll(NULL, 0, ms);
		step = step * 2 < POLL_MAX ? step * 2 : POLL_MAX;
	}
	return r < 0 ? err_sys(e, "process %d", t->pid) : 1;
}

int
task_exit_status(const struct task_id *t, int pidfd, int *status)
{
	int64_t end = now_ms() + REAP_WAIT;
	struct task_stat st;

	if (compare(t, &st) == 0) {
		*status = st.exit_status;
		/* 0 may also mean that it is hidden from us. */
		return st.ended && (*status || kill(t->pid, 0) == 0);
	}
	if (pidfd < 0)
		return 0;
	/* Just now it may be between zombie and gone. */
	while (sys_pidfd_exit_status(pidfd, status)) {
		if (errno != EAGAIN || now_ms() > end)
			return 0;
		poll(NULL, 0, POLL_MIN);
	}
	return 1;
}

int
task_code(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
		WEXITSTATUS(status);
}

int
boot_id_read(char id[BOOT_ID], struct err *e)
{
	static const char name[] = "sys/kernel/random/boot_id";
	char text[BOOT_ID + 1];
	ssize_t n;

	/* A plain lookup: some containers mount a boot_id of their own here. */
	n = read_small_at(procfs_fd(), name, text, sizeof(text));
	if (n < 0)
		return err_sys(e, "/proc/%s", name);
	if (n != BOOT_ID || text[BOOT_ID - 1] != '\n')
		return err_set(e, EPROTO, "/proc/%s: not an id", name);
	memcpy(id, text, BOOT_ID - 1);
	id[BOOT_ID - 1] = '\0';
	return 0;
}
