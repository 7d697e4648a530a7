/* SPDX-License-Identifier: MIT */
/* cgroup_kill.c -- signals what is in a container's cgroups, and removes
 * them. */
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "cgroup_backend.h"
#include "dir.h"
#include "err.h"
#include "io.h"
#include "plan.h"
#include "words.h"

/* Cgroups in cgroups: a signal goes no deeper without cgroup.kill. */
enum { MAX_DEPTH = 32, KILL_MS = 10000, STEP_MAX_MS = 50 };

/* The hierarchy in which all processes of the container can be found, and
 * stopped at once: v2, else the v1 freezer, else any. */
static const struct cgroup_op *
pick(const struct cgroup_plan *plan)
{
	const struct cgroup_op *op, *best = NULL;
	unsigned i;

	for (i = 0; i < plan->n_ops; i++) {
		op = &plan->ops[i];
		if (op->kind == CGROUP_V2)
			return op;
		if (!best || words_has(op->controllers, "freezer"))
			best = op;
	}
	return best;
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Sleeps 1, 2, 4 ... 50 ms. */
static void
pause_ms(unsigned *ms)
{
	struct timespec t = { .tv_nsec = 0 };

	*ms = *ms ? *ms * 2 : 1;
	if (*ms > STEP_MAX_MS)
		*ms = STEP_MAX_MS;
	t.tv_nsec = (long)*ms * 1000000;
	nanosleep(&t, NULL);
}

/* One pass over the processes. */
struct pass {
	int sig;                /* 0: only count */
	int count;              /* without this process */
	bool self;              /* this process is one of them */
	struct cgroup_pids *list; /* where they go instead; or NULL */
	struct err *e;
};

static int
append(struct cgroup_pids *l, pid_t pid, struct err *e)
{
	pid_t *more;

	if (l->n == l->room) {
		l->room = l->room ? 2 * l->room : 64;
		more = NEWS(l->arena, pid_t, l->room, e);
		if (!more)
			return -1;
		if (l->n)
			memcpy(more, l->pid, l->n * sizeof(*more));
		l->pid = more;
	}
	l->pid[l->n++] = pid;
	return 0;
}

/* 0 stands for a process that our PID namespace does not show; a signal would
 * go to our own process group. */
static void
signal_one(struct pass *p, unsigned long long pid)
{
	if (!pid || pid > INT32_MAX)
		return;
	if (p->list)
		append(p->list, (pid_t)pid, p->e);
	else if ((pid_t)pid == getpid())
		p->self = true;
	else if (kill((pid_t)pid, p->sig) == 0)
		p->count++;
}

static int
signal_list(struct pass *p, int dir, const char *name)
{
	AUTO_FD(fd, openat(dir, name, O_RDONLY | O_CLOEXEC));
	unsigned long long pid = 0;
	char buf[512];
	ssize_t n, i;

	if (fd < 0)
		return -1;
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		if (p->list && p->e->code)
			return -1;
		for (i = 0; i < n; i++) {
			if (buf[i] >= '0' && buf[i] <= '9') {
				pid = pid * 10 + (unsigned)(buf[i] - '0');
				continue;
			}
			signal_one(p, pid);
			pid = 0;
		}
	}
	return n < 0 ? -1 : 0;
}

/* The processes of one directory. */
static int
signal_dir(struct pass *p, int dir, struct err *e)
{
	int r = signal_list(p, dir, "cgroup.procs");

	/* a threaded cgroup has no list of processes (Linux 4.14) */
	if (r && errno == EOPNOTSUPP)
		r = signal_list(p, dir, "cgroup.threads");
	if (e->code)
		return -1;
	if (r && errno != ENODEV && errno != ENOENT) /* removed meanwhile */
		return err_sys(e, "cgroup.procs");
	return 0;
}

/* kernfs counts a directory's children in its links. */
static bool
has_children(int dir)
{
	struct stat st;

	return fstat(dir, &st) == 0 && st.st_nlink != 2;
}

