/* SPDX-License-Identifier: MIT */
/* t_cgroup_bpf.c -- the device program of a live container is exchanged, on
 * kernels with BPF_F_REPLACE (Linux 5.6) and without, and where one of the
 * calls fails.  bpf(2) is played here: programs are numbers from 100 on. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arena.h"
#include "cgroup_v2.h"
#include "err.h"
#include "io.h"
#include "plan.h"
#include "tap.h"

enum { DIR = 77, FIRST = 100 };

static struct {
	const char *name[FIRST]; /* of each program */
	bool on[FIRST];         /* attached */
	unsigned n;
	bool replaces;          /* the kernel knows that flag */
	int fails, fails_at;    /* a command, and at which time of it */
	int calls;              /* left out: what does not change anything */
	rlim_t memory;          /* that may be locked: a program takes it */
	bool gap;               /* for a moment there was none of ours */
} kernel;
static struct err e;
static struct arena arena;

static bool
is_ours(unsigned i)
{
	return kernel.on[i] && !strcmp(kernel.name[i], "wherry");
}

static unsigned
count(void)
{
	unsigned i, n = 0;

	for (i = 0; i < kernel.n; i++)
		n += is_ours(i);
	return n;
}

/* The descriptor of a program is one of any file with an offset: its number. */
static int
open_prog(unsigned i)
{
	int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);

	lseek(fd, (off_t)(FIRST + i), SEEK_SET);
	return fd;
}

static unsigned
prog_of(uint32_t fd)
{
	return (unsigned)(lseek((int)fd, 0, SEEK_CUR) - FIRST);
}

static int
attach(union bpf_attr *a)
{
	if (a->attach_flags & BPF_F_REPLACE) {
		if (!kernel.replaces)
			return EINVAL;
		if (!kernel.on[prog_of(a->replace_bpf_fd)])
			return ENOENT;
		kernel.on[prog_of(a->replace_bpf_fd)] = false;
	}
	kernel.on[prog_of(a->attach_bpf_fd)] = true;
	kernel.gap |= a->attach_flags & BPF_F_REPLACE && !count();
	return 0;
}

static int
query(union bpf_attr *a)
{
	uint32_t *ids = (uint32_t *)(uintptr_t)a->query.prog_ids;
	uint32_t i, n = 0;

	for (i = 0; i < kernel.n; i++) {
		if (kernel.on[i])
			ids[n++] = FIRST + i;
	}
	a->query.prog_cnt = n;
	return 0;
}

static int
play(unsigned cmd, union bpf_attr *a)
{
	struct bpf_prog_info *info;
	struct rlimit now;

	switch (cmd) {
	case BPF_PROG_LOAD:
		getrlimit(RLIMIT_MEMLOCK, &now);
		if (now.rlim_cur < kernel.memory)
			return EPERM;
		kernel.name[kernel.n] = "wherry";
		return -open_prog(kernel.n++);
	case BPF_PROG_ATTACH:
		return attach(a);
	case BPF_PROG_DETACH:
		if (!kernel.on[prog_of(a->attach_bpf_fd)])
			return ENOENT;
		kernel.on[prog_of(a->attach_bpf_fd)] = false;
		kernel.gap |= !count();
		return 0;
	case BPF_PROG_QUERY:
		return query(a);
	case BPF_PROG_GET_FD_BY_ID:
		return -open_prog(a->prog_id - FIRST);
	case BPF_OBJ_GET_INFO_BY_FD:
		info = (struct bpf_prog_info *)(uintptr_t)a->info.info;
		strcpy(info->name, kernel.name[prog_of(a->info.bpf_fd)]);
		return 0;
	}
	return EINVAL;
}

long
syscall(long nr, ...)
{
	union bpf_attr *a;
	unsigned cmd;
	va_list ap;
	int r;

	va_start(ap, nr);
	cmd = va_arg(ap, unsigned);
	a = va_arg(ap, union bpf_attr *);
	va_end(ap);
	r = nr != SYS_bpf ? ENOSYS : (int)cmd == kernel.fails &&
		++kernel.calls == kernel.fails_at ? EIO : play(cmd, a);
	if (r <= 0)
		return -r;
	errno = r;
	return -1;
}

