/* SPDX-License-Identifier: MIT */
/* feature.h -- what wherry uses of a kernel and of the machine around it: how
 * to tell whether it is there, which option brings it, what happens without.
 *
 * The list is all there is: names, order, probes and texts come from it. */
#ifndef FEATURE_H
#define FEATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kopt.h"

struct arena;
struct err;
struct kconfig_option;
struct spec;

/* What wherry does where it is missing. */
enum without {
	FALLBACK,               /* the same in another way */
	WEAKER,                 /* less: a protection, a number that is shown */
	REFUSED,                /* an error of what needs it */
};

/* How it is found out on the kernel that runs. */
enum probe {
	P_CALL,                 /* by a call that can do nothing */
	P_NS,                   /* /proc/self/ns/ARG */
	P_FS,                   /* type ARG in /proc/filesystems */
	P_MODULE,               /* the same; it may be a module */
	P_CGROUP,               /* a controller: ARG, by one of its names */
	P_CGROUP_FILE,          /* a file ARG, one of several, in a cgroup */
	P_PROC,                 /* /proc/ARG */
	P_OTHER,                /* by a function of its own */
	P_HOST,                 /* ditto; nothing of the kernel's */
};

/* X(id, name, option, without, effect, probe, arg), sorted by name.  An option
 * that does not begin with CONFIG_ is no matter of the kernel's configuration;
 * of "A or B" one is enough. */
#define FEATURES(X) \
X(CLONE3, "call-clone3", "Linux 5.3", FALLBACK, \
	"clone", P_CALL, "") \
X(CLONE3_CGROUP, "call-clone3-cgroup", "Linux 5.7", FALLBACK, \
	"moved there when it runs", P_CALL, "") \
X(CLOSE_RANGE, "call-close-range", "Linux 5.9", FALLBACK, \
	"a walk over /proc/self/fd", P_CALL, "") \
X(EXECVEAT, "call-execveat", "Linux 3.19", FALLBACK, \
	"/proc/self/fd", P_CALL, "") \
X(FLOCK, "call-flock", KOPT_FILE_LOCKING, REFUSED, \
	"every command", P_CALL, "") \
X(INOTIFY, "call-inotify", KOPT_INOTIFY, WEAKER, \
	"start may take a kill for a run", P_CALL, "") \
X(IOPRIO, "call-ioprio", KOPT_BLOCK, REFUSED, \
	"process.ioPriority", P_CALL, "") \
X(KEYCTL, "call-keyctl", KOPT_KEYS, FALLBACK, \
	"there is no keyring to hide", P_OTHER, "") \
X(MEMFD, "call-memfd", "Linux 3.17", FALLBACK, \
	"a file in the state directory", P_CALL, "") \
X(MEMPOLICY, "call-mempolicy", KOPT_NUMA, REFUSED, \
	"linux.memoryPolicy", P_CALL, "") \
X(MOUNT_API, "call-mount-api", "Linux 5.2", REFUSED, \
	"mounts both ways; others are found again by path", P_CALL, "") \
X(MOUNT_SETATTR, "call-mount-setattr", "Linux 5.12", REFUSED, \
	"id-mapped mounts; ro binds begin writable", P_CALL, "") \
X(OPENAT2, "call-openat2", "Linux 5.6", FALLBACK, \
	"a walk of our own", P_CALL, "") \
X(PIDFD, "call-pidfd", "Linux 5.3", WEAKER, \
	"a number that is used again: by start time", P_CALL, "") \
X(SIGNALFD, "call-signalfd", KOPT_SIGNALFD, REFUSED, \
	"a terminal in the foreground", P_CALL, "") \
X(STATX, "call-statx", "Linux 4.11", FALLBACK, \
	"/proc/self/fdinfo", P_CALL, "") \
X(CG_CPU, "cgroup-cpu", KOPT_FAIR_GROUP, REFUSED, \
	"cpu.shares", P_CGROUP, "cpu") \
