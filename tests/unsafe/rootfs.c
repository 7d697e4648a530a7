/* SPDX-License-Identifier: MIT */
/* Unsafe: "/" is made private, what is below it stays shared with the host; a
 * helper is taken from the image (CVE-2026-84042); with --no-pivot the host's
 * mounts stay below the root, and on an initramfs its old root over it. */
#define rootfs_isolate rootfs_isolate_safe
#define rootfs_attach rootfs_attach_safe
#define rootfs_enter rootfs_enter_safe
#include "../../src/rootfs.c"
#undef rootfs_isolate
#undef rootfs_attach
#undef rootfs_enter

#include <limits.h>
#include <sys/wait.h>

int rootfs_isolate(struct err *e);
int rootfs_attach(const struct mount_ask *a, int state_dir, struct err *e);
int rootfs_enter(const struct plan *p, int root, struct err *e);

int
rootfs_isolate(struct err *e)
{
	return mount(NULL, "/", NULL, MS_PRIVATE, NULL) ? err_sys(e, "/") : 0;
}

int
rootfs_attach(const struct mount_ask *a, int state_dir, struct err *e)
{
	char path[PATH_MAX];
	pid_t child;

	fmt_to(path, sizeof(path), "%s/usr/bin/passt", a->plan->rootfs);
	child = access(path, X_OK) ? -1 : fork();
	if (child == 0) {
		execl(path, path, (char *)NULL);
		_exit(127);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
	return rootfs_attach_safe(a, state_dir, e);
}

int
rootfs_enter(const struct plan *p, int root, struct err *e)
{
	int r;

	if (p->rung != ROOT_MOVE && p->rung != ROOT_REBIND)
		return rootfs_enter_safe(p, root, e);
	/* what is shared can't be moved */
	if (rootfs_isolate_safe(e) || fchdir(root))
		return err_sys(e, "/");
	r = p->rung == ROOT_REBIND ? sys_pivot_root(".", ".") :
		mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".");
	return r || chdir("/") ? err_sys(e, "/") : 0;
}
