/* SPDX-License-Identifier: MIT */
/* spec_write.h -- the config.json that `wherry spec` starts people off with. */
#ifndef SPEC_WRITE_H
#define SPEC_WRITE_H

#include <stdbool.h>

struct err;

struct spec_template {
	bool rootless;          /* for one user without privilege ... */
	unsigned uid, gid;      /* ... who becomes root in the container */
	bool mqueue;            /* the kernel has that file system */
	bool cgroup_ns;         /* ... and this namespace (Linux 4.6) */
};

/* Writes the text to fd.  process.terminal is false while terminals are not
 * built, so that the bundle runs as it is. */
int spec_write(const struct spec_template *t, int fd, struct err *e);

#endif
