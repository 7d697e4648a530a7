/* SPDX-License-Identifier: MIT */
/* notify.h -- NOTIFY_SOCKET: a program of the container says that it is ready
 * (sd_notify(3), list G16).
 *
 * The host's socket stays outside: who can write to it can also name another
 * main process or have descriptors kept.  The program gets a socket of ours, in
 * a folder of the state directory that it sees at /run/notify, read-only; of
 * what comes over it only that it is ready goes on to the host's. */
#ifndef NOTIFY_H
#define NOTIFY_H

#include <stdbool.h>

#include "task.h"

struct arena;
struct err;
struct spec;

struct notify {
	int sock;               /* what the program sends to, or -1 */
	const char *host;       /* NOTIFY_SOCKET; lent */
	struct task_id init;
};

/* Whether host, a value of NOTIFY_SOCKET, is an address that we can send to: an
 * absolute path, or @ and a name that is no file's. */
int notify_check(const char *host, struct err *e);

/* Adds the mount and the variable to the spec, unless host is NULL or there is
 * no process.  root is the state root, id the container's. */
int notify_spec(struct spec *s, const char *host, int root, const char *id,
	struct arena *a, struct err *e);

/* Makes the folder in the state directory dir, and removes it with the socket;
 * what is not there is no error. */
int notify_make(int dir, struct err *e);
int notify_remove(int dir, struct err *e);

/* Makes the socket, where host is not NULL and the container was created with
 * one; else n->sock is -1.  Before the program runs: nothing of its making can
 * be in the folder. */
int notify_open(struct notify *n, const char *host, int dir,
	const struct task_id *init, struct err *e);

/* From now on SIGIO tells this process, which blocks it, of messages.  Then
 * notify_take reads one, and sends on what is to be sent. */
int notify_async(const struct notify *n, struct err *e);
void notify_take(struct notify *n);

/* Reads what a program that has ended has left. */
void notify_drain(struct notify *n);

/* For a runtime that will not stay: waits until the program is ready or gone,
 * and until the host has read that.  What goes wrong is a warning, since the
 * container runs. */
void notify_wait(struct notify *n, int pidfd);

/* Lets go of the socket. */
void notify_close(struct notify *n);

#endif
