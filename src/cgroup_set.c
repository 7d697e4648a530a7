/* SPDX-License-Identifier: MIT */
/* cgroup_set.c -- writes the values of a plan to the files of its cgroups. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "arena.h"
#include "cgroup.h"
#include "cgroup_backend.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "log.h"
#include "plan.h"

/* Room for those that have WRITE_LATER, and for an old value. */
enum { LATER_MAX = 16, OLD_MAX = 4096 };

/* A value as it was. */
struct old {
	struct old *next;
	int dir;
	const char *file, *text;
	size_t key;             /* of files that hold a line for each device:
	                         * the length of its number, else 0 */
	const char *dev;
};

struct setting {
	const struct cgroup_plan *plan;
	const int *dir;
	struct arena *keep;     /* for old values; NULL: nothing is undone */
	struct old *olds;       /* the last one first */
	struct err *e;
};

static int
remember(struct setting *s, const struct cgroup_write *w, const char *file,
	const char *text)
{
	char now[OLD_MAX];
	struct old *o;

	if (!s->keep || read_small_at(s->dir[w->op], file, now,
	    sizeof(now)) < 0)
		return 0;
	o = NEW(s->keep, struct old, s->e);
	if (!o)
		return -1;
	o->dir = s->dir[w->op];
	o->file = file;
	o->text = arena_dup(s->keep, now, strlen(now), s->e);
	/* "8:0 rbps=1", but not "0-3" and not "max" */
	o->key = strcspn(text, " ");
	if (!text[o->key] || !memchr(text, ':', o->key))
		o->key = 0;
	o->dev = text;
	o->next = s->olds;
	s->olds = o;
	return o->text ? 0 : -1;
}

/* The line of the same device, or the whole. */
static void
put_back(const struct old *o)
{
	const char *line = o->text;
	char text[OLD_MAX];
	size_t len;

	for (; o->key && *line; line += len + !!line[len]) {
		len = strcspn(line, "\n");
		if (len > o->key && !memcmp(line, o->dev, o->key))
			break;
	}
	len = o->key ? strcspn(line, "\n") : strlen(line);
	memcpy(text, line, len);
	text[len] = '\0';
	if ((o->key && !len) || write_at(o->dir, o->file, text))
		log_at(LEVEL_WARNING, "%s: the old value can't be restored",
			o->file);
}

static int
read_number(int dir, const char *file, long long *v)
{
	unsigned long long u;
	char text[32];
	ssize_t n = read_small_at(dir, file, text, sizeof(text));

	if (n <= 0)
		return -1;
	text[n - 1] = '\0';
	if (*text == '-') {
		*v = -1;
		return 0;
	}
	if (parse_u64(text, LLONG_MAX, &u))
		return -1;
	*v = (long long)u;
	return 0;
}

/* Gives dir as large a share of real time as runtime of period is, if it has
 * less. */
static int
raise_one(int dir, long long runtime, long long period, struct err *e)
{
	long long have, of, need;
	char text[24];

	if (read_number(dir, "cpu.rt_runtime_us", &have) ||
	    read_number(dir, "cpu.rt_period_us", &of))
		return err_sys(e, "cpu.rt_runtime_us");
	if (__builtin_mul_overflow(runtime, of, &need))
		need = of;
	else
		need = need / period + (need % period != 0);
	if (have < 0 || have >= need)
		return 0;
	fmt_to(text, sizeof(text), "%lld", need);
	return write_at(dir, "cpu.rt_runtime_us", text) ?
		err_sys(e, "parent: write `%s` to cpu.rt_runtime_us", text) : 0;
}

/* v1: a new cgroup has no real time, and none can have more than its parent
 * (list Q13). */
static int
raise_parents(const struct cgroup_op *op, int own, const char *text,
	struct err *e)
{
	AUTO_FD(dir, cgroup_root(op, e));
	unsigned long long runtime;
	const char *path = op->path;
	char name[NAME_MAX + 1];
	long long period;

	if (dir < 0)
		return -1;
	if (parse_u64(text, LLONG_MAX, &runtime) ||
	    read_number(own, "cpu.rt_period_us", &period) || period <= 0)
		return 0;       /* the write itself will tell */
	while (cgroup_component(&path, name) && *path) {
		if (cgroup_descend(&dir, name, op, NULL, e) ||
		    raise_one(dir, (long long)runtime, period, e))
			return -1;
	}
	return 0;
}

static int
write_file(struct setting *s, const struct cgroup_write *w, const char *file,
	const char *text)
{
	if (remember(s, w, file, text))
		return -1;
	return write_at(s->dir[w->op], file, text);
}

