/* SPDX-License-Identifier: MIT */
/* host.h -- facts about this host and kernel that decide how a plan looks.
 * Read once, printed and re-read as a file, so that plans for other hosts can
 * be made (and tested) anywhere. */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;
struct err;

/* One mounted cgroup hierarchy. */
struct host_hier {
	bool v2;
	const char *controllers; /* v1: "cpu,cpuacct" or "name=systemd";
	                          * v2: "cpu io" of cgroup.controllers */
	const char *mount;      /* mount point */
	const char *root;       /* of this mount in the hierarchy, mostly "/" */
	bool writable;          /* we may make cgroups at the mount point */
};
enum { HOST_MAX_HIER = 30 };

struct host {
	uint64_t uid;           /* effective */
	uint64_t gid;           /* effective */
	pid_t self;             /* as procfs_self; no fact about a host */
	bool in_userns;         /* not the initial user namespace */
	bool no_setid;          /* lacks CAP_SETUID or CAP_SETGID */
	bool groups_denied;     /* by /proc/self/setgroups */
	/* "/" is the mount that has no parent (initramfs before Linux 7.0):
	 * pivot_root gives EINVAL there. */
	bool root_absolute;
	bool no_proc;           /* no procfs is mounted on /proc */
	struct host_hier *hier; /* in the order of mountinfo, each once */
	unsigned n_hier;
	bool cgroup2;           /* the kernel knows the type cgroup2 */
	bool cgroup1;           /* ... and the type cgroup */
	/* Asked only of a privileged caller (root in the initial user
	 * namespace) for whom no v1 hierarchy of devices is mounted. */
	bool device_bpf;        /* programs of type CGROUP_DEVICE load (4.15) */
	bool device_v1;         /* the v1 controller "devices" exists */
	const char *resctrl;    /* its mount point; NULL: none */
	bool apparmor, selinux; /* by host_probe_lsm: running */
	uint64_t cap_last;      /* the last capability the kernel knows */
};

/* Reads the facts of this host, by way of procfs.h.  Reads mountinfo once. */
int host_probe(struct host *h, struct arena *a, struct err *e);

/* Whether programs that decide about devices load; false with errno EPERM: a
 * caller without rights is not told. */
bool host_device_bpf(void);

/* Only what a process depends on: ids, capabilities, setgroups. */
void host_probe_process(struct host *h);

#if FEAT_LSM
/* Asks for the security modules too, where a config has labels. */
void host_probe_lsm(struct host *h);
#else
static inline void
host_probe_lsm(struct host *h)
{
	(void)h;
}
#endif

/* Reads facts from a file written by host_print. */
int host_load(struct host *h, const char *file, struct arena *a, struct err *e);

/* Writes the facts as JSON. */
int host_print(const struct host *h, int fd, struct err *e);

#endif
