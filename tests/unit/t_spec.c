/* SPDX-License-Identifier: MIT */
/* t_spec.c -- tests of spec_decode.h: every member of config.md and
 * config-linux.md arrives where spec.h says. */
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "spec_text.h"

#define L spec.linux
#define R spec.linux.resources

/* A config, and one thing that must be true of it. */
#define HAS(text, cond) OK(spec_good(text) && (cond))
#define TEXT_IS(text, got, want) \
	do { \
		if (OK(spec_good(text))) \
			IS(got, want); \
	} while (0)

static void
test_general(void)
{
	TEXT_IS(TOP("'hostname':'h'"), spec.oci_version, "1.3.0");
	TEXT_IS(TOP("'hostname':'h'"), spec.hostname, "h");
	TEXT_IS(TOP("'domainname':'d'"), spec.domainname, "d");
	TEXT_IS(TOP("'x':0"), spec.root->path, "r");
	HAS(TOP("'x':0"), !spec.root->readonly && !spec.hostname &&
		!spec.domainname && !spec.process && !spec.hooks &&
		!spec.n_mounts && !spec.mounts && !L.n_namespaces &&
		!L.resources && !L.seccomp && !spec.annotations.len);
	HAS("{'ociVersion':'1.0.0','root':{'readonly':true,'path':'/x'}}",
		spec.root->readonly);
	HAS("{'ociVersion':'1.0.0'}", !spec.root);
	/* null is absent, as for Go */
	HAS(TOP("'hostname':null,'process':null,'mounts':null,'linux':null"),
		!spec.hostname && !spec.process && !spec.mounts);
}

static void
test_mounts(void)
{
	TEXT_IS(MOUNT("'source':'s'"), spec.mounts[0].source, "s");
	TEXT_IS(MOUNT("'type':'t'"), spec.mounts[0].type, "t");
	TEXT_IS(MOUNT("'type':'t'"), spec.mounts[0].destination, "/d");
	HAS(MOUNT("'type':'t'"), !spec.mounts[0].source &&
		!spec.mounts[0].options && !spec.mounts[0].n_uid_mappings);
	HAS(MOUNT("'options':['ro','a=b']"), spec.mounts[0].n_options == 2 &&
		!strcmp(spec.mounts[0].options[0], "ro") &&
		!strcmp(spec.mounts[0].options[1], "a=b") &&
		!spec.mounts[0].options[2]);
	HAS(MOUNT("'options':[]"), !spec.mounts[0].n_options &&
		spec.mounts[0].options && !spec.mounts[0].options[0]);
	HAS(MOUNT("'uidMappings':[{'containerID':1,'hostID':2,'size':3}]"),
		spec.mounts[0].n_uid_mappings == 1 &&
		spec.mounts[0].uid_mappings[0].container_id == 1 &&
		spec.mounts[0].uid_mappings[0].host_id == 2 &&
		spec.mounts[0].uid_mappings[0].size == 3);
	HAS(MOUNT("'gidMappings':[{'containerID':4,'hostID':5,'size':6}]"),
		spec.mounts[0].n_gid_mappings == 1 &&
		spec.mounts[0].gid_mappings[0].container_id == 4 &&
		spec.mounts[0].gid_mappings[0].host_id == 5 &&
		spec.mounts[0].gid_mappings[0].size == 6);
	TEXT_IS(TOP("'mounts':[{'destination':'a/b'}]"),
		spec.mounts[0].destination, "/a/b");
	IS(spec_said, "1 c:1:68: mounts[0].destination: `a/b` is taken as "
		"`/a/b`: relative destinations are deprecated\n");
}

