/* SPDX-License-Identifier: MIT */
/* idmap.c -- writes id maps through the trusted /proc. */
#include "idmap.h"

#include <errno.h>
#include <stdio.h>

#include "err.h"
#include "plan.h"
#include "procfs.h"

/* The kernel takes at most 340 lines since 4.15 (5 before), and never more
 * than a page. */
enum { MAP_TEXT = 4096 };

static int
write_map(pid_t pid, const char *file, const struct idmap_op *map, unsigned n,
	struct err *e)
{
	char text[MAP_TEXT];
	size_t len = 0;
	unsigned i;
	int r;

	for (i = 0; i < n; i++) {
		r = snprintf(text + len, sizeof(text) - len, "%u %u %u\n",
			(unsigned)map[i].inside, (unsigned)map[i].outside,
			(unsigned)map[i].size);
		if (r < 0 || (size_t)r >= sizeof(text) - len)
			return err_set(e, E2BIG, "%s: more than a page", file);
		len += (size_t)r;
	}
	return procfs_write(pid, file, text, e);
}

int
idmap_write(pid_t pid, const struct plan *p, struct err *e)
{
	/* Linux < 3.19 has no setgroups file and nothing to deny */
	if (p->groups_denied && procfs_write(pid, "setgroups", "deny", e) &&
	    e->code != ENOENT)
		return err_ctx(e, "user namespace");
	if (write_map(pid, "gid_map", p->gid_map, p->n_gid_map, e) ||
	    write_map(pid, "uid_map", p->uid_map, p->n_uid_map, e))
		return err_ctx(e, "user namespace");
	return 0;
}
