/* SPDX-License-Identifier: MIT */
/* cgroup.c -- makes and enters the container's cgroups. */
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cgroup_backend.h"
#include "cgroup_v1.h"
#include "cgroup_v2.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "kopt.h"
#include "log.h"
#include "plan.h"

const struct cgroup_backend *
cgroup_backend(const struct cgroup_op *op, struct err *e)
{
	return op->kind == CGROUP_V1 ? cgroup_v1(e) : cgroup_v2(e);
}

int
cgroup_ctx(const struct cgroup_op *op, struct err *e)
{
	if (op->mount)
		return err_ctx(e, "cgroup %s/%s", op->mount, op->path);
	return err_ctx(e, "cgroup %s:%s",
		*op->controllers ? op->controllers : "v2", op->path);
}

int
cgroup_root(const struct cgroup_op *op, struct err *e)
{
	const struct cgroup_backend *b = cgroup_backend(op, e);
	AUTO_FD(fd, -1);
	struct statfs fs;

	if (!b)
		return -1;
	if (!op->mount) {
		fd = b->mount(op, e);
		if (fd < 0 && e->code == ENODEV)
			return err_hint(e, KOPT_CGROUPS);
		return fd_take(&fd);
	}
	fd = openat(AT_FDCWD, op->mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstatfs(fd, &fs))
		return err_sys(e, "open");
	if ((unsigned)fs.f_type != b->magic)
		return err_set(e, EINVAL, "not a %s file system", b->fstype);
	return fd_take(&fd);
}

bool
cgroup_component(const char **path, char name[NAME_MAX + 1])
{
	size_t len;

	*path += strspn(*path, "/");
	len = strcspn(*path, "/");
	if (!len || len > NAME_MAX)
		return false;
	memcpy(name, *path, len);
	name[len] = '\0';
	*path += len;
	return true;
}