/* Programs "wherry" in number, and one of somebody else. */
static void
begin(unsigned ours, bool replaces)
{
	unsigned i;

	memset(&kernel, 0, sizeof(kernel));
	kernel.replaces = replaces;
	for (i = 0; i <= ours; i++) {
		kernel.name[i] = i == 1 ? "other" : "wherry";
		kernel.on[i] = true;
	}
	if (!ours)
		kernel.name[0] = "other";
	kernel.n = ours + 1;
}

static int
refilter(bool some)
{
	static const struct bpf_insn insn;
	struct cgroup_plan p = { .dev_prog = some ? &insn : NULL,
		.n_dev_prog = 1 };
	int before = open("/dev/null", O_RDONLY | O_CLOEXEC), after;
	int r = cgroup_v2_refilter(DIR, &p, false, arena, &e);

	close(before);
	after = open("/dev/null", O_RDONLY | O_CLOEXEC);
	IS_INT(after, before);          /* no descriptor is left open */
	close(after);
	return r;
}

/* Whichever program is attached in the end is the new one, number n - 1. */
static void
test_done(unsigned ours, bool replaces)
{
	unsigned last = ours + 1;

	printf("# %u of ours, %s\n", ours, replaces ? "5.6" : "4.15");
	begin(ours, replaces);
	OK(!refilter(true));
	IS_INT(count(), 1);
	OK(kernel.on[last]);
	OK(kernel.on[ours > 0]);        /* that of somebody else */
	OK(!kernel.gap);
	OK(!refilter(false));
	IS_INT(count(), 0);
	OK(kernel.on[ours > 0]);
}

/* Where a call fails, the old ones are there as before, all the time. */
static void
test_failed(unsigned ours, int cmd, int at)
{
	printf("# %u of ours, call %d of bpf %d fails\n", ours, at, cmd);
	begin(ours, false);
	kernel.fails = cmd;
	kernel.fails_at = at;
	IS_INT(refilter(true), -1);
	OK(strstr(err_str(&e), "device filter: "));
	err_clear(&e);
	IS_INT(count(), ours);
	OK(!kernel.on[ours + 1]);
	OK(!kernel.gap);
}

/* Before 5.11: the limit is raised for the call, by a caller who may not raise
 * the hard one to that. */
static void
test_memory(void)
{
	struct rlimit old, now = { 0 };

	getrlimit(RLIMIT_MEMLOCK, &old);
	begin(1, false);
	kernel.memory = old.rlim_max;
	now.rlim_max = old.rlim_max;
	now.rlim_cur = 0;
	OK(!setrlimit(RLIMIT_MEMLOCK, &now));
	OK(!refilter(true));
	IS(err_str(&e), "");
	getrlimit(RLIMIT_MEMLOCK, &now);
	OK(now.rlim_cur == 0 && now.rlim_max == old.rlim_max);
	if (old.rlim_max < RLIM_INFINITY && geteuid()) {
		kernel.memory = RLIM_INFINITY;
		IS_INT(refilter(true), -1);
		IS(err_str(&e), "device filter: load: operation not permitted");
		err_clear(&e);
	} else {
		SKIP(2, "no limit that holds");
	}
	setrlimit(RLIMIT_MEMLOCK, &old);
}

int
main(void)
{
	unsigned ours;

	test_memory();
	for (ours = 0; ours < 4; ours++) {
		test_done(ours, false);
		test_done(ours, true);
		test_failed(ours, BPF_PROG_LOAD, 1);
		test_failed(ours, BPF_PROG_QUERY, 1);
		/* the first is that with BPF_F_REPLACE, of one program */
		test_failed(ours, BPF_PROG_ATTACH, 1 + (ours == 1));
	}
	for (ours = 1; ours < 4; ours++)
		test_failed(ours, BPF_PROG_DETACH, (int)ours);
	return done();
}
