/* SPDX-License-Identifier: MIT */
/* cgroup_v1.c -- cpuset's empty start, the freezer. */
#include "cgroup_v1.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cgroup_backend.h"
#include "io.h"
#include "plan.h"
#include "sys.h"
#include "words.h"

static int
mount_own(const struct cgroup_op *op, struct err *e)
{
	int fd = sys_mount_aside("cgroup", op->controllers);

	return fd < 0 ? err_sys(e, "mount cgroup %s", op->controllers) : fd;
}

/* A new cpuset takes no process before it has CPUs and memory nodes (list K10).
 * A mount with noprefix, as Android has, leaves "cpuset." out. */
static int
inherit(int parent, int dir, bool made, const char *name, struct err *e)
{
	const char *plain = strchr(name, '.') + 1;
	char text[4096];

	if (!made) {
		ssize_t n = read_small_at(dir, name, text, sizeof(text));

		if (n < 0 && errno == ENOENT)
			n = read_small_at(dir, plain, text, sizeof(text));
		if (n < 0)
			return err_sys(e, "%s", name);
		if (text[strspn(text, "\n")])
			return 0;
	}
	if (read_small_at(parent, name, text, sizeof(text)) < 0) {
		if (errno != ENOENT)
			return err_sys(e, "%s", name);
		name = plain;
		if (read_small_at(parent, name, text, sizeof(text)) < 0)
			return err_sys(e, "%s", name);
	}
	return write_at(dir, name, text) ? err_sys(e, "%s", name) : 0;
}

static int
settle(int parent, const char *name, bool made, const struct cgroup_op *op,
	struct err *e)
{
	if (!words_has(op->controllers, "cpuset"))
		return 0;
	AUTO_FD(dir, cgroup_open_dir(parent, name));
	if (dir < 0)
		return err_sys(e, "open");
	return inherit(parent, dir, made, "cpuset.cpus", e) ||
		inherit(parent, dir, made, "cpuset.mems", e) ? -1 : 0;
}

const struct cgroup_backend *
cgroup_v1(struct err *e)
{
	static const struct cgroup_backend backend = {
		.fstype = "cgroup",
		.magic = 0x27e0eb,
		.mount = mount_own,
		.settle = settle,
		.filter = cgroup_v1_filter,
		.refilter = cgroup_v1_refilter,
		.enter = "tasks",
		.freezer = "freezer.state",
		.freeze = { "THAWED", "FROZEN" },
		/* FREEZING until all have stopped; reading moves it on */
		.frozen_file = "freezer.state",
		.frozen = "FROZEN\n",
	};

	(void)e;
	return &backend;
}