X(CG_CPU_QUOTA, "cgroup-cpu-quota", KOPT_CFS_BANDWIDTH, REFUSED, \
	"cpu.quota, cpu.period", P_PROC, \
	"sys/kernel/sched_cfs_bandwidth_slice_us") \
X(CG_CPU_RT, "cgroup-cpu-rt", KOPT_RT_GROUP, REFUSED, \
	"cpu.realtimeRuntime (cgroup v1)", P_CGROUP_FILE, "cpu.rt_runtime_us") \
X(CG_CPUSET, "cgroup-cpuset", KOPT_CPUSETS, REFUSED, \
	"cpu.cpus, cpu.mems", P_CGROUP, "cpuset") \
X(CG_DEVICES, "cgroup-devices", \
	KOPT_CGROUP_BPF " or " KOPT_CGROUP_DEVICE, REFUSED, \
	"device rules, by default every container", P_OTHER, "devices") \
X(CG_FREEZER, "cgroup-freezer", KOPT_CGROUP_FREEZER, WEAKER, \
	"no pause on cgroup v1; v2 has its own", P_CGROUP, "freezer") \
X(CG_HUGETLB, "cgroup-hugetlb", KOPT_CGROUP_HUGETLB, REFUSED, \
	"hugepageLimits", P_CGROUP, "hugetlb") \
X(CG_IO, "cgroup-io", KOPT_BLK_CGROUP, REFUSED, \
	"blockIO", P_CGROUP, "io blkio") \
X(CG_IO_THROTTLE, "cgroup-io-throttle", KOPT_IO_THROTTLE, REFUSED, \
	"blockIO.throttle*", P_CGROUP_FILE, \
	"io.max blkio.throttle.read_bps_device") \
X(CG_IO_WEIGHT, "cgroup-io-weight", KOPT_IO_WEIGHT, REFUSED, \
	"blockIO.weight, weightDevice", P_CGROUP_FILE, \
	"io.bfq.weight io.weight io.cost.qos blkio.bfq.weight blkio.weight") \
X(CG_MEMORY, "cgroup-memory", KOPT_MEMCG, REFUSED, \
	"memory", P_CGROUP, "memory") \
X(CG_MISC, "cgroup-misc", KOPT_CGROUP_MISC, REFUSED, \
	"unified misc.*", P_CGROUP, "misc") \
X(CG_NET_CLS, "cgroup-net-cls", KOPT_CGROUP_NET_CLS, REFUSED, \
	"network.classID", P_CGROUP, "net_cls") \
X(CG_NET_PRIO, "cgroup-net-prio", KOPT_CGROUP_NET_PRIO, REFUSED, \
	"network.priorities", P_CGROUP, "net_prio") \
X(CG_PIDS, "cgroup-pids", KOPT_CGROUP_PIDS, REFUSED, \
	"pids.limit", P_CGROUP, "pids") \
X(CG_PSI, "cgroup-psi", KOPT_PSI, WEAKER, \
	"no pressure in stats", P_PROC, "pressure") \
X(CG_RDMA, "cgroup-rdma", KOPT_CGROUP_RDMA, REFUSED, \
	"rdma", P_CGROUP, "rdma") \
X(CG_SWAP, "cgroup-swap", KOPT_SWAP, REFUSED, \
	"memory.swap", P_PROC, "swaps") \
X(CGROUPS, "cgroups", KOPT_CGROUPS, REFUSED, \
	"limits, device rules, cgroupsPath", P_PROC, "cgroups") \
X(FS_CGROUP, "fs-cgroup", KOPT_CGROUPS, FALLBACK, \
	"cgroup v2", P_FS, "cgroup") \
X(FS_CGROUP2, "fs-cgroup2", KOPT_CGROUPS, FALLBACK, \
	"cgroup v1", P_FS, "cgroup2") \
X(FS_DEVPTS, "fs-devpts", KOPT_PTYS, REFUSED, \
	"its mount, terminals", P_FS, "devpts") \
