/* SPDX-License-Identifier: MIT */
/* spec_decode_res.c -- the tables of linux.resources and linux.seccomp. */
#include "decode.h"
#include "io.h"
#include "names.h"
#include "spec.h"
#include "spec_decode.h"
#include "spec_tables.h"

static const struct name rule_type_list[] = {
	{ "a", 'a' }, { "b", 'b' }, { "c", 'c' },
};
static const struct names rule_type_names =
	NAMES("device type", "", rule_type_list);

/* -1 is what Go tools write for "any". */
static const struct decode_field rule_fields[] = {
	BOOL(spec_device_rule, allow, "allow", 1),
	CHAR(spec_device_rule, type, "type", 0, rule_type_names),
	NUM(int64_t, spec_device_rule, major, "major", 0, -1, SPEC_MAX_MAJOR),
	NUM(int64_t, spec_device_rule, minor, "minor", 0, -1, SPEC_MAX_MINOR),
	STR_H(spec_device_rule, access, "access"),
};
static const struct spec_device_rule rule_blank = {
	.type = 'a', .major = -1, .minor = -1, .access = "rwm",
};
static const struct decode_table rule_table = {
	rule_fields, COUNT(rule_fields), sizeof(struct spec_device_rule), 0,
	&rule_blank,
};

static const struct decode_field memory_fields[] = {
	NUM_H(int64_t, spec_memory, limit, "limit", -1, INT64_MAX),
	NUM_H(int64_t, spec_memory, reservation, "reservation", -1, INT64_MAX),
	NUM_H(int64_t, spec_memory, swap, "swap", -1, INT64_MAX),
	NUM_H(int64_t, spec_memory, kernel, "kernel", -1, INT64_MAX),
	NUM_H(int64_t, spec_memory, kernel_tcp, "kernelTCP", -1, INT64_MAX),
	NUM_H(uint32_t, spec_memory, swappiness, "swappiness", 0, 100),
	BOOL_H(spec_memory, disable_oom_killer, "disableOOMKiller"),
	BOOL_H(spec_memory, use_hierarchy, "useHierarchy"),
	BOOL_H(spec_memory, check_before_update, "checkBeforeUpdate"),
};
static const struct decode_table memory_table =
	TABLE(spec_memory, memory_fields, 0);

static const struct decode_field cpu_fields[] = {
	NUM_H(uint64_t, spec_cpu, shares, "shares", 0, UINT64_MAX),
	NUM_H(int64_t, spec_cpu, quota, "quota", -1, INT64_MAX),
	NUM_H(uint64_t, spec_cpu, burst, "burst", 0, UINT64_MAX),
	NUM_H(uint64_t, spec_cpu, period, "period", 0, UINT64_MAX),
	NUM_H(int64_t, spec_cpu, realtime_runtime, "realtimeRuntime", -1,
		INT64_MAX),
	NUM_H(uint64_t, spec_cpu, realtime_period, "realtimePeriod", 0,
		UINT64_MAX),
	STR(spec_cpu, cpus, "cpus", 0),
	STR(spec_cpu, mems, "mems", 0),
	NUM_H(int64_t, spec_cpu, idle, "idle", 0, 1),
};
static const struct decode_table cpu_table = TABLE(spec_cpu, cpu_fields, 0);

static const struct decode_field pids_fields[] = {
	NUM_H(int64_t, spec_pids, limit, "limit", -1, INT64_MAX),
};
static const struct decode_table pids_table = TABLE(spec_pids, pids_fields, 0);

static const struct decode_field weight_fields[] = {
	NUM(uint32_t, spec_weight_device, major, "major", 1, 0, SPEC_MAX_MAJOR),
	NUM(uint32_t, spec_weight_device, minor, "minor", 1, 0, SPEC_MAX_MINOR),
	NUM_H(uint16_t, spec_weight_device, weight, "weight", 0, 1000),
	NUM_H(uint16_t, spec_weight_device, leaf_weight, "leafWeight", 0, 1000),
};
static const struct decode_table weight_table =
	TABLE(spec_weight_device, weight_fields, SPEC_MAX_DEVICES);