static int
signal_tree(struct pass *p, int dir, unsigned depth, struct err *e)
{
	const char *name;
	struct dir d;

	if (signal_dir(p, dir, e))
		return -1;
	if (!has_children(dir))
		return 0;
	if (depth == MAX_DEPTH)
		return err_set(e, ELOOP, "more than %d cgroups deep",
			MAX_DEPTH);
	if (dir_start(&d, dir, e))
		return -1;
	while ((name = dir_next(&d, e))) {
		AUTO_FD(child, cgroup_open_dir(dir, name));

		if (child >= 0 && signal_tree(p, child, depth + 1, e))
			return -1;
	}
	return e->code ? -1 : 0;
}

/* While all are stopped none can fork past the list.  One that the user has
 * paused stays so, but must run to die.  Returns how many there were. */
static int
signal_stopped(int dir, const struct cgroup_backend *b, int sig,
	struct err *e)
{
	struct pass look = { 0 }, p = { .sig = sig };
	bool paused, stopped;
	int r;

	if (signal_tree(&look, dir, 0, e) && e->code != ELOOP)
		return -1;
	err_clear(e);
	if (!look.count && !look.self)
		return 0;
	paused = cgroup_frozen(b, dir);
	stopped = paused || (!look.self && cgroup_freeze(b, dir, true) == 0);
	r = signal_tree(&p, dir, 0, e);
	if (stopped && (!paused || sig == SIGKILL))
		cgroup_freeze(b, dir, false);
	return r ? -1 : p.count;
}

/* One round of SIGKILL: 1 there were processes, 0 there were none. */
static int
kill_round(int dir, const struct cgroup_backend *b, int *count,
	struct err *e)
{
	struct pass look = { 0 };
	int r = signal_tree(&look, dir, 0, e);

	if (r && e->code != ELOOP)
		return -1;
	err_clear(e);
	*count = look.count + (r != 0);
	if (!*count)
		return 0;
	if ((look.self || !b->kill || write_at(dir, b->kill, "1")) &&
	    signal_stopped(dir, b, SIGKILL, e) < 0)
		return -1;
	return 1;
}

/* The freezer may be another hierarchy than the one we kill by. */
static void
thaw(const struct cgroup_plan *plan)
{
	struct err ignored = { 0 };

	if (cgroup_paused(plan))
		cgroup_pause(plan, false, &ignored);
}

static int
kill_until_empty(const struct cgroup_plan *plan, int dir,
	const struct cgroup_backend *b, struct err *e)
{
	int64_t end = now_ms() + KILL_MS;
	int r, count, first = -1;
	unsigned ms = 0;

	while ((r = kill_round(dir, b, &count, e)) > 0) {
		if (first < 0) {
			first = count;
			thaw(plan);
		}
		if (now_ms() > end)
			return err_set(e, ETIMEDOUT,
				"processes do not end after SIGKILL");
		pause_ms(&ms);
	}
	return r < 0 ? -1 : first < 0 ? 0 : first;
}

int
cgroup_signal(const struct cgroup_plan *plan, int sig, struct err *e)
{
	const struct cgroup_op *op = pick(plan);
	const struct cgroup_backend *b;
	int n;

	if (!op)
		return err_set(e, ENOTSUP, "the container has no cgroup");
	b = cgroup_backend(op, e);
	if (!b)
		return -1;
	AUTO_FD(dir, cgroup_open(op, e));
	if (dir < 0) {
		if (e->code != ENOENT)
			return -1;
		err_clear(e);
		return 0;
	}
	n = sig == SIGKILL ? kill_until_empty(plan, dir, b, e) :
		signal_stopped(dir, b, sig, e);
	return n < 0 ? cgroup_ctx(op, e) : n;
}

int
cgroup_walk(const struct cgroup_plan *plan, struct cgroup_pids *list,
	struct err *e)
{
	const struct cgroup_op *op = pick(plan);
	struct pass p = { .list = list, .e = e };

	if (!op)
		return err_set(e, ENOTSUP, "the container has no cgroup");
	AUTO_FD(dir, cgroup_open(op, e));
	if (dir < 0)
		return -1;
	return signal_tree(&p, dir, 0, e) ? cgroup_ctx(op, e) : 0;
}

