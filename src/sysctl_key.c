/* SPDX-License-Identifier: MIT */
/* sysctl_key.c -- keys of linux.sysctl. */
#include "sysctl_key.h"

#include <sched.h>
#include <string.h>

#include "io.h"

/* list L8-L12; a name that ends in "/" stands for all below. */
static const struct {
	char name[24];
	int ns;
} owners[] = {
	{ "fs/mqueue/", CLONE_NEWIPC },
	{ "kernel/domainname", CLONE_NEWUTS },
	{ "kernel/hostname", CLONE_NEWUTS },
	{ "kernel/msgmax", CLONE_NEWIPC },
	{ "kernel/msgmnb", CLONE_NEWIPC },
	{ "kernel/msgmni", CLONE_NEWIPC },
	{ "kernel/sem", CLONE_NEWIPC },
	{ "kernel/shm_rmid_forced", CLONE_NEWIPC },
	{ "kernel/shmall", CLONE_NEWIPC },
	{ "kernel/shmmax", CLONE_NEWIPC },
	{ "kernel/shmmni", CLONE_NEWIPC },
	{ "net/", CLONE_NEWNET },
	{ "user/", CLONE_NEWUSER },
};

static void
swap_separators(char *path)
{
	for (; *path; path++)
		*path = *path == '.' ? '/' : *path == '/' ? '.' : *path;
}

/* Every component names something: the change of separators can make a ".." of
 * what had none. */
static int
check_path(const char *path)
{
	size_t n;

	for (;; path++) {
		n = strcspn(path, "/");
		if (n == 0 || (n <= 2 && strncmp(path, "..", n) == 0))
			return -1;
		path += n;
		if (!*path)
			return 0;
	}
}

int
sysctl_key(const char *key, char path[SYSCTL_PATH])
{
	size_t i, n = strlen(key);
	const char *name;

	if (n >= SYSCTL_PATH)
		return -1;
	memcpy(path, key, n + 1);
	if (key[strcspn(key, "./")] == '.')
		swap_separators(path);
	if (check_path(path))
		return -1;
	for (i = 0; i < COUNT(owners); i++) {
		name = owners[i].name;
		n = strlen(name);
		if (strncmp(path, name, n) == 0 &&
		    (!path[n] || name[n - 1] == '/'))
			return owners[i].ns;
	}
	return 0;
}
