/* SPDX-License-Identifier: MIT */
/* host_lsm.c -- which security modules run, by what they answer: their own file
 * systems need not be mounted. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "fmt.h"
#include "host.h"
#include "io.h"
#include "procfs.h"
#include "str.h"

static ssize_t
peek(int fd, char *buf, size_t size)
{
	ssize_t n = fd < 0 ? -1 : read_full(fd, buf, size - 1);

	buf[n > 0 ? n : 0] = '\0';
	return n;
}

/* The attribute is EINVAL while AppArmor is off.  Before Linux 5.1 there is no
 * such directory, and its parameter in /sys must do. */
static bool
has_apparmor(void)
{
	char rel[64], text[512];

	fmt_to(rel, sizeof(rel), "%d/attr/apparmor/current",
		(int)procfs_self());
	AUTO_FD(fd, procfs_open_path(rel, O_RDONLY));
	if (fd >= 0 || errno != ENOENT)
		return peek(fd, text, sizeof(text)) > 0;
	fd = openat(AT_FDCWD, "/sys/module/apparmor/parameters/enabled",
		O_RDONLY | O_CLOEXEC);
	return peek(fd, text, sizeof(text)) > 0 && *text == 'Y';
}

/* selinuxfs is registered only where SELinux was enabled at boot.  Until a
 * policy is loaded everything is "kernel", and any label is taken for that. */
static bool
has_selinux(void)
{
	AUTO_FD(list, procfs_open_path("filesystems", O_RDONLY));
	char rel[64], text[4096];

	if (peek(list, text, sizeof(text)) <= 0 ||
	    !str_find(text, "\tselinuxfs\n"))
		return false;
	fmt_to(rel, sizeof(rel), "%d/attr/current", (int)procfs_self());
	AUTO_FD(fd, procfs_open_path(rel, O_RDONLY));
	return peek(fd, text, sizeof(text)) > 0 && strcmp(text, "kernel") &&
		strcmp(text, "kernel\n");
}

void
host_probe_lsm(struct host *h)
{
	h->apparmor = has_apparmor();
	h->selinux = has_selinux();
}
