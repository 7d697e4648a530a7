/* SPDX-License-Identifier: MIT */
/* Unsafe: what is at proc in the image is taken for the kernel's
 * (CVE-2019-16884), as by who writes when the root has been entered. */
#define sysctl_write sysctl_write_safe
#include "../../src/sysctl.c"
#undef sysctl_write

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

int sysctl_write(const struct plan *p, struct err *e);

int
sysctl_write(const struct plan *p, struct err *e)
{
	char path[PATH_MAX];
	unsigned i;

	for (i = 0; i < p->n_sysctl; i++) {
		fmt_to(path, sizeof(path), "%s/proc/sys/%s", p->rootfs,
			p->sysctl[i].path);
		AUTO_FD(fd, open(path, O_WRONLY | O_CLOEXEC));
		if (fd < 0 && errno == ENOENT)
			return sysctl_write_safe(p, e);
		if (fd < 0 || write(fd, p->sysctl[i].value,
		    strlen(p->sysctl[i].value)) < 0)
			return err_sys(e, "linux.sysctl[\"%s\"]",
				p->sysctl[i].key);
	}
	return 0;
}
