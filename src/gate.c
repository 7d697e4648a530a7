/* SPDX-License-Identifier: MIT */
/* gate.c -- exec.sock, and the verdict on what became of init. */
#include "gate.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "page.h"
#include "task.h"

static const char name[] = "exec.sock";
static const char open_byte = 1;

static int
gate_socket(int dir, struct sockaddr_un *addr, struct err *e)
{
	int fd;

	if (fchdir(dir))
		return err_sys(e, "state directory");
	memset(addr, 0, sizeof(*addr));
	addr->sun_family = AF_UNIX;
	memcpy(addr->sun_path, name, sizeof(name));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return fd >= 0 ? fd : err_sys(e, "%s: socket", name);
}

int
gate_listen(int dir, struct err *e)
{
	struct sockaddr_un addr;
	AUTO_FD(fd, gate_socket(dir, &addr, e));

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 1))
		return err_sys(e, "%s", name);
	return fd_take(&fd);
}

int
gate_wait(int sock, struct err *e)
{
	for (;;) {
		AUTO_FD(conn, accept4(sock, NULL, NULL, SOCK_CLOEXEC));
		char c;

		if (conn < 0 && errno != EINTR && errno != ECONNABORTED)
			return err_sys(e, "%s: accept", name);
		if (conn >= 0 && read_full(conn, &c, 1) == 1 && c == open_byte)
			return fd_take(&conn);
	}
}

int
gate_open(int dir, struct err *e)
{
	struct sockaddr_un addr;
	AUTO_FD(fd, gate_socket(dir, &addr, e));

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    send(fd, &open_byte, 1, MSG_NOSIGNAL) != 1) {
		if (errno == ECONNREFUSED || errno == ENOENT || errno == EPIPE)
			return err_set(e, ESRCH, "container not running: init "
				"is gone");
		return err_sys(e, "%s", name);
	}
	return fd_take(&fd);
}

static int
wait_for_end(int conn, struct err *e)
{
	char c;
	ssize_t r;

	for (;;) {
		r = recv(conn, &c, 1, 0);
		if (r == 0 || (r < 0 && errno == ECONNRESET))
			return 0;
		if (r < 0 && errno != EINTR)
			return err_sys(e, "%s", name);
	}
}

static int
killed(int status, struct err *e)
{
	static const char what[] = "init died before it ran the program";

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return err_set(e, ECHILD, "%s: killed by a seccomp filter "
			"(SIGSYS)", what);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return err_set(e, ECHILD, "%s: killed (SIGKILL; out of "
			"memory?)", what);
	if (WIFSIGNALED(status))
		return err_set(e, ECHILD, "%s: killed by signal %d", what,
			WTERMSIG(status));
	return err_set(e, ECHILD, "%s", what);
}

int
gate_verdict(int conn, const struct page *page, const struct task_id *id,
	int pidfd, struct err *e)
{
	struct task_stat st;
	int status = 0;
	bool known;

	if (wait_for_end(conn, e) || page_check(page, e))
		return -1;
	if (task_stat_read(id->pid, &st, e) == 0 && st.start == id->start) {
		if (!st.never_execed)
			return 0;
		return killed(st.exit_status, e);
	}
	err_clear(e);
	/* Reaped already.  What is left is the last thing init said, and on
	 * Linux 6.15 and later the exit status that the pidfd remembers: init
	 * itself never exits behind PAGE_EXEC without a failure in the page, so
	 * only a signal there can mean that execve did not happen. */
	known = task_exit_status(id, pidfd, &status) == 1;
	if (atomic_load(&page->stage) < PAGE_EXEC ||
	    (known && WIFSIGNALED(status)))
		return killed(status, e);
	return 0;
}
