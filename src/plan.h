/* SPDX-License-Identifier: MIT */
/* plan.h -- everything that will be done for one container, as pure data.
 *
 * plan_make turns a checked spec and the facts of a host into it and touches
 * nothing; launch.c and init.c carry it out; plan_dump prints it. */
#ifndef PLAN_H
#define PLAN_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;
struct bpf_insn;
struct err;
struct host;
struct spec;
struct spec_net_device;
struct spec_hooks;
struct spec_io_priority;
struct spec_memory_policy;
struct spec_personality;
struct spec_scheduler;

/* One namespace that the spec lists; absent ones are inherited. */
struct plan_ns {
	int type;               /* CLONE_NEW* */
	const char *name;       /* "pid", as in the spec */
	const char *path;       /* to join; NULL: create */
	unsigned at;            /* index in linux.namespaces, for messages */
};
enum { NS_OF_INIT = 0x7fffffff }; /* at: none of the spec's */
enum { PLAN_MAX_NS = 8 };       /* each type at most once (config-linux.md) */

struct idmap_op {
	uint32_t inside, outside, size;
};

enum mount_kind {
	MOUNT_FS,               /* a new file system of some type */
	MOUNT_BIND,
	MOUNT_CGROUP,           /* the container's view of its cgroups */
	MOUNT_AGAIN,            /* remount: change what is mounted there */
};

/* Ids of a mount's files: inside stands for what is on disk, outside for what
 * the host sees.  ns: those of the user namespace at this path. */
struct idmap_set {
	const struct idmap_op *uid, *gid;
	unsigned n_uid, n_gid;
	const char *ns;
};

struct mount_op {
	enum mount_kind kind;
	unsigned at;            /* index in mounts[]; MOUNT_OWN: made by us */
	const char *type, *source, *dest, *data; /* data: NULL when empty */
	unsigned long flags;    /* MS_* to set, MS_BIND and MS_REC left out */
	unsigned long clear;    /* MS_* that a word such as "exec" clears */
	unsigned long rset, rclear; /* the same for all mounts below it */
	unsigned how;           /* MOUNTOPT_* of mountopt.h */
	const unsigned long *propagation; /* in order */
	unsigned n_propagation;
	const struct idmap_set *ids; /* NULL: not id-mapped */
	bool recursive;         /* rbind */
	/* A shared mount in a container whose root is shared: mounts go both
	 * ways between it and the host's. */
	bool two_way;
	/* The kernel's own file systems are mounted on a real directory only,
	 * with no symbolic link on the way (CVE-2019-19921, CVE-2023-27561). */
	bool real_dir;
	/* Below /dev, and a tmpfs, stay writable until nodes and mount points
	 * exist in them; MS_RDONLY then comes last. */
	bool late_ro;
};
enum { MOUNT_OWN = 0x7fffffff };

struct dev_op {
	const char *path;       /* absolute, in the container */
	mode_t mode;            /* with S_IFMT */
	unsigned major, minor;
	uint32_t uid, gid;
	bool has_mode, has_uid, has_gid; /* the config says so: a node that is
	                         * there must have them */
	unsigned at;            /* index in linux.devices; MOUNT_OWN: default */
};

struct link_op {
	const char *path, *target;
	bool replace;           /* /dev/ptmx only */
};

struct rlimit_op {
	int resource;           /* RLIMIT_* */
	const char *name;       /* "RLIMIT_NOFILE" */
	uint64_t soft, hard;
};

struct sysctl_op {
	const char *key;        /* as in linux.sysctl, for messages */
	const char *path;       /* below /proc/sys */
	const char *value;
	int ns;                 /* CLONE_NEW* of the namespace that has it */
};

/* A device access rule, normalised; -1 stands for any number. */
struct devrule {
	bool allow;
	char type;              /* 'a', 'b' or 'c' */
	int64_t major, minor;
	unsigned access;        /* DEV_* */
};
enum { DEV_MKNOD = 1, DEV_READ = 2, DEV_WRITE = 4 };

enum cgroup_kind { CGROUP_OFF, CGROUP_V1, CGROUP_V2 };

