/* SPDX-License-Identifier: MIT */
/* t_cgroup_dev.c -- device rules that change under a process that goes on
 * opening devices, in cgroups of this test; only root can. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "cgroup.h"
#include "cgroup_backend.h"
#include "err.h"
#include "host.h"
#include "io.h"
#include "plan.h"
#include "plan_cgroup.h"
#include "plan_dev.h"
#include "spec.h"
#include "tap.h"
#include "words.h"

enum { MAJOR = 240, ROUNDS = 200 };     /* a number for experiments */

static char block[1 << 21], base[64], node[96];
static struct arena arena = { block, block + sizeof(block) };
static struct err e;
static struct host host;
static struct cgroup_plan all;
static const struct cgroup_op *op;
static struct cgroup cg;
static int dir;

#define RULE(yes, t, x, y, how) \
	{ .allow = yes, .type = t, .major = x, .minor = y, .access = how }
#define ALLOW(minor, how) RULE(true, 'c', MAJOR, minor, how)
#define DENY(minor, how) RULE(false, 'c', MAJOR, minor, how)
#define ALL RULE(true, 'a', -1, -1, "rwm")

/* 1 in both, 2 and 3 in one each, 4 for reading or writing. */
static struct spec_device_rule rules_a[] = {
	ALLOW(1, "rw"), ALLOW(2, "rwm"), ALLOW(4, "r"),
}, rules_b[] = {
	ALLOW(4, "w"), ALLOW(3, "rwm"), ALLOW(1, "rw"),
}, rules_wide[] = {
	ALLOW(-1, "r"),
}, rules_bad[] = {                      /* the cgroup above has not 5 */
	ALLOW(3, "rw"), ALLOW(4, "rw"), ALLOW(5, "rw"),
}, rules_open[] = {
	ALL, DENY(1, "rw"),
}, rules_open2[] = {
	ALL, DENY(2, "w"),
}, rules_all[] = {
	ALL,
};

static struct cgroup_plan
plan_of(const struct spec_device_rule *list, unsigned n)
{
	struct spec_resources res = { .n_devices = n,
		.devices = (struct spec_device_rule *)list };
	struct spec spec = { .linux.resources = &res };
	struct cgroup_plan p = { .ops = (struct cgroup_op *)op, .n_ops = 1,
		.dev_op = 0 };
	struct devrules r;

	if (plan_dev_rules(&r, &spec, &arena, &e) || (op->kind == CGROUP_V1 ?
	    plan_dev_lines(&p, &r, &arena, &e) :
	    plan_dev_prog(&p, &r, &arena, &e))) {
		printf("# %s\n", err_str(&e));
		exit(1);
	}
	if (r.allow && !r.n)
		p.dev_prog = NULL;
	return p;
}
#define PLAN(list) plan_of(list, COUNT(list))

static int
refilter(const struct cgroup_plan *p, bool stopped)
{
	int r = cgroup_backend(op, &e)->refilter(dir, p, stopped, arena, &e);

	if (r < 0)
		printf("# %s\n", err_str(&e));
	return r;
}

