/* SPDX-License-Identifier: MIT */
/* state_root.h -- the directory in which every container has its folder. */
#ifndef STATE_ROOT_H
#define STATE_ROOT_H

#include <stdbool.h>

struct err;

/* Opens it for a container that is to be made: path with all its parents, or,
 * path NULL, /run/wherry; root gets "wherry" below /var/run, /dev/shm or /tmp
 * where there is no /run that can be written to.  A directory that others could
 * write to or that is not ours is refused (sec T03), and so is "/".  The last
 * two are below what every user may write to: there it is no link, no mount and
 * of mode 0700 as well.  Returns the descriptor. */
int state_root(const char *path, struct err *e);

/* Opens the n-th directory where a container may be, from 0: path alone, or,
 * path NULL, those named above.  One that is not there, was given already by
 * another name, or can't be ours, since somebody else has made it below /tmp,
 * is an error with code ENOENT: go on with the next. */
enum { STATE_ROOTS = 4 };
int state_root_at(const char *path, unsigned n, struct err *e);

/* Whether state_root would give one; changes nothing. */
bool state_root_usable(const char *path);

/* 1: one of those that is not root has a folder for id; else 0, -1. */
int state_root_twin(const char *path, int root, const char *id, struct err *e);

#endif