/* One hierarchy in which the container gets a cgroup. */
struct cgroup_op {
	enum cgroup_kind kind;
	const char *controllers; /* v1: "cpu,cpuacct", "name=systemd"; v2:
	                         * "cpu io", to be passed on */
	const char *mount;      /* where the host has it; NULL: our own detached
	                         * mount, because nothing is mounted */
	const char *path;       /* below the mount, no leading slash */
	const char *has;        /* v2: what could be passed on; NULL: not known,
	                         * as nothing is mounted */
};

/* A value for a file of the container's cgroup. */
struct cgroup_write {
	struct cgroup_write *next;
	unsigned op;            /* index in ops */
	unsigned how;           /* WRITE_* */
	const char *file, *text;
	const char *alt, *alt_text; /* where that file is missing; or NULL */
	const char *member;     /* of linux.resources, for messages */
	const char *option;     /* of the kernel, that brings the file */
};
enum {
	WRITE_MAY_LACK = 1,     /* no such file: nothing to limit */
	WRITE_LATER = 2,        /* refused: again behind the others, which may
	                         * be what it must not contradict */
	WRITE_PARENTS = 4,      /* the cgroups above need as much first */
};

struct cgroup_plan {
	struct cgroup_op *ops;
	unsigned n_ops;
	struct cgroup_write *writes; /* in order; NULL: none */
	/* The v2 cgroup becomes this host user's, who runs the program and may
	 * write to it (config-linux.md, "Cgroup ownership"). */
	bool delegate;
	uint32_t owner;
	/* Device access: lines for devices.deny/allow of a v1 hierarchy, or a
	 * program for v2.  Both NULL: not filtered (policy off or rootless). */
	int dev_op;             /* index in ops that filters devices, or -1 */
	bool dev_warn;          /* devices_cgroup = warn: go on without */
	const char *dev_why;    /* why the plan has no filter at that policy;
	                         * NULL: it needs none */
	const char *const *dev_lines; /* "deny a", "allow c 1:3 rwm" */
	unsigned n_dev_lines;
	/* update: the lines before, since v1 does not tell what is denied. */
	const char *const *dev_was;
	unsigned n_dev_was;
	const struct bpf_insn *dev_prog;
	unsigned n_dev_prog;
};

/* How the container's root becomes "/" (list R4, R5; sec M14). */
enum root_rung {
	ROOT_CHROOT,            /* no mount namespace: chroot only */
	ROOT_HELD,              /* the same with mounts: they are put in a clone
	                         * that the state directory holds, and chroot */
	ROOT_PIVOT,             /* pivot_root, the old root detached */
	ROOT_REBIND,            /* initramfs: a copy of "/" is put over the
	                         * rootfs mount first, then pivot_root works */
	ROOT_MOVE,              /* MS_MOVE + chroot: --no-pivot */
};

/* What is done, in the order in which plan_make lists it.  The stage is a
 * short-lived process between the runtime and init that exists only where one
 * of its steps is needed: what it enters, init inherits. */
