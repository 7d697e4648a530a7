/* SPDX-License-Identifier: MIT */
/* plan_mount.h -- mounts[], device nodes and the links of /dev as flat lists in
 * the order of their making. */
#ifndef PLAN_MOUNT_H
#define PLAN_MOUNT_H

struct arena;
struct err;
struct host;
struct idmap_op;
struct plan;
struct spec;
struct spec_idmap;

/* Fills p->mounts, p->devices and p->links.  p->create_ns and p->bundle are
 * set.  In a mount namespace of its own a container gets a fresh tmpfs on /dev
 * unless the config mounts something there, since writing into the image's
 * /dev is what CVE-2026-41579 and its like were about. */
int plan_mounts(struct plan *p, const struct spec *spec,
	const struct host *host, struct arena *a, struct err *e);

/* The mappings of the spec as they are in a plan.  NULL with err set. */
struct idmap_op *plan_idmap(const struct spec_idmap *s, unsigned n,
	struct arena *a, struct err *e);

#endif
