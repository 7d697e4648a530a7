/* SPDX-License-Identifier: MIT */
/* t_cgroup_set.c -- the writing of limits, in folders that stand for cgroups:
 * alternatives, files that may be missing, errors, and the way back. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "cgroup.h"
#include "err.h"
#include "io.h"
#include "plan.h"
#include "tap.h"

static char block[1 << 16];
static struct arena arena = { block, block + sizeof(block) };
static struct err e;
static char top[] = "/tmp/t_cgroup_set.XXXXXX";
static int dir;
static struct cgroup_op op = { CGROUP_V2, "", "/mnt", "box", NULL };
static struct cgroup_write w[3];
static struct cgroup_plan plan = { .ops = &op, .n_ops = 1, .dev_op = -1 };

static void
make(const char *name, const char *text)
{
	AUTO_FD(fd, openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0644));

	if (fd < 0 || write_all(fd, text, strlen(text)))
		exit(1);
}

static const char *
says(const char *name)
{
	static char text[64];

	return read_small_at(dir, name, text, sizeof(text)) < 0 ? "-" : text;
}

static int
set(unsigned n, struct arena *keep)
{
	unsigned i;

	err_clear(&e);
	for (i = 0; i < n; i++)
		w[i].next = i + 1 < n ? &w[i + 1] : NULL;
	plan.writes = n ? w : NULL;
	return cgroup_set(&plan, &dir, keep, &e);
}

static void
test_forth(void)
{
	OK(!set(0, NULL));
	make("a", "1");
	w[0] = (struct cgroup_write){ .file = "a", .text = "2" };
	OK(!set(1, NULL));
	IS(says("a"), "2");
	/* the other file only where the first is missing */
	w[0].alt = "b";
	w[0].alt_text = "3";
	OK(!set(1, NULL));
	IS(says("b"), "-");
	make("b", "0");
	w[0].file = "missing";
	OK(!set(1, NULL));
	IS(says("b"), "3");
	w[0].alt = NULL;
	w[0].member = "memory.limit";
	w[0].option = "CONFIG_MEMCG";
	OK(set(1, NULL));
	IS(err_str(&e), "linux.resources.memory.limit: cgroup /mnt/box: "
		"missing: write `2`: no such file or directory (CONFIG_MEMCG; "
		"or a cgroup above does not pass on `missing`)");
	IS_INT(e.code, ENOENT);
	op.kind = CGROUP_V1;
	OK(set(1, NULL));
	OK(strstr(err_str(&e), "(CONFIG_MEMCG)"));
	op.kind = CGROUP_V2;
	w[0].how = WRITE_MAY_LACK;
	OK(!set(1, NULL));
	IS(says("missing"), "-");
}

static void
test_back(void)
{
	w[0] = (struct cgroup_write){ .file = "a", .text = "5" };
	w[1] = (struct cgroup_write){ .file = "b", .text = "8:0 rbps=7" };
	w[2] = (struct cgroup_write){ .file = "missing", .text = "1",
		.member = "m", .option = "o" };
	make("a", "1");
	make("b", "8:1 rbps=3\n8:0 rbps=4\n");
	OK(set(3, NULL));
	IS(says("a"), "5");
	make("a", "1");
	make("b", "8:1 rbps=3\n8:0 rbps=4\n");
	OK(set(3, &arena));
	IS(says("a"), "1");
	/* a line for the device, written to the front of a plain file */
	IS(says("b"), "8:0 rbps=4\n8:0 rbps=4\n");
	OK(!set(2, &arena));
	IS(says("a"), "5");
	IS(says("b"), "8:0 rbps=7\n8:0 rbps=4\n");
}

static void
test_memory(void)
{
	struct cgroup_memory m;
	struct cgroup_plan none = { .n_ops = 0 };

	OK(!cgroup_memory(&none, &m));
	err_set(&e, ECHILD, "init died");
	IS_INT(cgroup_explain(&none, &e), -1);
	IS(err_str(&e), "init died");
}

int
main(void)
{
	if (!mkdtemp(top))
		return 1;
	dir = open(top, O_RDONLY | O_DIRECTORY);
	test_forth();
	test_back();
	test_memory();
	unlinkat(dir, "a", 0);
	unlinkat(dir, "b", 0);
	rmdir(top);
	return done();
}