static void
test_process(void)
{
	HAS(PROCESS("'terminal':true"), spec.process->terminal);
	HAS(PROCESS("'consoleSize':{'height':25,'width':80}"),
		spec.process->console_size->height == 25 &&
		spec.process->console_size->width == 80);
	TEXT_IS(TOP("'process':{'cwd':'/w'}"), spec.process->cwd, "/w");
	HAS(TOP("'process':{'cwd':'/w'}"), !spec.process->args &&
		!spec.process->env && !spec.process->capabilities &&
		!spec.process->user.uid && !spec.process->user.has_umask &&
		!spec.process->has_oom_score_adj && !spec.process->terminal);
	HAS(PROCESS("'env':['A=1','B=']"), spec.process->n_env == 2 &&
		!strcmp(spec.process->env[1], "B=") && !spec.process->env[2]);
	HAS(PROCESS("'env':[]"), spec.process->n_args == 1 &&
		!strcmp(spec.process->args[0], "sh") &&
		!spec.process->args[1]);
	HAS(PROCESS("'rlimits':[{'type':'RLIMIT_NOFILE','soft':1,"
		"'hard':18446744073709551615}]"),
		spec.process->n_rlimits == 1 &&
		spec.process->rlimits[0].type == RLIMIT_NOFILE &&
		spec.process->rlimits[0].soft == 1 &&
		spec.process->rlimits[0].hard == UINT64_MAX);
	TEXT_IS(PROCESS("'apparmorProfile':'p'"),
		spec.process->apparmor_profile, "p");
	TEXT_IS(PROCESS("'selinuxLabel':'l'"), spec.process->selinux_label,
		"l");
	HAS(PROCESS("'noNewPrivileges':true"),
		spec.process->no_new_privileges);
	HAS(PROCESS("'oomScoreAdj':-1000"), spec.process->has_oom_score_adj &&
		spec.process->oom_score_adj == -1000);
	HAS(PROCESS("'oomScoreAdj':0"), spec.process->has_oom_score_adj);
	HAS(PROCESS("'commandLine':5"), true);
}

static void
test_capabilities(void)
{
	HAS(PROCESS("'capabilities':{}"), spec.process->capabilities &&
		!spec.process->capabilities->bounding);
	HAS(PROCESS("'capabilities':{'bounding':['CAP_CHOWN','KILL']}"),
		spec.process->capabilities->bounding == 0x21);
	HAS(PROCESS("'capabilities':{'effective':['CAP_FOWNER']}"),
		spec.process->capabilities->effective == 0x8);
	HAS(PROCESS("'capabilities':{'inheritable':['CAP_BPF']}"),
		spec.process->capabilities->inheritable == UINT64_C(1) << 39);
	HAS(PROCESS("'capabilities':{'permitted':"
		"['CAP_CHECKPOINT_RESTORE']}"),
		spec.process->capabilities->permitted == UINT64_C(1) << 40);
	HAS(PROCESS("'capabilities':{'ambient':['cap_kill','CAP_KILL']}"),
		spec.process->capabilities->ambient == 0x20);
	HAS(PROCESS("'capabilities':{'bounding':['CAP_NEW','CAP_KILL']}"),
		spec.process->capabilities->bounding == 0x20);
	OK(strstr(spec_said, "process.capabilities.bounding[0]: unknown "
		"capability `CAP_NEW` is not granted\n"));
}

static void
test_scheduling(void)
{
	HAS(PROCESS("'scheduler':{'policy':'SCHED_DEADLINE','nice':-20,"
		"'priority':99,'runtime':1,'deadline':2,'period':3,'flags':"
		"['SCHED_FLAG_RESET_ON_FORK','SCHED_FLAG_UTIL_CLAMP_MAX']}"),
		spec.process->scheduler->policy == 6 &&
		spec.process->scheduler->nice == -20 &&
		spec.process->scheduler->priority == 99 &&
		spec.process->scheduler->runtime == 1 &&
		spec.process->scheduler->deadline == 2 &&
		spec.process->scheduler->period == 3 &&
		spec.process->scheduler->flags == 0x41);
	HAS(PROCESS("'ioPriority':{'class':'IOPRIO_CLASS_IDLE',"
		"'priority':7}"),
		spec.process->io_priority->class == 3 &&
		spec.process->io_priority->priority == 7);
	TEXT_IS(PROCESS("'execCPUAffinity':{'initial':'0-3'}"),
		spec.process->exec_cpu_affinity->initial, "0-3");
	TEXT_IS(PROCESS("'execCPUAffinity':{'final':'7'}"),
		spec.process->exec_cpu_affinity->final, "7");
}

