/* SPDX-License-Identifier: MIT */
/* t_lsm.c -- labels go to the kernel's own /proc whatever stands at that path
 * (sec T10), also where no security module takes them. */
#include "lsm.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "plan.h"
#include "procfs.h"
#include "tap.h"

enum { NO_RIGHT = 77 };

static int
put(const char *path)
{
	AUTO_FD(fd, open(path, O_WRONLY | O_CREAT | O_EXCL, 0666));

	return fd < 0 || write_all(fd, "fake", 4) ? -1 : 0;
}

static int
changed(const char *path)
{
	char text[16];

	return read_small_at(AT_FDCWD, path, text, sizeof(text)) != 4 ||
		strcmp(text, "fake") != 0;
}

static int
is_refused(const struct lsm_plan *l, const char *want)
{
	struct err e = { 0 };

	/* a kernel with that module has no such label either */
	if (lsm_exec(l, &e) == 0)
		return 0;
	if (!strstr(err_str(&e), want) || !strstr(err_str(&e), "exec"))
		printf("# %s\n", err_str(&e));
	return strstr(err_str(&e), want) && strstr(err_str(&e), "exec");
}

/* As in a container whose image brings a /proc of files. */
static int
fake_proc(void)
{
	const struct lsm_plan a = { .apparmor = "wherry-no-profile" };
	const struct lsm_plan s = { .selinux = "wherry:no:label" };
	struct err e = { 0 };
	char path[64];

	if (procfs_open(&e))
		return 1;
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/mnt", "tmpfs", 0, NULL) || chroot("/mnt"))
		return NO_RIGHT;
	snprintf(path, sizeof(path), "/proc/%d", procfs_self());
	if (mkdir("/proc", 0755) || mkdir(path, 0755) || chdir(path) ||
	    symlink(path, "/proc/self") || mkdir("attr", 0755) ||
	    mkdir("attr/apparmor", 0755) || put("attr/exec") ||
	    put("attr/apparmor/exec"))
		return 2;
	if (!is_refused(&a, "process.apparmorProfile wherry-no-profile"))
		return 3;
	if (!is_refused(&s, "process.selinuxLabel"))
		return 4;
	return changed("attr/exec") || changed("attr/apparmor/exec") ? 5 : 0;
}

int
main(void)
{
	pid_t pid = FEAT_LSM ? fork() : -1;
	int status;

	if (pid == 0)
		_exit(fake_proc());
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		SKIP(1, "built without LSM");
	else if (WEXITSTATUS(status) == NO_RIGHT)
		SKIP(1, "no mount namespace for this user");
	else
		IS_INT(status, 0);
	return done();
}