int
cgroup_open_dir(int dir, const char *name)
{
	return openat(dir, name,
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int
cgroup_descend(int *dir, const char *name, const struct cgroup_op *op,
	const struct cgroup_backend *b, struct err *e)
{
	AUTO_FD(next, -1);

	if (b && b->settle(*dir, name, false, op, e))
		return -1;
	next = cgroup_open_dir(*dir, name);
	if (next < 0)
		return err_sys(e, "open");
	fd_drop(dir);
	*dir = fd_take(&next);
	return 0;
}

int
cgroup_open(const struct cgroup_op *op, struct err *e)
{
	AUTO_FD(dir, cgroup_root(op, e));
	const char *path = op->path;
	char name[NAME_MAX + 1];

	if (dir < 0)
		return cgroup_ctx(op, e);
	while (cgroup_component(&path, name)) {
		if (cgroup_descend(&dir, name, op, NULL, e))
			return cgroup_ctx(op, e);
	}
	return fd_take(&dir);
}

int
cgroup_open_parent(const struct cgroup_op *op, char name[NAME_MAX + 1],
	struct err *e)
{
	AUTO_FD(dir, cgroup_root(op, e));
	const char *path = op->path;

	while (dir >= 0 && cgroup_component(&path, name) && *path) {
		if (cgroup_descend(&dir, name, op, NULL, e))
			return -1;
	}
	return fd_take(&dir);
}

/* A cgroup that was there before is taken if it is empty (list O12): limits
 * that somebody prepared for the container are in it.  Cgroups below it would
 * be somebody else's, and go with the container. */
static int
check_empty(int dir, const struct cgroup_backend *b, struct err *e)
{
	AUTO_FD(fd, openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC));
	char c;
	ssize_t n = fd < 0 ? -1 : read(fd, &c, 1);
	struct stat st;

	if (n < 0)
		return err_sys(e, "cgroup.procs");
	if (n)
		return err_set(e, EBUSY, "exists and has processes");
	if (fstat(dir, &st) || st.st_nlink != 2)
		return err_set(e, EBUSY, "exists and has cgroups below it");
	if (cgroup_frozen(b, dir))
		return err_set(e, EBUSY, "exists and is frozen");
	return 0;
}

/* Makes the components below the root that are missing.  c->parent[i] is where
 * the last of them is, which is all that entering and removing it takes. */
static int
make_path(struct cgroup *c, unsigned i, const struct cgroup_backend *b,
	struct err *e)
{
	const struct cgroup_op *op = &c->plan->ops[i];
	AUTO_FD(dir, cgroup_root(op, e));
	const char *path = op->path;
	char name[NAME_MAX + 1];

	if (dir < 0)
		return -1;
	while (cgroup_component(&path, name)) {
		c->made[i] = mkdirat(dir, name, 0755) == 0;
		if (!c->made[i] && errno != EEXIST)
			return err_sys(e, "mkdir");
		if (b->settle(dir, name, c->made[i], op, e))
			return -1;
		if (!path[strspn(path, "/")])
			break;
		if (cgroup_descend(&dir, name, op, NULL, e))
			return -1;
	}
	c->parent[i] = fd_take(&dir);
	return 0;
}

static const char *
last_name(const struct cgroup_op *op)
{
	const char *slash = strrchr(op->path, '/');

	return slash ? slash + 1 : op->path;
}

/* The container's cgroup itself, which not every hierarchy needs. */
static int
dir_of(struct cgroup *c, unsigned i, struct err *e)
{
	if (c->dir[i] < 0)
		c->dir[i] = cgroup_open_dir(c->parent[i],
			last_name(&c->plan->ops[i]));
	return c->dir[i] < 0 ? err_sys(e, "open") : c->dir[i];
}

/* No path but that of a file in there: what stands in a cgroup's directory are
 * files and cgroups, never links. */
static int
open_enter(struct cgroup *c, unsigned i, const char *file, struct err *e)
{
	char path[NAME_MAX + 32];

	fmt_to(path, sizeof(path), "%s/%s", last_name(&c->plan->ops[i]),
		file);
	c->tasks[i] = openat(c->parent[i], path, O_WRONLY | O_CLOEXEC);
	return c->tasks[i] < 0 ? err_sys(e, "%s", file) : 0;
}

/* Policy devices_cgroup = warn goes on without. */
static int
filter(const struct cgroup_backend *b, int dir, const struct cgroup_plan *plan,
	struct err *e)
{
	if (b->filter(dir, plan, e) == 0)
		return 0;
	if (!plan->dev_warn)
		return -1;
	log_at(LEVEL_WARNING, "devices are not filtered: %s", err_str(e));
	err_clear(e);
	return 0;
}

static int
create_one(struct cgroup *c, unsigned i, struct err *e)
{
	const struct cgroup_op *op = &c->plan->ops[i];
	const struct cgroup_backend *b = cgroup_backend(op, e);

	if (!b || make_path(c, i, b, e))
		return -1;
	if ((op->kind == CGROUP_V2 || !c->made[i]) && dir_of(c, i, e) < 0)
		return -1;
	if (!c->made[i] && check_empty(c->dir[i], b, e))
		return -1;
	if (c->plan->dev_op == (int)i &&
	    (c->plan->dev_lines || c->plan->dev_prog) &&
	    (dir_of(c, i, e) < 0 || filter(b, c->dir[i], c->plan, e)))
		return -1;
	if (op->kind == CGROUP_V2 && c->plan->delegate && !geteuid() &&
	    cgroup_own(c->dir[i], c->plan->owner, e))
		return -1;
	return b->enter ? open_enter(c, i, b->enter, e) : 0;
}

static int
rmdir_one(const struct cgroup *c, unsigned i)
{
	return unlinkat(c->parent[i], last_name(&c->plan->ops[i]),
		AT_REMOVEDIR);
}

static void
undo(struct cgroup *c)
{
	unsigned i = c->plan->n_ops;

	while (i--) {
		if (c->made[i])
			rmdir_one(c, i);
	}
	cgroup_close(c);
}

static int
create_all(struct cgroup *c, struct err *e)
{
	const struct cgroup_write *w;
	unsigned i;

	for (i = 0; i < c->plan->n_ops; i++) {
		if (create_one(c, i, e))
			return cgroup_ctx(&c->plan->ops[i], e);
	}
	for (w = c->plan->writes; w; w = w->next) {
		if (dir_of(c, w->op, e) < 0)
			return cgroup_ctx(&c->plan->ops[w->op], e);
	}
	return cgroup_set(c->plan, c->dir, NULL, e);
}

int
cgroup_create(struct cgroup *c, const struct cgroup_plan *plan, struct err *e)
{
	unsigned i;

	*c = (struct cgroup){ .plan = plan };
	for (i = 0; i < CGROUP_MAX; i++)
		c->dir[i] = c->tasks[i] = c->parent[i] = -1;
	if (plan->dev_why)
		log_at(LEVEL_WARNING, "devices are not filtered: %s",
			plan->dev_why);
	if (plan->n_ops > CGROUP_MAX)
		return err_set(e, E2BIG, "more than %d cgroups", CGROUP_MAX);
	if (create_all(c, e) == 0)
		return 0;
	undo(c);
	return -1;
}

int
cgroup_clone_fd(const struct cgroup *c)
{
	unsigned i;

	for (i = 0; i < c->plan->n_ops; i++) {
		if (c->plan->ops[i].kind == CGROUP_V2)
			return c->dir[i];
	}
	return -1;
}

int
cgroup_enter(const struct cgroup *c, struct err *e)
{
	unsigned i;

	for (i = 0; i < c->plan->n_ops; i++) {
		if (c->tasks[i] < 0 || write_all(c->tasks[i], "0", 1) == 0)
			continue;
		err_sys(e, "enter");
		return cgroup_ctx(&c->plan->ops[i], e);
	}
	return 0;
}

int
cgroup_attach(const struct cgroup *c, pid_t pid, struct err *e)
{
	char text[16];
	unsigned i;

	fmt_to(text, sizeof(text), "%d", (int)pid);
	for (i = 0; i < c->plan->n_ops; i++) {
		if (c->plan->ops[i].kind != CGROUP_V2 ||
		    write_at(c->dir[i], "cgroup.procs", text) == 0)
			continue;
		err_sys(e, "enter");
		if (e->code == EOPNOTSUPP)
			err_hint(e, CGROUP_THREADED);
		return cgroup_ctx(&c->plan->ops[i], e);
	}
	return 0;
}

/* Where one is not empty something of the container still runs: then it is
 * looked for in all that are left. */
int
cgroup_discard(const struct cgroup *c, struct err *e)
{
	unsigned i = c->plan->n_ops;

	while (i--) {
		if (c->parent[i] < 0 ||
		    (rmdir_one(c, i) && errno != ENOENT))
			return cgroup_remove(c->plan, e);
	}
	return 0;
}

void
cgroup_close(struct cgroup *c)
{
	unsigned i;

	for (i = 0; i < CGROUP_MAX; i++) {
		fd_drop(&c->dir[i]);
		fd_drop(&c->tasks[i]);
		fd_drop(&c->parent[i]);
		c->dir[i] = c->tasks[i] = c->parent[i] = -1;
	}
}
