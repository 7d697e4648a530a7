/* SPDX-License-Identifier: MIT */
/* pipes.h -- the caller's pipes, for a program that runs as another user. */
#ifndef PIPES_H
#define PIPES_H

#include <sys/types.h>

/* Gives stdin, stdout and stderr to a user (ids of the host), so that the
 * program can open /dev/stdout again: those that are pipes and nothing else.  A
 * file or a device, /dev/null say, stays whose it is (list T8).  It is a
 * service: who may not do it goes without. */
void pipes_give(uid_t uid, gid_t gid);

#endif
