/* SPDX-License-Identifier: MIT */
/* Unsafe: what is at /proc in the image is taken for the kernel's, so a file
 * there takes the label and the program runs without (CVE-2019-16884). */
#define lsm_exec lsm_exec_safe
#include "../../src/lsm.c"
#undef lsm_exec

#include <string.h>
#include <unistd.h>

int lsm_exec(const struct lsm_plan *l, struct err *e);

int
lsm_exec(const struct lsm_plan *l, struct err *e)
{
	AUTO_FD(fd, open(l->apparmor ? "/proc/self/attr/apparmor/exec" :
		"/proc/self/attr/exec", O_WRONLY | O_CLOEXEC));
	const char *label = l->apparmor ? l->apparmor : l->selinux;
	char text[MAX_NAME + 8];

	if (fd < 0)
		return lsm_exec_safe(l, e);
	fmt_to(text, sizeof(text), "%s%s", l->apparmor ? "exec " : "", label);
	return write_all(fd, text, strlen(text)) ?
		err_sys(e, "label") : 0;
}
