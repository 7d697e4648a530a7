/* SPDX-License-Identifier: MIT */
/* t_feature_need.c -- which features a config can't do without, by each member
 * that needs one. */
#include "../../src/feature_need.c"
#include "spec_text.h"
#include "str.h"

static struct feature_rules rules = { .cgroups = true, .lsm = true };
static struct feature_needs needs;

/* Names of the rows that a config needs, in order. */
static const char *
need_of(const char *config)
{
	static char out[2048];
	struct str s;
	struct err e = { 0 };
	const char *why = spec_try(config, false, false);
	unsigned i;

	if (*why)
		return why;
	memset(&needs, 0, sizeof(needs));
	if (feature_needs_of(&needs, &spec, &rules, spec_arena, &e)) {
		snprintf(out, sizeof(out), "%s", err_str(&e));
		return out;
	}
	str_init(&s, out, sizeof(out));
	for (i = 0; i < F_COUNT; i++) {
		if (needs.of[i])
			str_add(&s, "%s%s", s.len ? " " : "",
				feature_text((enum feature)i).name);
	}
	for (i = 0; i < needs.n_types; i++)
		str_add(&s, " +%s", needs.types[i]);
	return out;
}

#define TYPED(type, options) \
	need_of(MOUNT("'type':'" type "','options':[" options "]"))
#define LIMIT(m) need_of(RESOURCES(m))
#define SHARED(ns, options) \
	need_of(TOP("'linux':{'rootfsPropagation':'rshared','namespaces':[" \
		"{'type':'mount'}" ns "]},'mounts':[{'destination':'/a'," \
		"'source':'/s','type':'bind','options':[" options "]}]"))

static void
test_namespaces(void)
{
	IS(need_of(TOP("'hostname':'x'")), "");
	IS(need_of(NS("{'type':'pid'}", "")), "ns-pid");
	IS(need_of(NS("{'type':'user'}", "")), "host-user-ns ns-user");
	IS(need_of(NS("{'type':'user','path':'/x'}", "")), "ns-user");
	IS(need_of(NS("{'type':'cgroup'},{'type':'ipc'},{'type':'mount'},"
		"{'type':'network'},{'type':'time'},{'type':'uts'}", "")),
		"ns-cgroup ns-ipc ns-mount ns-network ns-time ns-uts");
}

static void
test_mounts(void)
{
	IS(TYPED("proc", ""), "fs-proc");
	IS(TYPED("tmpfs", "'ro'"), "fs-tmpfs");
	IS(TYPED("overlay", "'lowerdir=a'"), "fs-overlay");
	IS(TYPED("overlay", "'nofail'"), "");
	IS(TYPED("overlay", "'optional'"), "");
	IS(TYPED("mqueue", ""), "fs-mqueue");
	IS(TYPED("none", "'rbind'"), "");
	IS(TYPED("bind", ""), "");
	IS(TYPED("cgroup", ""), "");
	IS(TYPED("cgroup2", ""), "");
	IS(TYPED("tmpfs", "'remount'"), "");
	IS(TYPED("bcachefs", ""), " +bcachefs");
	IS(need_of(TOP("'mounts':[{'destination':'/a','type':'x'},"
		"{'destination':'/b','type':'x'},"
		"{'destination':'/c','type':'y'}]")), " +x +y");
	IS(need_of(MOUNT("'type':'bind','options':['bind'],"
		"'uidMappings':[{'containerID':0,'hostID':1,'size':1}],"
		"'gidMappings':[{'containerID':0,'hostID':1,'size':1}]")),
		"call-mount-setattr ns-user");
	IS(TYPED("bind", "'bind','idmap'"), "call-mount-setattr");
	IS(TYPED("bind", "'bind','idmap','optional'"), "call-mount-setattr");
	IS(SHARED("", "'rbind','rshared'"), "call-mount-api ns-mount");
	IS(SHARED("", "'bind','shared','optional'"), "call-mount-api ns-mount");
	IS(SHARED("", "'rbind'"), "ns-mount");
	IS(SHARED("", "'rbind','rshared','slave'"), "ns-mount");
	IS(SHARED(",{'type':'user','path':'/u'}", "'rbind','rshared'"),
		"ns-mount ns-user");
	IS(need_of(TOP("'linux':{'rootfsPropagation':'rslave','namespaces':["
		"{'type':'mount'}]},'mounts':[{'destination':'/a',"
		"'source':'/s','options':['rbind','rshared']}]")), "ns-mount");
	IS(need_of(TOP("'mounts':[{'destination':'/','type':'1'},"
		"{'destination':'/','type':'2'},{'destination':'/','type':'3'},"
		"{'destination':'/','type':'4'},{'destination':'/','type':'5'},"
		"{'destination':'/','type':'6'},{'destination':'/','type':'7'},"
		"{'destination':'/','type':'8'},{'destination':'/','type':'9'},"
		"{'destination':'/','type':'a'},{'destination':'/','type':'b'},"
		"{'destination':'/','type':'c'},{'destination':'/','type':'d'},"
		"{'destination':'/','type':'e'},{'destination':'/','type':'f'},"
		"{'destination':'/','type':'g'},{'destination':'/','type':'h'}"
		"]")), "mounts[16]: mounts: more than 16 types of file systems "
		"that are not known");
}

