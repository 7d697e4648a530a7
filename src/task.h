/* SPDX-License-Identifier: MIT */
/* task.h -- processes by identity: a pid alone may have been given to another
 * process since (list S5, O5).
 *
 * A pid with its start time is exact within one boot; boot_id_read tells boots
 * apart.  With a pidfd the order is: open, compare, act. */
#ifndef TASK_H
#define TASK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

struct task_id {
	pid_t pid;              /* in the PID namespace of procfs.h's /proc */
	uint64_t start;         /* clock ticks since boot */
};

/* From /proc/PID/stat (proc_pid_stat(5)). */
struct task_stat {
	char state;             /* 'Z' zombie, 'X' dead */
	bool ended;             /* and so are all its threads */
	bool never_execed;      /* PF_FORKNOEXEC: readable on a zombie too */
	bool failed;            /* it ends (PF_EXITING) and never did */
	uint64_t start;
	int exit_status;        /* wait status of a zombie; 0 without the right
	                         * to ptrace it */
};

/* ESRCH in e->code: there is no such process. */
int task_stat_read(pid_t pid, struct task_stat *st, struct err *e);
int task_start_time(pid_t pid, uint64_t *start, struct err *e);

/* The same process is there and has not ended, also when /proc can't be read:
 * nobody may take it for stopped then.  *failed, where not NULL: it is about to
 * end, and has never executed a program since it was cloned. */
bool task_alive(const struct task_id *t, bool *failed);

/* Proves that t is there (zombies count) and hands out a pidfd for it, or -1
 * in *pidfd where the kernel has none.  ESRCH in e->code: gone. */
int task_open(const struct task_id *t, int *pidfd, struct err *e);

/* Signals the process of task_open; without a pidfd compares the start time
 * again and then kills, which leaves a window of microseconds.  ESRCH in
 * e->code: gone. */
int task_signal(const struct task_id *t, int pidfd, int sig, struct err *e);

/* Waits until it has ended (zombies have), at most timeout milliseconds of the
 * monotonic clock; -1: for ever.  1 it ended, 0 time is up, -1 error. */
int task_wait(const struct task_id *t, int pidfd, int timeout, struct err *e);

/* The wait status of a process that has ended and is no child of ours: from its
 * zombie, or by the pidfd once reaped (Linux 6.15).  1 known, 0 not. */
int task_exit_status(const struct task_id *t, int pidfd, int *status);

/* The exit code for a wait status: its own, or 128 and the signal. */
int task_code(int status);

/* The kernel's random identity of this boot, 36 characters. */
enum { BOOT_ID = 37 };
int boot_id_read(char id[BOOT_ID], struct err *e);

#endif
