/* SPDX-License-Identifier: MIT */
/* t_cgroup.c -- cgroups for real, below one name of this test in whatever
 * hierarchies the host has; only root can.  The saved list, for everybody. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "cgroup.h"
#include "cgroup_backend.h"
#include "conf.h"
#include "err.h"
#include "host.h"
#include "io.h"
#include "plan.h"
#include "plan_cgroup.h"
#include "plan_dev.h"
#include "spec.h"
#include "tap.h"
#include "words.h"

static char block[1 << 18], base[64];
static struct arena arena = { block, block + sizeof(block) };
static struct err e;
static struct host host;
static struct spec spec;
static struct cgroup_plan plan, loaded;
static struct cgroup cg;

static const char *
name_of(const struct cgroup_op *op, const char *rest)
{
	static char text[9000];

	snprintf(text, sizeof(text), "%s/%s%s", op->mount, op->path, rest);
	return text;
}

static bool
exists(const struct cgroup_op *op, const char *rest)
{
	return access(name_of(op, rest), F_OK) == 0;
}

/* How many of the plan's directories are there. */
static unsigned
count_dirs(void)
{
	unsigned i, n = 0;

	for (i = 0; i < plan.n_ops; i++)
		n += exists(&plan.ops[i], "");
	return n;
}

static const struct cgroup_op *
find(enum cgroup_kind kind, const char *controller)
{
	unsigned i;

	for (i = 0; i < plan.n_ops; i++) {
		if (plan.ops[i].kind == kind && (!controller ||
		    words_has(plan.ops[i].controllers, controller)))
			return &plan.ops[i];
	}
	return NULL;
}

/* A plan with one op only. */
static struct cgroup_plan
only(const struct cgroup_op *op)
{
	struct cgroup_plan p = { .ops = (struct cgroup_op *)op, .n_ops = 1,
		.dev_op = -1 };

	return p;
}

static void
enter(void)
{
	if (cgroup_enter(&cg, &e) ||
	    (cgroup_clone_fd(&cg) >= 0 && cgroup_attach(&cg, getpid(), &e))) {
		printf("# %s\n", err_str(&e));
		_exit(99);
	}
}

