/* SPDX-License-Identifier: MIT */
/* proc.c -- process properties other than credentials. */
#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/keyctl.h>
#include <net/if.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "inroot.h"
#include "io.h"
#include "log.h"
#include "plan.h"
#include "procfs.h"
#include "spec.h"

int
proc_keyring(const struct plan *p, struct err *e)
{
	/* without a name: one of that name may exist already, made by another
	 * user of the host who lets us search it */
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0 ||
	    errno == ENOSYS)
		return 0;
	err_sys(e, "session keyring");
	err_hint(e, "--no-new-keyring, or keyring = warn in wherry.conf");
	if (!p->keyring_warn)
		return -1;
	log_at(LEVEL_WARNING, "%s", err_str(e));
	err_clear(e);
	return 0;
}

int
proc_names(const struct plan *p, struct err *e)
{
	if (p->hostname && sethostname(p->hostname, strlen(p->hostname)))
		return err_sys(e, "hostname");
	if (p->domainname && setdomainname(p->domainname,
	    strlen(p->domainname)))
		return err_sys(e, "domainname");
	return 0;
}

int
proc_loopback(struct err *e)
{
	struct ifreq req = { .ifr_name = "lo" };
	AUTO_FD(fd, socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	/* CONFIG_INET=n: any family's socket takes interface ioctls */
	if (fd < 0)
		fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(e, "lo: socket");
	req.ifr_flags = IFF_UP | IFF_RUNNING;
	return ioctl(fd, SIOCSIFFLAGS, &req) ? err_sys(e, "lo") : 0;
}

int
proc_session(const struct plan *p, mode_t callers_umask, struct err *e)
{
	umask(p->has_umask ? p->umask : callers_umask);
	return setsid() < 0 ? err_sys(e, "session") : 0;
}

static bool
is_null(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

/* Looked at before it is opened: an image may have anything there. */
static int
open_null(void)
{
	static const char path[] = "/dev/null";
	struct stat st;
	AUTO_FD(fd, -1);

	if (fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) || !is_null(&st))
		return -1;
	fd = openat(AT_FDCWD, path, O_RDWR | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	return fd >= 0 && fstat(fd, &st) == 0 && is_null(&st) ? fd_take(&fd) :
		-1;
}

int
proc_null(const struct plan *p, struct err *e)
{
	bool given[3];
	struct stat st;
	int i;

	/* root of a user namespace does not own the host's */
	if (plan_has(p, STEP_USER_NS))
		return 0;
	for (i = 0; i < 3; i++)
		given[i] = fstat(i, &st) == 0 && is_null(&st);
	if (!given[0] && !given[1] && !given[2])
		return 0;
	AUTO_FD(own, open_null());
	for (i = 0; i < 3 && own >= 0; i++) {
		if (given[i] && dup2(own, i) < 0)
			return err_sys(e, "descriptors");
	}
	return 0;
}

int
proc_cwd_check(const struct plan *p, struct err *e)
{
	char buf[PATH_MAX];

	/* the bare call: libc turns "(unreachable)" into an ENOENT that a
	 * directory which was just removed gives as well */
	if (syscall(SYS_getcwd, buf, sizeof(buf)) < 0)
		return err_sys(e, "process.cwd %s", p->cwd);
	if (buf[0] != '/')
		return err_set(e, EPERM, "process.cwd %s: outside of the "
			"container's root", p->cwd);
	return 0;
}

int
proc_make_cwd(const struct plan *p, int root, struct err *e)
{
	AUTO_FD(dir, -1);

	if (!p->cwd[strspn(p->cwd, "/")])
		return 0;
	dir = inroot_mkdirs(root, p->cwd, 0755, e);
	if (dir >= 0)
		return 0;
	/* proc_cwd will say whether it can be entered all the same */
	if (e->code == EACCES) {
		err_clear(e);
		return 0;
	}
	return err_ctx(e, "process.cwd");
}

int
proc_cwd(const struct plan *p, struct err *e)
{
	if (chdir(p->cwd))
		return err_sys(e, "process.cwd %s", p->cwd);
	return proc_cwd_check(p, e);
}

int
proc_oom_score(pid_t pid, const struct plan *p, struct err *e)
{
	char text[8];

	fmt_to(text, sizeof(text), "%d", p->oom_score);
	if (procfs_write(pid, "oom_score_adj", text, e) == 0)
		return 0;
	err_ctx(e, "process.oomScoreAdj %d", p->oom_score);
	return e->code == EACCES ? err_hint(e, "less than the caller's takes "
		"CAP_SYS_RESOURCE") : -1;
}

int
proc_personality(const struct plan *p, struct err *e)
{
	return personality(p->personality->domain) < 0 ?
		err_sys(e, "linux.personality") : 0;
}

int
proc_rlimits(const struct plan *p, struct err *e)
{
	unsigned i;

	for (i = 0; i < p->n_rlimits; i++) {
		const struct rlimit_op *r = &p->rlimits[i];
		struct rlimit lim = {
			.rlim_cur = r->soft, .rlim_max = r->hard,
		};

		if (prlimit(0, r->resource, &lim, NULL))
			return err_sys(e, "process.rlimits[%u] %s", i, r->name);
	}
	return 0;
}

static const char *
env_path(const struct plan *p)
{
	const char *const *v;

	for (v = p->env; *v; v++) {
		if (!strncmp(*v, "PATH=", 5))
			return *v + 5;
	}
	return NULL;
}

/* 0 it can be run; else the errno of why not. */
static int
runnable(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return errno;
	if (!S_ISREG(st.st_mode) || !(st.st_mode & 0111))
		return EACCES;
	return faccessat(AT_FDCWD, path, X_OK, 0) ? errno : 0;
}

int
proc_exec_err(const char *path, struct err *e)
{
	bool no_loader = errno == ENOENT, no_format = errno == ENOEXEC;

	err_sys(e, "exec: \"%s\"", path);
	if (no_loader)
		err_hint(e, "is its interpreter or loader in the image?");
	if (no_format)
		err_hint(e, "built for another machine, or a script without "
			"#!");
	return -1;
}

static int
search(const char *name, const char *path, char *buf, size_t size)
{
	int seen = ENOENT, why, n;

	for (;; path++) {
		size_t len = strcspn(path, ":");

		n = fmt_to(buf, size, "%.*s%s%s", (int)len, path,
			len ? "/" : "", name);
		if (n > 0 && (size_t)n < size) {
			why = runnable(buf);
			if (!why)
				return 0;
			if (why == EACCES)
				seen = why;
		}
		path += len;
		if (!*path)
			return seen;
	}
}

int
proc_lookup(const struct plan *p, char *buf, size_t size, struct err *e)
{
	const char *name = p->args[0], *path = env_path(p);

	if (strchr(name, '/')) {
		int n = fmt_to(buf, size, "%s", name);

		errno = n > 0 && (size_t)n < size ? runnable(name) :
			ENAMETOOLONG;
		return errno ? err_sys(e, "exec: \"%s\"", name) : 0;
	}
	errno = *name && path ? search(name, path, buf, size) : ENOENT;
	if (errno == ENOENT)
		return err_set(e, ENOENT, "exec: \"%s\": executable file not "
			"found in $PATH", name);
	return errno ? err_sys(e, "exec: \"%s\"", name) : 0;
}