enum step {
	STEP_PIPES,             /* stdio becomes the user's, by the runtime */
	STEP_OOM_SCORE,         /* by the stage, or by the runtime for init, as
	                         * long as nothing has changed its rights */
	STEP_STAGE_JOIN,        /* namespaces given by path */
	STEP_STAGE_REBIND,      /* initramfs: make "/" a mount that can pivot */
	STEP_STAGE_PROC,        /* the host has no /proc: one of our own */
	STEP_STAGE_ENTER,       /* exec: the container's cgroups, namespaces */
	STEP_NET_DEVICES,       /* by the runtime, right behind the clone */
	STEP_CLONE,
	STEP_RDT,               /* by the runtime, before init does anything */
	STEP_USER_NS,           /* wait for the maps, become root in there */
	STEP_TIME_NS,           /* offsets are set while it is empty */
	STEP_CGROUP,            /* enter the v1 cgroups */
	STEP_CGROUP_NS,         /* after the last attach, so that it shows / */
	STEP_KEY_LABEL,
	STEP_KEYRING,
	STEP_PROPAGATION,       /* nothing of ours reaches the host's mounts */
	STEP_ROOTFS,
	STEP_MOUNTS,
	STEP_DEVICES,
	STEP_TERMINAL,          /* made, mounted on /dev/console, handed out */
	STEP_HOOKS_RUNTIME,     /* prestart, createRuntime: by the runtime */
	STEP_HOOKS_CONTAINER,   /* createContainer: by init, from here on */
	STEP_READONLY_PATHS,
	STEP_MASKED_PATHS,
	STEP_MAKE_CWD,          /* while the root can be written to */
	STEP_LATE_RO,
	STEP_SYSCTL,            /* in the namespaces, by the host's /proc */
	STEP_ROOT,              /* by the rung */
	STEP_ROOT_READONLY,
	STEP_HOSTNAME,
	STEP_LOOPBACK,
	STEP_SESSION,           /* setsid, terminal, umask */
	STEP_CWD,
	STEP_HOME,              /* from the image's passwd */
	STEP_LOOKUP,            /* args[0] */
	STEP_MEMORY_POLICY,
	STEP_PERSONALITY,
	STEP_SCHEDULER,         /* CPUs, scheduler, I/O priority: the runtime
	                         * does it when init is at the gate */
	STEP_LABEL,             /* for execve; behind the gate there is no /proc
	                         * any more that could be trusted */
	STEP_GATE,              /* tell the parent, wait for start */
	STEP_RLIMITS,
	STEP_CAP_BOUNDING,
	STEP_IDS,
	STEP_CAPS,
	STEP_NO_NEW_PRIVS,
	STEP_CLOSE_FDS,
	STEP_SECCOMP,
	STEP_HOOKS_START,       /* startContainer: the image's, so confined as
	                         * the program is */
	STEP_EXEC,
	STEP_HOOKS_POSTSTART,   /* by start and run */
	STEP_HOOKS_POSTSTOP,    /* by delete, run and a create that fails */
	STEP_COUNT,
};

/* The filter of linux.seccomp (plan_seccomp.h). */
struct seccomp_plan {
	const struct sock_filter *insn; /* NULL: none */
	unsigned n;
	bool made;              /* beforehand: exec can't tell it from the
	                         * config */
	unsigned flags;         /* SECCOMP_FILTER_FLAG_* */
	bool flags_given;       /* else they may be left out */
	unsigned actions;       /* 1 << enum spec_seccomp_action that it uses */
	const char *listener;   /* takes the notifications; NULL: there are
	                         * none */
	const char *metadata;   /* for the listener, or NULL */
};

/* Labels to set; NULL: none (plan_lsm.h). */
struct lsm_plan {
	const char *apparmor;   /* a profile */
	const char *selinux;    /* a context */
	const char *mount;      /* a context, for new file systems */
};

/* The resctrl group; mount NULL: none (plan_rdt.h). */
struct rdt_plan {
	const char *mount;      /* where the host has it */
	const char *group;      /* below that; ".": the root group */
	const char *monitor;    /* a monitoring group in it, or NULL */
	const char *const *lines; /* of schemata, each with its newline */
	unsigned n_lines;
	enum {
		RDT_OURS,       /* made, removed with the container */
		RDT_SHARED,     /* made where it is missing, and left */
		RDT_THERE,      /* nothing but entered */
		RDT_JOIN,       /* exec: so is the monitoring group */
	} how;
};

struct plan {
	const char *id, *bundle, *rootfs; /* absolute host paths */

	/* A further process for a container that is there: steps that made the
	 * container are not part of it. */
	bool exec;
	int enter;              /* CLONE_NEW* of the container to join */

	struct plan_ns ns[PLAN_MAX_NS];
	unsigned n_ns;
	int create_ns;          /* CLONE_NEW* of the ones to create */
	const struct idmap_op *uid_map, *gid_map;
	unsigned n_uid_map, n_gid_map;
	bool uid_helper, gid_helper; /* newuidmap, newgidmap write them */
	bool joins_user;        /* a user namespace given by path */
	bool unprivileged;      /* we may map our own ids only */
	const char *time_offsets; /* text for timens_offsets, or NULL */

	struct cgroup_plan cgroup;

	enum root_rung rung;
	bool root_readonly;
	bool stage_proc;        /* STEP_STAGE_PROC */
	unsigned long root_propagation; /* MS_*, for "/" before the pivot */
	unsigned long root_propagation_after; /* 0: none */
	const struct mount_op *mounts;
	unsigned n_mounts;
	const struct dev_op *devices;
	unsigned n_devices;
	const struct link_op *links;
	unsigned n_links;
	const char *const *masked, *const *readonly;
	unsigned n_masked, n_readonly;