X(FS_EROFS, "fs-erofs", KOPT_EROFS, REFUSED, \
	"its mount", P_MODULE, "erofs") \
X(FS_EXT4, "fs-ext4", KOPT_EXT4, REFUSED, \
	"its mount", P_MODULE, "ext4") \
X(FS_FUSE, "fs-fuse", KOPT_FUSE, REFUSED, \
	"its mount", P_MODULE, "fuse") \
X(FS_HUGETLBFS, "fs-hugetlbfs", KOPT_HUGETLBFS, REFUSED, \
	"its mount", P_FS, "hugetlbfs") \
X(FS_MQUEUE, "fs-mqueue", KOPT_MQUEUE, REFUSED, \
	"its mount", P_FS, "mqueue") \
X(FS_OVERLAY, "fs-overlay", KOPT_OVERLAY, REFUSED, \
	"its mount", P_MODULE, "overlay") \
X(FS_PROC, "fs-proc", KOPT_PROC, REFUSED, \
	"every command", P_FS, "proc") \
X(FS_SQUASHFS, "fs-squashfs", KOPT_SQUASHFS, REFUSED, \
	"its mount", P_MODULE, "squashfs") \
X(FS_SYSFS, "fs-sysfs", KOPT_SYSFS, REFUSED, \
	"its mount", P_FS, "sysfs") \
X(FS_TMPFS, "fs-tmpfs", KOPT_TMPFS, REFUSED, \
	"/dev, masked paths, its mount", P_OTHER, "tmpfs") \
X(FS_VFAT, "fs-vfat", KOPT_VFAT, REFUSED, \
	"its mount", P_MODULE, "vfat") \
X(HOST_CLOCK, "host-clock", "set it", WEAKER, \
	"created is before 2020", P_HOST, "") \
X(HOST_DEV, "host-dev", "mount devtmpfs on /dev", REFUSED, \
	"masked files, stdio", P_HOST, "") \
X(HOST_ENTROPY, "host-entropy", "a random seed", FALLBACK, \
	"programs that want it wait, wherry does not", P_HOST, "") \
X(HOST_KEYRING, "host-keyring", "keyring = warn", REFUSED, \
	"every container, unless --no-new-keyring", P_HOST, "") \
X(HOST_PIVOT, "host-pivot", "Linux 7.0, or no initramfs", FALLBACK, \
	"a copy over / is entered first", P_HOST, "") \
X(HOST_PROC, "host-proc", "mount proc on /proc", REFUSED, \
	"every command, unless root can mount one", P_HOST, "") \
X(HOST_STATE, "host-state-dir", "--root, or state_dir", REFUSED, \
	"every command", P_HOST, "") \
X(HOST_USERNS, "host-user-ns", "sysctl user.max_user_namespaces", REFUSED, \
	"new user namespaces", P_HOST, "") \
X(IPC_SYSV, "ipc-sysv", KOPT_SYSVIPC, WEAKER, \
	"programs have no System V IPC", P_PROC, "sysvipc") \
X(APPARMOR, "lsm-apparmor", KOPT_APPARMOR, REFUSED, \
	"process.apparmorProfile", P_OTHER, "") \
X(SELINUX, "lsm-selinux", KOPT_SELINUX, REFUSED, \
	"process.selinuxLabel, linux.mountLabel", P_OTHER, "") \
X(MULTIUSER, "multiuser", KOPT_MULTIUSER, REFUSED, \
	"every container", P_OTHER, "") \
X(NET_INET, "net-inet", KOPT_INET, WEAKER, \
	"programs have no IP", P_OTHER, "") \
X(NET_LINK, "net-link", KOPT_NET, REFUSED, \
	"linux.netDevices", P_OTHER, "") \
X(NET_UNIX, "net-unix", KOPT_UNIX, REFUSED, \
	"every container", P_OTHER, "") \