/* The first child of dir, or -1 with err set or not. */
static int
first_child(int dir, char name[NAME_MAX + 1], struct err *e)
{
	const char *entry;
	struct dir d;
	int fd;

	if (!has_children(dir) || dir_start(&d, dir, e))
		return -1;
	while ((entry = dir_next(&d, e))) {
		fd = cgroup_open_dir(dir, entry);
		if (fd < 0)
			continue;
		memcpy(name, entry, strlen(entry) + 1);
		return fd;
	}
	return -1;
}

/* Descends to the first directory that has none below it and removes it, with
 * two descriptors however deep that is: the container made these.  1 one was
 * removed, 0 there was none, -1 error. */
static int
remove_leaf(int dir, struct err *e)
{
	char name[NAME_MAX + 1], next_name[NAME_MAX + 1];
	struct pass p = { .sig = SIGKILL };
	AUTO_FD(parent, -1);
	AUTO_FD(child, first_child(dir, name, e));
	int next;

	if (child < 0)
		return e->code ? -1 : 0;
	while ((next = first_child(child, next_name, e)) >= 0) {
		fd_drop(&parent);
		parent = child;
		child = next;
		memcpy(name, next_name, sizeof(name));
	}
	if (e->code)
		return -1;
	if (signal_dir(&p, child, e))
		return -1;
	if (unlinkat(parent < 0 ? dir : parent, name, AT_REMOVEDIR) &&
	    errno != ENOENT)
		return err_sys(e, "rmdir %s", name);
	return 1;
}

/* Removes name below parent and all in it: 0, or -1 with err set, EBUSY: there
 * are processes still. */
static int
remove_tree(int parent, const char *name, struct err *e)
{
	AUTO_FD(dir, -1);
	int r;

	if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	if (errno != EBUSY && errno != ENOTEMPTY)
		return err_sys(e, "rmdir");
	dir = cgroup_open_dir(parent, name);
	if (dir < 0)
		return errno == ENOENT ? 0 : err_sys(e, "open");
	while ((r = remove_leaf(dir, e)) > 0)
		;
	if (r < 0)
		return -1;
	if (unlinkat(parent, name, AT_REMOVEDIR) && errno != ENOENT)
		return err_sys(e, "rmdir");
	return 0;
}

static int
remove_one(const struct cgroup_op *op, int64_t end, struct err *e)
{
	const struct cgroup_backend *b = cgroup_backend(op, e);
	char name[NAME_MAX + 1] = "";
	unsigned ms = 0;
	int count;

	if (!b)
		return -1;
	AUTO_FD(parent, cgroup_open_parent(op, name, e));
	if (parent < 0)
		return e->code == ENOENT ? 0 : -1;
	while (remove_tree(parent, name, e)) {
		if ((e->code != EBUSY && e->code != ENOTEMPTY &&
		    e->code != ENOENT) || now_ms() > end)
			return -1;
		err_clear(e);
		AUTO_FD(dir, cgroup_open_dir(parent, name));
		if (dir >= 0 && kill_round(dir, b, &count, e) < 0 &&
		    e->code != ELOOP && e->code != ENOENT)
			return -1;
		err_clear(e);
		pause_ms(&ms);
	}
	return 0;
}

int
cgroup_remove(const struct cgroup_plan *plan, struct err *e)
{
	const struct cgroup_op *op, *first = pick(plan);
	int64_t end = now_ms() + KILL_MS;
	struct err one;
	unsigned i;
	int r = 0;

	thaw(plan);
	/* where processes can be ended for sure; then the others are empty */
	for (i = 0; i <= plan->n_ops; i++) {
		op = i ? &plan->ops[i - 1] : first;
		one.code = 0;
		if (!op || (i && op == first) || !remove_one(op, end, &one))
			continue;
		cgroup_ctx(op, &one);
		if (r == 0)             /* the others are still removed */
			*e = one;
		r = -1;
	}
	return r;
}
