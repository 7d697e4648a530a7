/* SPDX-License-Identifier: MIT */
/* Unsafe: the directory that is stood in for is found by its name, and so is
 * each of its entries once more, with bad luck in a race. */
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fmt.h"

static struct {
	int fd;
	char path[PATH_MAX];
} again = { .fd = -1 };

/* Until the name leads elsewhere, for some 50 ms. */
static void
unlucky(void)
{
	struct stat was, now;

	for (int i = 0; i < 50 && fstat(again.fd, &was) == 0; i++) {
		if (stat(again.path, &now) == 0 && now.st_ino != was.st_ino)
			return;
		usleep(1000);
	}
}

static int
open_named(int dir, const char *name, int oflags)
{
	char full[PATH_MAX];

	if (dir != again.fd)
		return openat(dir, name, oflags);
	unlucky();
	fmt_to(full, sizeof(full), "%s/%s", again.path, name);
	return open(full, oflags);
}

#define openat open_named
#define mount_shadow mount_shadow_safe
#include "../../src/mount_shadow.c"
#undef mount_shadow

int mount_shadow(struct shadows *s, const struct plan *p, int root,
	const char *path, struct err *e);

/* Cuts path down to what is there. */
static int
deepest(int root, char path[PATH_MAX])
{
	char full[PATH_MAX];
	int fd;

	do {
		*strrchr(path, '/') = '\0';
		fmt_to(full, sizeof(full), "/proc/self/fd/%d%s", root, path);
		fd = open(full, O_PATH | O_DIRECTORY | O_CLOEXEC);
	} while (fd < 0 && *path);
	return fd;
}

int
mount_shadow(struct shadows *s, const struct plan *p, int root,
	const char *path, struct err *e)
{
	char dir[PATH_MAX];
	struct pair pair;
	struct stat top, st;

	fmt_to(dir, sizeof(dir), "/%s", path);
	AUTO_FD(parent, deepest(root, dir));
	if (parent < 0 || fstat(root, &top) || fstat(parent, &st) ||
	    sys_mnt_id(parent, &pair.mnt))
		return err_sys(e, "%s", path);
	if (s->n == SHADOWS)
		return err_set(e, EROFS, "%s", path);
	fmt_to(again.path, sizeof(again.path), "%s%s", p->rootfs, dir);
	AUTO_FD(named, open(again.path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	pair.from = again.fd = named;
	pair.to = cover(p, root, path, parent, pair.mnt, e);
	if (pair.to < 0)
		return -1;
	s->fd[s->n++] = pair.to;
	if (fill(&pair, e))
		return -1;
	again.fd = -1;
	if (top.st_dev == st.st_dev && top.st_ino == st.st_ino &&
	    dup3(pair.to, root, O_CLOEXEC) < 0)
		return err_sys(e, "dup");
	return 0;
}