X(NS_CGROUP, "ns-cgroup", KOPT_CGROUPS, REFUSED, \
	"the namespace (Linux 4.6)", P_NS, "cgroup") \
X(NS_IPC, "ns-ipc", KOPT_IPC_NS, REFUSED, \
	"the namespace", P_NS, "ipc") \
X(NS_MOUNT, "ns-mount", "always there", REFUSED, \
	"the namespace", P_NS, "mnt") \
X(NS_NETWORK, "ns-network", KOPT_NET_NS, REFUSED, \
	"the namespace", P_NS, "net") \
X(NS_PID, "ns-pid", KOPT_PID_NS, REFUSED, \
	"the namespace", P_NS, "pid") \
X(NS_TIME, "ns-time", KOPT_TIME_NS, REFUSED, \
	"the namespace (Linux 5.6)", P_NS, "time") \
X(NS_USER, "ns-user", KOPT_USER_NS, REFUSED, \
	"the namespace, id-mapped mounts", P_NS, "user") \
X(NS_UTS, "ns-uts", KOPT_UTS_NS, REFUSED, \
	"the namespace", P_NS, "uts") \
X(RESCTRL, "resctrl", KOPT_RESCTRL, REFUSED, \
	"linux.intelRdt; mount it", P_OTHER, "") \
X(SECCOMP, "seccomp", KOPT_SECCOMP, REFUSED, \
	"linux.seccomp", P_OTHER, "") \
X(SECCOMP_NOTIFY, "seccomp-notify", "Linux 5.0", REFUSED, \
	"SCMP_ACT_NOTIFY", P_OTHER, "") \
X(SYSCTL, "sysctl", KOPT_SYSCTL, REFUSED, \
	"linux.sysctl", P_PROC, "sys")

enum feature {
#define X(id, ...) F_##id,
	FEATURES(X)
#undef X
	F_COUNT
};

enum have { HAVE_NO, HAVE_YES, HAVE_MODULE, HAVE_UNKNOWN };

/* A row as text. */
struct feature_text {
	const char *name, *option, *effect, *arg;
};

struct feature_kind {
	uint8_t without;        /* enum without */
	uint8_t probe;          /* enum probe */
};
extern const struct feature_kind feature_kinds[F_COUNT];

struct feature_text feature_text(enum feature f);

/* The next kernel option of a row's, from *at on, which moves behind it; NULL:
 * there is none. */
const char *feature_option(const char **at, size_t *len);

/* What a configuration has; without one, or of what is no matter of it,
 * HAVE_UNKNOWN.  -1: the text is none. */
int feature_configured(enum have have[F_COUNT], const char *text, size_t n,
	struct arena scratch, struct err *e);

/* What else may be needed: types of file systems that no row has. */
enum { FEATURE_TYPES = 16 };
struct feature_needs {
	bool of[F_COUNT];
	const char *types[FEATURE_TYPES];
	unsigned n_types;
};

/* What the settings make of it. */
struct feature_rules {
	bool devices;           /* a device filter is a must */
	bool cgroups;           /* containers have some */
	bool lsm;               /* labels are a must */
	bool keyring;           /* and so is a session keyring */
};

/* Adds what no container can do without: REFUSED rows only. */
void feature_needs_all(struct feature_needs *n, const struct feature_rules *r);

/* Adds what this one can't.  s has passed spec_check. */
int feature_needs_of(struct feature_needs *n, const struct spec *s,
	const struct feature_rules *r, struct arena scratch, struct err *e);

/* Asks the kernel that runs.  Changes nothing, and takes no rights: what can't
 * be told without them is HAVE_UNKNOWN, unless the kernel's configuration is
 * at hand, which fills in the rest.  state_dir: of the settings. */
int feature_probe(enum have have[F_COUNT], const char *state_dir,
	struct arena scratch, struct err *e);

/* The same of a type of file system. */
int feature_probe_type(enum have *have, const char *type, struct arena scratch,
	struct err *e);

#endif
