/* SPDX-License-Identifier: MIT */
/* t_plan_dev.c -- device rules: both translations against a plain evaluation of
 * the ordered rules, by models of the v1 cgroup and of the BPF machine, and the
 * program against the kernel's verifier. */
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "plan.h"
#include "plan_dev.h"
#include "spec.h"
#include "tap.h"

enum { RWM = DEV_MKNOD | DEV_READ | DEV_WRITE };

static char block[1 << 20];
static struct arena arena;
static struct err e;
static struct spec_resources res;
static struct spec spec;

struct request {
	char type;
	unsigned major, minor, access;
};

/* For each kind of access the last rule that matches; the implicit list last of
 * all, a deny for everything first. */
static bool
naive_bit(const struct request *q, unsigned bit)
{
	static const struct { char type; int major, minor; } use[] = {
		{ 'c', 1, 3 }, { 'c', 1, 5 }, { 'c', 1, 7 }, { 'c', 1, 8 },
		{ 'c', 1, 9 }, { 'c', 5, 0 }, { 'c', 5, 2 }, { 'c', 136, -1 },
	};
	bool allow = false;
	unsigned i;

	for (i = 0; i < res.n_devices; i++) {
		const struct spec_device_rule *d = &res.devices[i];
		char letter = "?mr?w"[bit];

		if ((d->type == 'a' || d->type == q->type) &&
		    (d->major < 0 || d->major == (int64_t)q->major) &&
		    (d->minor < 0 || d->minor == (int64_t)q->minor) &&
		    strchr(d->access, letter))
			allow = d->allow;
	}
	if (bit == DEV_MKNOD)
		allow = true;
	for (i = 0; i < COUNT(use); i++) {
		if (q->type == use[i].type &&
		    (int)q->major == use[i].major &&
		    (use[i].minor < 0 || (int)q->minor == use[i].minor))
			allow = true;
	}
	return allow;
}

static bool
naive(const struct request *q)
{
	unsigned bit;

	for (bit = 1; bit <= RWM; bit <<= 1) {
		if (q->access & bit && !naive_bit(q, bit))
			return false;
	}
	return true;
}

/* The instructions that plan_dev.c uses, no more: -1 for any other, for a jump
 * out of the program, a register that was not set, or no end. */
static int
run_bpf(const struct bpf_insn *p, unsigned n, const struct request *q)
{
	uint32_t ctx[3] = { q->access << 16 | (q->type == 'b' ? 1 : 2),
		q->major, q->minor };
	uint64_t r[11] = { 0 };
	unsigned set = 1 << 1, steps, at = 0;

	for (steps = 0; steps < 100000 && at < n; steps++) {
		const struct bpf_insn *i = &p[at++];
		uint64_t imm = (uint64_t)(int64_t)i->imm;
		bool jump = false;

		switch (i->code) {
		case BPF_LDX | BPF_MEM | BPF_W:
			if (i->src_reg != 1 || i->off % 4 || i->off > 8)
				return -1;
			r[i->dst_reg] = ctx[i->off / 4];
			set |= 1u << i->dst_reg;
			continue;
		case BPF_ALU | BPF_MOV | BPF_X:
			if (!(set & 1u << i->src_reg))
				return -1;
			r[i->dst_reg] = (uint32_t)r[i->src_reg];
			set |= 1u << i->dst_reg;
			continue;
		case BPF_ALU | BPF_MOV | BPF_K:
			r[i->dst_reg] = (uint32_t)i->imm;
			set |= 1u << i->dst_reg;
			continue;
		case BPF_JMP | BPF_EXIT:
			return set & 1 ? (int)r[0] : -1;
		}
		if (i->code != (BPF_JMP | BPF_JA) && !(set & 1u << i->dst_reg))
			return -1;
		switch (i->code) {
		case BPF_ALU | BPF_AND | BPF_K:
			r[i->dst_reg] = (uint32_t)(r[i->dst_reg] & imm);
			break;
		case BPF_ALU | BPF_RSH | BPF_K:
			r[i->dst_reg] = (uint32_t)r[i->dst_reg] >> imm;
			break;
		case BPF_JMP | BPF_JA:
			jump = true;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			jump = r[i->dst_reg] == imm;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			jump = (r[i->dst_reg] & imm) != 0;
			break;
		default:
			return -1;
		}
		if (jump)
			at = (unsigned)((int)at + i->off);
	}
	return -1;
}

