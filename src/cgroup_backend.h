/* SPDX-License-Identifier: MIT */
/* cgroup_backend.h -- what differs between cgroup v1 and v2, and the common
 * ground under cgroup*.c: directories of the hierarchies. */
#ifndef CGROUP_BACKEND_H
#define CGROUP_BACKEND_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "arena.h"

struct cgroup_memory;
struct cgroup_op;
struct cgroup_plan;
struct err;

/* dir and parent are directories of one hierarchy. */
struct cgroup_backend {
	const char *fstype;
	unsigned magic;         /* of statfs */

	/* Mounts it, attached nowhere; the descriptor of its root, or -1. */
	int (*mount)(const struct cgroup_op *op, struct err *e);

	/* Gives parent/name, just made or found there, what processes in it and
	 * directories below it need. */
	int (*settle)(int parent, const char *name, bool made,
		const struct cgroup_op *op, struct err *e);

	/* Puts the plan's device rules on dir, which is new. */
	int (*filter)(int dir, const struct cgroup_plan *plan, struct err *e);

	/* Puts them in the place of others, so that at no moment more can be
	 * used than what the old or the new ones allow, and not less than what
	 * both do.  On failure the old ones hold.  1: it can only be done while
	 * nothing runs in dir, which stopped says; nothing has changed. */
	int (*refilter)(int dir, const struct cgroup_plan *plan, bool stopped,
		struct arena scratch, struct err *e);

	/* The file by which one thread enters, or NULL: by clone3. */
	const char *enter;

	/* The file that stops all in dir and below (v2: Linux 5.2), by the
	 * second of the texts; and the one that tells whether it has, with what
	 * it says then. */
	const char *freezer;
	const char *freeze[2];
	const char *frozen_file, *frozen;

	/* The file that kills all in dir and below (Linux 5.14), also what is
	 * frozen, and what forks meanwhile; NULL: there is none. */
	const char *kill;
};

/* The backend of an op; ENOTSUP: not built in. */
const struct cgroup_backend *cgroup_backend(const struct cgroup_op *op,
	struct err *e);

/* The directory where op->path begins: the mount point, checked to be of the
 * file system type (sec M17), or a mount of our own.  -1 with err set. */
int cgroup_root(const struct cgroup_op *op, struct err *e);

/* Opens the container's cgroup, each component without following a link.
 * -1 with err set, ENOENT: it does not exist. */
int cgroup_open(const struct cgroup_op *op, struct err *e);

/* The directory that holds the container's cgroup, whose name there goes into
 * name: what rmdir takes.  -1 with err set. */
int cgroup_open_parent(const struct cgroup_op *op, char name[NAME_MAX + 1],
	struct err *e);

/* Opens dir/name, a directory and no link.  -1 with errno. */
int cgroup_open_dir(int dir, const char *name);

/* Goes on from *dir to the directory name in it, which is settled first unless
 * b is NULL; *dir is the new one then.  -1 with err set, and *dir as it was. */
int cgroup_descend(int *dir, const char *name, const struct cgroup_op *op,
	const struct cgroup_backend *b, struct err *e);

/* Stops or continues all in dir and below; 0, or -1 with errno, ETIMEDOUT: not
 * all of them within 100 ms, so that all run again. */
int cgroup_freeze(const struct cgroup_backend *b, int dir, bool on);

/* Whether all in dir stand still. */
bool cgroup_frozen(const struct cgroup_backend *b, int dir);

/* Gives dir and its files that the kernel lists for delegation to owner. */
int cgroup_own(int dir, uid_t owner, struct err *e);

/* The number in a file, "max" as UINT64_MAX; and the one behind a word at the
 * start of a line. */
bool cgroup_number(int dir, const char *file, uint64_t *v);
bool cgroup_key(int dir, const char *file, const char *key, uint64_t *v);

/* cgroup_memory of the open cgroup of op. */
bool cgroup_memory_of(const struct cgroup_op *op, int dir,
	struct cgroup_memory *m);

/* All processes of the container's cgroups, in a list that grows; 0, or -1 with
 * err set. */
struct cgroup_pids {
	struct arena *arena;
	pid_t *pid;
	unsigned n, room;
};
int cgroup_walk(const struct cgroup_plan *plan, struct cgroup_pids *list,
	struct err *e);

/* The next component of *path into name, *path behind it; false at the end.
 * Components are never "..": plan_cgroup and cgroup_load see to that. */
bool cgroup_component(const char **path, char name[NAME_MAX + 1]);

/* Puts "cgroup MOUNT/PATH" in front of e.  Returns -1. */
int cgroup_ctx(const struct cgroup_op *op, struct err *e);

#endif
