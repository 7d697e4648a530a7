/* SPDX-License-Identifier: MIT */
/* dev.h -- device nodes and the default links of /dev. */
#ifndef DEV_H
#define DEV_H

struct err;
struct plan;

/* Makes the nodes and links of the plan below root, the umask being 0.  A node
 * that is there already must be the one that is wanted (config-linux.md).  In a
 * user namespace, where mknod is not allowed, the host's node of the same path
 * is bound instead. */
int dev_create(const struct plan *p, int root, struct err *e);

#endif
