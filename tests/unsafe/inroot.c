/* SPDX-License-Identifier: MIT */
/* Unsafe: a path in the root is the root's path and the path, and the kernel
 * follows the links in it from the host's "/" (CVE-2021-30465 and others). */
#include "inroot.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "io.h"

static void
glue(char out[PATH_MAX], int root, const char *path)
{
	fmt_to(out, PATH_MAX, "/proc/self/fd/%d/%s", root, path);
}

int
inroot_open(int root, const char *path, int oflags, struct err *e)
{
	char full[PATH_MAX];
	int fd;

	glue(full, root, path);
	fd = open(full, oflags | O_CLOEXEC);
	return fd < 0 ? err_sys(e, "%s", path) : fd;
}

int
inroot_open_real(int root, const char *path, int oflags, struct err *e)
{
	return inroot_open(root, path, oflags, e);
}

bool
inroot_missing(const struct err *e)
{
	return e->code == ENOENT || e->code == ENOTDIR;
}

int
inroot_mkdirs(int root, const char *path, mode_t mode, struct err *e)
{
	char full[PATH_MAX], *p;
	bool readonly = false;

	glue(full, root, path);
	for (p = full + strlen("/proc/self/fd/"); (p = strchr(p, '/')); p++) {
		*p = '\0';
		readonly |= mkdir(full, mode) && errno == EROFS;
		*p = '/';
	}
	readonly |= mkdir(full, mode) && errno == EROFS;
	if (readonly && access(full, F_OK)) {
		errno = EROFS;
		return err_sys(e, "%s", path);
	}
	return inroot_open(root, path, O_PATH | O_DIRECTORY, e);
}

int
inroot_mkdirs_real(int root, const char *path, mode_t mode, struct err *e)
{
	return inroot_mkdirs(root, path, mode, e);
}

static int
make_parent(int root, const char *path, char name[NAME_MAX + 1], struct err *e)
{
	char dir[PATH_MAX], *last;

	fmt_to(dir, sizeof(dir), "/%s", path);
	last = strrchr(dir, '/');
	fmt_to(name, NAME_MAX + 1, "%s", last + 1);
	*last = '\0';
	return inroot_mkdirs(root, dir, 0755, e);
}

int
inroot_parent(int root, const char *path, char name[NAME_MAX + 1],
	struct err *e)
{
	return make_parent(root, path, name, e);
}

int
inroot_mkfile(int root, const char *path, mode_t mode, struct err *e)
{
	char name[NAME_MAX + 1];
	AUTO_FD(dir, make_parent(root, path, name, e));
	int fd = -1;

	if (dir < 0)
		return -1;
	fd = openat(dir, name, O_CREAT | O_RDONLY | O_CLOEXEC, mode);
	return fd < 0 ? err_sys(e, "%s", path) : fd;
}

int
inroot_make_last(int root, const char *path, bool dir, struct err *e)
{
	return dir ? inroot_mkdirs(root, path, 0755, e) :
		inroot_mkfile(root, path, 0644, e);
}

int
inroot_mknod(int root, const char *path, struct inroot_last *last,
	struct inroot_node *node, struct err *e)
{
	char name[NAME_MAX + 1];
	AUTO_FD(dir, make_parent(root, path, name, e));

	(void)last;
	node->fd = -1;
	if (dir < 0)
		return -1;
	node->made = mknodat(dir, name, node->mode, node->rdev) == 0;
	if (!node->made && errno != EEXIST)
		return err_sys(e, "%s: mknod", path);
	node->fd = inroot_open(root, path, O_PATH, e);
	return node->fd < 0 || fstat(node->fd, &node->st) ? -1 : 0;
}

int
inroot_symlink(int root, const char *path, struct inroot_last *last,
	const char *target, bool replace, struct err *e)
{
	char name[NAME_MAX + 1];
	AUTO_FD(dir, make_parent(root, path, name, e));

	(void)last;
	if (dir < 0)
		return -1;
	if (replace)
		unlinkat(dir, name, 0);
	if (symlinkat(target, dir, name) && errno != EEXIST)
		return err_sys(e, "%s: symlink", path);
	return 0;
}

/* What a path lacks is made by its name. */
int
inroot_end(int root, const char *path, int code, char name[NAME_MAX + 1])
{
	(void)root;
	(void)path;
	(void)code;
	(void)name;
	errno = EAGAIN;
	return -1;
}
