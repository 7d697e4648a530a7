/* SPDX-License-Identifier: MIT */
/* idmap.c -- id maps: written through the trusted /proc where we may, else by
 * the setuid helpers newuidmap and newgidmap (shadow). */
#include "idmap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "plan.h"
#include "procfs.h"
#include "sys.h"

enum {
	LINES = 340,            /* user_namespaces(7); 5 before Linux 4.15 */
	LINE = 33,              /* "4294967295 4294967295 4294967295\n" */
	SHOWN = 200,            /* of what a helper prints */
};

static int
write_map(pid_t pid, const char *file, const struct idmap_op *map, unsigned n,
	struct err *e)
{
	char text[LINES * LINE + 1];
	size_t len = 0;
	unsigned i;
	int r;

	for (i = 0; i < n; i++) {
		r = fmt_to(text + len, sizeof(text) - len, "%u %u %u\n",
			(unsigned)map[i].inside, (unsigned)map[i].outside,
			(unsigned)map[i].size);
		if (r < 0 || (size_t)r >= sizeof(text) - len)
			return err_set(e, E2BIG, "%s", file);
		len += (size_t)r;
	}
	if (procfs_write(pid, file, text, e) == 0)
		return 0;
	if (e->code == EINVAL && n > 5)
		err_hint(e, "%u lines: Linux takes less than a page, and 5 "
			"before 4.15", n);
	return -1;
}

/* --- Helpers -------------------------------------------------------------- */

/* Never from PATH: whoever sets that must not choose what gets our pid. */
static const char *
find_helper(const char *name, char *buf, size_t size)
{
	static const char dirs[][18] = {
		"/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin",
		"/run/wrappers/bin",
	};
	size_t i;

	for (i = 0; i < COUNT(dirs); i++) {
		fmt_to(buf, size, "%s/%s", dirs[i], name);
		if (faccessat(AT_FDCWD, buf, X_OK, 0) == 0)
			return buf;
	}
	return NULL;
}

/* In the child: NAME PID INSIDE OUTSIDE SIZE...  It gets no environment, no
 * descriptor and no signal setting of the caller's. */
static void
become_helper(const char *path, pid_t pid, const struct idmap_op *map,
	unsigned n, int out)
{
	char text[LINES * 3 + 1][sizeof("4294967295")];
	char *argv[LINES * 3 + 3], *env[] = { NULL };
	const struct sigaction sa = { .sa_handler = SIG_DFL };
	int null = openat(AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC);
	unsigned i, k, arg = 0;
	sigset_t none;

	for (i = 1; i < NSIG; i++)
		sigaction((int)i, &sa, NULL);
	sigemptyset(&none);
	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 ||
	    dup2(out, 2) < 0 || sys_close_range(3, FD_CLOSE) ||
	    sigprocmask(SIG_SETMASK, &none, NULL))
		return;
	fmt_to(text[0], sizeof(text[0]), "%d", (int)pid);
	for (i = 0; i < n && i < LINES; i++) {
		const uint32_t v[] = {
			map[i].inside, map[i].outside, map[i].size,
		};

		for (k = 0; k < COUNT(v); k++)
			fmt_to(text[++arg], sizeof(text[0]), "%u",
				(unsigned)v[k]);
	}
	argv[0] = (char *)(uintptr_t)path;
	for (i = 0; i <= arg; i++)
		argv[i + 1] = text[i];
	argv[arg + 2] = NULL;
	execve(path, argv, env);
}

/* The first line that it printed, into buf; the rest is read and dropped. */
static void
first_line(int fd, char *buf, size_t size)
{
	char rest[256];
	size_t len = 0;
	ssize_t n;

	for (;;) {
		bool room = len < size - 1;

		n = read(fd, room ? buf + len : rest,
			room ? size - 1 - len : sizeof(rest));
		if (n == 0 || (n < 0 && errno != EINTR))
			break;
		if (n > 0 && room)
			len += (size_t)n;
	}
	buf[len] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
}

static int
helper_map(const char *name, pid_t pid, const struct idmap_op *map, unsigned n,
	struct err *e)
{
	char path[64], said[SHOWN];
	int out[2], status;
	bool ignored;
	pid_t child;

