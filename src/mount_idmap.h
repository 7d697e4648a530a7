/* SPDX-License-Identifier: MIT */
/* mount_idmap.h -- id-mapped mounts (mount_setattr(2), Linux 5.12). */
#ifndef MOUNT_IDMAP_H
#define MOUNT_IDMAP_H

#include <stdbool.h>

struct err;
struct idmap_set;
struct mount_op;

/* A user namespace with these maps; the kernel copies them from there.  Takes
 * the privilege to write them. */
int mount_idmap_ns(const struct idmap_set *s, struct err *e);

/* Maps the ids of a detached mount, and with recursive of all that are below
 * it, which the kernel does once and only before they are attached. */
int mount_idmap(int tree, int ns, bool recursive, struct err *e);

/* The same for the tree of m.  u keeps the user namespace for those who have
 * the same maps; ns is -1 at first, and the caller closes it. */
struct idmap_users {
	const struct idmap_set *set;
	int ns;
};
int mount_idmap_op(const struct mount_op *m, int tree, struct idmap_users *u,
	struct err *e);

#endif