/* Runs fn in a child inside the cgroups; its exit status. */
static int
inside(int (*fn)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		enter();
		_exit(fn());
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* A child in the cgroups that waits; returns once it is in there. */
static pid_t
spawn(bool forks)
{
	int p[2];
	char c;
	pid_t pid, k;

	if (pipe(p))
		exit(1);
	pid = fork();
	if (pid == 0) {
		enter();
		signal(SIGTERM, SIG_DFL);
		c = write(p[1], "x", 1) == 1;
		close(p[0]);
		close(p[1]);
		while (forks && c) {
			k = fork();
			if (k == 0) {
				poll(NULL, 0, 5);
				_exit(0);
			}
			waitpid(k, NULL, 0);
		}
		for (;;)
			pause();
	}
	close(p[1]);
	if (read(p[0], &c, 1) != 1)
		exit(1);
	close(p[0]);
	return pid;
}

static int
status_of(pid_t pid)
{
	int status;

	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static int
see_self(void)
{
	char text[4096];
	ssize_t n = read_small_at(AT_FDCWD, "/proc/self/cgroup", text,
		sizeof(text));
	unsigned lines = 0;
	char *p = text;

	if (n < 0)
		return 1;
	while ((p = strstr(p, base))) {
		lines++;
		p++;
	}
	return lines != plan.n_ops;
}

static int
opens(const char *name, mode_t type, unsigned major, unsigned minor,
	int flags)
{
	int fd;

	unlink(name);
	if (mknod(name, type | 0600, makedev(major, minor)))
		return -1;
	fd = openat(AT_FDCWD, name, flags | O_NONBLOCK | O_CLOEXEC);
	unlink(name);
	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 0 : errno;
}

/* What no rule allows is EPERM, whether it exists or not. */
static int
see_devices(void)
{
	char name[128];

	snprintf(name, sizeof(name), "%s/%s.node", access("/dev/shm", W_OK) ?
		"/tmp" : "/dev/shm", base);
	if (opens(name, S_IFCHR, 1, 3, O_RDWR) ||
	    opens(name, S_IFCHR, 1, 5, O_RDWR) ||
	    opens(name, S_IFCHR, 1, 9, O_RDONLY))
		return 1;
	if (opens(name, S_IFCHR, 1, 1, O_RDONLY) != EPERM ||
	    opens(name, S_IFCHR, 10, 200, O_RDWR) != EPERM ||
	    opens(name, S_IFBLK, 8, 0, O_RDONLY) != EPERM)
		return 2;
	/* kmsg: allowed to be read only */
	if (opens(name, S_IFCHR, 1, 11, O_RDONLY) ||
	    opens(name, S_IFCHR, 1, 11, O_WRONLY) != EPERM ||
	    opens(name, S_IFCHR, 1, 11, O_RDWR) != EPERM)
		return 3;
	return 0;
}

static struct spec_device_rule kmsg[] = {
	{ .allow = true, .type = 'c', .major = 1, .minor = 11, .access = "rw" },
	{ .allow = false, .type = 'c', .major = 1, .minor = 11, .access = "w" },
};
static struct spec_resources res = { .devices = kmsg, .n_devices = 2 };

static bool
make_plan(void)
{
	struct plan_args args = { .id = base };

	spec.linux.resources = &res;
	return !host_probe(&host, &arena, &e) &&
		!plan_cgroup(&plan, &spec, &host, &args, &arena, &e) &&
		plan.n_ops;
}

static void
test_create(void)
{
	const struct cgroup_op *cpuset = find(CGROUP_V1, "cpuset");
	char text[256] = "\n";
	int dir;

	OK(!cgroup_create(&cg, &plan, &e));
	IS(err_str(&e), "");
	IS_INT(count_dirs(), plan.n_ops);
	OK(cg.made[0] && cg.made[plan.n_ops - 1]);
	OK((cgroup_clone_fd(&cg) >= 0) == (find(CGROUP_V2, NULL) != NULL));
	IS_INT(inside(see_self), 0);
	if (plan.dev_op >= 0)
		IS_INT(inside(see_devices), 0);
	else
		SKIP(1, "no device filter here");
	if (cpuset) {
		dir = cgroup_open(cpuset, &e);
		OK(read_small_at(dir, "cpuset.mems", text, sizeof(text)) > 1);
		OK(read_small_at(dir, "cpuset.cpus", text, sizeof(text)) > 1);
		close(dir);
	} else {
		SKIP(2, "no v1 cpuset");
	}
	cgroup_close(&cg);
	OK(cgroup_clone_fd(&cg) == -1);
	OK(!cgroup_remove(&plan, &e));
	IS_INT(count_dirs(), 0);
	OK(!cgroup_remove(&plan, &e));
	IS_INT(cgroup_signal(&plan, SIGKILL, &e), 0);
	IS(err_str(&e), "");
}

/* The program, also where v1 lines are what the plan uses. */
static void
test_program(void)
{
	const struct cgroup_op *v2 = find(CGROUP_V2, NULL);
	struct cgroup_plan p;
	struct devrules r;

	if (!v2) {
		SKIP(3, "no cgroup2");
		return;
	}
	p = only(v2);
	p.dev_op = 0;
	OK(!plan_dev_rules(&r, &spec, &arena, &e) &&
		!plan_dev_prog(&p, &r, &arena, &e));
	if (cgroup_create(&cg, &p, &e)) {
		printf("# %s\n", err_str(&e));
		OK(strstr(err_str(&e), ": device filter: "));
		OK((e.code == EINVAL) ==
			!!strstr(err_str(&e), "CONFIG_CGROUP_BPF"));
		err_clear(&e);
	} else {
		OK(true);
		IS_INT(inside(see_devices), 0);
	}
	cgroup_close(&cg);
	OK(!cgroup_remove(&p, &e));
}

/* An existing cgroup is used if nobody else does. */
static void
test_existing(void)
{
	const struct cgroup_op *op = &plan.ops[0];
	struct cgroup_plan p = only(op);
	char want[256];
	pid_t pid;

	OK(mkdir(name_of(op, ""), 0755) == 0);
	OK(!cgroup_create(&cg, &p, &e));
	OK(!cg.made[0]);
	pid = spawn(false);
	cgroup_close(&cg);
	OK(cgroup_create(&cg, &p, &e) == -1);
	snprintf(want, sizeof(want), "cgroup %s: exists and has processes",
		name_of(op, ""));
	IS(err_str(&e), want);
	err_clear(&e);
	OK(exists(op, ""));
	kill(pid, SIGKILL);
	status_of(pid);
	OK(mkdir(name_of(op, "/sub"), 0755) == 0);
	OK(cgroup_create(&cg, &p, &e) == -1);
	OK(strstr(err_str(&e), ": exists and has cgroups below it"));
	err_clear(&e);
	OK(!cgroup_remove(&p, &e));
	OK(!exists(op, ""));
}

static void
test_undo(void)
{
	struct cgroup_op ops[2] = { plan.ops[0], plan.ops[0] };
	struct cgroup_plan p = { .ops = ops, .n_ops = 2, .dev_op = -1 };

	ops[1].mount = "/proc";
	OK(cgroup_create(&cg, &p, &e) == -1);
	OK(strstr(err_str(&e), "cgroup /proc/"));
	OK(strstr(err_str(&e), ": not a cgroup"));
	err_clear(&e);
	IS_INT(count_dirs(), 0);
	ops[1].mount = "/nowhere";
	OK(cgroup_create(&cg, &p, &e) == -1);
	IS_INT(e.code, ENOENT);
	err_clear(&e);
	IS_INT(count_dirs(), 0);
}

static void
test_signal(struct cgroup_plan p, const char *what)
{
	pid_t a, b, forker;
	int n;

	printf("# %s\n", what);
	OK(!cgroup_create(&cg, &p, &e));
	a = spawn(false);
	b = spawn(false);
	IS_INT(cgroup_signal(&p, SIGTERM, &e), 2);
	IS_INT(status_of(a), SIGTERM);
	IS_INT(status_of(b), SIGTERM);
	IS_INT(cgroup_signal(&p, SIGTERM, &e), 0);
	forker = spawn(true);
	a = spawn(false);
	n = cgroup_signal(&p, SIGKILL, &e);
	IS(err_str(&e), "");
	OK(n >= 2);
	IS_INT(status_of(a), SIGKILL);
	IS_INT(status_of(forker), SIGKILL);
	IS_INT(cgroup_signal(&p, SIGKILL, &e), 0);
	cgroup_close(&cg);
	OK(!cgroup_remove(&p, &e));
	IS(err_str(&e), "");
}

static int
signal_from_inside(void)
{
	int n = cgroup_signal(&plan, SIGTERM, &e);

	return n == 0 ? 7 : 8;
}

/* Processes in cgroups that the container made, and a paused one. */
static void
test_below(const struct cgroup_op *op)
{
	struct cgroup_plan p = only(op);
	const struct cgroup_backend *b = cgroup_backend(op, &e);
	pid_t one, two;
	char text[16];
	int dir;

	OK(!cgroup_create(&cg, &p, &e));
	one = spawn(false);
	two = spawn(false);
	OK(!mkdir(name_of(op, "/x"), 0755));
	OK(!mkdir(name_of(op, "/x/y"), 0755));
	dir = openat(AT_FDCWD, name_of(op, "/x/y"), O_PATH | O_CLOEXEC);
	snprintf(text, sizeof(text), "%d", (int)two);
	OK(write_at(dir, "cgroup.procs", text) == 0);
	close(dir);
	dir = cgroup_open(op, &e);
	if (cgroup_freeze(b, dir, true) == 0) {
		OK(cgroup_frozen(b, dir));
		/* a pause of the user's stays, and KILL gets through it */
		IS_INT(cgroup_signal(&p, SIGCONT, &e), 2);
		OK(cgroup_frozen(b, dir));
	} else {
		SKIP(3, "no freezer");
	}
	close(dir);
	IS_INT(cgroup_signal(&p, SIGKILL, &e), 2);
	IS_INT(status_of(one), SIGKILL);
	IS_INT(status_of(two), SIGKILL);
	cgroup_close(&cg);
	OK(!cgroup_remove(&p, &e));
	OK(!exists(op, ""));
}

/* Removal itself ends what is left, at any depth. */
static void
test_remove(const struct cgroup_op *op)
{
	struct cgroup_plan p = only(op);
	char deep[256] = "";
	pid_t pid, low;
	char text[16];
	int i, dir;

	OK(!cgroup_create(&cg, &p, &e));
	pid = spawn(false);
	low = spawn(false);
	for (i = 0; i < 40; i++) {
		strcat(deep, "/d");
		if (mkdir(name_of(op, deep), 0755))
			break;
	}
	OK(!mkdir(name_of(op, "/e"), 0755));
	IS_INT(i, 40);
	dir = openat(AT_FDCWD, name_of(op, deep), O_PATH | O_CLOEXEC);
	snprintf(text, sizeof(text), "%d", (int)low);
	OK(write_at(dir, "cgroup.procs", text) == 0);
	close(dir);
	cgroup_close(&cg);
	OK(!cgroup_remove(&p, &e));
	IS(err_str(&e), "");
	IS_INT(status_of(pid), SIGKILL);
	IS_INT(status_of(low), SIGKILL);
	OK(!exists(op, ""));
}

/* Nothing is mounted: each command mounts for itself what is attached nowhere,
 * and finds what the one before made. */
static void
test_own(void)
{
	pid_t pid;
	int dir;

	OK(!cgroup_create(&cg, &plan, &e));
	IS(err_str(&e), "");
	IS_INT(inside(see_devices), 0);
	pid = spawn(false);
	cgroup_close(&cg);
	dir = cgroup_open(&plan.ops[0], &e);
	OK(dir >= 0);
	close(dir);
	IS_INT(cgroup_signal(&plan, SIGKILL, &e), 1);
	IS_INT(status_of(pid), SIGKILL);
	OK(!cgroup_remove(&plan, &e));
	IS(err_str(&e), "");
	OK(cgroup_open(&plan.ops[0], &e) == -1);
	IS_INT(e.code, ENOENT);
	err_clear(&e);
	IS_INT(cgroup_signal(&plan, SIGKILL, &e), 0);
}

/* The same with a kernel that lacks what cgroup2 needs. */
static void
test_own_v1(void)
{
	struct plan_args args = { .id = base };

	host.cgroup2 = host.device_bpf = false;
	if (!host.device_v1) {
		SKIP(1, "no v1 devices controller");
		return;
	}
	OK(!plan_cgroup(&plan, &spec, &host, &args, &arena, &e));
	IS_INT(plan.n_ops, 1);
	IS(plan.ops[0].controllers, "devices");
	test_own();
}

static void
test_save(void)
{
	static struct cgroup_op ops[] = {
		{ CGROUP_V1, "cpu,cpuacct", "/sys/fs/cgroup/cpu", "a/b",
		  NULL },
		{ CGROUP_V2, "cpu io", "/a \\ mount\tpoint", "x y\\040",
		  NULL },
		{ CGROUP_V2, "", NULL, "-", NULL },
	};
	static const char *const bad[] = {
		"v1 cpu /x\n", "v3 cpu /x a\n", "v1 cpu /x a", "v1 cpu x a\n",
		"v1 cpu /x /a\n", "v1 cpu /x ../a\n", "v1 cpu /x a/..\n",
		"v1 cpu /x a//b\n", "v1 cpu /x a/\n", "\n", "v1  /x a\n",
		"v1 cpu /x .\n", "v1 cpu /x \n",
	};
	struct cgroup_plan p = { .ops = ops, .n_ops = 3, .dev_op = 1 };
	char dir_name[] = "/tmp/t_cgroup.XXXXXX", text[512];
	unsigned i;
	int dir;

	if (!mkdtemp(dir_name))
		exit(1);
	dir = openat(AT_FDCWD, dir_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	OK(cgroup_load(&loaded, dir, "cg", &arena, &e) == -1);
	IS_INT(e.code, ENOENT);
	err_clear(&e);
	OK(!cgroup_save(&p, dir, "cg", &e));
	OK(read_small_at(dir, "cg", text, sizeof(text)) > 0);
	IS(text, "v1 cpu,cpuacct /sys/fs/cgroup/cpu a/b\n"
		"v2 cpu\\040io /a\\040\\134\\040mount\\011point "
		"x\\040y\\134040\n"
		"v2 - - -\n");
	OK(!cgroup_load(&loaded, dir, "cg", &arena, &e));
	IS_INT(loaded.n_ops, 3);
	IS_INT(loaded.dev_op, -1);
	for (i = 0; i < 3; i++) {
		OK(loaded.ops[i].kind == ops[i].kind);
		IS(loaded.ops[i].controllers, ops[i].controllers);
		IS(loaded.ops[i].mount, ops[i].mount);
		IS(loaded.ops[i].path, ops[i].path);
	}
	p.n_ops = 0;
	OK(!cgroup_save(&p, dir, "cg", &e));
	OK(!cgroup_load(&loaded, dir, "cg", &arena, &e) && !loaded.n_ops);
	OK(cgroup_signal(&loaded, SIGTERM, &e) == -1);
	IS(err_str(&e), "the container has no cgroup");
	for (i = 0; i < COUNT(bad); i++) {
		err_clear(&e);
		OK(write_at(dir, "cg", bad[i]) == 0);
		if (cgroup_load(&loaded, dir, "cg", &arena, &e) != -1)
			tap_show("taken", bad[i]);
		IS(err_str(&e), "cg: line 1: bad format");
		unlinkat(dir, "cg", 0);
		close(openat(dir, "cg", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	}
	err_clear(&e);
	unlinkat(dir, "cg", 0);
	close(dir);
	rmdir(dir_name);
}

int
main(void)
{
	const struct cgroup_op *op;

	snprintf(base, sizeof(base), "t_cgroup.%d", (int)getpid());
	test_save();
	if (geteuid() || !make_plan()) {
		SKIP(1, geteuid() ? "needs root" : "no usable cgroups here");
		if (!geteuid())
			printf("# %s\n", err_str(&e));
		return done();
	}
	if (!plan.ops[0].mount) {
		test_own();
		test_own_v1();
		return done();
	}
	test_create();
	test_program();
	test_existing();
	test_undo();
	test_signal(plan, "all hierarchies");
	op = find(CGROUP_V1, "freezer");
	if (op)
		test_signal(only(op), "v1 freezer");
	op = find(CGROUP_V1, "pids");
	if (op)
		test_signal(only(op), "v1 without a freezer");
	op = find(CGROUP_V2, NULL);
	if (op)
		test_signal(only(op), "v2");
	OK(!cgroup_create(&cg, &plan, &e));
	IS_INT(inside(signal_from_inside), 7);
	cgroup_close(&cg);
	OK(!cgroup_remove(&plan, &e));
	op = find(CGROUP_V2, NULL);
	if (op) {
		test_below(op);
		test_remove(op);
	}
	op = find(CGROUP_V1, "freezer");
	if (op) {
		test_below(op);
		test_remove(op);
	}
	IS_INT(count_dirs(), 0);
	return done();
}
