/* SPDX-License-Identifier: MIT */
/* cgroup_own.c -- gives a cgroup to the user who runs the container. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "cgroup_backend.h"
#include "err.h"
#include "io.h"

/* What the kernel does not list (Linux 4.15) may not be given away, and what is
 * not there need not be. */
static const char fallback[] =
	"cgroup.procs\ncgroup.subtree_control\ncgroup.threads\n";

int
cgroup_own(int dir, uid_t owner, struct err *e)
{
	char list[2048];
	char *name = list, *end;
	ssize_t n = read_small_at(AT_FDCWD, "/sys/kernel/cgroup/delegate", list,
		sizeof(list));

	if (n <= 0)
		memcpy(list, fallback, sizeof(fallback));
	if (fchown(dir, owner, (gid_t)-1))
		return err_sys(e, "chown");
	for (; (end = strchr(name, '\n')); name = end + 1) {
		*end = '\0';
		if (fchownat(dir, name, owner, (gid_t)-1,
		    AT_SYMLINK_NOFOLLOW) && errno != ENOENT)
			return err_sys(e, "%s: chown", name);
	}
	return 0;
}
