/* SPDX-License-Identifier: MIT */
/* rootfs.h -- the container's root: attached, entered, made read-only. */
#ifndef ROOTFS_H
#define ROOTFS_H

struct err;
struct mount_ask;
struct plan;

/* Keeps what we mount from reaching the host: every mount becomes a slave, so
 * that binds of host directories can still receive mounts where the config asks
 * for that.  The first act in a new mount namespace; must not fail. */
int rootfs_isolate(struct err *e);

/* Attaches the container's root so that it can become "/", asking a where
 * only the host's rights reach it; state_dir is where a clone is held that has
 * no mount namespace (ROOT_HELD).  Returns a descriptor of the attached root
 * below which everything else is done, or -1. */
int rootfs_attach(const struct mount_ask *a, int state_dir, struct err *e);

/* Unmounts, with all that is mounted in it, and removes what rootfs_attach has
 * put in state_dir; nothing there is no error. */
int rootfs_release(int state_dir, struct err *e);

/* Makes root the process's "/" by the plan's rung and lets go of the old one
 * (sec M14).  The working directory is "/" then. */
int rootfs_enter(const struct plan *p, int root, struct err *e);

/* Remounts "/" read-only, keeping its other flags. */
int rootfs_readonly(struct err *e);

/* Initramfs before Linux 7.0: "/" is the one mount without a parent, which
 * pivot_root refuses.  In a new mount namespace, puts a copy of "/" with
 * everything in it over "/", makes that the root, and unmounts the originals;
 * from then on pivot_root works and leaves nothing of the host behind. */
int rootfs_rebind(struct err *e);

/* The host has no /proc: mounts one in the stage's mount namespace, of which
 * init gets a copy.  Without the mount API mounts need its magic links, and a
 * user namespace may mount procfs only where one is.  Where there is no place
 * for it that is no error here. */
int rootfs_proc(const struct plan *p, struct err *e);

#endif