static void
test_user(void)
{
	HAS(PROCESS("'user':{'uid':4294967294,'gid':2,'umask':63,"
		"'additionalGids':[5,6],'username':'u'}"),
		spec.process->user.uid == 4294967294 &&
		spec.process->user.gid == 2 && spec.process->user.has_umask &&
		spec.process->user.umask == 077 &&
		spec.process->user.n_additional_gids == 2 &&
		spec.process->user.additional_gids[1] == 6 &&
		!strcmp(spec.process->user.username, "u"));
	HAS(PROCESS("'user':{'uid':0,'gid':0,'additionalGids':[]}"),
		!spec.process->user.has_umask &&
		!spec.process->user.n_additional_gids);
}

static void
test_hooks(void)
{
	static const char names[HOOK_KINDS][16] = {
		"prestart", "createRuntime", "createContainer",
		"startContainer", "poststart", "poststop",
	};
	char text[256];
	unsigned i;

	for (i = 0; i < HOOK_KINDS; i++) {
		snprintf(text, sizeof(text), TOP("'hooks':{'%s':[{'path':'/a',"
			"'args':['b','c'],'env':['D=e'],'timeout':%u},"
			"{'path':'/f'}]}"), names[i], i + 1);
		HAS(text, spec.hooks->n_list[i] == 2 &&
			!strcmp(spec.hooks->list[i][0].path, "/a") &&
			spec.hooks->list[i][0].n_args == 2 &&
			!strcmp(spec.hooks->list[i][0].args[1], "c") &&
			!strcmp(spec.hooks->list[i][0].env[0], "D=e") &&
			spec.hooks->list[i][0].has_timeout &&
			spec.hooks->list[i][0].timeout == i + 1 &&
			!spec.hooks->list[i][1].has_timeout &&
			!spec.hooks->list[i][1].args);
	}
	HAS(TOP("'hooks':{}"), spec.hooks && !spec.hooks->n_list[0]);
}

static void
test_annotations(void)
{
	static const char text[] = TOP("'annotations': {'a': 'b', 'c':'\\u00e9'"
		" } ");
	char got[32];

	HAS(text, spec.annotations.n == 2 && spec.annotations.len == 25);
	snprintf(got, sizeof(got), "%.*s", (int)spec.annotations.len,
		spec_json + spec.annotations.at);
	IS(got, "{\"a\": \"b\", \"c\":\"\\u00e9\" }");
	HAS(TOP("'annotations':{}"), spec.annotations.len == 2 &&
		!spec.annotations.n);
}

static void
test_namespaces(void)
{
	HAS(NS("{'type':'pid'},{'type':'network','path':'/n'}", ""),
		L.n_namespaces == 2 && L.namespaces[0].type == CLONE_NEWPID &&
		!L.namespaces[0].path &&
		L.namespaces[1].type == CLONE_NEWNET &&
		!strcmp(L.namespaces[1].path, "/n"));
	HAS(NS("{'type':'mount'},{'type':'ipc'},{'type':'uts'},{'type':'user'},"
		"{'type':'cgroup'},{'type':'time'}", ""), L.n_namespaces == 6 &&
		L.namespaces[0].type == CLONE_NEWNS &&
		L.namespaces[1].type == CLONE_NEWIPC &&
		L.namespaces[2].type == CLONE_NEWUTS &&
		L.namespaces[3].type == CLONE_NEWUSER &&
		L.namespaces[4].type == CLONE_NEWCGROUP &&
		L.namespaces[5].type == CLONE_NEWTIME);
	HAS(LINUX("'uidMappings':[{'containerID':0,'hostID':1000,'size':9}]"),
		L.n_uid_mappings == 1 && L.uid_mappings[0].host_id == 1000);
	HAS(LINUX("'gidMappings':[{'containerID':7,'hostID':1,'size':"
		"4294967295}]"), L.n_gid_mappings == 1 &&
		L.gid_mappings[0].container_id == 7 &&
		L.gid_mappings[0].size == UINT32_MAX);
	HAS(LINUX("'timeOffsets':{'monotonic':{'secs':-5,'nanosecs':7},"
		"'boottime':{}}"), L.n_time_offsets == 2 &&
		!strcmp(L.time_offsets[0].clock, "monotonic") &&
		L.time_offsets[0].secs == -5 &&
		L.time_offsets[0].nanosecs == 7 &&
		!strcmp(L.time_offsets[1].clock, "boottime") &&
		!L.time_offsets[1].secs);
}

