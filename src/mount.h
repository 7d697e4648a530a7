/* SPDX-License-Identifier: MIT */
/* mount.h -- carries out the mounts of a plan below the container's root. */
#ifndef MOUNT_H
#define MOUNT_H

#include <stddef.h>
#include <sys/types.h>

struct err;
struct mount_ask;
struct mount_op;
struct plan;

/* Opens detached clones of the bind sources that are the host's own
 * (mount_of_host), and the cgroups that init can't mount (cgroup_view_source).
 * trees has p->n_mounts entries, all set; -1: another one, or an optional one
 * that is absent. */
int mount_sources(const struct plan *p, int *trees, struct err *e);

/* The source of a bind mount: O_PATH.  *tree, by mount_sources or -1, becomes
 * the detached clone to mount, or stays -1 (before Linux 5.2). */
int mount_source(const struct mount_op *m, const struct mount_ask *a, int *tree,
	struct err *e);

/* The text, not ended, of a source that is a symbolic link to be copied; -1
 * otherwise. */
ssize_t mount_source_link(const struct mount_op *m, char *text, size_t size);

/* Puts "mounts[N] DEST: " in front of what is wrong. */
int mount_ctx(const struct mount_op *m, struct err *e);

/* Makes every mount of the plan, in order, below root.  trees are closed, and
 * hold the mounts then that mount_late_ro is to change. */
int mount_all(const struct mount_ask *a, int root, int *trees, struct err *e);

/* Makes read-only what mount_all left writable for the device nodes. */
int mount_late_ro(const struct plan *p, int *trees, struct err *e);

/* A new file system that is attached nowhere.  -1 with errno: ENOSYS or EPERM
 * also for what only mount(2) understands. */
int mount_new(const char *type, const char *source, unsigned long flags,
	const char *data);

/* Changes of a mount that fd is the root of.  rset and rclear go for all mounts
 * below it as well, and come first; then set and clear, and where it is not 0
 * the propagation, which MS_REC makes recursive. */
struct mount_change {
	unsigned long set, clear; /* MS_* */
	unsigned long rset, rclear;
	unsigned long propagation;
};

/* mount_setattr (5.12), else remounts by descriptor that repeat the flags which
 * are there: one for each mount below where that is asked for. */
int mount_change(int fd, const struct mount_change *c, struct err *e);

/* By mount_setattr alone, which also takes a mount that is not attached yet.
 * -1 with errno. */
int mount_change_detached(int fd, const struct mount_change *c);

/* MS_REMOUNT without MS_BIND: the flags of the file system too, and its own
 * options.  EINVAL where fd is not the root of a mount. */
int mount_again(int fd, const struct mount_op *m, struct err *e);

/* Attaches a clone of what source (a descriptor) is on the descriptor target;
 * a bind by descriptor on kernels without the mount API. */
int mount_clone(int source, int target, unsigned long flags, struct err *e);

#endif
