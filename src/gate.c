/* SPDX-License-Identifier: MIT */
/* gate.c -- exec.sock, and the verdict on what became of init. */
#include "gate.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "inroot.h"
#include "io.h"
#include "page.h"
#include "procfs.h"
#include "sys.h"

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

/* An inotify descriptor for the program, or -1: that is no error, since it
 * decides one case in a thousand only.  Its close takes the kernel a grace
 * period of SRCU (13 ms): only those kernels that forget how a process ended
 * have it.  The path is the image's, so it is resolved below init's root, and
 * nothing is opened for reading. */
static int
watch_program(const struct gate *g)
{
	struct err ignored = { 0 };
	char link[32], path[PROCFS_FD_PATH];

	fmt_to(link, sizeof(link), "%d/root", (int)g->init.pid);
	AUTO_FD(root, openat(procfs_fd(), link, O_PATH | O_DIRECTORY |
		O_CLOEXEC));
	AUTO_FD(program, root < 0 || !*g->page->program ||
		!memchr(g->page->program, 0, sizeof(g->page->program)) ? -1 :
		inroot_open(root, g->page->program, O_PATH, &ignored));
	AUTO_FD(watch, inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
	if (program < 0 || watch < 0 || inotify_add_watch(watch,
	    procfs_fd_path(program, path), IN_OPEN) < 0)
		return -1;
	return fd_take(&watch);
}

int
gate_open(struct gate *g, int dir, struct err *e)
{
	struct sockaddr_un addr;

	g->watch = sys_pidfd_keeps_status(g->pidfd) ? -1 : watch_program(g);
	g->conn = gate_socket(dir, &addr, e);
	if (g->conn < 0)
		return -1;
	if (connect(g->conn, (struct sockaddr *)&addr, sizeof(addr)) == 0 &&
	    send(g->conn, &open_byte, 1, MSG_NOSIGNAL) == 1)
		return 0;
	if (errno == ENOENT)
		return err_set(e, EEXIST, "container was started already");
	if (errno == ECONNREFUSED || errno == EPIPE)
		return err_set(e, ESRCH, "container not running: init is gone");
	return err_sys(e, "%s", name);
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
killed(const struct gate *g, int status, const char *when, struct err *e)
{
	const char *who = g->exec ? "the process" : "init";
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	char how[16] = "";

	if (sig && sig != SIGSYS && sig != SIGKILL)
		fmt_to(how, sizeof(how), "by signal %d", sig);
	return err_set(e, ECHILD, "%s died %s the program: killed %s", who,
		when, sig == SIGSYS ? "by a seccomp filter (SIGSYS)" :
		sig == SIGKILL ? "(SIGKILL)" :
		sig ? how : "(SIGKILL, or SIGSYS by a seccomp filter; its "
		"status is gone)");
}

static const char before[] = "before it ran";

/* What is known of an init that is gone.  Of those signals nobody can say
 * whether they hit the last of init or the first of the program. */
static int
verdict_reaped(const struct gate *g, struct err *e)
{
	char event[sizeof(struct inotify_event)];
	int status = 0, sig;
	bool known = task_exit_status(&g->init, g->pidfd, &status) == 1;

	if (g->watch >= 0)
		return read(g->watch, event, sizeof(event)) > 0 ? 1 :
			killed(g, status, before, e);
	if (atomic_load(&g->page->stage) < PAGE_EXEC)
		return killed(g, status, before, e);
	sig = known && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	return sig == SIGKILL || sig == SIGSYS ?
		killed(g, status, "as it ran", e) : 1;
}

int
gate_verdict(const struct gate *g, struct err *e)
{
	struct task_stat st;

	if (wait_for_end(g->conn, e) || page_check(g->page, e))
		return -1;
	if (task_stat_read(g->init.pid, &st, e) == 0 &&
	    st.start == g->init.start)
		return st.never_execed ?
			killed(g, st.exit_status, before, e) : 0;
	err_clear(e);
	return verdict_reaped(g, e);
}