static void
test_devices(void)
{
	HAS(LINUX("'devices':[{'path':'/dev/fuse','type':'c','major':10,"
		"'minor':229,'fileMode':438,'uid':1,'gid':2}]"),
		L.n_devices == 1 && L.devices[0].type == 'c' &&
		!strcmp(L.devices[0].path, "/dev/fuse") &&
		L.devices[0].has_major && L.devices[0].major == 10 &&
		L.devices[0].has_minor && L.devices[0].minor == 229 &&
		L.devices[0].has_file_mode && L.devices[0].file_mode == 0666 &&
		L.devices[0].has_uid && L.devices[0].uid == 1 &&
		L.devices[0].has_gid && L.devices[0].gid == 2);
	HAS(LINUX("'devices':[{'path':'/a','type':'u'},{'path':'/b','type':"
		"'b'},{'path':'/c','type':'p'}]"), L.n_devices == 3 &&
		L.devices[0].type == 'c' && L.devices[1].type == 'b' &&
		L.devices[2].type == 'p' && !L.devices[2].has_major &&
		!L.devices[2].has_file_mode && !L.devices[2].has_uid);
	HAS(LINUX("'netDevices':{'eth0':{'name':'e'},'eth1':{}}"),
		L.n_net_devices == 2 &&
		!strcmp(L.net_devices[0].device, "eth0") &&
		!strcmp(L.net_devices[0].name, "e") &&
		!strcmp(L.net_devices[1].device, "eth1") &&
		!L.net_devices[1].name);
}

static void
test_linux(void)
{
	TEXT_IS(LINUX("'cgroupsPath':'/a'"), L.cgroups_path, "/a");
	TEXT_IS(LINUX("'mountLabel':'m'"), L.mount_label, "m");
	HAS(LINUX("'rootfsPropagation':'shared'"),
		L.rootfs_propagation == MS_SHARED);
	HAS(LINUX("'rootfsPropagation':'slave'"),
		L.rootfs_propagation == MS_SLAVE);
	HAS(LINUX("'rootfsPropagation':'private'"),
		L.rootfs_propagation == MS_PRIVATE);
	HAS(LINUX("'rootfsPropagation':'unbindable'"),
		L.rootfs_propagation == MS_UNBINDABLE);
	HAS(LINUX("'rootfsPropagation':'rslave'"),
		L.rootfs_propagation == (MS_SLAVE | MS_REC));
	HAS(LINUX("'maskedPaths':['/a','/b']"), L.n_masked_paths == 2 &&
		!strcmp(L.masked_paths[1], "/b") && !L.masked_paths[2]);
	HAS(LINUX("'readonlyPaths':['/c']"), L.n_readonly_paths == 1 &&
		!strcmp(L.readonly_paths[0], "/c"));
	HAS(LINUX("'sysctl':{'net.b':'1','net.a':'2'}"), L.n_sysctl == 2 &&
		!strcmp(L.sysctl[0].key, "net.b") &&
		!strcmp(L.sysctl[0].value, "1") &&
		!strcmp(L.sysctl[1].key, "net.a"));
	HAS(LINUX("'personality':{'domain':'LINUX32','flags':[]}"),
		L.personality->domain == 8);
	HAS(LINUX("'memoryPolicy':{'mode':'MPOL_WEIGHTED_INTERLEAVE',"
		"'nodes':'0-1','flags':['MPOL_F_STATIC_NODES',"
		"'MPOL_F_NUMA_BALANCING']}"), L.memory_policy->mode == 6 &&
		!strcmp(L.memory_policy->nodes, "0-1") &&
		L.memory_policy->flags == 0xa000);
	HAS(LINUX("'intelRdt':{'closID':'c','l3CacheSchema':'L3:0=f',"
		"'memBwSchema':'MB:0=2','schemata':['x','y'],"
		"'enableMonitoring':true}"),
		!strcmp(L.intel_rdt->clos_id, "c") &&
		!strcmp(L.intel_rdt->l3_cache_schema, "L3:0=f") &&
		!strcmp(L.intel_rdt->mem_bw_schema, "MB:0=2") &&
		L.intel_rdt->n_schemata == 2 &&
		!strcmp(L.intel_rdt->schemata[1], "y") &&
		L.intel_rdt->enable_monitoring);
}

