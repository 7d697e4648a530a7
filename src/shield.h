/* SPDX-License-Identifier: MIT */
/* shield.h -- the binary that the container can reach through /proc/PID/exe is
 * a private copy, never the host's file (sec M5, CVE-2019-5736). */
#ifndef SHIELD_H
#define SHIELD_H

struct err;

/* Executes this program again from a sealed or unlinked copy, with the same
 * arguments and environment; then does not return.  Returns 0 when this process
 * is such a copy already, or its file lies on a file system that can't be
 * written.  dir opens the directory where a copy may be put if memory files are
 * not to be had (the state root).  procfs_open must have been called.  -1: no
 * way worked; the text says why each failed. */
int shield_reexec(char **argv, int (*dir)(const void *arg, struct err *e),
	const void *arg, struct err *e);

#endif
