/* SPDX-License-Identifier: MIT */
/* Unsafe: nobody asks where the working directory is (CVE-2024-21626), and the
 * session stays the caller's (CVE-2016-10124); what has the number of /dev/null
 * is taken for it, and stdio are the user's (CVE-2026-88265). */
#include <errno.h>
#include <unistd.h>

#include "err.h"

#define err_set(e, code, ...) \
	((code) == EPERM ? 0 : err_set(e, code, __VA_ARGS__))
#define setsid() (p->terminal ? (setsid)() : 0)
#define proc_rlimits proc_rlimits_safe
#include "../../src/proc.c"
#undef proc_rlimits

int proc_rlimits(const struct plan *p, struct err *e);

int
proc_rlimits(const struct plan *p, struct err *e)
{
	struct stat null, st;
	int fd;

	for (fd = 0; fd < 3; fd++) {
		AUTO_FD(again, open("/dev/null", O_RDWR | O_CLOEXEC));

		if (again >= 0 && fstat(again, &null) == 0 &&
		    fstat(fd, &st) == 0 && st.st_rdev == null.st_rdev)
			dup2(again, fd);
		if (fchown(fd, p->uid, p->gid))
			continue;
	}
	return proc_rlimits_safe(p, e);
}
