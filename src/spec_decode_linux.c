/* SPDX-License-Identifier: MIT */
/* spec_decode_linux.c -- the tables of config-linux.md, but resources and
 * seccomp. */
#include <sys/mount.h>

#include "decode.h"
#include "names.h"
#include "spec.h"
#include "spec_decode.h"
#include "spec_tables.h"

static const struct decode_field idmap_fields[] = {
	NUM(uint32_t, spec_idmap, container_id, "containerID", 1, 0,
		SPEC_MAX_ID),
	NUM(uint32_t, spec_idmap, host_id, "hostID", 1, 0, SPEC_MAX_ID),
	NUM(uint32_t, spec_idmap, size, "size", 1, 1, UINT32_MAX),
};
const struct decode_table spec_idmap_table = TABLE(spec_idmap, idmap_fields, 0);

static const struct decode_field ns_fields[] = {
	ENUM(spec_namespace, type, "type", 1, ns_names),
	STR(spec_namespace, path, "path", 0),
};
static const struct decode_table ns_table = TABLE(spec_namespace, ns_fields, 0);

static const struct decode_field offset_fields[] = {
	NUM(int64_t, spec_time_offset, secs, "secs", 0, INT16_MIN, INT64_MAX),
	NUM(uint32_t, spec_time_offset, nanosecs, "nanosecs", 0, 0, 999999999),
};
static const struct decode_table offset_table =
	TABLE(spec_time_offset, offset_fields, 0);

static const struct name device_type_list[] = {
	{ "b", 'b' }, { "c", 'c' }, { "p", 'p' }, { "u", 'c' },
};
static const struct names device_type_names =
	NAMES("device type", "", device_type_list);

static const struct decode_field device_fields[] = {
	CHAR(spec_device, type, "type", 1, device_type_names),
	STR(spec_device, path, "path", 1),
	NUM_H(uint32_t, spec_device, major, "major", 0, SPEC_MAX_MAJOR),
	NUM_H(uint32_t, spec_device, minor, "minor", 0, SPEC_MAX_MINOR),
	NUM_H(uint32_t, spec_device, file_mode, "fileMode", 0, 0177777),
	NUM_H(uint32_t, spec_device, uid, "uid", 0, SPEC_MAX_ID),
	NUM_H(uint32_t, spec_device, gid, "gid", 0, SPEC_MAX_ID),
};
static const struct decode_table device_table =
	TABLE(spec_device, device_fields, SPEC_MAX_DEVICES);

static const struct decode_field net_device_fields[] = {
	STR(spec_net_device, name, "name", 0),
};
static const struct decode_table net_device_table =
	TABLE(spec_net_device, net_device_fields, 0);

static const struct decode_field rdt_fields[] = {
	STR(spec_intel_rdt, clos_id, "closID", 0),
	STRS(spec_intel_rdt, schemata, "schemata", 0, 0),
	STR(spec_intel_rdt, l3_cache_schema, "l3CacheSchema", 0),
	STR(spec_intel_rdt, mem_bw_schema, "memBwSchema", 0),
	BOOL(spec_intel_rdt, enable_monitoring, "enableMonitoring", 0),
};
static const struct decode_table rdt_table =
	TABLE(spec_intel_rdt, rdt_fields, 0);

static const struct name numa_mode_list[] = {
	{ "DEFAULT", 0 }, { "PREFERRED", 1 }, { "BIND", 2 },
	{ "INTERLEAVE", 3 }, { "LOCAL", 4 }, { "PREFERRED_MANY", 5 },
	{ "WEIGHTED_INTERLEAVE", 6 },
};
const struct names numa_mode_names =
	NAMES("mode", "MPOL_", numa_mode_list);

static const struct name numa_flag_list[] = {
	{ "NUMA_BALANCING", 1 << 13 }, { "RELATIVE_NODES", 1 << 14 },
	{ "STATIC_NODES", 1 << 15 },
};
const struct names numa_flag_names =
	NAMES("flag", "MPOL_F_", numa_flag_list);

static const struct decode_field numa_fields[] = {
	ENUM(spec_memory_policy, mode, "mode", 1, numa_mode_names),
	STR(spec_memory_policy, nodes, "nodes", 0),
	FLAGS(spec_memory_policy, flags, "flags", numa_flag_names),
};
static const struct decode_table numa_table =
	TABLE(spec_memory_policy, numa_fields, 0);

/* The values of <sys/personality.h>. */
static const struct name domain_list[] = {
	{ "LINUX", 0 }, { "LINUX32", 8 },
};
static const struct names domain_names = NAMES("domain", "", domain_list);

/* config-linux.md: no flag values are supported. */
static const struct names no_flags = { "flag", "", NULL, 0 };

static const struct decode_field personality_fields[] = {
	ENUM(spec_personality, domain, "domain", 1, domain_names),
	FLAGS(spec_personality, flags, "flags", no_flags),
};
static const struct decode_table personality_table =
	TABLE(spec_personality, personality_fields, 0);

static const struct name propagation_list[] = {
	{ "shared", MS_SHARED }, { "rshared", MS_SHARED | MS_REC },
	{ "slave", MS_SLAVE }, { "rslave", MS_SLAVE | MS_REC },
	{ "private", MS_PRIVATE }, { "rprivate", MS_PRIVATE | MS_REC },
	{ "unbindable", MS_UNBINDABLE },
	{ "runbindable", MS_UNBINDABLE | MS_REC },
};
static const struct names propagation_names =
	NAMES("propagation", "", propagation_list);

static const struct decode_table sysctl_table = {
	.size = sizeof(struct spec_pair), .max = SPEC_MAX_SYSCTL,
};

static const struct decode_field linux_fields[] = {
	LIST(spec_linux, namespaces, "namespaces", spec_namespace, ns_table),
	LIST(spec_linux, uid_mappings, "uidMappings", spec_idmap,
		spec_idmap_table),
	LIST(spec_linux, gid_mappings, "gidMappings", spec_idmap,
		spec_idmap_table),
	MAP(spec_linux, time_offsets, "timeOffsets", spec_time_offset,
		offset_table),
	LIST(spec_linux, devices, "devices", spec_device, device_table),
	MAP(spec_linux, net_devices, "netDevices", spec_net_device,
		net_device_table),
	STR(spec_linux, cgroups_path, "cgroupsPath", 0),
	PTR(spec_linux, resources, "resources", spec_resources,
		spec_resources_table),
	PTR(spec_linux, intel_rdt, "intelRdt", spec_intel_rdt, rdt_table),
	PTR(spec_linux, memory_policy, "memoryPolicy", spec_memory_policy,
		numa_table),
	PAIRS(spec_linux, sysctl, "sysctl", spec_pair, sysctl_table),
	PTR(spec_linux, seccomp, "seccomp", spec_seccomp, spec_seccomp_table),
	ENUM(spec_linux, rootfs_propagation, "rootfsPropagation", 0,
		propagation_names),
	STRS(spec_linux, masked_paths, "maskedPaths", 0, 0),
	STRS(spec_linux, readonly_paths, "readonlyPaths", 0, 0),
	STR(spec_linux, mount_label, "mountLabel", 0),
	PTR(spec_linux, personality, "personality", spec_personality,
		personality_table),
};
const struct decode_table spec_linux_table =
	TABLE(spec_linux, linux_fields, 0);
