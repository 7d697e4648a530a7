/* SPDX-License-Identifier: MIT */
/* fore.h -- a program in the foreground, of run or exec: signals go to it, its
 * terminal is ours, and we end when it does. */
#ifndef FORE_H
#define FORE_H

#include <signal.h>
#include <stdbool.h>
#include <termios.h>

struct err;
struct task_id;

struct fore {
	int master;             /* of the program's terminal, or -1; taken */
	bool sized;             /* it has a size of its own (consoleSize) */
	/* private */
	sigset_t signals;
	struct termios saved;
	int saved_flags[2];
	bool raw;
};

/* Blocks the signals that will be forwarded.  With a terminal: stdin becomes
 * raw if it is one, and the program's gets its size.  fore_end undoes all of
 * it, and closes master, whatever else happened. */
int fore_begin(struct fore *f, struct err *e);
void fore_end(struct fore *f);

/* Forwards and relays until t, a child of ours, has ended, and reaps it and
 * every other child; *status is its wait status.  What the terminal still holds
 * by then is written as well. */
int fore_wait(struct fore *f, const struct task_id *t, int pidfd, int *status,
	struct err *e);

#endif
