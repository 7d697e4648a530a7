/* SPDX-License-Identifier: MIT */
/* t_sysctl_key.c -- what the keys of linux.sysctl name. */
#include "sysctl_key.h"

#include <sched.h>

#include "tap.h"

static const struct {
	const char *key, *path; /* path NULL: no key */
	int ns;
} rows[] = {
	{ "net.ipv4.ip_forward", "net/ipv4/ip_forward", CLONE_NEWNET },
	{ "net/ipv4/ip_forward", "net/ipv4/ip_forward", CLONE_NEWNET },
	{ "net/ipv4/conf/eth0.1/x", "net/ipv4/conf/eth0.1/x", CLONE_NEWNET },
	{ "net.ipv4.conf.eth0/1.x", "net/ipv4/conf/eth0.1/x", CLONE_NEWNET },
	{ "net.a/b.c", "net/a.b/c", CLONE_NEWNET },
	{ "net", "net", 0 },
	{ "network.a", "network/a", 0 },
	{ "kernel.msgmax", "kernel/msgmax", CLONE_NEWIPC },
	{ "kernel.msgmnb", "kernel/msgmnb", CLONE_NEWIPC },
	{ "kernel.msgmni", "kernel/msgmni", CLONE_NEWIPC },
	{ "kernel.sem", "kernel/sem", CLONE_NEWIPC },
	{ "kernel.shmall", "kernel/shmall", CLONE_NEWIPC },
	{ "kernel.shmmax", "kernel/shmmax", CLONE_NEWIPC },
	{ "kernel.shmmni", "kernel/shmmni", CLONE_NEWIPC },
	{ "kernel.shm_rmid_forced", "kernel/shm_rmid_forced", CLONE_NEWIPC },
	{ "fs.mqueue.msg_max", "fs/mqueue/msg_max", CLONE_NEWIPC },
	{ "fs.mqueue", "fs/mqueue", 0 },
	{ "fs.mqueues.x", "fs/mqueues/x", 0 },
	{ "kernel.sem.x", "kernel/sem/x", 0 },
	{ "kernel.semx", "kernel/semx", 0 },
	{ "kernel.se", "kernel/se", 0 },
	{ "kernel.domainname", "kernel/domainname", CLONE_NEWUTS },
	{ "kernel.hostname", "kernel/hostname", CLONE_NEWUTS },
	{ "user.max_user_namespaces", "user/max_user_namespaces",
		CLONE_NEWUSER },
	{ "kernel.core_pattern", "kernel/core_pattern", 0 },
	{ "vm.swappiness", "vm/swappiness", 0 },
	{ "KERNEL.SEM", "KERNEL/SEM", 0 },
	{ "a", "a", 0 },
	{ "net...a", NULL, 0 },
	{ "net/.../a", "net/.../a", CLONE_NEWNET },
	/* ways out */
	{ "", NULL, 0 },
	{ ".", NULL, 0 },
	{ "/", NULL, 0 },
	{ "..", NULL, 0 },
	{ "../a", NULL, 0 },
	{ "/net/a", NULL, 0 },
	{ ".net.a", NULL, 0 },
	{ "net.", NULL, 0 },
	{ "net/", NULL, 0 },
	{ "net//a", NULL, 0 },
	{ "net..a", NULL, 0 },
	{ "net/./a", NULL, 0 },
	{ "net/..", NULL, 0 },
	{ "net/../kernel/core_pattern", NULL, 0 },
	{ "net.//.kernel.core_pattern", NULL, 0 },
	{ "net./.kernel.core_pattern", NULL, 0 },
	{ "net.ipv4.//", NULL, 0 },
	{ "//.//.sysrq-trigger", NULL, 0 },
};

int
main(void)
{
	char path[SYSCTL_PATH], longest[SYSCTL_PATH + 1];
	size_t i;
	int ns;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ns = sysctl_key(rows[i].key, path);
		IS_INT(ns, rows[i].path ? rows[i].ns : -1);
		if (ns >= 0)
			IS(path, rows[i].path);
	}
	memset(longest, 'a', sizeof(longest));
	longest[SYSCTL_PATH] = '\0';
	IS_INT(sysctl_key(longest, path), -1);
	longest[SYSCTL_PATH - 1] = '\0';
	IS_INT(sysctl_key(longest, path), 0);
	IS(path, longest);
	return done();
}
