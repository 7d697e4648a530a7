/* SPDX-License-Identifier: MIT */
/* mountapi.c -- the mount calls of Linux 5.2 and 5.12, and pivot_root: libc has
 * no functions for them. */
#include "sys.h"

#include <fcntl.h>
#include <unistd.h>

#include "nr.h"

int
sys_open_tree(int dir, const char *path, unsigned flags)
{
	/* OPEN_TREE_CLOEXEC is O_CLOEXEC */
	return (int)syscall(NR_OPEN_TREE, dir, path,
		flags | (unsigned)O_CLOEXEC);
}

int
sys_move_mount(int from, const char *from_path, int to, const char *to_path,
	unsigned flags)
{
	return (int)syscall(NR_MOVE_MOUNT, from, from_path, to, to_path, flags);
}

int
sys_fsopen(const char *type)
{
	return (int)syscall(NR_FSOPEN, type, 1U /* FSOPEN_CLOEXEC */);
}

int
sys_fsconfig(int fs, unsigned cmd, const char *key, const void *value, int aux)
{
	return (int)syscall(NR_FSCONFIG, fs, cmd, key, value, aux);
}

int
sys_fsmount(int fs, unsigned attrs)
{
	return (int)syscall(NR_FSMOUNT, fs, 1U /* FSMOUNT_CLOEXEC */, attrs);
}

int
sys_mount_setattr(int dir, const char *path, unsigned flags,
	const struct mnt_attr *attr)
{
	return (int)syscall(NR_MOUNT_SETATTR, dir, path, flags, attr,
		sizeof(*attr));
}

int
sys_pivot_root(const char *new_root, const char *put_old)
{
	return (int)syscall(SYS_pivot_root, new_root, put_old);
}
