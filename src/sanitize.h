/* SPDX-License-Identifier: MIT */
/* sanitize.h -- what the caller of the program could have prepared against it:
 * descriptors, signals, privileges. */
#ifndef SANITIZE_H
#define SANITIZE_H

struct err;

/* First of all in main, before any descriptor is opened: fills 0, 1 and 2 where
 * they are closed, refuses to run setuid (EPERM) or without argv[0], resets the
 * signal mask and the dispositions of SIGPIPE and SIGCHLD. */
int process_sanitize(int argc, struct err *e);

/* When the command line is known: the descriptors 3 .. 3 + keep - 1 must be
 * there and inherited (EBADF names the first that is not), every other one is
 * marked close-on-exec. */
int process_keep_fds(unsigned keep, struct err *e);

/* Before another program is executed: what we or our caller ignore or block
 * would stay so.  -1 with errno. */
int process_default_signals(void);

#endif
