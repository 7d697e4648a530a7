/* SPDX-License-Identifier: MIT */
/* mount.h -- carries out the mounts of a plan below the container's root. */
#ifndef MOUNT_H
#define MOUNT_H

#include <stdint.h>

struct err;
struct plan;

/* Opens detached clones of the bind sources with the privileges of the host, to
 * be used where the container's own user namespace can't reach them.  trees has
 * p->n_mounts entries, all set: -1 where the mount is no bind or this kernel
 * has no open_tree (Linux 5.2); mount_all then goes by the path. */
int mount_sources(const struct plan *p, int *trees, struct err *e);

/* Makes every mount of the plan, in order, below root; closes trees. */
int mount_all(const struct plan *p, int root, int *trees, struct err *e);

/* Makes read-only what mount_all left writable for the device nodes. */
int mount_late_ro(const struct plan *p, int root, struct err *e);

/* Sets and clears MS_* flags and, where not 0, the propagation of the mount
 * that fd is the root of: mount_setattr (5.12), else a remount by the
 * descriptor that repeats the flags which are there.  recursive goes for all
 * mounts below, and has no fallback for the flags. */
struct mount_change {
	unsigned long set, clear; /* MS_* */
	unsigned long propagation; /* MS_* with or without MS_REC */
};
int mount_change(int fd, const struct mount_change *c, struct err *e);

/* Attaches a clone of what source (a descriptor) is on the descriptor target;
 * a bind by descriptor on kernels without the mount API. */
int mount_clone(int source, int target, unsigned long flags, struct err *e);

#endif
