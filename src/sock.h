/* SPDX-License-Identifier: MIT */
/* sock.h -- unix sockets: connecting by a path of any length within a bounded
 * time, and descriptors as messages. */
#ifndef SOCK_H
#define SOCK_H

#include <sys/types.h>

struct err;

/* Connects to the stream socket at path.  sun_path holds 107 bytes: a longer
 * path goes through /proc/self/fd.  A full backlog is waited for, at most 10 s
 * (sec X23).  Returns the descriptor, or -1 with "PATH: cause". */
int sock_connect(const char *path, struct err *e);

/* Sends len bytes, and fd with them.  As sendmsg. */
ssize_t sock_send(int conn, int fd, const void *data, size_t len);

/* Waits for a message of one byte with one descriptor, which is the caller's
 * then, close-on-exec.  Returns it; -1 with err set; -2: the other side is
 * gone.  *byte is the byte; EPROTO: something else came. */
int sock_receive(int conn, char *byte, struct err *e);

#endif
