/* SPDX-License-Identifier: MIT */
/* record.h -- state.json: all that a later command knows about a container.
 *
 * The names in the file are those of `wherry state`, so that the file can be
 * read by people and by tools that look into it. */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "task.h"

struct arena;
struct err;
struct rdt_plan;

struct record {
	const char *id, *bundle, *rootfs;
	int status;             /* enum status of life.h, as last written: a
	                         * hint, state_status tells the truth */
	struct task_id init;    /* pid 0: not made yet */
	struct task_id creator; /* who runs create */
	const char *boot_id;    /* pids of another boot mean nothing */
	const char *created;    /* RFC 3339, UTC, nanoseconds */
	uint64_t owner;         /* uid that ran create */
	/* The annotations are where they were written: this range of the
	 * frozen config.json, an object; length 0: there are none. */
	uint64_t annotations_at, annotations_len;
	int annotations_fd;     /* not in the file: that config, where init of a
	                         * user namespace can't open it; 0: none */
	const char *bridge_ip;  /* NULL: none */
	/* Who takes seccomp notifications; NULL: there are none. */
	const char *listener, *listener_metadata;
	/* The resctrl group that it is in; NULL: none. */
	const char *resctrl, *rdt_group;
	bool rdt_ours, rdt_monitor; /* the group goes with it; it has a
	                         * monitoring group, named by id */
	bool poststart, poststop; /* such hooks are in the frozen config */
	bool has_process;       /* false: start is an error */
	bool no_keyring;        /* --no-new-keyring: not for exec either */
	bool private_pidns;     /* killing init kills everything */
	pid_t exec_pid;         /* not in the file: of what exec runs */
	bool oom_killed;        /* not in the file: what the cgroup of a stopped
	                         * container says */
};

/* An empty record for a container that this process creates now: boot_id,
 * created, creator and owner are set, status is CREATING. */
int record_init(struct record *r, struct arena *a, struct err *e);

/* 1: written under the kernel that runs now, so its processes can be those that
 * it names; 0: before a reboot; -1 error. */
int record_this_boot(const struct record *r, struct err *e);

/* Keeps what exec and delete need of p, and gives it back. */
void record_keep_rdt(struct record *r, const struct rdt_plan *p);
void record_rdt(const struct record *r, struct rdt_plan *p);

/* Writes the record as JSON. */
int record_write(const struct record *r, int fd, struct err *e);

/* Reads it back; strings go to the arena.  A file that is torn or lacks a
 * member is an error with code EBADMSG. */
int record_read(struct record *r, int fd, struct arena *a, struct err *e);

#endif
