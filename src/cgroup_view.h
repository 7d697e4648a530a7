/* SPDX-License-Identifier: MIT */
/* cgroup_view.h -- mounts of type cgroup: what the container sees of its
 * cgroups (list M23, M24; sec M17). */
#ifndef CGROUP_VIEW_H
#define CGROUP_VIEW_H

struct err;
struct mount_op;
struct plan;

/* What init of a user namespace can't mount, in the runtime before the clone:
 * v2 for a container in the host's cgroup namespace, where the host has not
 * mounted it.  *own: attached nowhere, the caller closes it; left alone where
 * it is not needed. */
int cgroup_view_source(const struct plan *p, const struct mount_op *m, int *own,
	struct err *e);

/* Mounts on the directory target, whose name is the last component of m->dest
 * and which no link leads to; own: by cgroup_view_source, or -1.  Called by
 * init in its own mount namespace, in its cgroups and cgroup namespace, with
 * the host's mounts still there.
 *
 * - Only v2: its file system.
 * - v1 or both: a tmpfs with a directory for each hierarchy ("unified" for v2)
 *   and links for each controller of a shared one.
 * - No cgroups, or only a v1 mount of our own: an empty read-only tmpfs.
 *
 * It ends at the container's own cgroup, by the cgroup namespace or a bind of
 * that directory.  v1 is read-only, for its release_agent runs as root of the
 * host (CVE-2022-0492); v2 too, but for a new cgroup namespace and no "ro". */
int cgroup_view(const struct plan *p, const struct mount_op *m, int own,
	int target, struct err *e);

#endif
