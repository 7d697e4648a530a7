/* SPDX-License-Identifier: MIT */
/* t_mountinfo.c -- the mountinfo reader, through pipes and the real file. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "err.h"
#include "mountinfo.h"
#include "tap.h"

static struct mountinfo m;
static struct mountinfo_entry n;
static struct err e;
static char big[70000];

/* Makes text readable at an fd; a pipe would hold too little. */
static int
text_fd(const char *text, size_t len)
{
	char name[] = "/tmp/t_mountinfo.XXXXXX";
	int fd = mkstemp(name);

	if (fd < 0 || unlink(name) || write(fd, text, len) != (ssize_t)len ||
	    lseek(fd, 0, SEEK_SET)) {
		perror("text_fd");
		exit(1);
	}
	return fd;
}

static void
open_text(const char *text)
{
	if (m.fd > 2)
		close(m.fd);
	mountinfo_init(&m, text_fd(text, strlen(text)));
}

static void
test_entries(void)
{
	open_text("22 27 0:21 / /proc rw,relatime - proc proc rw\n"
		"36 35 98:0 /a\\040b /m\\011t\\134040 rw,noatime shared:1 "
		"master:7 propagate_from:3 - ext3 /dev/root rw,errors=c\n"
		"1 1 0:2 / / rw - rootfs  rw\n"
		"4294967295 0 0:2 / /x rw - fuse.a b a=b c d\n");
	OK(mountinfo_next(&m, &n, &e) == 1);
	IS_INT(n.id, 22);
	IS_INT(n.parent, 27);
	IS(n.root, "/");
	IS(n.mountpoint, "/proc");
	IS(n.options, "rw,relatime");
	IS(n.fstype, "proc");
	IS(n.super, "rw");
	OK(mountinfo_next(&m, &n, &e) == 1);
	IS(n.root, "/a b");
	IS(n.mountpoint, "/m\tt\\040");
	IS(n.options, "rw,noatime");
	IS(n.fstype, "ext3");
	IS(n.super, "rw,errors=c");
	OK(!n.path_cut && !n.text_cut);
	OK(mountinfo_next(&m, &n, &e) == 1);
	IS_INT(n.id, 1);
	IS_INT(n.parent, 1);
	IS(n.fstype, "rootfs");
	OK(mountinfo_next(&m, &n, &e) == 1);
	IS_INT(n.id, 4294967295);
	IS(n.super, "a=b c d");
	OK(mountinfo_next(&m, &n, &e) == 0);
	OK(mountinfo_next(&m, &n, &e) == 0);
}

static void
test_bad(void)
{
	static const char *const bad[] = {
		"\n", "x\n", "22\n", "22 27 0:21 / /proc rw - proc proc \n",
		"22 27 0:21 / /proc rw - proc proc rw",
		"22 27 0:21 / /proc rw - proc proc\n",
		"22 27 0:21 / /proc rw proc proc rw\n",
		"a 27 0:21 / /proc rw - proc proc rw\n",
		"22 -1 0:21 / /proc rw - proc proc rw\n",
		"22 4294967296 0:21 / /proc rw - proc proc rw\n",
		"22 27 0:21  /proc rw - proc proc rw\n",
		"22 27 0:21 /  rw - proc proc rw\n",
		"22 27 0:21 / /proc rw  - proc proc rw\n",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err_clear(&e);
		open_text(bad[i]);
		if (mountinfo_next(&m, &n, &e) != -1)
			tap_show("taken", bad[i]);
		IS(err_str(&e), "mountinfo: line 1: bad format");
	}
	err_clear(&e);
	open_text("22 27 0:21 / /proc rw - proc proc rw\n22 27\n");
	OK(mountinfo_next(&m, &n, &e) == 1);
	OK(mountinfo_next(&m, &n, &e) == -1);
	IS(err_str(&e), "mountinfo: line 2: bad format");
	open_text("");
	OK(mountinfo_next(&m, &n, &e) == 0);
	mountinfo_init(&m, -1);
	OK(mountinfo_next(&m, &n, &e) == -1);
	IS(err_str(&e), "mountinfo: read: bad file descriptor");
}

/* A line with fields of the given lengths, then a short one. */
static void
test_long(int path, int opts, bool cut)
{
	int len = snprintf(big, sizeof(big), "5 4 0:1 / /%0*d rw", path - 1, 0);

	len += snprintf(big + len, sizeof(big) - (size_t)len,
		" shared:%0*d - overlay o lowerdir=%0*d\n"
		"6 5 0:2 / /next rw - tmpfs t rw\n", 9000, 1, opts, 0);
	OK(len < (int)sizeof(big));
	open_text(big);
	OK(mountinfo_next(&m, &n, &e) == 1);
	IS_INT(strlen(n.mountpoint), path < 4096 ? path : 4095);
	OK(n.path_cut == cut);
	OK(n.text_cut == (opts + 9 >= 1024));
	IS(n.fstype, "overlay");
	OK(!strncmp(n.super, "lowerdir=000", 12));
	OK(mountinfo_next(&m, &n, &e) == 1);
	IS(n.mountpoint, "/next");
	OK(!n.path_cut && !n.text_cut);
	OK(mountinfo_next(&m, &n, &e) == 0);
}

static void
test_unescape(void)
{
	char text[] = "a\\040\\1340\\0\\400\\\\";

	mountinfo_unescape(text);
	IS(text, "a \\0\\0\\400\\\\");
}

static void
test_real(void)
{
	int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	int r, count = 0;

	if (fd < 0) {
		SKIP(2, "no /proc/self/mountinfo");
		return;
	}
	mountinfo_init(&m, fd);
	while ((r = mountinfo_next(&m, &n, &e)) > 0)
		count += n.mountpoint[0] == '/' && n.fstype[0];
	IS_INT(r, 0);
	OK(count > 0);
}

int
main(void)
{
	test_entries();
	test_bad();
	test_long(100, 100, false);
	test_long(4095, 1014, false);
	test_long(4096, 1015, true);
	test_long(20000, 30000, true);
	test_unescape();
	test_real();
	return done();
}
