/* SPDX-License-Identifier: MIT */
/* aside.c -- a mount that is nowhere: by fsopen (5.2), else made in a mount
 * namespace that ends at once, so that only our descriptor leads to it. */
#include "sys.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io.h"

enum { WORD = 64 };

static int
set_flag(int fs, const char *text, size_t len)
{
	char word[WORD];

	if (len >= sizeof(word)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(word, text, len);
	word[len] = '\0';
	return sys_fsconfig(fs, FSCONFIG_SET_FLAG, word, NULL, 0);
}

static int
by_fsopen(const char *type, const char *options)
{
	AUTO_FD(fs, sys_fsopen(type));
	const char *p = options;
	size_t len;

	if (fs < 0)
		return -1;
	for (; p && *p; p += len + (p[len] == ',')) {
		len = strcspn(p, ",");
		if (set_flag(fs, p, len))
			return -1;
	}
	if (sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	return sys_fsmount(fs, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
		MOUNT_ATTR_NOEXEC);
}

/* In the child: leaves the mount at fd, which it shares with us.  It lies over
 * "/", where there is a directory whatever else is missing; "/" itself leads
 * below it, "/.." to it.  Returns an errno. */
static int
make(int fd, const char *type, const char *options)
{
	int root;

	if (mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) ||
	    mount(type, "/", type, MS_NOSUID | MS_NODEV | MS_NOEXEC, options))
		return errno;
	root = openat(AT_FDCWD, "/..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root < 0 || dup3(root, fd, O_CLOEXEC) < 0 || close(root) ?
		errno : 0;
}

static int
by_child(const char *type, const char *options)
{
	AUTO_FD(fd, openat(AT_FDCWD, "/", O_PATH | O_CLOEXEC));
	bool unused;
	pid_t child = fd < 0 ? -1 : sys_clone(CLONE_NEWNS | CLONE_FILES, -1,
		NULL, &unused);
	int status;

	if (child < 0)
		return -1;
	if (child == 0)
		_exit(make(fd, type, options));
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return -1;
	}
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	return errno ? -1 : fd_take(&fd);
}

int
sys_mount_aside(const char *type, const char *options)
{
	int fd = by_fsopen(type, options), first = errno;

	if (fd >= 0 || !sys_absent(first))
		return fd;
	fd = by_child(type, options);
	return fd >= 0 ? fd : sys_both_failed(first);
}
