/* SPDX-License-Identifier: MIT */
/* cgroup_v2_dev.c -- the program that filters devices (Linux 4.15). */
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cgroup_v2.h"
#include "io.h"
#include "kopt.h"
#include "plan.h"

/* By which update finds the program again, beside those of others. */
static const char name[] = "wherry";

static int
sys_bpf(int cmd, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

/* Before Linux 5.11 a program counts as locked memory.  Without
 * CAP_SYS_RESOURCE as much of that as there can be must do.  The limit is put
 * back: the container would inherit it. */
static int
load_unlimited(union bpf_attr *attr)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit old, more;
	int fd, code;

	if (prlimit(0, RLIMIT_MEMLOCK, NULL, &old))
		return -1;
	more = old;
	more.rlim_cur = old.rlim_max;
	if (prlimit(0, RLIMIT_MEMLOCK, &all, NULL) &&
	    prlimit(0, RLIMIT_MEMLOCK, &more, NULL)) {
		errno = EPERM;
		return -1;
	}
	fd = sys_bpf(BPF_PROG_LOAD, attr);
	code = errno;
	if (prlimit(0, RLIMIT_MEMLOCK, &old, NULL)) {
		fd_drop(&fd);
		return -1;
	}
	errno = code;
	return fd;
}

static int
bpf_err(struct err *e, const char *what)
{
	int code = errno;

	err_sys(e, "device filter: %s", what);
	if (code == ENOSYS)
		return err_hint(e, KOPT_BPF);
	if (code == EINVAL)
		return err_hint(e, KOPT_CGROUP_BPF ", Linux 4.15");
	return -1;
}

static int
load(const struct cgroup_plan *plan)
{
	union bpf_attr attr;
	int prog;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (uintptr_t)plan->dev_prog;
	attr.insn_cnt = plan->n_dev_prog;
	attr.license = (uintptr_t)"MIT";
	memcpy(attr.prog_name, name, sizeof(name));
	prog = sys_bpf(BPF_PROG_LOAD, &attr);
	return prog < 0 && errno == EPERM ? load_unlimited(&attr) : prog;
}

/* Beside what the host or the container attaches, which counts as well; in the
 * place of the program old unless that is -1 (Linux 5.6). */
static int
attach(int dir, int prog, int old)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)dir;
	attr.attach_bpf_fd = (uint32_t)prog;
	attr.attach_type = BPF_CGROUP_DEVICE;
	attr.attach_flags = BPF_F_ALLOW_MULTI;
	if (old >= 0) {
		attr.attach_flags |= BPF_F_REPLACE;
		attr.replace_bpf_fd = (uint32_t)old;
	}
	return sys_bpf(BPF_PROG_ATTACH, &attr);
}

/* One that is gone already is no error. */
static int
detach(int dir, int prog)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)dir;
	attr.attach_bpf_fd = (uint32_t)prog;
	attr.attach_type = BPF_CGROUP_DEVICE;
	return sys_bpf(BPF_PROG_DETACH, &attr) && errno != ENOENT ? -1 : 0;
}

int
cgroup_v2_filter(int dir, const struct cgroup_plan *plan, struct err *e)
{
	AUTO_FD(prog, plan->dev_prog ? load(plan) : -1);

	if (prog < 0)
		return bpf_err(e, "load");
	return attach(dir, prog, -1) ? bpf_err(e, "attach") : 0;
}

/* The programs of ours on one cgroup: one, unless a command was killed. */
struct ours {
	int fd[64];             /* as many as a cgroup can have */
	unsigned n;
};

static void
close_ours(struct ours *o)
{
	while (o->n)
		fd_drop(&o->fd[--o->n]);
}

/* A descriptor of the program if it is ours, -1: it is not, or is gone. */
static int
open_ours(uint32_t id)
{
	struct bpf_prog_info info;
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_id = id;
	AUTO_FD(fd, sys_bpf(BPF_PROG_GET_FD_BY_ID, &attr));
	if (fd < 0)
		return -1;
	memset(&info, 0, sizeof(info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uintptr_t)&info;
	if (sys_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr))
		return -1;
	errno = ENOENT;
	return memcmp(info.name, name, sizeof(name)) ? -1 : fd_take(&fd);
}

static int
find_ours(struct ours *o, int dir, struct err *e)
{
	uint32_t ids[COUNT(o->fd)];
	union bpf_attr attr;
	unsigned i;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.query.target_fd = (uint32_t)dir;
	attr.query.attach_type = BPF_CGROUP_DEVICE;
	attr.query.prog_ids = (uintptr_t)ids;
	attr.query.prog_cnt = COUNT(ids);
	if (sys_bpf(BPF_PROG_QUERY, &attr))
		return bpf_err(e, "query");
	for (i = 0; i < attr.query.prog_cnt && i < COUNT(ids); i++) {
		fd = open_ours(ids[i]);
		if (fd >= 0)
			o->fd[o->n++] = fd;
		else if (errno == EPERM)
			return bpf_err(e, "look at a program");
	}
	return 0;
}

/* In one step where the kernel can.  Else both hold until the old ones go. */
int
cgroup_v2_refilter(int dir, const struct cgroup_plan *plan, bool stopped,
	struct arena scratch, struct err *e)
{
	__attribute__((cleanup(close_ours))) struct ours old = { .n = 0 };
	AUTO_FD(prog, -1);
	unsigned i;

	(void)stopped;
	(void)scratch;
	if (find_ours(&old, dir, e))
		return -1;
	if (plan->dev_prog) {
		prog = load(plan);
		if (prog < 0)
			return bpf_err(e, "load");
		if (old.n == 1 && !attach(dir, prog, old.fd[0]))
			return 0;
		if (attach(dir, prog, -1))
			return bpf_err(e, "attach");
	}
	for (i = 0; i < old.n; i++) {
		if (!detach(dir, old.fd[i]))
			continue;
		bpf_err(e, "detach");
		while (i--)
			attach(dir, old.fd[i], -1);
		if (prog >= 0)
			detach(dir, prog);
		return -1;
	}
	return 0;
}