/* The devices cgroup of v1 as security/device_cgroup.c works. */
struct v1 {
	bool allow;
	struct devrule ex[600];
	unsigned n;
};

static void
v1_exception(struct v1 *v, const struct devrule *d, bool add)
{
	unsigned i;

	for (i = 0; i < v->n; i++) {
		struct devrule *x = &v->ex[i];

		if (x->type != d->type || x->major != d->major ||
		    x->minor != d->minor)
			continue;
		if (add)
			x->access |= d->access;
		else
			x->access &= ~d->access;
		return;
	}
	if (add)
		v->ex[v->n++] = *d;
}

static bool
v1_line(struct v1 *v, const char *line)
{
	struct devrule d = { 0 };
	char verb[8], type, major[16], minor[16], access[8];
	unsigned i;

	if (!strcmp(line, "allow a") || !strcmp(line, "deny a")) {
		v->allow = line[0] == 'a';
		v->n = 0;
		return true;
	}
	if (sscanf(line, "%7s %c %15[^:]:%15s %7s", verb, &type, major, minor,
	    access) != 5 || (type != 'b' && type != 'c'))
		return false;
	d.allow = !strcmp(verb, "allow");
	d.type = type;
	d.major = strcmp(major, "*") ? atoll(major) : -1;
	d.minor = strcmp(minor, "*") ? atoll(minor) : -1;
	for (i = 0; access[i]; i++)
		d.access |= access[i] == 'm' ? DEV_MKNOD :
			access[i] == 'r' ? DEV_READ : DEV_WRITE;
	v1_exception(v, &d, d.allow != v->allow);
	return true;
}

static bool
v1_check(const struct v1 *v, const struct request *q)
{
	unsigned i;

	for (i = 0; i < v->n; i++) {
		const struct devrule *x = &v->ex[i];

		if (x->type != q->type ||
		    (x->major >= 0 && x->major != (int64_t)q->major) ||
		    (x->minor >= 0 && x->minor != (int64_t)q->minor))
			continue;
		if (v->allow && x->access & q->access)
			return false;
		if (!v->allow && !(q->access & ~x->access))
			return true;
	}
	return v->allow;
}

static void
use_rules(struct spec_device_rule *rules, unsigned n)
{
	arena.at = block;
	arena.end = block + sizeof(block);
	err_clear(&e);
	res.devices = rules;
	res.n_devices = n;
	spec.linux.resources = &res;
}

/* security/device_cgroup.c is asked by open for reading or writing or both, and
 * by mknod for that alone. */
static bool
v1_is_asked(const struct request *q)
{
	return !(q->access & DEV_MKNOD) || q->access == DEV_MKNOD;
}

/* Compares every request of a small world; false says which one differs. */
static bool
agrees(const struct cgroup_plan *c, const struct v1 *v)
{
	static const unsigned numbers[] = { 0, 1, 3, 5, 7, 10, 136, 200 };
	struct request q;
	unsigned i, j;
	int got;

	for (i = 0; i < COUNT(numbers) * COUNT(numbers); i++) {
		for (j = 2; j < 16; j++) {
			q.type = j & 1 ? 'b' : 'c';
			q.major = numbers[i / COUNT(numbers)];
			q.minor = numbers[i % COUNT(numbers)];
			q.access = j >> 1;
			got = run_bpf(c->dev_prog, c->n_dev_prog, &q);
			if (got == naive(&q) && (!v || !v1_is_asked(&q) ||
			    v1_check(v, &q) == got))
				continue;
			printf("# %c %u:%u %u: naive %d, bpf %d, v1 %d\n",
				q.type, q.major, q.minor, q.access, naive(&q),
				got, v ? v1_check(v, &q) : -1);
			return false;
		}
	}
	return true;
}

/* 1: both translations agree with the rules; 2: so does the program, and v1 is
 * refused by name; 0: not. */
