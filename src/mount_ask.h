/* SPDX-License-Identifier: MIT */
/* mount_ask.h -- what init of a user namespace asks the runtime for while it
 * mounts: paths that only the host's rights reach, and ids that only the host
 * may map.
 *
 * The runtime could clone such a source by itself, but not from the copies of
 * the host's mounts that init's mount namespace has: there the kernel has
 * locked ro, nosuid, nodev and noexec, and the container's root can't take them
 * back.  So the runtime only walks, from a directory of init's, and maps what
 * init has cloned. */
#ifndef MOUNT_ASK_H
#define MOUNT_ASK_H

#include <stdbool.h>

struct err;
struct mount_op;
struct page;
struct plan;

/* One end of the conversation; page->asked says about which mount. */
struct mount_ask {
	const struct plan *plan;
	struct page *page;
	int sync;
};

/* Whether the source of a bind mount is cloned by the runtime all the same,
 * before the clone of init: two-way, which a copy in another mount namespace
 * can't be, or with mapped ids and no user namespace that could unlock it. */
bool mount_of_host(const struct mount_op *m, const struct plan *p);

/* In init: the source of m, or the container's root for NULL, O_PATH, in init's
 * own mount namespace.  Code ENOENT: it may be absent, and is. */
int mount_ask_path(const struct mount_ask *a, const struct mount_op *m,
	struct err *e);

/* In init: the ids of tree, which it has cloned, are mapped as m says. */
int mount_ask_ids(const struct mount_ask *a, const struct mount_op *m, int tree,
	struct err *e);

/* In the runtime: answers until init has another message, or is gone. */
int mount_serve(const struct mount_ask *a, struct err *e);

#endif
