/* SPDX-License-Identifier: MIT */
/* netdev.h -- moves network interfaces of the host into a container, by
 * rtnetlink(7) (config-linux.md, "Network devices"). */
#ifndef NETDEV_H
#define NETDEV_H

#include <sys/types.h>

struct arena;
struct err;
struct netdev_one;
struct plan;

/* What was moved, for as long as it may have to be taken back. */
struct netdev {
	int host, inside;       /* rtnetlink sockets of the two namespaces */
	struct netdev_one *moved; /* the last one first */
};
#define NETDEV_NONE { .host = -1, .inside = -1 }

/* Moves the interfaces of the plan into the network namespace of init, which
 * must be another one: renamed, with their permanent addresses of global scope,
 * and up.  A name that is taken there is an error, unless it ends in %d.  On
 * failure netdev_return is the caller's to call. */
int netdev_move(struct netdev *n, const struct plan *p, pid_t init,
	struct arena *a, struct err *e);

/* Takes back what was moved: name, addresses, up or down.  The namespace may be
 * without processes by then.  What fails is logged. */
void netdev_return(struct netdev *n);

/* Lets go of the descriptors: from here on the interfaces are the container's,
 * and what becomes of them is the kernel's affair. */
void netdev_close(struct netdev *n);

#endif
