/* SPDX-License-Identifier: MIT */
/* tty.h -- a pseudo terminal of the container's own devpts (sec M9), for its
 * init and for exec: made inside, its master handed out.
 *
 * The process that will use it calls tty_open and tty_give while it is root in
 * the container and still has /proc of the host (procfs.h), then setsid, then
 * tty_take.  The master goes to a console socket (tty_console) or to the
 * runtime, which relays it (fore.h). */
#ifndef TTY_H
#define TTY_H

#include <stdint.h>

struct err;

struct tty {
	int master, slave;      /* the caller's */
};
#define TTY_NONE { -1, -1 }

struct tty_how {
	uint32_t uid;           /* whose it becomes, as seen inside */
	unsigned short rows, cols; /* both 0: as it is */
};

#if FEAT_PTY
/* Opens /dev/pts/ptmx below root (the container's "/"), by descriptors only and
 * proved to be devpts, and the other end by TIOCGPTPEER (Linux 4.13) or by its
 * number in the same mount.  On failure nothing is open. */
int tty_open(struct tty *t, int root, const struct tty_how *how,
	struct err *e);

/* Mounts the slave on /dev/console below root, which is made where it is
 * missing; a link in its place is an error (CVE-2025-52565). */
int tty_console_mount(int slave, int root, struct err *e);

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
tty_open(struct tty *t, int root, const struct tty_how *how, struct err *e)
{
	(void)t;
	(void)root;
	(void)how;
	return err_set(e, ENOTSUP, "terminal: built without PTY");
}
static inline int
tty_console_mount(int slave, int root, struct err *e)
{
	(void)slave;
	(void)root;
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
