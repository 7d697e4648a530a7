/* SPDX-License-Identifier: MIT */
/* sysctl.c -- checks and writes the values of linux.sysctl. */
#include "sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "plan.h"
#include "procfs.h"
#include "sysctl_key.h"

/* The first value that belongs to namespaces of this type, or NULL. */
static const struct sysctl_op *
uses(const struct plan *p, int type)
{
	unsigned i;

	for (i = 0; i < p->n_sysctl; i++) {
		if (p->sysctl[i].ns == type)
			return &p->sysctl[i];
	}
	return NULL;
}

/* 1 the same, 0 another one, -1 with errno. */
static int
is_own(int fd, int type)
{
	AUTO_FD(own, procfs_self_link(type == CLONE_NEWNET ? "ns/net" :
		type == CLONE_NEWIPC ? "ns/ipc" : "ns/user", O_RDONLY));
	struct stat a, b;

	if (own < 0 || fstat(own, &a) || fstat(fd, &b))
		return -1;
	return a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

int
sysctl_check(const struct plan *p, const int *fds, struct err *e)
{
	const struct sysctl_op *op;
	unsigned i;
	int own;

	for (i = 0; i < p->n_ns; i++) {
		op = fds[i] < 0 ? NULL : uses(p, p->ns[i].type);
		own = op ? is_own(fds[i], p->ns[i].type) : 0;
		if (own < 0)
			return err_sys(e, "linux.namespaces[%u]", p->ns[i].at);
		if (own)
			return err_set(e, EPERM, "linux.sysctl[\"%s\"]: the "
				"%s namespace to join is the host's",
				op->key, p->ns[i].name);
	}
	return 0;
}

int
sysctl_write(const struct plan *p, struct err *e)
{
	char rel[4 + SYSCTL_PATH];
	unsigned i;

	for (i = 0; i < p->n_sysctl; i++) {
		fmt_to(rel, sizeof(rel), "sys/%s", p->sysctl[i].path);
		if (procfs_put(rel, p->sysctl[i].value, e))
			return err_ctx(e, "linux.sysctl[\"%s\"]",
				p->sysctl[i].key);
	}
	return 0;
}
