/* SPDX-License-Identifier: MIT */
/* pidfile.h -- the file that tells a caller the pid of a program. */
#ifndef PIDFILE_H
#define PIDFILE_H

#include <sys/types.h>

struct err;

/* Writes it in one go, by a temporary file beside it; path is relative to the
 * directory cwd. */
int pidfile_write(int cwd, const char *path, pid_t pid, struct err *e);

/* Connects to the socket at path and sends the pidfd; -1: there is none. */
int pidfile_send(const char *path, int pidfd, struct err *e);

#endif
