/* SPDX-License-Identifier: MIT */
/* inroot.h -- paths inside the container's root file system, by descriptor
 * (sec M1, M1c).
 *
 * root is any descriptor of a directory.  A path is resolved as if root were
 * "/": absolute links and ".." stay inside, whatever the image or a racing
 * container makes of it.  Nothing is ever opened for input or output on the
 * way, so a FIFO or a device can't block or act.  Errors name the path as it is
 * seen inside. */
#ifndef INROOT_H
#define INROOT_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

struct err;

/* Opens path, following links inside root.  oflags: O_PATH, mostly; others only
 * for directories and regular files (anything else is refused unopened). */
int inroot_open(int root, const char *path, int oflags, struct err *e);

/* The same, refusing every symbolic link (ELOOP): for the mount points of proc,
 * sysfs and the like (CVE-2019-19921). */
int inroot_open_real(int root, const char *path, int oflags, struct err *e);

/* Whether e (of inroot_open) says that there is nothing at the path. */
bool inroot_missing(const struct err *e);

/* The directory that holds the last component of path, following links, and
 * that component, which is neither looked at nor "." or "..". */
int inroot_parent(int root, const char *path, char name[NAME_MAX + 1],
	struct err *e);

/* Makes a directory and those above it; mode goes through the umask.  Links
 * that exist are followed, also dangling ones: their target is made, inside
 * root.  Returns O_PATH of the directory that was made or found; ENOTDIR when
 * something else is there. */
int inroot_mkdirs(int root, const char *path, mode_t mode, struct err *e);

/* The same, refusing every symbolic link (ELOOP). */
int inroot_mkdirs_real(int root, const char *path, mode_t mode, struct err *e);

/* Makes an empty regular file to mount on, and the directories above it (0755).
 * Returns O_PATH of the file, or of what was there, unless that is a directory
 * (EISDIR). */
int inroot_mkfile(int root, const char *path, mode_t mode, struct err *e);

/* Makes a directory, or an empty regular file, as the two above do, but takes
 * the last component as it is: what is there already may be a symbolic link,
 * which counts as no directory.  ENOTDIR, EISDIR. */
int inroot_make_last(int root, const char *path, bool dir, struct err *e);

/* The directory of the last path that was made: what is made side by side, as
 * in /dev, has its way there looked up once.  The caller closes fd. */
struct inroot_last {
	int fd;                 /* -1 at first */
	const char *path;       /* lives as long as this */
	size_t len;             /* of its directory, with the slash */
};

/* Makes a device node or FIFO and the directories above it.  Links are followed
 * up to the last component only.  What is there already is taken when type and
 * rdev are the same, else EEXIST. */
struct inroot_node {
	mode_t mode;            /* with S_IFMT */
	dev_t rdev;
	bool open;              /* fd is wanted */
	bool made;              /* set here, as are those below */
	int fd;                 /* O_PATH, the caller's; or -1 */
	struct stat st;
};
int inroot_mknod(int root, const char *path, struct inroot_last *last,
	struct inroot_node *node, struct err *e);

/* Makes a symbolic link.  What is there already is left if it is the same link;
 * else it is replaced, unless it is a directory, when the caller says so
 * (/dev/ptmx), else EEXIST. */
int inroot_symlink(int root, const char *path, struct inroot_last *last,
	const char *target, bool replace, struct err *e);

/* The directory in which the way of path ends with that errno, EROFS when what
 * is missing would be made, ENOENT when it would not, and the name there.  -1
 * with errno: EAGAIN where it does not end so. */
int inroot_end(int root, const char *path, int code, char name[NAME_MAX + 1]);

#endif
