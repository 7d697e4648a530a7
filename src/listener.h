/* SPDX-License-Identifier: MIT */
/* listener.h -- gives the listener of a seccomp filter to who answers its
 * notifications (config-linux.md, "Container Process State"). */
#ifndef LISTENER_H
#define LISTENER_H

struct arena;
struct err;
struct record;

/* For a container that has a listener: takes it from init over conn, connects
 * to listenerPath and sends it with the container's state.  Init goes on when
 * that is done, and fails when conn is closed before.  0 also where init ended
 * early: the verdict says why. */
int listener_serve(int conn, const struct record *r, int dir,
	struct arena scratch, struct err *e);

#endif
