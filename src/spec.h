/* SPDX-License-Identifier: MIT */
/* spec.h -- config.json of runtime-spec 1.3 for Linux as plain structs.
 *
 * Names follow config.md and config-linux.md.  A string is NULL and a pointer
 * to an object is NULL where the member is absent; a number or bool whose
 * absence means something has a has_ flag next to it.  An array x has n_x
 * elements; arrays of strings end with a NULL as well, and are NULL when
 * absent.  Maps are arrays in file order whose elements begin with the key.
 * Filled by spec_decode.h, judged by spec_check.h. */
#ifndef SPEC_H
#define SPEC_H

#include <stdbool.h>
#include <stdint.h>

/* gnu modes of the compiler define it; it names a member here. */
#undef linux

/* Limits on input (config.md sets none). */
enum {
	SPEC_MAX_MOUNTS = 4096,
	SPEC_MAX_DEVICES = 1024,
	SPEC_MAX_ARGS = 16384,          /* args and env together */
	SPEC_MAX_SYSCTL = 1024,
	SPEC_MAX_NAME = 64,             /* of host and domain (__NEW_UTS_LEN) */
};

struct spec_pair {
	const char *key, *value;
};

struct spec_root {
	const char *path;
	bool readonly;
};

/* Ids of a user namespace or of an id-mapped mount. */
struct spec_idmap {
	uint32_t container_id, host_id, size;
};

struct spec_mount {
	const char *destination;        /* absolute: decoding adds the / */
	const char *source, *type;
	const char *const *options;
	unsigned n_options;
	struct spec_idmap *uid_mappings, *gid_mappings;
	unsigned n_uid_mappings, n_gid_mappings;
};

/* Of no effect, however large, unless terminal is true (config.md). */
struct spec_console_size {
	uint64_t height, width;
};

struct spec_user {
	uint32_t uid, gid;              /* 0 where process.user is absent */
	bool has_umask;
	uint32_t umask;
	uint32_t *additional_gids;
	unsigned n_additional_gids;
	const char *username;           /* Windows only: not used */
};

/* Bit n is capability n.  Names that we don't know are left out (warned). */
struct spec_capabilities {
	uint64_t bounding, effective, inheritable, permitted, ambient;
};

struct spec_rlimit {
	unsigned type;                  /* RLIMIT_* */
	uint64_t soft, hard;            /* UINT64_MAX: infinity */
};

struct spec_scheduler {
	unsigned policy;                /* SCHED_* of the kernel, 0 .. 6 */
	int32_t nice, priority;
	unsigned flags;                 /* SCHED_FLAG_* */
	uint64_t runtime, deadline, period; /* ns */
};

struct spec_io_priority {
	unsigned class;                 /* 1 RT, 2 BE, 3 IDLE */
	uint32_t priority;
};

struct spec_exec_cpu_affinity {
	const char *initial, *final;
};

struct spec_process {
	bool terminal;
	struct spec_console_size *console_size;
	const char *cwd;
	const char *const *env;
	unsigned n_env;
	const char *const *args;
	unsigned n_args;
	struct spec_rlimit *rlimits;
	unsigned n_rlimits;
	const char *apparmor_profile;
	struct spec_capabilities *capabilities;
	bool has_no_new_privileges, no_new_privileges;
	bool has_oom_score_adj;
	int32_t oom_score_adj;
	struct spec_scheduler *scheduler;
	const char *selinux_label;
	struct spec_io_priority *io_priority;
	struct spec_exec_cpu_affinity *exec_cpu_affinity;
	bool has_user;
	struct spec_user user;
};

struct spec_hook {
	const char *path;
	const char *const *args;
	unsigned n_args;
	const char *const *env;
	unsigned n_env;
	bool has_timeout;
	uint32_t timeout;               /* seconds, at least 1 */
};

enum spec_hook_kind {
	HOOK_PRESTART, HOOK_CREATE_RUNTIME, HOOK_CREATE_CONTAINER,
	HOOK_START_CONTAINER, HOOK_POSTSTART, HOOK_POSTSTOP, HOOK_KINDS,
};

struct spec_hooks {
	struct spec_hook *list[HOOK_KINDS];
	unsigned n_list[HOOK_KINDS];
};

/* Not held in memory: where the object stands in the file, brackets included.
 * len 0: absent. */
