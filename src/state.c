/* SPDX-License-Identifier: MIT */
/* state.c -- the folder of a container. */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "dir.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "life.h"
#include "notify.h"
#include "plan.h"
#include "record.h"
#include "rootfs.h"

#define NEW_STATE ".state.new"

enum { ID_MAX = 128, BUSY_SECONDS = 10, BUSY_STEP_NS = 20 * 1000 * 1000 };

int
state_id_check(const char *id, struct err *e)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789_+-.";
	size_t good = strspn(id, allowed);

	if (!*id)
		return err_set(e, EINVAL, "container id is empty");
	if (id[good])
		return err_set(e, EINVAL,
			"container id `%s`: only letters, digits and _+-. "
			"are allowed", id);
	if (*id == '.')
		return err_set(e, EINVAL,
			"container id `%s` begins with a dot", id);
	if (good > ID_MAX)
		return err_set(e, EINVAL,
			"container id is longer than %d bytes", ID_MAX);
	return 0;
}

static int
open_lock(int dir)
{
	const int flags = O_CLOEXEC | O_NOFOLLOW | O_NOCTTY;
	int fd = openat(dir, "lock", O_RDWR | O_CREAT | flags, 0600);

	/* flock needs no write access, but on NFS. */
	if (fd < 0 && errno == EROFS)
		fd = openat(dir, "lock", O_RDONLY | flags);
	return fd;
}

static int
flock_now(int fd, int op)
{
	int r;

	do
		r = flock(fd, op | LOCK_NB);
	while (r && errno == EINTR);
	return r;
}

/* A lock that was unlinked while we waited guards nothing. */
static bool
gone(int fd)
{
	struct stat st;

	return fstat(fd, &st) || st.st_nlink == 0;
}

/* Everything in the folder but the two files that go last. */
static int
remove_files(const struct state *s, struct err *e)
{
	const char *name;
	struct dir d;

	err_clear(e);
	if (dir_start(&d, s->dir, e))
		return -1;
	while ((name = dir_next(&d, e))) {
		if (!strcmp(name, "lock") || !strcmp(name, "state.json"))
			continue;
		if (unlinkat(s->dir, name, 0) == 0 || errno == ENOENT)
			continue;
		if (errno != EISDIR)
			return err_sys(e, "%s", name);
		/* the only folders */
		if (rootfs_release(s->dir, e) || notify_remove(s->dir, e))
			return -1;
	}
	if (e->code == ENOENT)          /* the folder itself was removed */
		err_clear(e);
	return e->code ? -1 : 0;
}

static int
open_folder(struct state *s, int root, const char *id)
{
	*s = (struct state)STATE_NONE;
	s->root = root;
	s->id = id;
	s->dir = openat(root, id,
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return s->dir < 0 ? -1 : 0;
}

/* One try.  1: the id is ours, 0: somebody removed the folder under us. */
static int
try_claim(struct state *s, struct err *e)
{
	s->lock = open_lock(s->dir);
	if (s->lock < 0)
		return errno == ENOENT ? 0 : err_sys(e, "lock");
	if (flock_now(s->lock, LOCK_EX)) {
		if (errno != EWOULDBLOCK)
			return err_sys(e, "lock");
		return life_check(OP_CREATE, STATUS_CREATING, s->id, e);
	}
	if (gone(s->lock))
		return 0;
	if (!faccessat(s->dir, "state.json", F_OK, 0))
		return life_check(OP_CREATE, STATUS_CREATED, s->id, e);
	/* What a create that was killed at once has left (sec 3.1). */
	return remove_files(s, e) ? -1 : 1;
}

int
state_claim(struct state *s, int root, const char *id, struct err *e)
{
	bool made;
	int r;

	if (state_id_check(id, e))
		return -1;
	for (int i = 0; i < 100; i++) {
		made = !mkdirat(root, id, 0700);
		if (!made && errno != EEXIST)
			return err_sys(e, "container `%s`", id);
		if (open_folder(s, root, id)) {
			if (errno == ENOENT)
				continue;
			err_sys(e, "container `%s`", id);
			if (made)
				unlinkat(root, id, AT_REMOVEDIR);
			return -1;
		}
		r = try_claim(s, e);
		if (r > 0)
			return 0;
		state_close(s);
		if (r < 0 && made)      /* fails where another claimed it */
			unlinkat(root, id, AT_REMOVEDIR);
		if (r < 0)
			return -1;
	}
	return err_set(e, EBUSY, "container `%s` is busy", id);
}

int
state_open(struct state *s, int root, const char *id, struct err *e)
{
	if (state_id_check(id, e))
		return -1;
	if (!open_folder(s, root, id))
		return 0;
	if (errno == ENOENT)
		return life_check(OP_STATE, STATUS_NONE, id, e);
	return err_sys(e, "container `%s`", id);
}

static int
lock_by(struct state *s, int op, struct err *e)
{
	static const struct timespec step = { 0, BUSY_STEP_NS };
	AUTO_FD(fd, open_lock(s->dir));
	struct timespec now, end;

	if (fd < 0 && errno == ENOENT)
		return life_check(OP_STATE, STATUS_NONE, s->id, e);
	if (fd < 0)
		return err_sys(e, "container `%s`: lock", s->id);
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += BUSY_SECONDS;
	while (flock_now(fd, op)) {
		if (errno != EWOULDBLOCK)
			return err_sys(e, "container `%s`: lock", s->id);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec &&
		    now.tv_nsec >= end.tv_nsec))
			return err_set(e, EBUSY, "container `%s` is busy",
				s->id);
		nanosleep(&step, NULL);
	}
	if (gone(fd))
		return life_check(OP_STATE, STATUS_NONE, s->id, e);
	s->lock = fd_take(&fd);
	return 0;
}

