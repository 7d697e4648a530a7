/* SPDX-License-Identifier: MIT */
/* cmd_spec.c -- spec: a config.json to start from. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "err.h"
#include "io.h"
#include "spec_write.h"
#include "str.h"

/* Whether the kernel lists a file system type; if it does not tell, yes. */
static bool
has_fs(const char *line)
{
	char list[4096];

	return read_small_at(AT_FDCWD, "/proc/filesystems", list,
		sizeof(list)) < 0 || str_find(list, line);
}

static int
write_new(int dir, const struct spec_template *t, struct err *e)
{
	AUTO_FD(fd, openat(dir, "config.json", O_WRONLY | O_CREAT | O_EXCL |
		O_CLOEXEC, 0666));

	if (fd < 0)
		return err_sys(e, "config.json");
	if (spec_write(t, fd, e)) {
		unlinkat(dir, "config.json", 0);
		return err_ctx(e, "config.json");
	}
	return 0;
}

int
cmd_spec(struct ctx *c, struct err *e)
{
	const char *bundle = c->opt->bundle ? c->opt->bundle : ".";
	AUTO_FD(dir, open(bundle, O_PATH | O_DIRECTORY | O_CLOEXEC));
	struct spec_template t = {
		.rootless = c->opt->spec_rootless,
		.uid = geteuid(), .gid = getegid(),
		.mqueue = has_fs("\tmqueue\n"),
		.cgroup_ns = !access("/proc/self/ns/cgroup", F_OK),
	};

	if (dir < 0)
		return err_sys(e, "bundle %s", bundle);
	return write_new(dir, &t, e);
}
