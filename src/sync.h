/* SPDX-License-Identifier: MIT */
/* sync.h -- the conversation of the runtime and init while a container is
 * being created: one byte a message over a socket pair.  The end of either
 * side is the end of file of the other, so nobody waits for the dead. */
#ifndef SYNC_H
#define SYNC_H

struct err;

enum sync_msg {
	SYNC_MAPS = 'm',        /* to init: the id maps are written */
	SYNC_SOURCE = 's',      /* to the runtime, and its answer: a source,
	                         * with a descriptor (mount_ask.h) */
	SYNC_NONE = 'n',        /* to init: there is none */
	SYNC_IDS = 'i',         /* to the runtime, with a mount: map its ids;
	                         * SYNC_MAPS is the answer */
	SYNC_HOOKS = 'h',       /* to the runtime: the hooks that it runs */
	SYNC_HOOKED = 'H',      /* to init: they have run */
	SYNC_READY = 'r',       /* to the runtime: at the gate */
	SYNC_COMMIT = 'c',      /* to init: the state says created */
	SYNC_ACK = 'a',         /* to the runtime: init lives on without it */
	SYNC_GO = 'g',          /* to init: run, do not wait for start */
};

/* Makes the pair, both ends close-on-exec; pair[0] is the runtime's. */
int sync_pair(int pair[2], struct err *e);

/* 0, or -1 with err set (EPIPE: the other side is gone). */
int sync_send(int fd, enum sync_msg m, struct err *e);

/* Waits for a message.  Returns it, 0 when the other side is gone, or -1. */
int sync_recv(int fd, struct err *e);

#endif
