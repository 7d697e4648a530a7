/* SPDX-License-Identifier: MIT */
/* sysctl.h -- values of the kernel that a namespace has for itself. */
#ifndef SYSCTL_H
#define SYSCTL_H

struct err;
struct plan;

/* A namespace that is joined must not be the one that we are in, or the host
 * would change (list L9).  fds is what ns_open gave. */
int sysctl_check(const struct plan *p, const int *fds, struct err *e);

/* Writes the plan's values, in order, one write(2) each.  /proc/sys shows each
 * process its own namespaces, so the caller is in the container's; it goes
 * through procfs.h, for the container's /proc may be anything
 * (CVE-2019-16884). */
int sysctl_write(const struct plan *p, struct err *e);

#endif