static const struct decode_field throttle_fields[] = {
	NUM(uint32_t, spec_throttle_device, major, "major", 1, 0,
		SPEC_MAX_MAJOR),
	NUM(uint32_t, spec_throttle_device, minor, "minor", 1, 0,
		SPEC_MAX_MINOR),
	NUM(uint64_t, spec_throttle_device, rate, "rate", 1, 0, UINT64_MAX),
};
static const struct decode_table throttle_table =
	TABLE(spec_throttle_device, throttle_fields, SPEC_MAX_DEVICES);

#define THROTTLE(m, k) \
	LIST(spec_block_io, m, k, spec_throttle_device, throttle_table)
static const struct decode_field block_io_fields[] = {
	NUM_H(uint16_t, spec_block_io, weight, "weight", 0, 1000),
	NUM_H(uint16_t, spec_block_io, leaf_weight, "leafWeight", 0, 1000),
	LIST(spec_block_io, weight_device, "weightDevice", spec_weight_device,
		weight_table),
	THROTTLE(throttle_read_bps_device, "throttleReadBpsDevice"),
	THROTTLE(throttle_write_bps_device, "throttleWriteBpsDevice"),
	THROTTLE(throttle_read_iops_device, "throttleReadIOPSDevice"),
	THROTTLE(throttle_write_iops_device, "throttleWriteIOPSDevice"),
};
static const struct decode_table block_io_table =
	TABLE(spec_block_io, block_io_fields, 0);

static const struct decode_field hugepage_fields[] = {
	STR(spec_hugepage_limit, page_size, "pageSize", 1),
	NUM(uint64_t, spec_hugepage_limit, limit, "limit", 1, 0, UINT64_MAX),
};
static const struct decode_table hugepage_table =
	TABLE(spec_hugepage_limit, hugepage_fields, 0);

static const struct decode_field if_priority_fields[] = {
	STR(spec_if_priority, name, "name", 1),
	NUM(uint32_t, spec_if_priority, priority, "priority", 1, 0, UINT32_MAX),
};
static const struct decode_table if_priority_table =
	TABLE(spec_if_priority, if_priority_fields, 0);

static const struct decode_field network_fields[] = {
	NUM_H(uint32_t, spec_network, class_id, "classID", 0, UINT32_MAX),
	LIST(spec_network, priorities, "priorities", spec_if_priority,
		if_priority_table),
};
static const struct decode_table network_table =
	TABLE(spec_network, network_fields, 0);

static const struct decode_field rdma_fields[] = {
	NUM_H(uint32_t, spec_rdma, hca_handles, "hcaHandles", 0, UINT32_MAX),
	NUM_H(uint32_t, spec_rdma, hca_objects, "hcaObjects", 0, UINT32_MAX),
};
static const struct decode_table rdma_table = TABLE(spec_rdma, rdma_fields, 0);

static const struct decode_table pair_table = { .size =
	sizeof(struct spec_pair) };

static const struct decode_field resources_fields[] = {
	LIST(spec_resources, devices, "devices", spec_device_rule, rule_table),
	PTR(spec_resources, memory, "memory", spec_memory, memory_table),
	PTR(spec_resources, cpu, "cpu", spec_cpu, cpu_table),
	PTR(spec_resources, pids, "pids", spec_pids, pids_table),
	PTR(spec_resources, block_io, "blockIO", spec_block_io, block_io_table),
	LIST(spec_resources, hugepage_limits, "hugepageLimits",
		spec_hugepage_limit, hugepage_table),
	PTR(spec_resources, network, "network", spec_network, network_table),
	MAP(spec_resources, rdma, "rdma", spec_rdma, rdma_table),
	PAIRS(spec_resources, unified, "unified", spec_pair, pair_table),
};
const struct decode_table spec_resources_table =
	TABLE(spec_resources, resources_fields, 0);

static const struct name action_list[] = {
	{ "KILL", SECCOMP_ACT_KILL_THREAD },
	{ "KILL_THREAD", SECCOMP_ACT_KILL_THREAD },
	{ "KILL_PROCESS", SECCOMP_ACT_KILL_PROCESS },
	{ "TRAP", SECCOMP_ACT_TRAP },
	{ "ERRNO", SECCOMP_ACT_ERRNO },
	{ "NOTIFY", SECCOMP_ACT_NOTIFY },
	{ "TRACE", SECCOMP_ACT_TRACE },
	{ "LOG", SECCOMP_ACT_LOG },
	{ "ALLOW", SECCOMP_ACT_ALLOW },
};
const struct names seccomp_action_names =
	NAMES("action", "SCMP_ACT_", action_list);