static void
test_resources(void)
{
	IS(LIMIT("'memory':{'limit':1}"), "cgroup-memory cgroups");
	IS(LIMIT("'memory':{'limit':-1}"), "");
	IS(LIMIT("'memory':{'limit':1,'swap':1}"),
		"cgroup-memory cgroup-swap cgroups");
	IS(LIMIT("'memory':{'limit':1,'swap':-1}"), "cgroup-memory cgroups");
	IS(LIMIT("'memory':{'swappiness':0}"), "cgroup-memory cgroups");
	IS(LIMIT("'cpu':{'shares':2}"), "cgroup-cpu cgroups");
	IS(LIMIT("'cpu':{'quota':1000}"), "cgroup-cpu-quota cgroups");
	IS(LIMIT("'cpu':{'quota':-1}"), "");
	IS(LIMIT("'cpu':{'realtimeRuntime':1}"), "cgroup-cpu-rt cgroups");
	IS(LIMIT("'cpu':{'cpus':'0'}"), "cgroup-cpuset cgroups");
	IS(LIMIT("'pids':{'limit':0}"), "cgroup-pids cgroups");
	IS(LIMIT("'pids':{'limit':-1}"), "");
	IS(LIMIT("'blockIO':{'weight':10}"),
		"cgroup-io cgroup-io-weight cgroups");
	IS(LIMIT("'blockIO':{'throttleReadBpsDevice':[{'major':8,'minor':0,"
		"'rate':1}]}"), "cgroup-io cgroup-io-throttle cgroups");
	IS(LIMIT("'hugepageLimits':[{'pageSize':'2MB','limit':1}]"),
		"cgroup-hugetlb cgroups");
	IS(LIMIT("'rdma':{'x':{'hcaHandles':1}}"), "cgroup-rdma cgroups");
	IS(LIMIT("'network':{'classID':1}"), "cgroup-net-cls cgroups");
	IS(LIMIT("'network':{'classID':0}"), "");
	IS(LIMIT("'network':{'priorities':[{'name':'lo','priority':1}]}"),
		"cgroup-net-prio cgroups");
	IS(LIMIT("'unified':{'memory.high':'1'}"), "cgroup-memory cgroups");
	IS(LIMIT("'unified':{'io.max':'1'}"), "cgroup-io cgroups");
	IS(LIMIT("'unified':{'cpu.weight':'1'}"), "cgroup-cpu cgroups");
	IS(LIMIT("'unified':{'cpuset.cpus':'1'}"), "cgroup-cpuset cgroups");
	IS(LIMIT("'unified':{'misc.max':'1'}"), "cgroup-misc cgroups");
	IS(LIMIT("'unified':{'cgroup.freeze':'1'}"), "");
	IS(need_of(LINUX("'cgroupsPath':'/x'")), "cgroups");
}

static void
test_process(void)
{
	IS(need_of(PROCESS("'terminal':true")), "call-signalfd fs-devpts");
	IS(need_of(PROCESS("'apparmorProfile':'p'")), "lsm-apparmor");
	IS(need_of(PROCESS("'apparmorProfile':'unconfined'")), "");
	IS(need_of(PROCESS("'selinuxLabel':'l'")), "lsm-selinux");
	IS(need_of(PROCESS("'ioPriority':{'class':'IOPRIO_CLASS_IDLE',"
		"'priority':0}")), "call-ioprio");
	IS(need_of(LINUX("'mountLabel':'l'")), "lsm-selinux");
	rules.lsm = rules.cgroups = false;
	IS(need_of(PROCESS("'apparmorProfile':'p'")), "");
	IS(need_of(PROCESS("'selinuxLabel':'l'")), "");
	IS(need_of(LINUX("'mountLabel':'l'")), "");
	IS(need_of(LINUX("'cgroupsPath':'/x'")), "");
	rules.lsm = rules.cgroups = true;
	IS(need_of(LINUX("'sysctl':{'net.x':'1'}")), "sysctl");
	IS(need_of(LINUX("'netDevices':{'eth0':{}}")), "net-link");
	IS(need_of(LINUX("'intelRdt':{'closID':'x'}")), "resctrl");
	IS(need_of(LINUX("'memoryPolicy':{'mode':'MPOL_BIND','nodes':'0'}")),
		"call-mempolicy");
	IS(need_of(TOP("'annotations':{'wherry.seccomp':'f'}")), "seccomp");
	IS(need_of(SECCOMP("'syscalls':[]")), "seccomp");
	IS(need_of(SECCOMP("'syscalls':[{'names':['read'],"
		"'action':'SCMP_ACT_NOTIFY'}]")), "seccomp seccomp-notify");
}

/* A row that wherry can do without is never needed. */
static void
test_always(void)
{
	unsigned i, n = 0, bad = 0;

	memset(&needs, 0, sizeof(needs));
	feature_needs_all(&needs, &rules);
	for (i = 0; i < F_COUNT; i++) {
		n += needs.of[i];
		bad += needs.of[i] && feature_kinds[i].without != REFUSED;
	}
	IS_INT(n, 8);
	IS_INT(bad, 0);
	OK(!needs.of[F_CG_DEVICES] && needs.of[F_FS_PROC]);
	need(&needs, F_OPENAT2, true);
	need(&needs, F_PIDFD, true);
	OK(!needs.of[F_OPENAT2] && !needs.of[F_PIDFD]);
	rules.devices = true;
	feature_needs_all(&needs, &rules);
	OK(needs.of[F_CG_DEVICES] && needs.of[F_CGROUPS]);
}

int
main(void)
{
	test_namespaces();
	test_mounts();
	test_resources();
	test_process();
	test_always();
	return done();
}
