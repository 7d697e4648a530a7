/* SPDX-License-Identifier: MIT */
/* t_state.c -- the state directory: claim, lock, status, removal. */
#include "state.h"
#include "state_root.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "dir.h"
#include "err.h"
#include "io.h"
#include "life.h"
#include "procfs.h"
#include "record.h"
#include "tap.h"
#include "target.h"

static char block[1 << 18];
static char top[] = "/tmp/wherry-t_state.XXXXXX";
static int root;

#define ARENA (&(struct arena){ block, block + sizeof(block) })

static void
ids(void)
{
	static const char *const good[] = { "a", "A-b_c+d.e", "-x", "+", "_",
		"0", "a..", "lock" };
	static const char *const bad[] = { "", ".", "..", "...", ".a", "a/b",
		"/", "a\nb", "a b", "\xc3\xa9", "a:b", "../x", "a\x7f" };
	char longest[130];
	struct err e = { 0 };

	for (size_t i = 0; i < COUNT(good); i++)
		IS_INT(state_id_check(good[i], &e), 0);
	for (size_t i = 0; i < COUNT(bad); i++)
		IS_INT(state_id_check(bad[i], &e), -1);
	memset(longest, 'a', sizeof(longest));
	longest[129] = '\0';
	IS_INT(state_id_check(longest, &e), -1);
	IS(err_str(&e), "container id is longer than 128 bytes");
	longest[128] = '\0';
	IS_INT(state_id_check(longest, &e), 0);
	state_id_check("", &e);
	IS(err_str(&e), "container id is empty");
}

/* What state_root says about a directory of that mode below top. */
static const char *
root_of_mode(mode_t mode, uid_t owner)
{
	static struct err e;
	char path[100];
	int fd;

	e = (struct err){ 0 };
	snprintf(path, sizeof(path), "%s/r", top);
	mkdir(path, 0700);
	if (chmod(path, mode) || chown(path, owner, (gid_t)-1))
		return "can't make it";
	fd = state_root(path, &e);
	if (fd >= 0)
		close(fd);
	chmod(path, 0700);
	rmdir(path);
	return strstr(err_str(&e), ": ") ? strstr(err_str(&e), ": ") + 2 :
		err_str(&e);
}

static void
roots(void)
{
	char deep[100], link[100];
	struct err e = { 0 };
	struct stat st;
	int fd;

	IS(root_of_mode(0700, geteuid()), "");
	IS(root_of_mode(0711, geteuid()), "");
	IS(root_of_mode(0777, geteuid()), "others can write to it");
	IS(root_of_mode(01777, geteuid()), "others can write to it");
	IS(root_of_mode(0720, geteuid()), "others can write to it");
	IS(root_of_mode(0702, geteuid()), "others can write to it");
	if (!geteuid())
		IS(root_of_mode(0700, 12345), "owned by uid 12345, not by us");
	else
		SKIP(1, "only root can give away a directory");
	IS_INT(state_root("/", &e), -1);
	IS(err_str(&e), "state directory /: must not be /");
	IS_INT(state_root("/../", &e), -1);
	err_clear(&e);
	snprintf(deep, sizeof(deep), "%s/x/y/z", top);
	IS_INT(state_root_at(deep, 0, &e), -1);
	IS_INT(e.code, ENOENT);
	err_clear(&e);
	fd = state_root(deep, &e);
	OK(fd >= 0 && !fstat(fd, &st) && (st.st_mode & 07777) == 0700);
	OK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	close(fd);
	snprintf(link, sizeof(link), "%s/link", top);
	OK(!symlink(deep, link));
	fd = state_root_at(link, 0, &e);
	OK(fd >= 0);
	close(fd);
	unlink(link);
	for (int i = 0; i < 3; i++) {
		rmdir(deep);
		*strrchr(deep, '/') = '\0';
	}
}

static void
fill(struct record *r, const char *id, struct err *e)
{
	record_init(r, ARENA, e);
	r->id = id;
	r->bundle = "/b";
	r->rootfs = "/b/rootfs";
}