static int
check(struct spec_device_rule *rules, unsigned n)
{
	static struct v1 v;
	struct cgroup_plan c = { 0 };
	struct devrules r;
	unsigned i;

	use_rules(rules, n);
	if (plan_dev_rules(&r, &spec, &arena, &e) ||
	    plan_dev_prog(&c, &r, &arena, &e))
		return 0;
	if (plan_dev_lines(&c, &r, &arena, &e))
		return e.code == ENOTSUP && agrees(&c, NULL) ? 2 : 0;
	v.allow = true;
	v.n = 0;
	for (i = 0; i < c.n_dev_lines; i++) {
		if (!v1_line(&v, c.dev_lines[i]))
			return 0;
	}
	return agrees(&c, &v);
}

static void
test_none(void)
{
	struct cgroup_plan c = { 0 };
	struct devrules r;
	unsigned i;
	static const char *const want[] = {
		"deny a", "allow c *:* m", "allow b *:* m", "allow c 1:3 rwm",
		"allow c 1:5 rwm", "allow c 1:7 rwm", "allow c 1:8 rwm",
		"allow c 1:9 rwm", "allow c 5:0 rwm", "allow c 5:2 rwm",
		"allow c 136:* rwm",
	};

	OK(check(NULL, 0) == 1);
	OK(!plan_dev_rules(&r, &spec, &arena, &e));
	OK(!plan_dev_lines(&c, &r, &arena, &e));
	IS_INT(c.n_dev_lines, COUNT(want));
	for (i = 0; i < COUNT(want) && i < c.n_dev_lines; i++)
		IS(c.dev_lines[i], want[i]);
	spec.linux.resources = NULL;
	OK(!plan_dev_rules(&r, &spec, &arena, &e));
	IS_INT(r.n, 10);
	OK(!r.allow);
	IS_INT(plan_dev_denies(&spec), -1);
}

#define RULE(a, t, ma, mi, acc) ((struct spec_device_rule){ .allow = a, \
	.type = t, .major = ma, .minor = mi, .access = acc })
#define ALLOW(t, ma, mi, acc) RULE(true, t, ma, mi, acc)
#define DENY(t, ma, mi, acc) RULE(false, t, ma, mi, acc)
#define CHECK(...) check((struct spec_device_rule[]){ __VA_ARGS__ }, \
	COUNT(((struct spec_device_rule[]){ __VA_ARGS__ })))

static void
test_lists(void)
{
	struct devrules r;

	OK(CHECK(DENY('a', -1, -1, "rwm")) == 1);
	OK(CHECK(ALLOW('a', -1, -1, "rwm")) == 1);
	OK(!plan_dev_rules(&r, &spec, &arena, &e) && r.allow && !r.n);
	OK(CHECK(DENY('a', -1, -1, "rwm"), ALLOW('c', 10, 200, "rw")) == 1);
	/* a program that asks for both at once */
	OK(CHECK(ALLOW('c', 10, 200, "r"), ALLOW('c', 10, 200, "w")) == 1);
	OK(CHECK(ALLOW('c', 10, -1, "r"), ALLOW('c', 10, 200, "w")) == 1);
	OK(CHECK(ALLOW('c', 10, -1, "r"), ALLOW('c', -1, 200, "w")) == 1);
	OK(CHECK(ALLOW('a', -1, -1, "rwm"), DENY('c', 10, 200, "w")) == 1);
	IS_INT(plan_dev_denies(&spec), 1);
	/* the implicit list reopens a part */
	OK(CHECK(ALLOW('a', -1, -1, "rwm"), DENY('c', -1, -1, "rwm")) == 1);
	OK(CHECK(ALLOW('a', -1, -1, "rwm"), DENY('a', -1, -1, "w")) == 1);
	OK(CHECK(DENY('c', 1, 3, "rwm")) == 1);
	/* type a with numbers is not everything */
	OK(CHECK(ALLOW('a', 7, -1, "rw")) == 1);
	OK(CHECK(ALLOW('a', -1, -1, "r")) == 1);
	/* later wins, also over a wider one */
	OK(CHECK(ALLOW('b', 7, 0, "rw"), DENY('b', 7, -1, "w")) == 1);
	OK(CHECK(ALLOW('b', 7, 0, "rw"), DENY('a', -1, -1, "rwm")) == 1);
	IS_INT(plan_dev_denies(&spec), -1);
	OK(CHECK(ALLOW('c', 10, -1, "rw"), DENY('c', 10, 200, "rw")) == 2);
	IS(err_str(&e), "linux.resources.devices: deny c 10:200 rw: inside a "
		"wider rule, which a v1 cgroup can't do");
	OK(CHECK(ALLOW('c', 10, -1, "rw"), DENY('c', 10, 200, "rw"),
		ALLOW('c', 10, 200, "rw")) == 1);
}