/* Without a driver behind it the device is ENXIO. */
static bool
can(unsigned minor, int flags)
{
	char name[112];
	int fd;

	snprintf(name, sizeof(name), "%s.%u", node, minor);
	fd = openat(AT_FDCWD, name, flags | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno != EPERM;
}

static void
nodes(bool make)
{
	char name[112];
	unsigned i;

	for (i = 1; i < 10; i++) {
		snprintf(name, sizeof(name), "%s.%u", node, i);
		if (make && mknod(name, S_IFCHR | 0600, makedev(MAJOR, i)))
			exit(1);
		if (!make)
			unlink(name);
	}
}

static void
enter(void)
{
	if (cgroup_enter(&cg, &e) ||
	    (cgroup_clone_fd(&cg) >= 0 && cgroup_attach(&cg, getpid(), &e)))
		_exit(99);
}

/* What is open to a process in there: 1r 1w 2r ... as bits. */
static unsigned
open_to(void)
{
	pid_t pid = fork();
	unsigned i, got = 0;
	int status;

	if (pid == 0) {
		enter();
		for (i = 1; i < 5; i++)
			got |= (unsigned)can(i, O_RDONLY) << (2 * i - 2) |
				(unsigned)can(i, O_WRONLY) << (2 * i - 1);
		_exit((int)got);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? (unsigned)WEXITSTATUS(status) : 256;
}
enum { R1 = 1, W1 = 2, R2 = 4, W2 = 8, R3 = 16, W3 = 32, R4 = 64, W4 = 128 };
enum {
	IS_A = R1 | W1 | R2 | W2 | R4, IS_B = R1 | W1 | R3 | W3 | W4,
	IS_WIDE = R1 | R2 | R3 | R4, IS_ALL = 255,
};

struct seen {
	volatile bool stop;
	volatile unsigned rounds, lost, leaked;
};

static void
look_on(struct seen *s)
{
	enter();
	while (!s->stop) {
		s->lost += !can(1, O_RDWR) || !can(1, O_RDONLY);
		s->leaked += can(9, O_RDONLY) || can(4, O_RDWR);
		s->rounds++;
	}
	_exit(0);
}

/* What both allow is open all the time, and what neither does never. */
static void
test_live(void)
{
	struct cgroup_plan p[2] = { PLAN(rules_a), PLAN(rules_b) };
	struct seen *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned i, bad = 0, start;
	pid_t pid = fork();

	if (pid == 0)
		look_on(s);
	while (!s->rounds)
		sched_yield();
	for (i = 0; i < ROUNDS && !bad; i++) {
		start = s->rounds;
		bad += refilter(&p[i % 2 == 0], false) != 0;
		while (s->rounds == start)
			sched_yield();
	}
	s->stop = true;
	waitpid(pid, NULL, 0);
	printf("# %u looks\n", s->rounds);
	OK(!bad && i == ROUNDS);
	IS_INT(s->lost, 0);
	IS_INT(s->leaked, 0);
	munmap(s, sizeof(*s));
	IS_INT(open_to(), IS_A);
}

static void
test_lists(void)
{
	struct cgroup_plan a = PLAN(rules_a), b = PLAN(rules_b),
		wide = PLAN(rules_wide);

	OK(!refilter(&b, false));
	IS_INT(open_to(), IS_B);
	OK(!refilter(&wide, false));
	IS_INT(open_to(), IS_WIDE);
	OK(!refilter(&wide, false));
	IS_INT(open_to(), IS_WIDE);
	OK(!refilter(&a, false));
	IS_INT(open_to(), IS_A);
}

static const char *
list(void)
{
	static char text[4096];

	return read_small_at(dir, "devices.list", text, sizeof(text)) < 0 ?
		"?" : text;
}

/* The cgroup above denies what one of the new rules allows. */
static void
test_back(void)
{
	struct cgroup_plan a = PLAN(rules_a), bad = PLAN(rules_bad),
		open = PLAN(rules_open);
	char before[4096];

	OK(!refilter(&a, false));
	snprintf(before, sizeof(before), "%s", list());
	IS_INT(refilter(&bad, false), -1);
	OK(strstr(err_str(&e), "devices: allow c 240:5 rw"));
	err_clear(&e);
	IS(list(), before);
	/* what is denied now is known from before only */
	bad.dev_was = open.dev_lines;
	bad.n_dev_was = open.n_dev_lines;
	OK(!refilter(&open, true));
	IS_INT(open_to(), IS_ALL & ~(R1 | W1));
	IS_INT(refilter(&bad, true), -1);
	err_clear(&e);
	IS(list(), "a *:* rwm\n");
	IS_INT(open_to(), IS_ALL & ~(R1 | W1));
}

/* A new default takes that nothing runs, and no cgroup below. */
static void
test_default(void)
{
	struct cgroup_plan a = PLAN(rules_a), open = PLAN(rules_open),
		open2 = PLAN(rules_open2), every = PLAN(rules_all);
	int i;

	IS_INT(refilter(&open, false), 1);
	IS_INT(open_to(), IS_A);
	OK(!mkdirat(dir, "sub", 0755));
	IS_INT(refilter(&open, true), -1);
	OK(strstr(err_str(&e), "it has cgroups below it"));
	err_clear(&e);
	OK(!refilter(&a, false));
	OK(!unlinkat(dir, "sub", AT_REMOVEDIR));
	IS_INT(open_to(), IS_A);
	/* the kernel takes a while to forget the one below */
	for (i = 0; i < 500 && refilter(&open, true); i++)
		poll(NULL, 0, 10);
	err_clear(&e);
	IS_INT(open_to(), IS_ALL & ~(R1 | W1));
	open2.dev_was = open.dev_lines;
	open2.n_dev_was = open.n_dev_lines;
	IS_INT(refilter(&open2, false), 1);
	OK(!refilter(&open2, true));
	IS_INT(open_to(), IS_ALL & ~W2);
	/* the same again needs nothing */
	open2.dev_was = open2.dev_lines;
	open2.n_dev_was = open2.n_dev_lines;
	OK(!refilter(&open2, false));
	OK(!refilter(&every, true));
	IS_INT(open_to(), IS_ALL);
	OK(!refilter(&a, true));
	IS_INT(open_to(), IS_A);
}

/* Of the programs on the cgroup ours are replaced, however many, and others
 * stay. */
static void
test_programs(void)
{
	struct cgroup_plan a = PLAN(rules_a), b = PLAN(rules_b),
		open = PLAN(rules_open), every = PLAN(rules_all);
	const struct cgroup_backend *back = cgroup_backend(op, &e);
	union bpf_attr attr;
	int other;

	OK(!back->filter(dir, &a, &e));
	OK(!back->filter(dir, &b, &e));
	IS_INT(open_to(), IS_A & IS_B);
	OK(!refilter(&b, false));
	IS_INT(open_to(), IS_B);
	OK(!refilter(&open, false));
	IS_INT(open_to(), IS_ALL & ~(R1 | W1));
	OK(!refilter(&every, false));
	IS_INT(open_to(), IS_ALL);
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (uintptr_t)open.dev_prog;
	attr.insn_cnt = open.n_dev_prog;
	attr.license = (uintptr_t)"MIT";
	memcpy(attr.prog_name, "wherry2", 8);
	other = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)dir;
	attr.attach_bpf_fd = (uint32_t)other;
	attr.attach_type = BPF_CGROUP_DEVICE;
	attr.attach_flags = BPF_F_ALLOW_MULTI;
	OK(!syscall(SYS_bpf, BPF_PROG_ATTACH, &attr, sizeof(attr)));
	close(other);
	OK(!refilter(&a, false));
	IS_INT(open_to(), IS_A & ~(R1 | W1));
	OK(!refilter(&every, false));
	IS_INT(open_to(), IS_ALL & ~(R1 | W1));
}

static const struct cgroup_op *
find(enum cgroup_kind kind)
{
	unsigned i;

	for (i = 0; i < all.n_ops; i++) {
		if (all.ops[i].kind == kind && (kind == CGROUP_V2 ||
		    words_has(all.ops[i].controllers, "devices")))
			return &all.ops[i];
	}
	return NULL;
}

/* With a cgroup above that denies 240:5. */
static void
with(enum cgroup_kind kind)
{
	static const char *const above[] = { "allow a", "deny c 240:5 w" };
	struct cgroup_plan top, p;
	struct cgroup_op upper;

	op = find(kind);
	if (!op || !op->mount) {
		SKIP(1, "no such cgroups are mounted");
		return;
	}
	printf("# %s\n", kind == CGROUP_V1 ? "v1" : "v2");
	upper = *op;
	upper.path = base;
	top = (struct cgroup_plan){ .ops = &upper, .n_ops = 1, .dev_op = -1 };
	if (kind == CGROUP_V1) {
		top.dev_op = 0;
		top.dev_lines = above;
		top.n_dev_lines = COUNT(above);
	}
	OK(!cgroup_create(&cg, &top, &e));
	cgroup_close(&cg);
	p = PLAN(rules_a);
	if (cgroup_create(&cg, &p, &e)) {
		SKIP(1, err_str(&e));
		err_clear(&e);
	} else {
		dir = cg.dir[0];
		IS_INT(open_to(), IS_A);
		test_live();
		test_lists();
		if (kind == CGROUP_V1) {
			test_default();
			test_back();
		} else {
			test_programs();
		}
	}
	cgroup_close(&cg);
	OK(!cgroup_remove(&top, &e));
	IS(err_str(&e), "");
}

int
main(void)
{
	struct plan_args args = { .id = base };
	struct spec spec = { 0 };
	char path[96];

	snprintf(base, sizeof(base), "t_cgroup_dev.%d", (int)getpid());
	snprintf(path, sizeof(path), "%s/box", base);
	spec.linux.cgroups_path = path;
	if (geteuid() || host_probe(&host, &arena, &e) ||
	    plan_cgroup(&all, &spec, &host, &args, &arena, &e)) {
		SKIP(1, geteuid() ? "needs root" : err_str(&e));
		return done();
	}
	snprintf(node, sizeof(node), "%s/%s", access("/dev/shm", W_OK) ?
		"/tmp" : "/dev/shm", base);
	nodes(true);
	with(CGROUP_V1);
	with(CGROUP_V2);
	nodes(false);
	return done();
}
