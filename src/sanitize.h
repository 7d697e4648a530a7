/* SPDX-License-Identifier: MIT */
/* sanitize.h -- what the caller of the program could have prepared against it:
 * descriptors, signals, privileges. */
#ifndef SANITIZE_H
#define SANITIZE_H

#include <stdint.h>

struct err;

/* First of all in main, before any descriptor is opened: fills 0, 1 and 2 where
 * they are closed, refuses to run setuid (EPERM) or without argv[0]. */
int process_sanitize(int argc, struct err *e);

/* What this process itself can't do without: SIGPIPE and SIGCHLD by default,
 * and no signal blocked. */
int process_own_signals(struct err *e);

/* For who starts programs: no signal stays ignored or blocked that the caller
 * has left so, in this process and in those that come of it.  Asks procfs which
 * there are, as nearly always there are none. */
int process_pass_signals(struct err *e);

enum { KEEP_FDS_MAX = INT16_MAX };

/* When the command line is known: the descriptors 3 .. 3 + keep - 1 must be
 * there and inherited (EBADF names the first that is not), every other one is
 * marked close-on-exec. */
int process_keep_fds(unsigned keep, struct err *e);

/* The same blindly, before another program is executed, where procfs can't be
 * asked or this process blocks signals itself.  -1 with errno. */
int process_default_signals(void);

#endif