static void
test_many(void)
{
	static struct spec_device_rule rules[1025];
	static const char *const access[] = {
		"r", "w", "m", "rw", "rm", "wm", "rwm" };
	static const int64_t numbers[] = { -1, -1, 1, 3, 5, 7, 10, 136, 200 };
	unsigned i, round, n, seen[3] = { 0 };
	struct devrules r;

	srand(1);
	for (round = 0; round < 3000; round++) {
		n = (unsigned)rand() % 9;
		for (i = 0; i < n; i++) {
			rules[i].allow = rand() & 1;
			rules[i].type = "abcbc"[rand() % 5];
			rules[i].major = numbers[rand() % 9];
			rules[i].minor = numbers[rand() % 9];
			rules[i].access = access[rand() % 7];
		}
		seen[check(rules, n)]++;
	}
	printf("# %u equal, %u not for v1\n", seen[1], seen[2]);
	IS_INT(seen[0], 0);
	OK(seen[1] > 1000 && seen[2] > 100);
	for (i = 0; i < 1025; i++)
		rules[i] = ALLOW('c', 1 + i, 0, "r");
	use_rules(rules, 1024);
	OK(!plan_dev_rules(&r, &spec, &arena, &e));
	IS_INT(r.n, 1032);       /* 5:0 and 136:0 are implied */
	use_rules(rules, 1025);
	OK(plan_dev_rules(&r, &spec, &arena, &e) == -1);
	IS(err_str(&e), "linux.resources.devices: more than 1024 rules");
}

/* Loads into the kernel; log says why not. */
static long
load(const struct cgroup_plan *c, unsigned n)
{
	static char log[65536];
	union bpf_attr attr;
	long fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (uintptr_t)c->dev_prog;
	attr.insn_cnt = n;
	attr.license = (uintptr_t)"MIT";
	attr.log_buf = (uintptr_t)log;
	attr.log_size = sizeof(log);
	attr.log_level = 1;
	fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	if (fd < 0 && log[0])
		printf("# %.300s\n", log + (strlen(log) > 300 ?
			strlen(log) - 300 : 0));
	return fd;
}

static void
test_verifier(void)
{
	static struct spec_device_rule rules[300];
	struct cgroup_plan c = { 0 };
	struct devrules r;
	unsigned i;
	long fd;

	use_rules(rules, 0);
	OK(!plan_dev_rules(&r, &spec, &arena, &e) &&
		!plan_dev_prog(&c, &r, &arena, &e));
	fd = load(&c, c.n_dev_prog);
	if (fd < 0 && errno != EACCES) {
		SKIP(2, "the kernel takes no device programs from us");
		return;
	}
	OK(fd >= 0);
	close((int)fd);
	for (i = 0; i < COUNT(rules); i++)
		rules[i] = RULE(i & 1, "cb"[i / 2 & 1],
			i % 7 ? (int)i % 13 : -1, i % 11 ? (int)i : -1, "rw");
	use_rules(rules, COUNT(rules));
	OK(!plan_dev_rules(&r, &spec, &arena, &e) &&
		!plan_dev_prog(&c, &r, &arena, &e));
	fd = load(&c, c.n_dev_prog);
	printf("# %u rules, %u instructions\n", r.n, c.n_dev_prog);
	OK(fd >= 0);
	close((int)fd);
}

int
main(void)
{
	test_none();
	test_lists();
	test_many();
	test_verifier();
	return done();
}
