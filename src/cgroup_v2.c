/* SPDX-License-Identifier: MIT */
/* cgroup_v2.c -- subtree_control, cgroup.freeze and cgroup.kill. */
#include "cgroup_v2.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cgroup_backend.h"
#include "fmt.h"
#include "io.h"
#include "plan.h"
#include "str.h"
#include "sys.h"
#include "words.h"

static int
mount_own(const struct cgroup_op *op, struct err *e)
{
	int fd = sys_mount_aside("cgroup2", NULL);

	(void)op;
	return fd < 0 ? err_sys(e, "mount cgroup2") : fd;
}

/* Which has a type, unlike the root.  It can pass on no controller but cpu,
 * pids and others that work on threads, and that turns it into the root of a
 * threaded tree: no process may be in a cgroup below it then (Linux 4.14). */
static bool
has_processes(int dir)
{
	char text[32];

	return read_small_at(dir, "cgroup.type", text, sizeof(text)) > 0 &&
		read_small_at(dir, "cgroup.procs", text, sizeof(text)) != 0;
}

/* Hands op's controllers on to the children of parent, those that are there and
 * not handed on yet.  Nothing that a cgroup lacks is an error here: who sets a
 * limit finds its file missing (list K6, K7). */
static int
settle(int parent, const char *name, bool made, const struct cgroup_op *op,
	struct err *e)
{
	char have[512], on[512], all[1024], one[64];
	const char *p = op->controllers, *word;
	size_t len, n = 0;

	(void)name;
	(void)made;
	(void)e;
	if (!*p || read_small_at(parent, "cgroup.controllers", have,
	    sizeof(have)) < 0 || read_small_at(parent, "cgroup.subtree_control",
	    on, sizeof(on)) < 0)
		return 0;
	while ((word = words_next(&p, &len))) {
		if (words_have(have, word, len) && !words_have(on, word, len) &&
		    n + len + 3 < sizeof(all))
			n += (size_t)fmt_to(all + n, sizeof(all) - n,
				"%s+%.*s", n ? " " : "", (int)len, word);
	}
	if (!n || has_processes(parent) ||
	    !write_at(parent, "cgroup.subtree_control", all))
		return 0;
	/* one that can't be had must not cost the others */
	for (p = all; (word = words_next(&p, &len));) {
		fmt_to(one, sizeof(one), "%.*s", (int)len, word);
		if (write_at(parent, "cgroup.subtree_control", one))
			continue;
	}
	return 0;
}

const struct cgroup_backend *
cgroup_v2(struct err *e)
{
	static const struct cgroup_backend backend = {
		.fstype = "cgroup2",
		.magic = 0x63677270,
		.mount = mount_own,
		.settle = settle,
		.filter = cgroup_v2_filter,
		.refilter = cgroup_v2_refilter,
		.enter = NULL,
		.freezer = "cgroup.freeze",
		.freeze = { "0", "1" },
		.frozen_file = "cgroup.events",
		.frozen = "frozen 1\n",
		.kill = "cgroup.kill",
	};

	(void)e;
	return &backend;
}