static void
claims(void)
{
	struct state s, s2;
	struct record r, r2;
	struct err e = { 0 };
	struct stat st;
	int fd;

	IS_INT(state_open(&s, root, "c1", &e), -1);
	IS(err_str(&e), "container `c1` does not exist");
	IS_INT(e.code, ENOENT);
	IS_INT(state_claim(&s, root, "../c1", &e), -1);
	err_clear(&e);
	IS_INT(state_claim(&s, root, "c1", &e), 0);
	OK(!fstat(s.dir, &st) && (st.st_mode & 07777) == 0700);
	OK(fcntl(s.dir, F_GETFD) == FD_CLOEXEC);
	OK(fcntl(s.lock, F_GETFD) == FD_CLOEXEC);
	IS_INT(state_claim(&s2, root, "c1", &e), -1);
	IS(err_str(&e), "container `c1` already exists");
	err_clear(&e);

	IS_INT(state_open(&s2, root, "c1", &e), 0);
	IS_INT(state_load(&s2, &r2, ARENA, &e), -1);
	IS(err_str(&e), "container `c1` does not exist");
	err_clear(&e);
	fill(&r, "c1", &e);
	IS_INT(state_save(&s, &r, &e), 0);
	r.status = STATUS_CREATED;
	IS_INT(state_save(&s, &r, &e), 0);
	IS_INT(state_load(&s2, &r2, ARENA, &e), 0);
	IS_INT(r2.status, STATUS_CREATED);
	state_close(&s2);
	state_close(&s);
	OK(s.dir == -1 && s.lock == -1);

	/* unlocked, but there */
	IS_INT(state_claim(&s, root, "c1", &e), -1);
	IS(err_str(&e), "container `c1` already exists");
	err_clear(&e);
	/* a record that is not this container's */
	IS_INT(state_open(&s, root, "c1", &e), 0);
	IS_INT(state_lock(&s, &e), 0);
	r.id = "c2";
	IS_INT(state_save(&s, &r, &e), 0);
	IS_INT(state_load(&s, &r2, ARENA, &e), -1);
	IS_INT(e.code, EBADMSG);
	err_clear(&e);

	fd = openat(s.dir, ".state.new", O_CREAT | O_WRONLY, 0600);
	close(fd);
	IS_INT(state_save(&s, &r, &e), 0);
	OK(faccessat(s.dir, ".state.new", F_OK, 0) && errno == ENOENT);
	fd = openat(s.dir, ".state.new", O_CREAT | O_WRONLY, 0600);
	close(fd);
	fd = openat(s.dir, "cg", O_CREAT | O_WRONLY, 0600);
	close(fd);
	IS_INT(state_remove(&s, &e), 0);
	OK(faccessat(root, "c1", F_OK, 0) && errno == ENOENT);
	IS_INT(state_remove(&s, &e), 0);
	state_close(&s);
}

/* What a create that was killed early leaves is taken over. */
static void
leftovers(void)
{
	struct state s;
	struct err e = { 0 };
	int fd;

	mkdirat(root, "old", 0700);
	IS_INT(state_claim(&s, root, "old", &e), 0);
	fd = openat(s.dir, "config.json", O_CREAT | O_WRONLY, 0600);
	close(fd);
	state_close(&s);
	IS_INT(state_claim(&s, root, "old", &e), 0);
	OK(faccessat(s.dir, "config.json", F_OK, 0));
	IS_INT(state_remove(&s, &e), 0);
	state_close(&s);
	/* a file in the way */
	fd = openat(root, "file", O_CREAT | O_WRONLY, 0600);
	close(fd);
	IS_INT(state_claim(&s, root, "file", &e), -1);
	IS(err_str(&e), "container `file`: not a directory");
	/* a link to elsewhere */
	symlinkat("/tmp", root, "link");
	IS_INT(state_open(&s, root, "link", &e), -1);
	unlinkat(root, "file", 0);
	unlinkat(root, "link", 0);
}

static void
crowd(void)
{
	enum { N = 20 };
	int won = 0, exists = 0, status;

	for (int i = 0; i < N; i++) {
		struct err e = { 0 };
		struct state s;

		if (fork())
			continue;
		if (!state_claim(&s, root, "one", &e)) {
			usleep(300000);
			_exit(0);
		}
		_exit(strstr(err_str(&e), "already exists") ? 1 : 2);
	}
	for (int i = 0; i < N; i++) {
		wait(&status);
		won += WEXITSTATUS(status) == 0;
		exists += WEXITSTATUS(status) == 1;
	}
	IS_INT(won, 1);
	IS_INT(exists, N - 1);
}

static void
locks(void)
{
	struct err e = { 0 };
	struct state s;
	int ready[2], status;
	pid_t pid;
	char c;

	/* Waits for one who leaves in time. */
	pipe(ready);
	pid = fork();
	if (!pid) {
		state_open(&s, root, "one", &e);
		_exit(state_lock(&s, &e) || write(ready[1], "x", 1) != 1 ||
			usleep(200000));
	}
	OK(read(ready[0], &c, 1) == 1);
	IS_INT(state_open(&s, root, "one", &e), 0);
	IS_INT(state_lock(&s, &e), 0);
	waitpid(pid, &status, 0);
	IS_INT(status, 0);

	/* One who removes the container while we wait. */
	pid = fork();
	if (!pid) {
		struct state s2;

		close(ready[0]);
		state_close(&s);
		state_open(&s2, root, "one", &e);
		if (write(ready[1], "x", 1) != 1)
			_exit(9);
		_exit(!state_lock(&s2, &e) || e.code != ENOENT);
	}
	OK(read(ready[0], &c, 1) == 1);
	usleep(50000);
	IS_INT(state_remove(&s, &e), 0);
	state_close(&s);
	waitpid(pid, &status, 0);
	IS_INT(status, 0);
	close(ready[0]);
	close(ready[1]);
}