static const struct name op_list[] = {
	{ "NE", SECCOMP_OP_NE }, { "LT", SECCOMP_OP_LT },
	{ "LE", SECCOMP_OP_LE }, { "EQ", SECCOMP_OP_EQ },
	{ "GE", SECCOMP_OP_GE }, { "GT", SECCOMP_OP_GT },
	{ "MASKED_EQ", SECCOMP_OP_MASKED_EQ },
};
const struct names seccomp_op_names = NAMES("operator", "SCMP_CMP_", op_list);

#define ARCH(name) { #name, 1u << SECCOMP_ARCH_##name }
static const struct name arch_list[] = {
	ARCH(X86), ARCH(X86_64), ARCH(X32), ARCH(ARM), ARCH(AARCH64),
	ARCH(MIPS), ARCH(MIPS64), ARCH(MIPS64N32), ARCH(MIPSEL),
	ARCH(MIPSEL64), ARCH(MIPSEL64N32), ARCH(PPC), ARCH(PPC64),
	ARCH(PPC64LE), ARCH(S390), ARCH(S390X), ARCH(PARISC), ARCH(PARISC64),
	ARCH(RISCV64), ARCH(LOONGARCH64), ARCH(M68K), ARCH(SH), ARCH(SHEB),
};
const struct names seccomp_arch_names =
	NAMES("architecture", "SCMP_ARCH_", arch_list);

static const struct name filter_flag_list[] = {
	{ "TSYNC", 0x01 }, { "LOG", 0x02 }, { "SPEC_ALLOW", 0x04 },
	{ "WAIT_KILLABLE_RECV", 0x20 },
};
const struct names seccomp_flag_names =
	NAMES("flag", "SECCOMP_FILTER_FLAG_", filter_flag_list);

static const struct decode_field arg_fields[] = {
	NUM(uint32_t, spec_seccomp_arg, index, "index", 1, 0, 5),
	NUM(uint64_t, spec_seccomp_arg, value, "value", 1, 0, UINT64_MAX),
	NUM(uint64_t, spec_seccomp_arg, value_two, "valueTwo", 0, 0,
		UINT64_MAX),
	ENUM(spec_seccomp_arg, op, "op", 1, seccomp_op_names),
};
const struct decode_table spec_seccomp_arg_table =
	TABLE(spec_seccomp_arg, arg_fields, 0);

/* The kernel cuts errno values to 4095 (MAX_ERRNO). */
static const struct decode_field syscall_fields[] = {
	STRS(spec_seccomp_rule, names, "names", 1, 0),
	ENUM(spec_seccomp_rule, action, "action", 1, seccomp_action_names),
	NUM_H(uint32_t, spec_seccomp_rule, errno_ret, "errnoRet", 0, 4095),
	LIST(spec_seccomp_rule, args, "args", spec_seccomp_arg,
		spec_seccomp_arg_table),
};
static const struct decode_table syscall_table =
	TABLE(spec_seccomp_rule, syscall_fields, 0);

static const struct decode_field seccomp_fields[] = {
	ENUM(spec_seccomp, default_action, "defaultAction", 1,
		seccomp_action_names),
	NUM_H(uint32_t, spec_seccomp, default_errno_ret, "defaultErrnoRet", 0,
		4095),
	FLAGS(spec_seccomp, architectures, "architectures", seccomp_arch_names),
	FLAGS_H(spec_seccomp, flags, "flags", seccomp_flag_names),
	STR(spec_seccomp, listener_path, "listenerPath", 0),
	STR(spec_seccomp, listener_metadata, "listenerMetadata", 0),
	LIST(spec_seccomp, syscalls, "syscalls", spec_seccomp_rule,
		syscall_table),
};
const struct decode_table spec_seccomp_table =
	TABLE(spec_seccomp, seccomp_fields, 0);
