/* SPDX-License-Identifier: MIT */
/* cred.h -- who the container's program is: ids, groups, capabilities. */
#ifndef CRED_H
#define CRED_H

struct err;
struct plan;

/* In this order (capabilities(7), sec M10): drop from the bounding set what is
 * not in it; change ids, keeping the permitted set; set the five sets.  Unlike
 * other runtimes a set that the config leaves out is empty, never "as it
 * was". */
int cred_bounding(const struct plan *p, struct err *e);
int cred_ids(const struct plan *p, struct err *e);
int cred_caps(const struct plan *p, struct err *e);

/* Becomes root of the user namespace just created or joined. */
int cred_userns_root(struct err *e);

/* no_new_privs (Linux 3.5). */
int cred_no_new_privs(struct err *e);

#endif
