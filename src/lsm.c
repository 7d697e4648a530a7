/* SPDX-License-Identifier: MIT */
/* lsm.c -- writes the security attributes of this process.  The kernel wants
 * the credentials of the opening in the write (Linux 5.13), so a descriptor is
 * not kept. */
#include "lsm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "plan.h"
#include "procfs.h"

enum { MAX_NAME = 3000 };       /* of plan_lsm.c; a page takes all */

static int
exec_apparmor(const char *profile, struct err *e)
{
	char rel[64], text[MAX_NAME + 8];
	bool old;

	fmt_to(rel, sizeof(rel), "%d/attr/apparmor/exec", (int)procfs_self());
	AUTO_FD(fd, procfs_open_path(rel, O_PATH));
	/* Linux 5.1; before, the one active module owned attr/exec */
	old = fd < 0 && errno == ENOENT;
	fmt_to(text, sizeof(text), "exec %s", profile);
	if (procfs_write(0, old ? "attr/exec" : "attr/apparmor/exec", text, e)
	    == 0)
		return 0;
	if (e->code == ENOENT)
		err_hint(e, "is the profile loaded?");
	return err_ctx(e, "process.apparmorProfile %s", profile);
}

int
lsm_exec(const struct lsm_plan *l, struct err *e)
{
	if (l->apparmor && exec_apparmor(l->apparmor, e))
		return -1;
	if (l->selinux && procfs_write(0, "attr/exec", l->selinux, e))
		return err_ctx(e, "process.selinuxLabel");
	return 0;
}

int
lsm_keys(const struct lsm_plan *l, struct err *e)
{
	if (procfs_write(0, "attr/keycreate", l->selinux, e))
		return err_ctx(e, "process.selinuxLabel");
	return 0;
}