static void
test_rules(void)
{
	HAS(RESOURCES("'devices':[{'allow':false},{'allow':true,'type':'c',"
		"'major':1,'minor':3,'access':'rm'},{'allow':true,'type':'b',"
		"'major':-1,'minor':-1,'access':'w'}]"), R->n_devices == 3 &&
		!R->devices[0].allow && R->devices[0].type == 'a' &&
		R->devices[0].major == -1 && R->devices[0].minor == -1 &&
		!R->devices[0].has_access &&
		!strcmp(R->devices[0].access, "rwm") &&
		R->devices[1].allow && R->devices[1].type == 'c' &&
		R->devices[1].major == 1 && R->devices[1].minor == 3 &&
		R->devices[1].has_access &&
		!strcmp(R->devices[1].access, "rm") &&
		R->devices[2].type == 'b' && R->devices[2].major == -1);
}

static void
test_memory(void)
{
#define M R->memory
	HAS(RESOURCES("'memory':{'limit':1}"), M->has_limit && M->limit == 1);
	HAS(RESOURCES("'memory':{'reservation':-1}"), M->has_reservation &&
		M->reservation == -1);
	HAS(RESOURCES("'memory':{'swap':9223372036854775807}"), M->has_swap &&
		M->swap == INT64_MAX);
	HAS(RESOURCES("'memory':{'kernel':4}"), M->has_kernel &&
		M->kernel == 4);
	HAS(RESOURCES("'memory':{'kernelTCP':5}"), M->has_kernel_tcp &&
		M->kernel_tcp == 5);
	HAS(RESOURCES("'memory':{'swappiness':0}"), M->has_swappiness &&
		M->swappiness == 0);
	HAS(RESOURCES("'memory':{'disableOOMKiller':false}"),
		M->has_disable_oom_killer && !M->disable_oom_killer);
	HAS(RESOURCES("'memory':{'useHierarchy':true}"),
		M->has_use_hierarchy && M->use_hierarchy);
	HAS(RESOURCES("'memory':{'checkBeforeUpdate':true}"),
		M->has_check_before_update && M->check_before_update);
	HAS(RESOURCES("'memory':{}"), !M->has_limit && !M->has_swap &&
		!M->has_reservation && !M->has_kernel && !M->has_kernel_tcp &&
		!M->has_swappiness && !M->has_disable_oom_killer &&
		!M->has_use_hierarchy && !M->has_check_before_update);
}

static void
test_cpu(void)
{
#define C R->cpu
	HAS(RESOURCES("'cpu':{'shares':18446744073709551615}"),
		C->has_shares && C->shares == UINT64_MAX);
	HAS(RESOURCES("'cpu':{'quota':-1}"), C->has_quota && C->quota == -1);
	HAS(RESOURCES("'cpu':{'burst':3}"), C->has_burst && C->burst == 3);
	HAS(RESOURCES("'cpu':{'period':4}"), C->has_period && C->period == 4);
	HAS(RESOURCES("'cpu':{'realtimeRuntime':5}"),
		C->has_realtime_runtime && C->realtime_runtime == 5);
	HAS(RESOURCES("'cpu':{'realtimePeriod':6}"),
		C->has_realtime_period && C->realtime_period == 6);
	TEXT_IS(RESOURCES("'cpu':{'cpus':'0-1'}"), C->cpus, "0-1");
	TEXT_IS(RESOURCES("'cpu':{'mems':'2'}"), C->mems, "2");
	HAS(RESOURCES("'cpu':{'idle':1}"), C->has_idle && C->idle == 1);
	HAS(RESOURCES("'cpu':{}"), !C->has_shares && !C->has_quota &&
		!C->has_burst && !C->has_period && !C->has_idle &&
		!C->has_realtime_runtime && !C->has_realtime_period &&
		!C->cpus && !C->mems);
}

