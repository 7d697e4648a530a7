/* SPDX-License-Identifier: MIT */
/* Unsafe: "/" is made private, what is below it stays shared with the host. */
#define rootfs_isolate rootfs_isolate_safe
#include "../../src/rootfs.c"
#undef rootfs_isolate

int rootfs_isolate(struct err *e);

int
rootfs_isolate(struct err *e)
{
	return mount(NULL, "/", NULL, MS_PRIVATE, NULL) ? err_sys(e, "/") : 0;
}
