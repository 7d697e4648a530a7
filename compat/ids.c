/* SPDX-License-Identifier: MIT */
/* ids.c -- changes of ids for a process of one thread. */
#include <unistd.h>

#include "nr.h"
#include "sys.h"

/* Ports that began with ids of 16 bits have a second call. */
#ifdef SYS_setresuid32
#define NR_SETRESUID SYS_setresuid32
#define NR_SETRESGID SYS_setresgid32
#define NR_SETGROUPS SYS_setgroups32
#else
#define NR_SETRESUID SYS_setresuid
#define NR_SETRESGID SYS_setresgid
#define NR_SETGROUPS SYS_setgroups
#endif

int
sys_setuids(uid_t id)
{
	return (int)syscall(NR_SETRESUID, id, id, id);
}

int
sys_setgids(gid_t id)
{
	return (int)syscall(NR_SETRESGID, id, id, id);
}

int
sys_setgroups(size_t n, const gid_t *list)
{
	return (int)syscall(NR_SETGROUPS, n, list);
}
