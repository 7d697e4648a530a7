/* SPDX-License-Identifier: MIT */
/* dev.c -- populates /dev by descriptor (CVE-2026-41579: an image whose /dev is
 * a link must not get nodes made on the host). */
#include "dev.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "err.h"
#include "inroot.h"
#include "io.h"
#include "mount.h"
#include "plan.h"
#include "procfs.h"

static bool
same_node(const struct dev_op *d, const struct stat *st)
{
	return (st->st_mode & S_IFMT) == (d->mode & S_IFMT) &&
		(S_ISFIFO(d->mode) ||
		st->st_rdev == makedev(d->major, d->minor));
}

static int
bind_host(const struct dev_op *d, int root, struct err *e)
{
	AUTO_FD(host, openat(AT_FDCWD, d->path, O_PATH | O_CLOEXEC |
		O_NOFOLLOW));
	AUTO_FD(target, -1);
	struct stat st;

	if (host < 0 || fstat(host, &st))
		return err_sys(e, "host's node");
	if (!same_node(d, &st))
		return err_set(e, ENODEV, "the host's node is another device");
	target = inroot_mkfile(root, d->path, 0644, e);
	return target < 0 ? -1 : mount_clone(host, target, 0, e);
}

/* config-linux.md: a file that does not match what the config says is an error.
 * It is never made to match: it may be the host's, seen through a bind. */
static int
check_found(const struct dev_op *d, const struct stat *st, struct err *e)
{
	if ((d->has_mode && (st->st_mode & 07777) != (d->mode & 07777)) ||
	    (d->has_uid && st->st_uid != d->uid) ||
	    (d->has_gid && st->st_gid != d->gid))
		return err_set(e, EEXIST, "%s: is there with another mode or "
			"owner: %04o %u:%u", d->path, st->st_mode & 07777,
			(unsigned)st->st_uid, (unsigned)st->st_gid);
	return 0;
}

/* umask 0 gave the mode; ids can only be set afterwards. */
static int
make_node(const struct dev_op *d, int root, struct inroot_last *last,
	struct err *e)
{
	struct inroot_node node = {
		.mode = d->mode, .rdev = makedev(d->major, d->minor),
		.open = d->uid || d->gid,
	};
	int r = inroot_mknod(root, d->path, last, &node, e);
	AUTO_FD(fd, node.fd);

	if (r || !node.made)
		return r ? -1 : check_found(d, &node.st, e);
	if (fd >= 0 && fchownat(fd, "", d->uid, d->gid, AT_EMPTY_PATH))
		return err_sys(e, "owner");
	return 0;
}

static int
create_node(const struct dev_op *d, int root, struct inroot_last *last,
	struct err *e)
{
	struct err first;

	if (make_node(d, root, last, e) == 0)
		return 0;
	if (e->code != EPERM || S_ISFIFO(d->mode))
		return -1;
	first = *e;
	if (bind_host(d, root, e) == 0)
		err_clear(e);
	else if (e->code == ENOENT)
		*e = first;
	return e->code ? -1 : 0;
}

static int
create_all(const struct plan *p, int root, struct inroot_last *last,
	struct err *e)
{
	unsigned i;

	for (i = 0; i < p->n_devices; i++) {
		const struct dev_op *d = &p->devices[i];

		if (create_node(d, root, last, e))
			return d->at == MOUNT_OWN ? -1 :
				err_ctx(e, "linux.devices[%u]", d->at);
	}
	for (i = 0; i < p->n_links; i++) {
		const struct link_op *l = &p->links[i];

		if (!inroot_symlink(root, l->path, last, l->target, l->replace,
		    e))
			continue;
		/* an image's own /dev/stdin or /dev/fd stays as it is */
		if (l->replace || e->code != EEXIST)
			return -1;
		err_clear(e);
	}
	return 0;
}

int
dev_create(const struct plan *p, int root, struct err *e)
{
	struct inroot_last last = { .fd = -1 };
	int r = create_all(p, root, &last, e);

	fd_drop(&last.fd);
	return r;
}