/* config.json's name for it, the cgroup, the file, the value, the cause. */
static int
complain(const struct setting *s, const struct cgroup_write *w, int code)
{
	const struct cgroup_op *op = &s->plan->ops[w->op];
	struct cgroup_memory m;

	errno = code;
	err_sys(s->e, "%s: write `%s`", w->file, w->text);
	if (code == ENOENT && op->kind == CGROUP_V2)
		err_hint(s->e, "%s; or a cgroup above does not pass on `%.*s`",
			w->option, (int)strcspn(w->file, "."), w->file);
	else if (code == ENOENT)
		err_hint(s->e, "%s", w->option);
	else if (code == EBUSY && !strncmp(w->member, "memory.", 7) &&
	    cgroup_memory_of(op, s->dir[w->op], &m))
		err_hint(s->e, "usage is %llu, peak was %llu",
			(unsigned long long)m.usage,
			(unsigned long long)m.peak);
	cgroup_ctx(op, s->e);
	return err_ctx(s->e, "linux.resources.%s", w->member);
}

/* 0 written, 1 refused as contradicting, -1 error. */
static int
try_write(struct setting *s, const struct cgroup_write *w)
{
	int r, code;

	if (w->how & WRITE_PARENTS && raise_parents(&s->plan->ops[w->op],
	    s->dir[w->op], w->text, s->e)) {
		cgroup_ctx(&s->plan->ops[w->op], s->e);
		return err_ctx(s->e, "linux.resources.%s", w->member);
	}
	r = write_file(s, w, w->file, w->text);
	if (r && errno == ENOENT && w->alt)
		r = write_file(s, w, w->alt, w->alt_text);
	if (!r)
		return 0;
	if (s->e->code)
		return -1;
	code = errno;
	if (code == ENOENT && w->how & WRITE_MAY_LACK)
		return 0;
	if (code == EINVAL && w->how & WRITE_LATER)
		return 1;
	return complain(s, w, code);
}

/* One pass: what was put off stays in later, *n of them. */
static int
again(struct setting *s, const struct cgroup_write **later, unsigned *n)
{
	unsigned i, left = 0;
	int r;

	for (i = 0; i < *n; i++) {
		r = try_write(s, later[i]);
		if (r < 0)
			return -1;
		if (r > 0)
			later[left++] = later[i];
	}
	if (left == *n)
		return complain(s, later[0], EINVAL);
	*n = left;
	return 0;
}

static int
set_all(struct setting *s)
{
	const struct cgroup_write *w, *later[LATER_MAX];
	unsigned n = 0;
	int r;

	for (w = s->plan->writes; w; w = w->next) {
		r = try_write(s, w);
		if (r < 0)
			return -1;
		if (r > 0 && n == LATER_MAX)
			return complain(s, w, EINVAL);
		if (r > 0)
			later[n++] = w;
	}
	while (n) {
		if (again(s, later, &n))
			return -1;
	}
	return 0;
}

/* The device rules, while all is stopped if that is needed.  What the user has
 * paused stays so. */
static int
refilter_stopped(struct setting *s, const struct cgroup_backend *b, int dir)
{
	const bool paused = cgroup_paused(s->plan);
	struct err ignored = { 0 };
	int r;

	if (!paused && cgroup_pause(s->plan, true, s->e))
		return -1;
	r = b->refilter(dir, s->plan, true, *s->keep, s->e);
	if (!paused && cgroup_pause(s->plan, false, r ? &ignored : s->e))
		return -1;
	return r;
}

/* Last, since each backend can take back what it has done. */
static int
refilter(struct setting *s)
{
	const int at = s->plan->dev_op;
	const struct cgroup_op *op = at < 0 ? NULL : &s->plan->ops[at];
	const struct cgroup_backend *b = op ? cgroup_backend(op, s->e) : NULL;
	int r;

	if (!b)
		return op ? -1 : 0;
	r = b->refilter(s->dir[at], s->plan, false, *s->keep, s->e);
	if (r > 0)
		r = refilter_stopped(s, b, s->dir[at]);
	if (!r)
		return 0;
	cgroup_ctx(op, s->e);
	err_ctx(s->e, "linux.resources.devices");
	if (!s->plan->dev_warn)
		return -1;
	log_at(LEVEL_WARNING, "devices are filtered as before: %s",
		err_str(s->e));
	err_clear(s->e);
	return 0;
}

int
cgroup_set(const struct cgroup_plan *plan, const int *dir, struct arena *keep,
	struct err *e)
{
	struct setting s = {
		.plan = plan, .dir = dir, .keep = keep, .e = e,
	};
	const struct old *o;

	if (set_all(&s) == 0 && (!keep || refilter(&s) == 0))
		return 0;
	for (o = s.olds; o; o = o->next)
		put_back(o);
	return -1;
}
