/* SPDX-License-Identifier: MIT */
/* gate.h -- where a created container waits for start.
 *
 * Init listens on the unix socket `exec.sock` of the state directory.  start
 * connects and writes one byte; init keeps the connection, close-on-exec, until
 * execve has happened or failed.  A connection refused means init is gone. */
#ifndef GATE_H
#define GATE_H

#include <sys/types.h>

struct err;
struct page;
struct task_id;

/* Creates the socket in the state directory and listens.  Changes the working
 * directory to dir and leaves it there: sun_path holds 107 bytes, so the name
 * must be relative.  Returns the descriptor, or -1. */
int gate_listen(int dir, struct err *e);

/* Init's side: waits until somebody opens the gate.  Callers that connect and
 * leave without the byte are ignored.  Returns the connection, or -1. */
int gate_wait(int sock, struct err *e);

/* start's side: connects (changes the working directory like gate_listen) and
 * opens the gate.  Returns the connection, or -1. */
int gate_open(int dir, struct err *e);

/* Waits for the end of file on conn, which comes when init's image is replaced
 * or init is gone, and finds out which: 0 when the container's program runs (or
 * ran), -1 with the reason otherwise.  End of file alone proves nothing, since
 * SIGKILL gives it too: the kernel clears PF_FORKNOEXEC at the point of no
 * return of execve, and a zombie still shows it.  pidfd may be -1. */
int gate_verdict(int conn, const struct page *page, const struct task_id *id,
	int pidfd, struct err *e);

#endif