struct spec_annotations {
	uint64_t at, len;
	unsigned n;
	const char *filter;             /* the value of SPEC_FILTER_KEY */
};

/* A seccomp filter that was compiled before: a file, from the bundle on. */
#define SPEC_FILTER_KEY "wherry.seccomp"

struct spec_namespace {
	unsigned type;                  /* CLONE_NEW* */
	const char *path;               /* to join; NULL: create */
};

struct spec_time_offset {
	const char *clock;              /* "monotonic" or "boottime" */
	int64_t secs;
	uint32_t nanosecs;
};

struct spec_device {
	char type;                      /* 'c', 'b' or 'p'; "u" reads as 'c' */
	const char *path;
	bool has_major, has_minor;
	uint32_t major, minor;
	bool has_file_mode, has_uid, has_gid;
	uint32_t file_mode;             /* type bits 0 or those of type */
	uint32_t uid, gid;
};

struct spec_net_device {
	const char *device;             /* the key: its name on the host */
	const char *name;               /* in the container; NULL: the same */
};

/* resources.devices[] */
struct spec_device_rule {
	bool allow;
	char type;                      /* 'a', 'b' or 'c' */
	int64_t major, minor;           /* -1: any */
	bool has_access;
	const char *access;             /* of "rwm", never NULL or empty */
};

struct spec_memory {
	bool has_limit, has_reservation, has_swap, has_kernel, has_kernel_tcp;
	int64_t limit, reservation, swap, kernel, kernel_tcp; /* -1: none */
	bool has_swappiness, has_disable_oom_killer, has_use_hierarchy;
	bool has_check_before_update;
	uint32_t swappiness;
	bool disable_oom_killer, use_hierarchy, check_before_update;
};

struct spec_cpu {
	bool has_shares, has_quota, has_burst, has_period;
	bool has_realtime_runtime, has_realtime_period, has_idle;
	uint64_t shares, burst, period, realtime_period;
	int64_t quota, realtime_runtime, idle;
	const char *cpus, *mems;
};

struct spec_pids {
	bool has_limit;
	int64_t limit;
};

struct spec_weight_device {
	uint32_t major, minor;
	bool has_weight, has_leaf_weight;
	uint16_t weight, leaf_weight;
};

struct spec_throttle_device {
	uint32_t major, minor;
	uint64_t rate;
};

struct spec_block_io {
	bool has_weight, has_leaf_weight;
	uint16_t weight, leaf_weight;
	struct spec_weight_device *weight_device;
	unsigned n_weight_device;
	struct spec_throttle_device *throttle_read_bps_device,
		*throttle_write_bps_device, *throttle_read_iops_device,
		*throttle_write_iops_device;
	unsigned n_throttle_read_bps_device, n_throttle_write_bps_device,
		n_throttle_read_iops_device, n_throttle_write_iops_device;
};

struct spec_hugepage_limit {
	const char *page_size;          /* "2MB" */
	uint64_t limit;
};

struct spec_if_priority {
	const char *name;
	uint32_t priority;
};

struct spec_network {
	bool has_class_id;
	uint32_t class_id;
	struct spec_if_priority *priorities;
	unsigned n_priorities;
};

struct spec_rdma {
	const char *device;             /* the key */
	bool has_hca_handles, has_hca_objects;
	uint32_t hca_handles, hca_objects;
};

struct spec_resources {
	struct spec_device_rule *devices;
	unsigned n_devices;
	struct spec_memory *memory;
	struct spec_cpu *cpu;
	struct spec_pids *pids;
	struct spec_block_io *block_io;
	struct spec_hugepage_limit *hugepage_limits;
	unsigned n_hugepage_limits;
	struct spec_network *network;
	struct spec_rdma *rdma;
	unsigned n_rdma;
	struct spec_pair *unified;
	unsigned n_unified;
};

struct spec_intel_rdt {
	const char *clos_id, *l3_cache_schema, *mem_bw_schema;
	const char *const *schemata;
	unsigned n_schemata;
	bool enable_monitoring;
};

struct spec_memory_policy {
	unsigned mode;                  /* MPOL_* of the kernel, 0 .. 6 */
	unsigned flags;                 /* MPOL_F_* of the kernel */
	const char *nodes;
};

