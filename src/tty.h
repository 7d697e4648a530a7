/* SPDX-License-Identifier: MIT */
/* tty.h -- a pseudo terminal of the container's own devpts (sec M9), for its
 * init and for exec: made inside, its master handed out. */
#ifndef TTY_H
#define TTY_H

struct err;
struct plan;

#if FEAT_PTY
/* In init: opens /dev/pts/ptmx below root (the container's "/"; -1: it is ours
 * by now), by descriptors only and proved to be devpts, and the other end by
 * TIOCGPTPEER (Linux 4.13) or by its number in the same mount; gives that to
 * the program's user, mounts it on /dev/console of a new container, where a
 * link is an error (CVE-2025-52565), and sends the master over sync.  Needs a
 * verified /proc (procfs.h).  Returns the slave. */
int tty_make(const struct plan *p, int root, int sync, struct err *e);

/* Makes slave the controlling terminal of this process, which has just become
 * the leader of a session, and its stdin, stdout and stderr.  Takes slave. */
int tty_take(int slave, struct err *e);

/* Connects to the console socket at path, relative to the working directory.
 * Returns the descriptor, or -1 with "--console-socket PATH: cause". */
int tty_console(const char *path, struct err *e);

/* Sends the master over a console socket or sync pair, and closes it. */
int tty_give(int conn, int master, struct err *e);
#else
#include <errno.h>
#include "err.h"
static inline int
tty_make(const struct plan *p, int root, int sync, struct err *e)
{
	(void)p;
	(void)root;
	(void)sync;
	return err_set(e, ENOTSUP, "terminal: built without PTY");
}
static inline int
tty_take(int slave, struct err *e)
{
	(void)slave;
	return err_set(e, ENOTSUP, "terminal: built without PTY");
}
static inline int
tty_console(const char *path, struct err *e)
{
	(void)path;
	return err_set(e, ENOTSUP, "--console-socket: built without PTY");
}
static inline int
tty_give(int conn, int master, struct err *e)
{
	(void)conn;
	(void)master;
	return err_set(e, ENOTSUP, "terminal: built without PTY");
}
#endif

#endif
