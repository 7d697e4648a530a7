/* SPDX-License-Identifier: MIT */
/* cgroup_save.c -- the list of the container's cgroups as a file: lines of
 * "v1 CONTROLLERS MOUNT PATH", "-" for an empty controller list and for a mount
 * of our own, white space and backslashes as in mountinfo. */
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "mountinfo.h"
#include "plan.h"

/* 32 lines with the longest paths, each byte of them escaped. */
enum { MAX_FILE = 2 << 20 };

struct out {
	int fd;
	size_t n;
	bool bad;
	char buf[512];
};

static void
flush(struct out *o)
{
	o->bad = o->bad || write_all(o->fd, o->buf, o->n);
	o->n = 0;
}

static void
put_char(struct out *o, char c)
{
	if (o->n == sizeof(o->buf))
		flush(o);
	o->buf[o->n++] = c;
}

static void
put_field(struct out *o, const char *s, char end)
{
	unsigned char c;

	if (!s || !*s)
		s = "-";
	for (; (c = (unsigned char)*s); s++) {
		if (c > ' ' && c != '\\') {
			put_char(o, *s);
			continue;
		}
		put_char(o, '\\');
		put_char(o, (char)('0' + (c >> 6)));
		put_char(o, (char)('0' + (c >> 3 & 7)));
		put_char(o, (char)('0' + (c & 7)));
	}
	put_char(o, end);
}

int
cgroup_save(const struct cgroup_plan *plan, int dir, const char *name,
	struct err *e)
{
	AUTO_FD(fd, openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC |
		O_NOFOLLOW | O_CLOEXEC, 0600));
	struct out o = { .fd = fd };
	const struct cgroup_op *op;
	unsigned i;

	if (fd < 0)
		return err_sys(e, "%s", name);
	for (i = 0; i < plan->n_ops; i++) {
		op = &plan->ops[i];
		put_field(&o, op->kind == CGROUP_V1 ? "v1" : "v2", ' ');
		put_field(&o, op->controllers, ' ');
		put_field(&o, op->mount, ' ');
		put_field(&o, op->path, '\n');
	}
	flush(&o);
	return o.bad ? err_sys(e, "%s", name) : 0;
}

/* Cuts the field that ends with c off *s and decodes it; NULL: there is no such
 * end. */
static char *
take_field(char **s, char c)
{
	char *field = *s, *end = strchr(field, c);

	if (!end || end == field)
		return NULL;
	*end = '\0';
	*s = end + 1;
	mountinfo_unescape(field);
	return field;
}

/* As plan_cgroup makes them; anything else is not used as a path. */
static bool
is_path(const char *s)
{
	size_t len;

	do {
		len = strcspn(s, "/");
		if (!len || len > NAME_MAX || !strncmp(s, ".", len) ||
		    !strncmp(s, "..", len))
			return false;
		s += len;
	} while (*s++);
	return true;
}

static bool
take_op(char **s, struct cgroup_op *op)
{
	char *kind = take_field(s, ' ');
	char *controllers = kind ? take_field(s, ' ') : NULL;
	char *mount = controllers ? take_field(s, ' ') : NULL;
	char *path = mount ? take_field(s, '\n') : NULL;

	if (!path || !is_path(path) ||
	    (strcmp(kind, "v1") && strcmp(kind, "v2")))
		return false;
	op->kind = kind[1] == '1' ? CGROUP_V1 : CGROUP_V2;
	op->controllers = strcmp(controllers, "-") ? controllers : "";
	op->mount = strcmp(mount, "-") ? mount : NULL;
	op->path = path;
	op->has = op->mount ? op->controllers : NULL;
	return !op->mount || *mount == '/';
}

static char *
read_file(int dir, const char *name, struct arena *a, struct err *e)
{
	AUTO_FD(fd, openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
	struct stat st;
	char *text;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st)) {
		err_sys(e, "%s", name);
		return NULL;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > MAX_FILE) {
		err_set(e, EINVAL, "%s: not a file of wherry", name);
		return NULL;
	}
	text = arena_alloc(a, (size_t)st.st_size + 1, 1, e);
	if (!text)
		return NULL;
	n = read_full(fd, text, (size_t)st.st_size);
	if (n < 0) {
		err_sys(e, "%s", name);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

static size_t
lines(const char *text)
{
	size_t n = 0;

	while ((text = strchr(text, '\n')) && n++ < CGROUP_MAX)
		text++;
	return n;
}

int
cgroup_load(struct cgroup_plan *plan, int dir, const char *name,
	struct arena *a, struct err *e)
{
	char *text = read_file(dir, name, a, e);

	*plan = (struct cgroup_plan){ .dev_op = -1 };
	if (!text)
		return -1;
	plan->ops = NEWS(a, struct cgroup_op, lines(text), e);
	if (!plan->ops)
		return -1;
	while (*text) {
		if (plan->n_ops == CGROUP_MAX ||
		    !take_op(&text, &plan->ops[plan->n_ops]))
			return err_set(e, EINVAL, "%s: line %u: bad format",
				name, plan->n_ops + 1);
		plan->n_ops++;
	}
	return 0;
}