/* A process that stands for init: holds the lock until it reads a byte. */
static pid_t
fake_init(int dir, int go, int ready)
{
	pid_t pid = fork();
	char c;
	int fd;

	if (pid)
		return pid;
	fd = openat(dir, "init", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (flock(fd, LOCK_EX) || write(ready, "x", 1) != 1 ||
	    read(go, &c, 1) != 1)
		_exit(1);
	close(fd);
	if (write(ready, "x", 1) == 1)
		pause();
	_exit(1);
}

static void
statuses(void)
{
	struct err e = { 0 };
	struct record r;
	struct state s;
	int go[2], ready[2];
	char c;

	pipe(go);
	pipe(ready);
	state_claim(&s, root, "s", &e);
	fill(&r, "s", &e);
	IS_INT(state_status(&s, &r, *ARENA, &e), STATUS_CREATING);
	r.creator.start++;
	IS_INT(state_status(&s, &r, *ARENA, &e), STATUS_STOPPED);
	r.status = STATUS_CREATED;
	IS_INT(state_status(&s, &r, *ARENA, &e), STATUS_STOPPED); /* no pid */

	r.init.pid = fake_init(s.dir, go[0], ready[1]);
	OK(read(ready[0], &c, 1) == 1);
	OK(!task_start_time(r.init.pid, &r.init.start, &e));
	IS_INT(state_status(&s, &r, *ARENA, &e), STATUS_CREATED);
	IS_INT(state_status(&s, &r, *ARENA, &e), STATUS_CREATED);
	r.init.start--;
	/* pid reused */
	IS_INT(state_status(&s, &r, *ARENA, &e), STATUS_STOPPED);
	r.init.start++;
	OK(write(go[1], "x", 1) == 1 && read(ready[0], &c, 1) == 1);
	/* in execve, perhaps, which may hang */
	IS_INT(state_status(&s, &r, *ARENA, &e), STATUS_RUNNING);
	r.boot_id = "another";
	IS_INT(state_status(&s, &r, *ARENA, &e), STATUS_STOPPED);
	kill(r.init.pid, SIGKILL);
	waitpid(r.init.pid, NULL, 0);
	state_remove(&s, &e);
	state_close(&s);
	for (int i = 0; i < 2; i++) {
		close(go[i]);
		close(ready[i]);
	}
	IS(err_str(&e), "");
}

/* Killed at the gate: a zombie is stopped. */
static void
zombie(void)
{
	struct err e = { 0 };
	struct record r;
	struct state s;
	int go[2], ready[2];
	siginfo_t info;
	char c;

	pipe(go);
	pipe(ready);
	state_claim(&s, root, "z", &e);
	fill(&r, "z", &e);
	r.status = STATUS_CREATED;
	r.init.pid = fake_init(s.dir, go[0], ready[1]);
	OK(read(ready[0], &c, 1) == 1);
	OK(!task_start_time(r.init.pid, &r.init.start, &e));
	IS_INT(state_status(&s, &r, *ARENA, &e), STATUS_CREATED);
	kill(r.init.pid, SIGKILL);
	waitid(P_PID, (id_t)r.init.pid, &info, WEXITED | WNOWAIT);
	IS_INT(state_status(&s, &r, *ARENA, &e), STATUS_STOPPED);
	waitpid(r.init.pid, NULL, 0);
	IS_INT(state_status(&s, &r, *ARENA, &e), STATUS_STOPPED);
	state_remove(&s, &e);
	state_close(&s);
}

static int
target_try(const char *id, enum op op, struct target *t, struct err *e)
{
	int r;

	err_clear(e);
	r = target_open(t, top, id, op, ARENA, e);
	if (!r)
		target_close(t);
	return r;
}

static void
targets(void)
{
	struct err e = { 0 };
	struct target t;
	struct record r;
	struct state s;
	int fd;

	IS_INT(target_try("t", OP_STATE, &t, &e), -1);
	IS(err_str(&e), "container `t` does not exist");
	IS_INT(target_try("t", OP_DELETE, &t, &e), -1);
	IS(err_str(&e), "container `t` does not exist");
	IS_INT(target_try("t", OP_DELETE_FORCE, &t, &e), 0);
	IS_INT(t.status, STATUS_NONE);
	IS_INT(target_try("t/..", OP_DELETE_FORCE, &t, &e), -1);
	IS_INT(target_open(&t, "/nonexistent", "t", OP_STATE, ARENA, &e), -1);
	IS(err_str(&e), "container `t` does not exist");
	err_clear(&e);

	state_claim(&s, root, "t", &e);
	state_close(&s);
	IS_INT(target_try("t", OP_STATE, &t, &e), -1);
	IS(err_str(&e), "container `t` does not exist");
	IS_INT(target_try("t", OP_DELETE, &t, &e), 0);
	OK(t.corrupt && t.status == STATUS_STOPPED);

	state_open(&s, root, "t", &e);
	fill(&r, "t", &e);
	r.status = STATUS_RUNNING;
	IS_INT(state_save(&s, &r, &e), 0);
	IS_INT(target_try("t", OP_KILL, &t, &e), -1);
	IS(err_str(&e), "container not running: `t`");
	IS_INT(target_try("t", OP_START, &t, &e), -1);
	IS(err_str(&e), "container `t` has stopped");
	IS_INT(target_try("t", OP_STATE, &t, &e), 0);
	OK(!t.corrupt && t.status == STATUS_STOPPED);

	fd = openat(s.dir, "state.json", O_WRONLY | O_TRUNC);
	close(fd);
	IS_INT(target_try("t", OP_STATE, &t, &e), -1);
	OK(strstr(err_str(&e), "corrupt") != NULL);
	IS_INT(target_try("t", OP_DELETE, &t, &e), -1);
	IS_INT(target_try("t", OP_DELETE_FORCE, &t, &e), 0);
	OK(t.corrupt);
	IS(t.record.id, "t");
	state_remove(&s, &e);
	state_close(&s);
}

static void
names(void)
{
	struct err e = { 0 };
	const char *name;
	unsigned seen = 0, n = 0;
	struct dir d;
	int fd;

	mkdirat(root, "many", 0700);
	fd = openat(root, "many", O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 200; i++) {
		char f[32];

		snprintf(f, sizeof(f), "name-%d", i);
		close(openat(fd, f, O_CREAT | O_WRONLY, 0600));
	}
	for (int pass = 0; pass < 2; pass++) {
		IS_INT(dir_start(&d, fd, &e), 0);
		n = seen = 0;
		while ((name = dir_next(&d, &e))) {
			n++;
			if (!strncmp(name, "name-", 5))
				seen += (unsigned)atoi(name + 5);
		}
		IS_INT(e.code, 0);
		IS_INT(n, 200);
		IS_INT(seen, 199 * 100);
	}
	dir_start(&d, fd, &e);
	while ((name = dir_next(&d, &e)))
		unlinkat(fd, name, 0);
	close(fd);
	OK(!unlinkat(root, "many", AT_REMOVEDIR));
}

/* Deeper than there are descriptors, with names that it uses itself. */
static void
test_clear(void)
{
	struct err e = { 0 };
	int i, at, next, fd;

	OK(!mkdirat(root, "full", 0700));
	fd = openat(root, "full", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	at = dup(fd);
	for (i = 0; i < 2000 && at >= 0; i++) {
		close(openat(at, "2", O_CREAT | O_WRONLY | O_CLOEXEC, 0));
		next = symlinkat("/", at, "1") || mkdirat(at, "3", 0) ||
			mkdirat(at, "4", 0700) ? -1 :
			openat(at, "4", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close(at);
		at = next;
	}
	OK(at >= 0);
	close(at);
	IS_INT(dir_clear(fd, &e), 0);
	OK(!unlinkat(root, "full", AT_REMOVEDIR));
	close(fd);
}

/* What can't be moved up ends it, with the name; root may do everything, so
 * this is somebody else's work. */
static void
test_clear_fails(void)
{
	const uid_t self = geteuid();
	struct err e = { 0 };
	int fd, in;

	OK(!mkdirat(root, "stuck", 0700));
	fd = openat(root, "stuck", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	OK(!mkdirat(fd, "d", 0700));
	in = openat(fd, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(openat(in, "f", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	OK(!fchmod(in, 0555) && !fchmod(fd, 0777));
	OK(self || !seteuid(65534));
	IS_INT(dir_clear(fd, &e), -1);
	IS(err_str(&e), "d/f: permission denied");
	IS_INT(e.code, EACCES);
	OK(self || !seteuid(0));
	OK(!fchmod(in, 0700));
	err_clear(&e);
	IS_INT(dir_clear(fd, &e), 0);
	OK(!unlinkat(root, "stuck", AT_REMOVEDIR));
	close(in);
	close(fd);
}

int
main(void)
{
	struct err e = { 0 };

	signal(SIGALRM, SIG_DFL);
	alarm(60);
	if (!mkdtemp(top))
		return 1;
	root = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	test_clear();
	test_clear_fails();
	ids();
	roots();
	names();
	if (procfs_open(&e)) {
		SKIP(1, "no /proc");
	} else {
		claims();
		leftovers();
		crowd();
		locks();
		statuses();
		zombie();
		targets();
	}
	OK(!rmdir(top));
	return done();
}
