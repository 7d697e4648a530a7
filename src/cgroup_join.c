/* SPDX-License-Identifier: MIT */
/* cgroup_join.c -- opens the cgroups of a container that is there. */
#include "cgroup_join.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "arena.h"
#include "cgroup.h"
#include "cgroup_backend.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "path.h"
#include "plan.h"
#include "procfs.h"
#include "str.h"
#include "words.h"

/* Whether one of the controllers is bound to that hierarchy. */
static bool
chosen(const struct cgroup_op *op, const char *list, size_t len)
{
	const char *end = list + len, *word;
	size_t n;

	if (!list)
		return true;
	while (op->kind == CGROUP_V1 && (word = words_next(&list, &n)) &&
	    word < end) {
		if (word + n > end)     /* a path follows */
			n = (size_t)(end - word);
		if (words_have(op->controllers, word, n))
			return true;
	}
	return false;
}

/* Each component is a name: below is where it stays. */
static bool
is_below(const char *path)
{
	size_t n;

	for (; *path; path += n + (path[n] == '/')) {
		n = strcspn(path, "/");
		if (!n || n > NAME_MAX || !strncmp(path, ".", n) ||
		    !strncmp(path, "..", n))
			return false;
	}
	return true;
}

int
cgroup_below(struct cgroup_plan *plan, const char *text, struct arena *a,
	struct err *e)
{
	const char *colon = strchr(text, ':');
	const char *path = colon ? colon + 1 : text;
	unsigned i, n = 0;

	path += strspn(path, "/");
	if (!is_below(path) || path_too_long(path))
		return err_set(e, EINVAL, "--cgroup: `%s`: bad path", text);
	for (i = 0; i < plan->n_ops; i++) {
		struct cgroup_op *op = &plan->ops[i];

		if (!chosen(op, colon ? text : NULL, (size_t)(colon - text)))
			continue;
		n++;
		if (*path)
			op->path = arena_fmt(a, e, "%s/%s", op->path, path);
		if (!op->path)
			return -1;
	}
	return n ? 0 : err_set(e, EINVAL, "--cgroup: `%s`: the container has "
		"no such cgroup", text);
}

int
cgroup_join(struct cgroup *c, const struct cgroup_plan *plan, struct err *e)
{
	const struct cgroup_backend *b;
	unsigned i;

	*c = (struct cgroup){ .plan = plan };
	for (i = 0; i < CGROUP_MAX; i++)
		c->dir[i] = c->tasks[i] = c->parent[i] = -1;
	for (i = 0; i < plan->n_ops; i++) {
		b = cgroup_backend(&plan->ops[i], e);
		c->dir[i] = b ? cgroup_open(&plan->ops[i], e) : -1;
		if (c->dir[i] < 0)
			return -1;
		if (!b->enter)
			continue;
		c->tasks[i] = openat(c->dir[i], b->enter, O_WRONLY | O_CLOEXEC);
		if (c->tasks[i] < 0) {
			err_sys(e, "%s", b->enter);
			return cgroup_ctx(&plan->ops[i], e);
		}
	}
	return 0;
}

/* Where init is below the container's cgroup: the rest of its path, NULL: it is
 * not. */
static char *
init_below(pid_t init, const char *path, char *buf, size_t size)
{
	char name[32], *line, *at;
	size_t n = strlen(path);

	fmt_to(name, sizeof(name), "%d/cgroup", (int)init);
	if (read_small_at(procfs_fd(), name, buf, size) < 0)
		return NULL;
	line = strncmp(buf, "0::", 3) ? str_find(buf, "\n0::") : buf;
	if (!line)
		return NULL;
	line += *line == '\n';
	line[strcspn(line, "\n")] = '\0';
	/* it begins where our own cgroup namespace does */
	for (at = str_find(line, path); at; at = str_find(at + 1, path)) {
		if (at[-1] == '/' && at[n] == '/' && is_below(at + n + 1))
			return at + n + 1;
	}
	return NULL;
}

int
cgroup_follow(struct cgroup *c, pid_t init)
{
	char text[2 * PATH_MAX], path[2 * PATH_MAX];
	struct err ignored = { 0 };
	unsigned i;

	for (i = 0; i < c->plan->n_ops; i++) {
		struct cgroup_op op = c->plan->ops[i];
		char *below = op.kind != CGROUP_V2 ? NULL :
			init_below(init, op.path, text, sizeof(text));
		int n = !below ? -1 : fmt_to(path, sizeof(path), "%s/%s",
			op.path, below);

		if (n < 0 || (size_t)n >= sizeof(path))
			continue;
		op.path = path;
		AUTO_FD(dir, cgroup_open(&op, &ignored));
		if (dir < 0)
			return -1;
		fd_drop(&c->dir[i]);
		c->dir[i] = fd_take(&dir);
		return 0;
	}
	return -1;
}