enum spec_seccomp_action {
	SECCOMP_ACT_KILL_THREAD, SECCOMP_ACT_KILL_PROCESS, SECCOMP_ACT_TRAP,
	SECCOMP_ACT_ERRNO, SECCOMP_ACT_NOTIFY, SECCOMP_ACT_TRACE,
	SECCOMP_ACT_LOG, SECCOMP_ACT_ALLOW,
};

enum spec_seccomp_op {
	SECCOMP_OP_NE, SECCOMP_OP_LT, SECCOMP_OP_LE, SECCOMP_OP_EQ,
	SECCOMP_OP_GE, SECCOMP_OP_GT, SECCOMP_OP_MASKED_EQ,
};

/* In the order of config-linux.md; 1 << n in spec_seccomp.architectures. */
enum spec_seccomp_arch {
	SECCOMP_ARCH_X86, SECCOMP_ARCH_X86_64, SECCOMP_ARCH_X32,
	SECCOMP_ARCH_ARM, SECCOMP_ARCH_AARCH64, SECCOMP_ARCH_MIPS,
	SECCOMP_ARCH_MIPS64, SECCOMP_ARCH_MIPS64N32, SECCOMP_ARCH_MIPSEL,
	SECCOMP_ARCH_MIPSEL64, SECCOMP_ARCH_MIPSEL64N32, SECCOMP_ARCH_PPC,
	SECCOMP_ARCH_PPC64, SECCOMP_ARCH_PPC64LE, SECCOMP_ARCH_S390,
	SECCOMP_ARCH_S390X, SECCOMP_ARCH_PARISC, SECCOMP_ARCH_PARISC64,
	SECCOMP_ARCH_RISCV64, SECCOMP_ARCH_LOONGARCH64, SECCOMP_ARCH_M68K,
	SECCOMP_ARCH_SH, SECCOMP_ARCH_SHEB,
};

struct spec_seccomp_arg {
	uint32_t index;                 /* 0 .. 5 */
	unsigned op;                    /* enum spec_seccomp_op */
	uint64_t value, value_two;
};

struct spec_seccomp_rule {
	const char *const *names;
	unsigned n_names;
	unsigned action;                /* enum spec_seccomp_action */
	bool has_errno_ret;
	uint32_t errno_ret;
	struct spec_seccomp_arg *args;
	unsigned n_args;
};

struct spec_seccomp {
	unsigned default_action;        /* enum spec_seccomp_action */
	bool has_default_errno_ret;
	uint32_t default_errno_ret;
	unsigned architectures;         /* 1 << enum spec_seccomp_arch */
	bool has_flags;                 /* [] is not the same as absent */
	unsigned flags;                 /* SECCOMP_FILTER_FLAG_* */
	const char *listener_path, *listener_metadata;
	struct spec_seccomp_rule *syscalls;
	unsigned n_syscalls;
};

struct spec_personality {
	unsigned domain;                /* PER_LINUX or PER_LINUX32 */
	unsigned flags;                 /* none is defined: 0 */
};

struct spec_linux {
	struct spec_namespace *namespaces;
	unsigned n_namespaces;
	struct spec_idmap *uid_mappings, *gid_mappings;
	unsigned n_uid_mappings, n_gid_mappings;
	struct spec_time_offset *time_offsets;
	unsigned n_time_offsets;
	struct spec_device *devices;
	unsigned n_devices;
	struct spec_net_device *net_devices;
	unsigned n_net_devices;
	const char *cgroups_path;
	struct spec_resources *resources;
	struct spec_intel_rdt *intel_rdt;
	struct spec_memory_policy *memory_policy;
	struct spec_pair *sysctl;
	unsigned n_sysctl;
	struct spec_seccomp *seccomp;
	/* MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE, with MS_REC for the
	 * r forms that runc and crun take too; 0: absent. */
	unsigned rootfs_propagation;
	const char *const *masked_paths;
	unsigned n_masked_paths;
	const char *const *readonly_paths;
	unsigned n_readonly_paths;
	const char *mount_label;
	struct spec_personality *personality;
};

struct spec {
	const char *oci_version;
	struct spec_root *root;
	struct spec_mount *mounts;
	unsigned n_mounts;
	struct spec_process *process;
	const char *hostname, *domainname;
	struct spec_hooks *hooks;
	struct spec_annotations annotations;
	struct spec_linux linux;        /* all absent where linux is absent */
};

#endif
