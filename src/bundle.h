/* SPDX-License-Identifier: MIT */
/* bundle.h -- a bundle on disk: its config, read and judged. */
#ifndef BUNDLE_H
#define BUNDLE_H

#include <sys/types.h>
#include <time.h>

#include "spec.h"

struct arena;
struct diag;
struct err;

struct bundle {
	const char *path;       /* absolute */
	const char *rootfs;     /* absolute; the directory is there */
	int config;             /* open config file, or -1 */
	off_t size;             /* of the file when it was opened, and its */
	struct timespec mtime;  /* last change: bundle_freeze compares     */
	struct spec spec;
};
#define BUNDLE_NONE { .config = -1 }

/* Makes dir the working directory (list B1), reads config (relative to it),
 * decodes and checks it and looks whether the root is a directory.  Nothing is
 * changed.  With d->all everything wrong is reported to d and counted, and only
 * what ends the reading is an error. */
int bundle_load(struct bundle *b, const char *dir, const char *config,
	struct diag *d, struct arena *a, struct err *e);

/* Copies the config into a state directory as it was when it was read (list
 * B17); a file that has changed since is an error. */
int bundle_freeze(const struct bundle *b, int dir, struct err *e);

void bundle_close(struct bundle *b);

#endif
