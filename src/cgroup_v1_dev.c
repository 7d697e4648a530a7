/* SPDX-License-Identifier: MIT */
/* cgroup_v1_dev.c -- the lines of the devices controller.
 *
 * A cgroup allows or denies everything, but for its exceptions, and a new
 * default drops them all.  Of one that denies devices.list has the exceptions,
 * of one that allows it has nothing. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "arena.h"
#include "cgroup_v1.h"
#include "fmt.h"
#include "io.h"
#include "log.h"
#include "plan.h"

enum { MAX_LIST = 1 << 16 };

/* Each takes a line a write. */
struct files {
	int deny, allow;
};

static void
close_files(struct files *f)
{
	fd_drop(&f->deny);
	fd_drop(&f->allow);
}

static int
open_files(struct files *f, int dir, struct err *e)
{
	f->deny = openat(dir, "devices.deny", O_WRONLY | O_CLOEXEC);
	f->allow = openat(dir, "devices.allow", O_WRONLY | O_CLOEXEC);
	return f->deny < 0 || f->allow < 0 ?
		err_sys(e, "devices.allow, devices.deny") : 0;
}

static int
put(const struct files *f, bool allow, const char *rule, struct err *e)
{
	int code;

	if (!write_all(allow ? f->allow : f->deny, rule, strlen(rule)))
		return 0;
	code = errno;
	err_sys(e, "devices: %s %s", allow ? "allow" : "deny", rule);
	return code == EINVAL ? err_hint(e, "it has cgroups below it") : -1;
}

/* Lines of a plan: "deny a", "allow c 1:3 rwm". */
static int
put_lines(const struct files *f, const char *const *line, unsigned n,
	struct err *e)
{
	for (; n; n--, line++) {
		if (put(f, **line == 'a', strchr(*line, ' ') + 1, e))
			return -1;
	}
	return 0;
}

int
cgroup_v1_filter(int dir, const struct cgroup_plan *plan, struct err *e)
{
	__attribute__((cleanup(close_files))) struct files f;

	return open_files(&f, dir, e) ? -1 :
		put_lines(&f, plan->dev_lines, plan->n_dev_lines, e);
}

static unsigned
letters(const char *s)
{
	unsigned bits = 0;

	for (; *s && *s != '\n'; s++)
		bits |= *s == 'r' ? DEV_READ : *s == 'w' ? DEV_WRITE :
			*s == 'm' ? DEV_MKNOD : 0u;
	return bits;
}

static const char *
next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

/* What a list allows of the devices that len bytes name: "c 1:3 ". */
static unsigned
allowed(const char *list, const char *device, size_t len)
{
	unsigned bits = 0;

	for (; *list; list = next_line(list)) {
		if (!strncmp(list, device, len))
			bits |= letters(list + len);
	}
	return bits;
}

static int
put_access(const struct files *f, bool allow, const char *device, size_t len,
	unsigned bits, struct err *e)
{
	char rule[48];

	fmt_to(rule, sizeof(rule), "%.*s%s%s%s", (int)len, device,
		bits & DEV_READ ? "r" : "", bits & DEV_WRITE ? "w" : "",
		bits & DEV_MKNOD ? "m" : "");
	return bits ? put(f, allow, rule, e) : 0;
}

/* From one list of exceptions to another: first what only the new one has, then
 * what has changed, each losing what goes before it gets what comes, at last
 * what only the old one had.  The kernel grants a request where one exception
 * has all of it, and each has what wider ones give (plan_dev.c).  So what both
 * lists grant is granted all the time, and what neither does never.  Of what
 * has been done already nothing is changed: the way back is the same. */
static int
change(const struct files *f, const char *from, const char *to, struct err *e)
{
	enum { NEW, OTHER, GONE, STEPS };
	const char *line;
	unsigned had, has;
	size_t len;
	int step;

	for (step = NEW; step < STEPS; step++) {
		for (line = step == GONE ? from : to; *line;
		    line = next_line(line)) {
			len = strcspn(line, "\n");
			while (len && line[len - 1] != ' ')
				len--;
			had = allowed(from, line, len);
			has = allowed(to, line, len);
			if ((step == OTHER) != (had && has))
				continue;
			if (put_access(f, false, line, len, had & ~has, e) ||
			    put_access(f, true, line, len, has & ~had, e))
				return -1;
		}
	}
	return 0;
}

static const char *
read_list(int dir, struct arena *a, struct err *e)
{
	char *text = arena_alloc(a, MAX_LIST, 1, e);

	if (!text || read_small_at(dir, "devices.list", text, MAX_LIST) >= 0)
		return text;
	err_sys(e, "devices.list");
	return NULL;
}

/* The exceptions of the plan in the form of devices.list. */
static const char *
make_list(const struct cgroup_plan *p, struct arena *a, struct err *e)
{
	char *text = arena_alloc(a, MAX_LIST, 1, e), *end = text;
	const char *rule;
	unsigned i;
	size_t len;

	for (i = 1; text && i < p->n_dev_lines; i++) {
		rule = strchr(p->dev_lines[i], ' ') + 1;
		len = strlen(rule);
		if (len + 1 >= (size_t)(text + MAX_LIST - end)) {
			err_set(e, E2BIG, "devices: too many rules");
			return NULL;
		}
		memcpy(end, rule, len);
		end += len;
		*end++ = '\n';
	}
	if (text)
		*end = '\0';
	return text;
}

static bool
same_lines(const struct cgroup_plan *p)
{
	unsigned i;

	for (i = 0; i < p->n_dev_was && i < p->n_dev_lines &&
	    !strcmp(p->dev_was[i], p->dev_lines[i]); i++)
		;
	return i == p->n_dev_was && i == p->n_dev_lines;
}

/* With a new default nothing is as it was for a moment. */
static int
change_default(const struct files *f, const struct cgroup_plan *p,
	const char *from, struct err *e)
{
	const bool was_open = *from == 'a';
	struct err ignored = { 0 };

	if (put_lines(f, p->dev_lines, 1, e))
		return -1;
	if (!put_lines(f, p->dev_lines + 1, p->n_dev_lines - 1, e))
		return 0;
	if (put(f, was_open, "a", &ignored) || (!was_open ?
	    change(f, "", from, &ignored) :
	    p->n_dev_was && *p->dev_was[0] == 'a' &&
	    put_lines(f, p->dev_was + 1, p->n_dev_was - 1, &ignored)))
		log_at(LEVEL_WARNING, "the old rules can't be restored: %s",
			err_str(&ignored));
	return -1;
}

int
cgroup_v1_refilter(int dir, const struct cgroup_plan *plan, bool stopped,
	struct arena scratch, struct err *e)
{
	const char *from = read_list(dir, &scratch, e);
	const char *to = from ? make_list(plan, &scratch, e) : NULL;
	const bool open = *plan->dev_lines[0] == 'a';
	__attribute__((cleanup(close_files))) struct files f = { -1, -1 };
	struct err ignored = { 0 };

	if (!to || open_files(&f, dir, e))
		return -1;
	if (open || *from == 'a') {
		if (open && *from == 'a' && same_lines(plan))
			return 0;
		return stopped ? change_default(&f, plan, from, e) : 1;
	}
	if (!change(&f, from, to, e))
		return 0;
	if (change(&f, to, from, &ignored))
		log_at(LEVEL_WARNING, "the old rules can't be restored: %s",
			err_str(&ignored));
	return -1;
}
