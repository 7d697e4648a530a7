/* SPDX-License-Identifier: MIT */
/* tty.c -- opens, proves and hands out pseudo terminals. */
#include "tty.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "inroot.h"
#include "io.h"
#include "mount.h"
#include "plan.h"
#include "procfs.h"
#include "sock.h"

enum {
	DEVPTS_MAGIC = 0x1cd1,
	PTMX_INO = 2,
	SLAVE_MAJOR = 136, SLAVE_MAJORS = 8, /* devices.txt */
};

static bool
on_devpts(int fd, struct stat *st)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 &&
		(unsigned long)fs.f_type == DEVPTS_MAGIC &&
		fstat(fd, st) == 0 && S_ISCHR(st->st_mode);
}

static bool
is_slave(int fd)
{
	struct stat st;

	return on_devpts(fd, &st) && major(st.st_rdev) >= SLAVE_MAJOR &&
		major(st.st_rdev) < SLAVE_MAJOR + SLAVE_MAJORS;
}

/* An image can put anything at that path: nothing is opened before it has been
 * proved what it is. */
static int
open_master(int root, struct err *e)
{
	AUTO_FD(ptmx, inroot_open_real(root, "/dev/pts/ptmx", O_PATH, e));
	struct stat st;
	int fd;

	if (ptmx < 0)
		return -1;
	if (!on_devpts(ptmx, &st) || st.st_ino != PTMX_INO ||
	    st.st_rdev != makedev(5, 2))
		return err_set(e, ENODEV, "/dev/pts/ptmx: not that of a "
			"devpts");
	fd = procfs_reopen(ptmx, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? err_sys(e, "/dev/pts/ptmx") : fd;
}

/* Linux < 4.13: by its number, in the mount that ptmx was found in. */
static int
peer_by_number(int root, unsigned n, struct err *e)
{
	char path[32];
	int fd;

	fmt_to(path, sizeof(path), "/dev/pts/%u", n);
	AUTO_FD(node, inroot_open_real(root, path, O_PATH, e));
	if (node < 0)
		return -1;
	if (!is_slave(node))
		return err_set(e, ENODEV, "%s: not a terminal", path);
	fd = procfs_reopen(node, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? err_sys(e, "%s", path) : fd;
}

static int
open_slave(int master, int root, struct err *e)
{
	unsigned n;
	int fd, zero = 0;

	if (ioctl(master, TIOCSPTLCK, &zero))
		return err_sys(e, "unlock");
	fd = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	if (ioctl(master, TIOCGPTN, &n))
		return err_sys(e, "number");
	return peer_by_number(root, n, e);
}

static int
set_up(int slave, const struct plan *p, struct err *e)
{
	const struct winsize size = { .ws_row = p->rows, .ws_col = p->cols };
	struct stat st;

	if (!is_slave(slave) || fstat(slave, &st))
		return err_set(e, ENODEV, "not a devpts device");
	/* the group is the mount's choice */
	if (st.st_uid != p->uid && fchown(slave, p->uid, (gid_t)-1))
		return err_sys(e, "owner");
	if ((p->rows || p->cols) && ioctl(slave, TIOCSWINSZ, &size))
		return err_sys(e, "size");
	return 0;
}

/* Made or found without following a link, at its last component or before. */
static int
console_file(int root, struct err *e)
{
	AUTO_FD(dev, inroot_mkdirs_real(root, "/dev", 0755, e));
	AUTO_FD(made, -1);
	struct stat st;
	int fd;

	if (dev < 0)
		return -1;
	made = openat(dev, "console", O_WRONLY | O_CREAT | O_EXCL |
		O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0600);
	if (made < 0 && errno != EEXIST)
		return err_sys(e, "/dev/console");
	fd = openat(dev, "console", O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st)) {
		err_sys(e, "/dev/console");
		fd_drop(&fd);
		return -1;
	}
	if (S_ISREG(st.st_mode) || S_ISCHR(st.st_mode))
		return fd;
	close(fd);
	return err_set(e, ELOOP, "/dev/console: neither a file nor a device");
}

static int
mount_console(int slave, int root, struct err *e)
{
	AUTO_FD(target, console_file(root, e));

	return target < 0 ? -1 : mount_clone(slave, target, 0, e);
}

static int
make(const struct plan *p, int root, int sync, struct err *e)
{
	AUTO_FD(master, open_master(root, e));
	AUTO_FD(slave, master < 0 ? -1 : open_slave(master, root, e));

	if (slave < 0 || set_up(slave, p, e))
		return -1;
	/* what others see as well is not for us to mount on */
	if (!p->exec && p->rung != ROOT_CHROOT && mount_console(slave, root, e))
		return -1;
	return tty_give(sync, fd_take(&master), e) ? -1 : fd_take(&slave);
}

int
tty_make(const struct plan *p, int root, int sync, struct err *e)
{
	AUTO_FD(own, root >= 0 ? -1 : openat(AT_FDCWD, "/",
		O_PATH | O_DIRECTORY | O_CLOEXEC));
	int slave = make(p, root >= 0 ? root : own, sync, e);

	return slave < 0 ? err_ctx(e, "terminal") : slave;
}

int
tty_take(int slave, struct err *e)
{
	AUTO_FD(fd, slave);
	int i;

	if (ioctl(fd, TIOCSCTTY, 0))
		return err_sys(e, "terminal: session");
	for (i = 0; i < 3; i++) {
		if (dup2(fd, i) < 0)
			return err_sys(e, "terminal: fd %d", i);
	}
	return 0;
}

int
tty_console(const char *path, struct err *e)
{
	int fd = sock_connect(path, e);

	return fd < 0 ? err_ctx(e, "--console-socket") : fd;
}

int
tty_give(int conn, int master, struct err *e)
{
	AUTO_FD(fd, master);

	/* one byte: some readers take the whole message for a name */
	if (sock_send(conn, fd, "t", 1) != 1)
		return err_sys(e, "terminal: hand over");
	return 0;
}
