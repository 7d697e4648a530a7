/* SPDX-License-Identifier: MIT */
/* mount_shadow.h -- a directory to mount on that the image lacks and that can't
 * be made in it, since nobody can write to it (squashfs, a read-only bind). */
#ifndef MOUNT_SHADOW_H
#define MOUNT_SHADOW_H

struct err;
struct plan;

/* The tmpfs that are still to be made read-only. */
enum { SHADOWS = 16 };
struct shadows {
	int fd[SHADOWS];
	unsigned n;
};

/* Covers the directory in which the way of path below root ends with EROFS by a
 * tmpfs that looks like it: owner, mode and attributes, links anew, everything
 * else bound, what was mounted in it moved.  What is missing can be made in it
 * then.  Where that directory is root itself, the descriptor root is the tmpfs
 * afterwards. */
int mount_shadow(struct shadows *s, const struct plan *p, int root,
	const char *path, struct err *e);

/* Makes them read-only, as the directories were. */
int mount_shadow_end(struct shadows *s, struct err *e);

/* Closes them. */
void mount_shadow_drop(struct shadows *s);

#endif