	if (!find_helper(name, path, sizeof(path)))
		return err_set(e, ENOENT, "%s: not installed, and only it can "
			"map more than our own id (package uidmap or shadow)",
			name);
	if (pipe2(out, O_CLOEXEC))
		return err_sys(e, "%s: pipe", name);
	child = sys_clone(0, -1, NULL, &ignored);
	if (child == 0) {
		become_helper(path, pid, map, n, out[1]);
		_exit(127);
	}
	close(out[1]);
	AUTO_FD(in, out[0]);
	if (child < 0)
		return err_sys(e, "%s: fork", name);
	first_line(in, said, sizeof(said));
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return err_sys(e, "%s: wait", name);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	err_set(e, EPERM, "%s: %s", path, *said ? said :
		"it failed and does not say why");
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) > 0 ?
		err_hint(e, "no_new_privs: it can't be setuid") : -1;
}

int
idmap_write(pid_t pid, const struct plan *p, struct err *e)
{
	/* Linux < 3.19 has no setgroups file and nothing to deny */
	if (p->groups_denied && procfs_write(pid, "setgroups", "deny", e) &&
	    e->code != ENOENT)
		return err_ctx(e, "user namespace");
	err_clear(e);
	if ((p->gid_helper ?
	     helper_map("newgidmap", pid, p->gid_map, p->n_gid_map, e) :
	     write_map(pid, "gid_map", p->gid_map, p->n_gid_map, e)) ||
	    (p->uid_helper ?
	     helper_map("newuidmap", pid, p->uid_map, p->n_uid_map, e) :
	     write_map(pid, "uid_map", p->uid_map, p->n_uid_map, e)))
		return err_ctx(e, "user namespace");
	return 0;
}

/* --- The maps of a namespace that was joined ------------------------------ */

/* Lines of INSIDE OUTSIDE SIZE. */
static bool
map_has(const char *text, uint32_t id)
{
	uint64_t v[3] = { 0, 0, 0 };
	unsigned i = 0;

	for (; *text; text++) {
		if (*text >= '0' && *text <= '9') {
			v[i] = v[i] * 10 + (uint64_t)(*text - '0');
			if (text[1] >= '0' && text[1] <= '9')
				continue;
			if (++i < COUNT(v))
				continue;
			if (id >= v[0] && id - v[0] < v[2])
				return true;
			v[0] = v[1] = v[2] = i = 0;
		}
	}
	return false;
}

static int
read_self(const char *name, char *buf, size_t size, struct err *e)
{
	AUTO_FD(fd, procfs_self_openat(name, O_RDONLY));
	ssize_t n = fd < 0 ? -1 : read_full(fd, buf, size - 1);

	if (n < 0)
		return err_sys(e, "user namespace: %s", name);
	buf[n] = '\0';
	return 0;
}

static int
check_groups(const struct plan *p, const char *map, struct err *e)
{
	char text[8];
	unsigned i;

	for (i = 0; i < p->n_groups; i++) {
		if (!map_has(map, p->groups[i]))
			return err_set(e, EINVAL, "process.user.additionalGids"
				"[%u]: not mapped in the user namespace", i);
	}
	if (!p->n_groups || read_self("setgroups", text, sizeof(text), e) ||
	    strncmp(text, "deny", 4)) {
		err_clear(e);
		return 0;
	}
	return err_set(e, EPERM, "process.user.additionalGids: setgroups is "
		"denied in the user namespace");
}

int
idmap_check(const struct plan *p, struct err *e)
{
	char map[LINES * LINE + 1];

	if (read_self("uid_map", map, sizeof(map), e))
		return -1;
	if (!map_has(map, p->uid))
		return err_set(e, EINVAL, "process.user.uid %u: not mapped in "
			"the user namespace", (unsigned)p->uid);
	if (read_self("gid_map", map, sizeof(map), e))
		return -1;
	if (!map_has(map, p->gid))
		return err_set(e, EINVAL, "process.user.gid %u: not mapped in "
			"the user namespace", (unsigned)p->gid);
	return check_groups(p, map, e);
}
