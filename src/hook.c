/* SPDX-License-Identifier: MIT */
/* hook.c -- starts a hook, watches it and tells how it ended. */
#include "hook.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "log.h"
#include "names.h"
#include "sanitize.h"
#include "spec.h"
#include "spec_decode.h"
#include "sys.h"

enum {
	TELL = 3,               /* descriptor of the child */
	KEPT = 4096,            /* of the output */
	SHOWN = 640,            /* of that in an error's text */
	STEP_MIN = 1, STEP_MAX = 20, /* ms, where there is no pidfd */
};

/* One hook that runs. */
struct run {
	pid_t pid;
	int pidfd;              /* -1: waited for by looking again and again */
	int out;                /* what it prints; -1: closed by it */
	int failed;             /* errno of its execve, once it is gone */
	int64_t end;            /* ms of the monotonic clock, -1: never */
	int status;             /* of wait */
	size_t len;
	char text[KEPT];
};

static int64_t
now_ms(void)
{
	struct timespec t;

	/* a clock that is set while the hook runs is no reason to kill it */
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
enter_cwd(const struct hook_how *how)
{
	if (!how->cwd || chdir(how->cwd) == 0)
		return 0;
	return how->cwd_may_fail && errno == EACCES ? chdir("/") : -1;
}

/* Descriptors 0 to 3: the state, the output twice, and where errno goes. */
static int
lay_out(const struct hook_how *how, int out, int failed)
{
	return lseek(how->state, 0, SEEK_SET) != 0 ||
		dup2(how->state, 0) < 0 || dup2(out, 1) < 0 ||
		dup2(out, 2) < 0 || dup3(failed, TELL, O_CLOEXEC) < 0 ?
		-1 : sys_close_range(TELL + 1, FD_CLOSE);
}

/* In the child: becomes the hook, or tells errno and goes. */
static void
become(const struct spec_hook *h, const struct hook_how *how, int out,
	int failed)
{
	const char *const alone[] = { h->path, NULL };
	static const char *const nothing[] = { NULL };
	const char *const *argv = h->n_args ? h->args : alone;
	const char *const *envp = h->n_env ? h->env : nothing;

	if (lay_out(how, out, failed) == 0)
		failed = TELL;
	/* A session of its own: one signal ends all of it, and a terminal of
	 * ours is not its (CVE-2016-10124). */
	if (failed == TELL && setsid() >= 0 && enter_cwd(how) == 0 &&
	    process_default_signals() == 0) {
		if (how->umask != HOOK_UMASK)
			umask(how->umask);
		execve(h->path, (char *const *)(uintptr_t)argv,
			(char *const *)(uintptr_t)envp);
	}
	write_all(failed, &errno, sizeof(errno));
	_exit(127);
}

/* The reading end does not block; both are above what lay_out fills. */
static int
make_pipe(int p[2])
{
	int i, fd;

	if (pipe2(p, O_CLOEXEC)) {
		p[0] = p[1] = -1;
		return -1;
	}
	for (i = 0; i < 2; i++) {
		fd = fcntl(p[i], F_DUPFD_CLOEXEC, TELL + 1);
		if (fd < 0)
			return -1;
		close(p[i]);
		p[i] = fd;
	}
	return fcntl(p[0], F_SETFL, O_NONBLOCK);
}

static int
start(struct run *r, const struct spec_hook *h, const struct hook_how *how)
{
	int out[2], failed[2] = { -1, -1 };
	bool ignored;

	if (make_pipe(out) || make_pipe(failed))
		r->pid = -1;
	else
		r->pid = sys_clone(0, -1, &r->pidfd, &ignored);
	if (r->pid == 0)
		become(h, how, out[1], failed[1]);
	fd_drop(&out[1]);
	fd_drop(&failed[1]);
	if (r->pid < 0) {
		fd_drop(&out[0]);
		fd_drop(&failed[0]);
		return -1;
	}
	r->out = out[0];
	r->failed = failed[0];
	return 0;
}

/* Takes what there is; the beginning is kept. */
static void
take_output(struct run *r)
{
	char rest[KEPT];
	ssize_t n;

	do {
		size_t room = sizeof(r->text) - r->len;

		n = read(r->out, room ? r->text + r->len : rest,
			room ? room : sizeof(rest));
		if (n > 0 && room)
			r->len += (size_t)n;
	} while (n < 0 && errno == EINTR);
	if (n == 0 || (n < 0 && errno != EAGAIN)) {
		close(r->out);
		r->out = -1;
	}
}

/* 1 it ended, 0 not yet. */
static int
ended(struct run *r)
{
	pid_t pid;

	do
		pid = waitpid(r->pid, &r->status, WNOHANG);
	while (pid < 0 && errno == EINTR);
	/* somebody who ignores SIGCHLD lets the kernel reap: no status */
	if (pid < 0)
		r->status = 0x7f00;
	return pid != 0;
}

static void
kill_all(struct run *r)
{
	kill(-r->pid, SIGKILL);
	kill(r->pid, SIGKILL);
	while (waitpid(r->pid, &r->status, 0) < 0 && errno == EINTR)
		;
}

/* 0 it ended, 1 its time was up and it was killed. */
static int
watch(struct run *r)
{
	int step = STEP_MIN;

	while (!ended(r)) {
		struct pollfd p[2] = {
			{ .fd = r->out, .events = POLLIN },
			{ .fd = r->pidfd, .events = POLLIN },
		};
		int64_t left = r->end < 0 ? INT32_MAX : r->end - now_ms();
		int wait = r->end < 0 && r->pidfd >= 0 ? -1 :
			left < INT32_MAX ? (int)left : INT32_MAX;

		if (left <= 0) {
			kill_all(r);
			return 1;
		}
		if (r->pidfd < 0) {
			wait = left < step ? (int)left : step;
			step = step * 2 < STEP_MAX ? step * 2 : STEP_MAX;
		}
		if (poll(p, 2, wait) <= 0)
			continue;
		if (p[0].revents)
			take_output(r);
		/* Linux 5.2 says so at once, whatever is true */
		if (p[1].revents && ended(r))
			break;
		if (p[1].revents) {
			close(r->pidfd);
			r->pidfd = -1;
		}
	}
	return 0;
}

/* One line, of what can be read. */
static void
shorten(struct run *r)
{
	size_t i;

	while (r->len && (unsigned char)r->text[r->len - 1] <= ' ')
		r->len--;
	if (r->len > SHOWN)
		r->len = SHOWN;
	for (i = 0; i < r->len; i++) {
		if ((unsigned char)r->text[i] < ' ' || r->text[i] == 0x7f)
			r->text[i] = ' ';
	}
}

static int
verdict(struct run *r, const struct spec_hook *h, bool late, struct err *e)
{
	int code;

	if (read_full(r->failed, &code, sizeof(code)) == sizeof(code)) {
		errno = code;
		return err_sys(e, "exec");
	}
	if (!late && WIFEXITED(r->status) && WEXITSTATUS(r->status) == 0)
		return 0;
	if (late)
		err_set(e, ETIMEDOUT, "killed: it took longer than %u s",
			(unsigned)h->timeout);
	else if (WIFSIGNALED(r->status))
		err_set(e, ECHILD, "killed by signal %d", WTERMSIG(r->status));
	else
		err_set(e, ECHILD, "exit status %d", WEXITSTATUS(r->status));
	if (r->out >= 0)
		take_output(r);
	shorten(r);
	if (r->len)
		err_hint(e, "it said: %.*s", (int)r->len, r->text);
	return -1;
}

static int
run_one(const struct spec_hook *h, const struct hook_how *how, struct err *e)
{
	struct run r = {
		.pidfd = -1, .out = -1, .failed = -1,
		.end = h->has_timeout ? now_ms() +
			h->timeout * INT64_C(1000) : -1,
	};
	int ret;

	if (start(&r, h, how))
		return err_sys(e, "start");
	ret = verdict(&r, h, watch(&r), e);
	fd_drop(&r.out);
	fd_drop(&r.failed);
	fd_drop(&r.pidfd);
	return ret;
}

int
hook_run(const struct spec_hooks *h, const struct hook_how *how, struct err *e)
{
	unsigned i;

	for (i = 0; i < h->n_list[how->kind]; i++) {
		const struct spec_hook *one = &h->list[how->kind][i];

		if (run_one(one, how, e) == 0)
			continue;
		err_ctx(e, "hooks.%s[%u] %s",
			names_text(&hook_names, how->kind), i, one->path);
		if (how->kind != HOOK_POSTSTOP)
			return -1;
		log_at(LEVEL_WARNING, "%s", err_str(e));
		err_clear(e);
	}
	return 0;
}

int
hook_run_from(const struct spec_hooks *h, struct hook_how *how,
	const struct hook_source *s, pid_t pid, struct err *e)
{
	AUTO_FD(state, -1);

	if (!h || !h->n_list[how->kind])
		return 0;
	state = s->open(s->arg, how->kind, pid, e);
	if (state < 0)
		return -1;
	how->state = state;
	return hook_run(h, how, e);
}
