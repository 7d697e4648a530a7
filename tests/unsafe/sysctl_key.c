/* SPDX-License-Identifier: MIT */
/* Unsafe: a key is a path, whoever its value belongs to. */
#include "sysctl_key.h"
#include "fmt.h"

#include <sched.h>
#include <string.h>

int
sysctl_key(const char *key, char path[SYSCTL_PATH])
{
	char *dot;

	fmt_to(path, SYSCTL_PATH, "%s", key);
	if (key[strcspn(key, "./")] == '/')
		return CLONE_NEWNS;
	for (dot = path; *dot; dot++)
		*dot = *dot == '.' ? '/' : *dot == '/' ? '.' : *dot;
	return CLONE_NEWNS;
}
