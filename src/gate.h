/* SPDX-License-Identifier: MIT */
/* gate.h -- where a created container waits for start, and what became of it.
 *
 * Init listens on the unix socket `exec.sock` of the state directory.  start
 * connects and writes one byte; init keeps the connection, close-on-exec, until
 * execve has happened or failed.  A connection refused means init is gone. */
#ifndef GATE_H
#define GATE_H

#include <stdbool.h>

#include "task.h"

struct err;
struct page;

/* start's end of the matter. */
struct gate {
	int conn;               /* its end of file is the news */
	int watch;              /* inotify on the program, where the kernel does
	                         * not keep init's status, or -1 */
	const struct page *page;
	struct task_id init;
	int pidfd;              /* or -1 */
	bool exec;              /* init is no container's first process */
};

/* Creates the socket in the state directory and listens.  Changes the working
 * directory to dir and leaves it there: sun_path holds 107 bytes, so the name
 * must be relative.  Returns the descriptor, or -1. */
int gate_listen(int dir, struct err *e);

/* Init's side: waits until somebody opens the gate.  Callers that connect and
 * leave without the byte are ignored.  Returns the connection, or -1. */
int gate_wait(int sock, struct err *e);

/* start's side: connects (changes the working directory like gate_listen),
 * watches the program that the page names, before Linux 6.16, and opens the
 * gate.  The other members are set.  Fills conn and watch, which are the
 * caller's to close, also on failure.  In e->code ESRCH: init is gone, EEXIST:
 * another start was faster. */
int gate_open(struct gate *g, int dir, struct err *e);

/* Waits for the end of file on conn, which comes when init's image is replaced
 * or init is gone, and finds out which: 0 when the container's program runs, 1
 * when it ran and is gone already, -1 with the reason when it did not.
 *
 * End of file alone proves nothing, since SIGKILL gives it too.  The kernel
 * clears PF_FORKNOEXEC at the point of no return of execve, and a zombie still
 * shows it.  Of an init that was reaped by then there is its status: SIGKILL
 * and SIGSYS count as -1, though the program may have run for a moment.  Or the
 * watch tells whether execve came as far as opening the program; what killed it
 * behind that point it can't tell apart from the end of the program (see
 * cgroup_memory). */
int gate_verdict(const struct gate *g, struct err *e);

#endif