static void
test_block_io(void)
{
#define B R->block_io
	HAS(RESOURCES("'blockIO':{'weight':10,'leafWeight':1000}"),
		B->has_weight && B->weight == 10 && B->has_leaf_weight &&
		B->leaf_weight == 1000);
	HAS(RESOURCES("'blockIO':{'weightDevice':[{'major':8,'minor':16,"
		"'weight':500,'leafWeight':300},{'major':8,'minor':0}]}"),
		B->n_weight_device == 2 && B->weight_device[0].major == 8 &&
		B->weight_device[0].minor == 16 &&
		B->weight_device[0].has_weight &&
		B->weight_device[0].weight == 500 &&
		B->weight_device[0].has_leaf_weight &&
		B->weight_device[0].leaf_weight == 300 &&
		!B->weight_device[1].has_weight);
#define RATE(m) "'" m "':[{'major':1,'minor':2,'rate':3}]"
	HAS(RESOURCES("'blockIO':{" RATE("throttleReadBpsDevice") "}"),
		B->n_throttle_read_bps_device == 1 &&
		B->throttle_read_bps_device[0].rate == 3);
	HAS(RESOURCES("'blockIO':{" RATE("throttleWriteBpsDevice") "}"),
		B->n_throttle_write_bps_device == 1 &&
		B->throttle_write_bps_device[0].major == 1);
	HAS(RESOURCES("'blockIO':{" RATE("throttleReadIOPSDevice") "}"),
		B->n_throttle_read_iops_device == 1 &&
		B->throttle_read_iops_device[0].minor == 2);
	HAS(RESOURCES("'blockIO':{" RATE("throttleWriteIOPSDevice") "}"),
		B->n_throttle_write_iops_device == 1 &&
		B->throttle_write_iops_device[0].rate == 3);
}

static void
test_other_resources(void)
{
	HAS(RESOURCES("'pids':{'limit':0}"), R->pids->has_limit &&
		R->pids->limit == 0);
	HAS(RESOURCES("'pids':{}"), !R->pids->has_limit);
	HAS(RESOURCES("'hugepageLimits':[{'pageSize':'2MB','limit':7}]"),
		R->n_hugepage_limits == 1 && R->hugepage_limits[0].limit == 7 &&
		!strcmp(R->hugepage_limits[0].page_size, "2MB"));
	HAS(RESOURCES("'network':{'classID':1048577,'priorities':"
		"[{'name':'e','priority':5}]}"), R->network->has_class_id &&
		R->network->class_id == 1048577 &&
		R->network->n_priorities == 1 &&
		R->network->priorities[0].priority == 5 &&
		!strcmp(R->network->priorities[0].name, "e"));
	HAS(RESOURCES("'rdma':{'m':{'hcaHandles':3},'n':{'hcaObjects':4}}"),
		R->n_rdma == 2 && !strcmp(R->rdma[0].device, "m") &&
		R->rdma[0].has_hca_handles && R->rdma[0].hca_handles == 3 &&
		!R->rdma[0].has_hca_objects && R->rdma[1].hca_objects == 4);
	HAS(RESOURCES("'unified':{'b.x':'1','a.y':'2\\n3'}"),
		R->n_unified == 2 && !strcmp(R->unified[0].key, "b.x") &&
		!strcmp(R->unified[1].value, "2\n3"));
}

static void
test_seccomp(void)
{
#define S spec.linux.seccomp
	HAS(LINUX("'seccomp':{'defaultAction':'SCMP_ACT_KILL'}"),
		S->default_action == SECCOMP_ACT_KILL_THREAD && !S->has_flags &&
		!S->has_default_errno_ret && !S->syscalls);
	HAS(SECCOMP("'defaultErrnoRet':4095"), S->has_default_errno_ret &&
		S->default_errno_ret == 4095 &&
		S->default_action == SECCOMP_ACT_ALLOW);
	HAS(SECCOMP("'architectures':['SCMP_ARCH_X86','SCMP_ARCH_SHEB']"),
		S->architectures == (1u << SECCOMP_ARCH_X86 |
			1u << SECCOMP_ARCH_SHEB));
	HAS(SECCOMP("'flags':['SECCOMP_FILTER_FLAG_LOG',"
		"'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV']"), S->has_flags &&
		S->flags == 0x22);
	HAS(SECCOMP("'flags':[]"), S->has_flags && !S->flags);
	TEXT_IS(SECCOMP("'listenerPath':'/s'"), S->listener_path, "/s");
	TEXT_IS(SECCOMP("'listenerMetadata':'m'"), S->listener_metadata, "m");
	HAS(SECCOMP("'syscalls':[{'names':['a','b'],'action':'SCMP_ACT_ERRNO',"
		"'errnoRet':2,'args':[{'index':5,'value':18446744073709551615,"
		"'valueTwo':7,'op':'SCMP_CMP_MASKED_EQ'}]}]"),
		S->n_syscalls == 1 && S->syscalls[0].n_names == 2 &&
		!strcmp(S->syscalls[0].names[1], "b") &&
		S->syscalls[0].action == SECCOMP_ACT_ERRNO &&
		S->syscalls[0].has_errno_ret && S->syscalls[0].errno_ret == 2 &&
		S->syscalls[0].n_args == 1 &&
		S->syscalls[0].args[0].index == 5 &&
		S->syscalls[0].args[0].value == UINT64_MAX &&
		S->syscalls[0].args[0].value_two == 7 &&
		S->syscalls[0].args[0].op == SECCOMP_OP_MASKED_EQ);
}

