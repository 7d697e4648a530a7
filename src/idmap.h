/* SPDX-License-Identifier: MIT */
/* idmap.h -- the id maps of a new user namespace. */
#ifndef IDMAP_H
#define IDMAP_H

#include <stdint.h>
#include <sys/types.h>

struct err;
struct idmap_op;
struct plan;

/* Writes setgroups, gid_map and uid_map of pid, each map in one write(2), as
 * user_namespaces(7) demands.  setgroups becomes "deny" only where the plan
 * says so: an unprivileged map needs it (CVE-2014-8989), a privileged one must
 * keep setgroups working. */
int idmap_write(pid_t pid, const struct plan *p, struct err *e);

#endif