int
state_lock(struct state *s, struct err *e)
{
	return lock_by(s, LOCK_EX, e);
}

int
state_share(struct state *s, struct err *e)
{
	return lock_by(s, LOCK_SH, e);
}

void
state_unlock(struct state *s)
{
	fd_drop(&s->lock);
	s->lock = -1;
}

int
state_load(const struct state *s, struct record *r, struct arena *a,
	struct err *e)
{
	AUTO_FD(fd, openat(s->dir, "state.json",
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY));

	if (fd < 0 && errno == ENOENT)
		return life_check(OP_STATE, STATUS_NONE, s->id, e);
	if (fd < 0)
		return err_sys(e, "container `%s`: state.json", s->id);
	if (record_read(r, fd, a, e))
		return err_ctx(e, "container `%s`", s->id);
	if (strcmp(r->id, s->id))
		return err_set(e, EBADMSG,
			"container `%s`: state.json is of `%s`", s->id, r->id);
	return 0;
}

/* Memory is lost with the power anyway. */
static bool
needs_sync(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) || ((unsigned)fs.f_type != TMPFS_MAGIC &&
		(unsigned)fs.f_type != RAMFS_MAGIC);
}

static int
write_new(const struct state *s, const struct record *r, struct err *e)
{
	AUTO_FD(fd, openat(s->dir, NEW_STATE, O_WRONLY | O_CREAT | O_EXCL |
		O_NOFOLLOW | O_CLOEXEC, 0600));
	bool sync;

	if (fd < 0)
		return err_sys(e, NEW_STATE);
	if (record_write(r, fd, e))
		return -1;
	sync = needs_sync(fd);
	if (sync && fsync(fd))
		return err_sys(e, NEW_STATE ": fsync");
	if (renameat(s->dir, NEW_STATE, s->dir, "state.json"))
		return err_sys(e, "state.json");
	if (sync && fsync(s->dir))
		return err_sys(e, "fsync");
	return 0;
}

int
state_save(const struct state *s, const struct record *r, struct err *e)
{
	int failed = write_new(s, r, e);

	/* One that is there was left by a process that was killed, since the
	 * lock is ours. */
	if (failed && e->code == EEXIST) {
		err_clear(e);
		unlinkat(s->dir, NEW_STATE, 0);
		failed = write_new(s, r, e);
	}
	if (!failed)
		return 0;
	unlinkat(s->dir, NEW_STATE, 0);
	return err_ctx(e, "container `%s`", s->id);
}

/* Init's lock on the file `init` (page.h); it is gone once execve is done. */
static int
init_waits(const struct state *s, struct err *e)
{
	AUTO_FD(fd, openat(s->dir, "init",
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY));

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(e, "container `%s`: init", s->id);
	if (!flock_now(fd, LOCK_SH))
		return 0;
	if (errno == EWOULDBLOCK)
		return 1;
	return err_sys(e, "container `%s`: init: lock", s->id);
}

/* What `cg` can't tell is not frozen. */
static bool
is_paused(const struct state *s, struct arena scratch)
{
	struct cgroup_plan cgroups;
	struct err ignored = { 0 };

	return !cgroup_load(&cgroups, s->dir, "cg", &scratch, &ignored) &&
		cgroup_paused(&cgroups);
}

int
state_status(const struct state *s, const struct record *r,
	struct arena scratch, struct err *e)
{
	const bool creating = r->status == STATUS_CREATING;
	int waits, same;
	bool failed;

	/* First the lock, then the life: the other way round an init that is
	 * killed at the gate in between would be taken for running. */
	waits = init_waits(s, e);
	if (waits < 0)
		return -1;
	if (!task_alive(creating ? &r->creator : &r->init, &failed))
		return STATUS_STOPPED;
	/* Nor is one that ends: between its files, the lock with them, and the
	 * zombie the kernel takes its mounts apart.  But one that hangs in
	 * execve, where the lock is closed already, can be killed. */
	if (!creating && failed)
		return STATUS_STOPPED;
	/* Early processes have the same pid and start time in every boot. */
	same = record_this_boot(r, e);
	if (same < 0)
		return -1;
	if (!same)
		return STATUS_STOPPED;
	return creating ? STATUS_CREATING : is_paused(s, scratch) ?
		STATUS_PAUSED : waits ? STATUS_CREATED : STATUS_RUNNING;
}

int
state_remove(struct state *s, struct err *e)
{
	static const char *const last[] = { "state.json", "lock" };

	if (remove_files(s, e))
		return err_ctx(e, "container `%s`", s->id);
	for (size_t i = 0; i < COUNT(last); i++) {
		if (unlinkat(s->dir, last[i], 0) && errno != ENOENT)
			return err_sys(e, "container `%s`: %s", s->id, last[i]);
	}
	/* Not empty: the next create of this id has claimed it already. */
	if (unlinkat(s->root, s->id, AT_REMOVEDIR) && errno != ENOENT &&
	    errno != ENOTEMPTY && errno != EEXIST)
		return err_sys(e, "container `%s`", s->id);
	return 0;
}

void
state_close(struct state *s)
{
	fd_drop(&s->lock);
	fd_drop(&s->dir);
	*s = (struct state)STATE_NONE;
}
