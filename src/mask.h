/* SPDX-License-Identifier: MIT */
/* mask.h -- masked and read-only paths (config-linux.md, list L1-L6). */
#ifndef MASK_H
#define MASK_H

struct err;
struct plan;

/* /dev/null, proved to be it, since an image can make its own a link to
 * anything (CVE-2025-31133): the host's, or, on a host whose /dev is empty, the
 * container's.  To be opened before the root changes. */
int mask_null(int root, struct err *e);

/* Hides p->masked below root: files under null (by mask_null), directories
 * under one empty read-only tmpfs that all of them share.  What does not exist
 * is skipped, anything else is an error. */
int mask_paths(const struct plan *p, int root, int null, struct err *e);

/* Binds each of p->readonly on itself, read-only with all mounts below. */
int mask_readonly(const struct plan *p, int root, struct err *e);

#endif