/* Every name of a list is known: list parted by spaces, put in for %s. */
static void
test_names(const char *fmt, const char *prefix, const char *list)
{
	char words[512], text[512], *p;

	snprintf(words, sizeof(words), "%s", list);
	for (p = strtok(words, " "); p; p = strtok(NULL, " ")) {
		char full[64];
		size_t n = strcspn(fmt, "@");

		snprintf(full, sizeof(full), "%s%s", prefix, p);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)n, fmt, full,
			fmt + n + 1);
		OK(spec_good(text));
	}
}

static void
test_all_names(void)
{
	test_names(SECCOMP("'architectures':['@']"), "SCMP_ARCH_",
		"X86 X86_64 X32 ARM AARCH64 MIPS MIPS64 MIPS64N32 MIPSEL "
		"MIPSEL64 MIPSEL64N32 PPC PPC64 PPC64LE S390 S390X PARISC "
		"PARISC64 RISCV64 LOONGARCH64 M68K SH SHEB");
	test_names(LINUX("'seccomp':{'defaultAction':'@'}"), "SCMP_ACT_",
		"KILL KILL_PROCESS KILL_THREAD TRAP ERRNO TRACE ALLOW LOG "
		"NOTIFY");
	test_names(SECCOMP("'syscalls':[{'names':[],'action':'SCMP_ACT_LOG',"
		"'args':[{'index':0,'value':0,'op':'@'}]}]"), "SCMP_CMP_",
		"NE LT LE EQ GE GT MASKED_EQ");
	test_names(SECCOMP("'flags':['@']"), "SECCOMP_FILTER_FLAG_",
		"TSYNC LOG SPEC_ALLOW WAIT_KILLABLE_RECV");
	test_names(PROCESS("'scheduler':{'policy':'@'}"), "SCHED_",
		"OTHER FIFO RR BATCH ISO IDLE DEADLINE");
	test_names(PROCESS("'scheduler':{'policy':'SCHED_RR','flags':['@']}"),
		"SCHED_FLAG_", "RESET_ON_FORK RECLAIM DL_OVERRUN KEEP_POLICY "
		"KEEP_PARAMS UTIL_CLAMP_MIN UTIL_CLAMP_MAX");
	test_names(PROCESS("'ioPriority':{'class':'@','priority':0}"),
		"IOPRIO_CLASS_", "RT BE IDLE");
	test_names(LINUX("'memoryPolicy':{'mode':'@'}"), "MPOL_",
		"DEFAULT BIND INTERLEAVE WEIGHTED_INTERLEAVE PREFERRED "
		"PREFERRED_MANY LOCAL");
	test_names(LINUX("'memoryPolicy':{'mode':'MPOL_BIND','flags':['@']}"),
		"MPOL_F_", "NUMA_BALANCING RELATIVE_NODES STATIC_NODES");
	test_names(LINUX("'personality':{'domain':'@'}"), "", "LINUX LINUX32");
	test_names(PROCESS("'rlimits':[{'type':'@','soft':0,'hard':0}]"),
		"RLIMIT_", "AS CORE CPU DATA FSIZE LOCKS MEMLOCK MSGQUEUE NICE "
		"NOFILE NPROC RSS RTPRIO RTTIME SIGPENDING STACK");
}

int
main(void)
{
	test_general();
	test_mounts();
	test_process();
	test_capabilities();
	test_scheduling();
	test_user();
	test_hooks();
	test_annotations();
	test_namespaces();
	test_devices();
	test_linux();
	test_rules();
	test_memory();
	test_cpu();
	test_block_io();
	test_other_resources();
	test_seccomp();
	test_all_names();
	return done();
}
