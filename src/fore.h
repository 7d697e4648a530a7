/* SPDX-License-Identifier: MIT */
/* fore.h -- a program in the foreground, of run or exec: signals go to it, its
 * terminal is ours, and we end when it does. */
#ifndef FORE_H
#define FORE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

struct err;
struct notify;
struct task_id;

/* Bytes on their way from one end to the other. */
struct fore_flow {
	int from, to;           /* -1: closed */
	size_t at, len;
	char buf[4096];
};

struct fore {
	int master;             /* of the program's terminal, or -1; taken */
	bool sized;             /* it has a size of its own (consoleSize) */
	struct notify *notify;  /* or NULL; then SIGIO is about it; lent */
	/* private */
	sigset_t signals;
	int sigfd;
	int tty;                /* ours, or -1 */
	bool raw, hung;
	bool sent;              /* the last signal was, by another process */
	struct termios saved;
	int flags[2];           /* of our stdin and stdout, or -1 */
	struct fore_flow in, out;
};

/* Makes us the parent of orphans and blocks the signals that will be forwarded.
 * With a terminal: stdin becomes raw if it is one, and the program's gets its
 * size.  fore_end undoes that, on every way, and closes master; signals stay
 * blocked. */
int fore_begin(struct fore *f, struct err *e);
void fore_end(struct fore *f);

/* Whether si_code and si_pid are those of a signal that another process has
 * sent. */
bool fore_sent(int code, pid_t sender);

/* Forwards and relays until t, a child of ours, has ended, and reaps it and
 * every other child; *status is its wait status.  What the terminal still holds
 * by then is written as well. */
int fore_wait(struct fore *f, const struct task_id *t, int pidfd, int *status,
	struct err *e);

#endif
