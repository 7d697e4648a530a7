/* SPDX-License-Identifier: MIT */
/* cgroup_freeze.c -- stops and continues a container, and lists what is in
 * it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <time.h>

#include "arena.h"
#include "cgroup.h"
#include "cgroup_backend.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "kopt.h"
#include "plan.h"
#include "str.h"
#include "words.h"

/* It is given up after 100 tries of 1 ms, so that all go on; one in the middle
 * of a long system call may need another round (list K18). */
enum { TRIES = 100, ROUNDS = 50 };

static bool
says_frozen(const struct cgroup_backend *b, int dir, const char *file)
{
	char text[256];

	return read_small_at(dir, file, text, sizeof(text)) > 0 &&
		str_find(text, b->frozen);
}

bool
cgroup_frozen(const struct cgroup_backend *b, int dir)
{
	return says_frozen(b, dir, b->frozen_file);
}

int
cgroup_freeze(const struct cgroup_backend *b, int dir, bool on)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	int i;

	if (write_at(dir, b->freezer, b->freeze[on]))
		return -1;
	for (i = 0; on && !cgroup_frozen(b, dir); i++) {
		if (i == TRIES) {
			cgroup_freeze(b, dir, false);
			errno = ETIMEDOUT;
			return -1;
		}
		nanosleep(&ms, NULL);
	}
	return 0;
}

static bool
can_freeze(const struct cgroup_op *op)
{
	return op->kind == CGROUP_V2 ||
		words_has(op->controllers, "freezer");
}

/* 0 done, 1 this hierarchy has no freezer, -1 error. */
static int
pause_one(const struct cgroup_op *op, bool on, struct err *e)
{
	const struct cgroup_backend *b = cgroup_backend(op, e);
	int i;

	if (!b)
		return -1;
	AUTO_FD(dir, cgroup_open(op, e));
	if (dir < 0)
		return -1;
	for (i = 0; i < ROUNDS; i++) {
		if (cgroup_freeze(b, dir, on) == 0)
			return 0;
		if (errno != ETIMEDOUT)
			break;
	}
	if (errno == ENOENT)
		return 1;
	err_sys(e, on ? "freeze" : "thaw");
	return cgroup_ctx(op, e);
}

int
cgroup_pause(const struct cgroup_plan *plan, bool on, struct err *e)
{
	unsigned i, done = 0;
	int r;

	/* v2 first: a host that has both has left the v1 freezer alone */
	for (i = 0; i < 2 * plan->n_ops; i++) {
		const struct cgroup_op *op = &plan->ops[
			i < plan->n_ops ? i : i - plan->n_ops];

		if (!can_freeze(op) ||
		    (op->kind == CGROUP_V2) != (i < plan->n_ops))
			continue;
		r = pause_one(op, on, e);
		if (r < 0)
			return -1;
		done += r == 0;
		if (on && done)
			break;
	}
	if (done)
		return 0;
	err_set(e, ENOTSUP, "the container has no cgroup that can be frozen");
	return err_hint(e, "cgroup v2 of Linux 5.2, or "
		KOPT_CGROUP_FREEZER);
}

/* By its path: what is only read need not be proved to be a cgroup. */
static bool
is_paused(const struct cgroup_op *op)
{
	struct err e = { 0 };
	const struct cgroup_backend *b = cgroup_backend(op, &e);
	char path[PATH_MAX];

	if (!b)
		return false;
	if (op->mount)
		return fmt_to(path, sizeof(path), "%s/%s/%s", op->mount,
			op->path, b->frozen_file) < (int)sizeof(path) &&
			says_frozen(b, AT_FDCWD, path);
	AUTO_FD(dir, cgroup_open(op, &e));
	return dir >= 0 && cgroup_frozen(b, dir);
}

bool
cgroup_paused(const struct cgroup_plan *plan)
{
	unsigned i;

	for (i = 0; i < plan->n_ops; i++) {
		if (can_freeze(&plan->ops[i]) && is_paused(&plan->ops[i]))
			return true;
	}
	return false;
}

/* Shell's: short, and quick enough for as many pids as there can be. */
static void
sort(pid_t *pid, unsigned n)
{
	unsigned gap = 1, i, at;
	pid_t one;

	while (gap < n / 3)
		gap = 3 * gap + 1;
	for (; gap; gap /= 3) {
		for (i = gap; i < n; i++) {
			one = pid[i];
			for (at = i; at >= gap && pid[at - gap] > one;
			    at -= gap)
				pid[at] = pid[at - gap];
			pid[at] = one;
		}
	}
}

int
cgroup_pids(const struct cgroup_plan *plan, pid_t **pids, struct arena *a,
	struct err *e)
{
	struct cgroup_pids list = { .arena = a };

	*pids = NULL;
	if (cgroup_walk(plan, &list, e))
		return -1;
	sort(list.pid, list.n);
	*pids = list.pid;
	return (int)list.n;
}