	const struct spec_net_device *net_devices;
	unsigned n_net_devices;
	const char *hostname, *domainname;
	bool keyring;           /* a new session keyring */
	bool keyring_warn;      /* keyring = warn */
	bool has_umask;         /* else the caller's is kept (config.md) */
	mode_t umask;
	const struct rlimit_op *rlimits;
	unsigned n_rlimits;
	const struct sysctl_op *sysctl;
	unsigned n_sysctl;

	/* How the kernel treats the program; NULL: as it treats the caller. */
	bool has_oom_score;
	int oom_score;
	bool all_cpus;          /* whatever the caller's affinity is */
	const char *exec_cpus, *exec_cpus_final; /* before the cgroup is entered
	                         * and in it; NULL: as they are */
	const struct spec_scheduler *scheduler;
	const struct spec_io_priority *io_priority;
	const struct spec_memory_policy *memory_policy;
	const struct spec_personality *personality;

	bool terminal;
	unsigned short rows, cols; /* 0: nobody said */
	bool pipes;             /* of stdio become those of */
	uint32_t pipes_uid, pipes_gid; /* ids of the host */

	bool has_process;       /* false: start is an error (list B10) */
	const char *const *args, *const *env; /* NULL-terminated */
	const char **home;      /* the place in env for HOME, which only the
	                         * image's passwd can tell; NULL: it is set */
	const char *cwd;
	uint32_t uid, gid;
	const uint32_t *groups;
	unsigned n_groups;
	bool groups_denied;     /* an unprivileged map denies setgroups, or
	                         * already denies it to us */
	uint64_t cap_bounding, cap_effective, cap_permitted,
		cap_inheritable, cap_ambient;
	unsigned cap_last;      /* of the host */
	bool no_new_privs;
	struct seccomp_plan seccomp;
	struct lsm_plan lsm;
	struct rdt_plan rdt;
	const struct spec_hooks *hooks; /* NULL: none */
	unsigned preserve_fds;  /* 3 .. 3 + n - 1 stay open, */
	unsigned listen_fds;    /* these of them are sockets that listen */
	const char *listen_names; /* of each, or NULL */
	char *listen_pid;       /* in env: init fills in its number; or NULL */

	enum step order[STEP_COUNT];
	unsigned n_order;
};

enum { LISTEN_PID_TEXT = 24 };

/* What the command line adds to the config. */
struct plan_args {
	int enter;              /* exec: CLONE_NEW* that init has of its own */
	struct rdt_plan rdt;    /* exec: of the container */
	const char *id;
	const char *bundle, *rootfs;
	bool no_pivot, no_keyring;
	unsigned preserve_fds;
	unsigned listen_fds;    /* before those */
	const char *listen_names; /* LISTEN_FDNAMES, or NULL */
	enum { ROOTLESS_AUTO, ROOTLESS_TRUE, ROOTLESS_FALSE } rootless;
	bool cgroups_off;       /* --cgroup-manager disabled */
	bool systemd_cgroup;    /* --systemd-cgroup: the form of cgroupsPath */
	int devices_cgroup, keyring, lsm; /* enum policy of conf.h */
	bool no_enosys, no_time64; /* struct seccomp_how, the other way round */
	const struct seccomp_prog *filter; /* compiled before, or NULL */
	const struct spec *was; /* update: that of create */
};

/* Plans.  spec must have passed spec_check.  Strings are shared with spec and
 * host, the rest comes from the arena. */
int plan_make(struct plan *p, const struct spec *spec, const struct host *host,
	const struct plan_args *args, struct arena *a, struct err *e);

/* Plans exec.  spec is the container's with the process to add, checked; of
 * host only uid and cap_last count.  The cgroups are the caller's to fill in
 * behind it. */
int plan_exec(struct plan *p, const struct spec *spec, const struct host *host,
	const struct plan_args *args, struct arena *a, struct err *e);

/* Whether a step is part of the plan. */
bool plan_has(const struct plan *p, enum step s);

/* The step that runs hooks of a kind (enum spec_hook_kind). */
enum step plan_hook_step(unsigned kind);

/* Prints the plan as text, a line for each thing done, in order. */
int plan_dump(const struct plan *p, int fd, struct err *e);

#endif
