/* SPDX-License-Identifier: MIT */
/* t_plan_knob.c -- every member of linux.resources on v1 and v2, at its edges:
 * the files and texts, in order, or the error. */
#include <stdlib.h>

#include "arena.h"
#include "conf.h"
#include "diag.h"
#include "err.h"
#include "host.h"
#include "io.h"
#include "plan.h"
#include "plan_cgroup.h"
#include "plan_knob.h"
#include "plan_weight.h"
#include "spec.h"
#include "spec_check.h"
#include "spec_decode.h"
#include "tap.h"

static char block[1 << 20];
static struct arena arena;
static struct err e;
static struct plan_args args = { .id = "box", .devices_cgroup = POLICY_OFF };

static struct host_hier v1_hier[] = {
	{ false, "memory", "/c/memory", "/", true },
	{ false, "cpu,cpuacct", "/c/cpu", "/", true },
	{ false, "cpuset", "/c/cpuset", "/", true },
	{ false, "pids", "/c/pids", "/", true },
	{ false, "blkio", "/c/blkio", "/", true },
	{ false, "hugetlb", "/c/hugetlb", "/", true },
	{ false, "net_cls,net_prio", "/c/net", "/", true },
	{ false, "rdma", "/c/rdma", "/", true },
};
static struct host_hier v2_hier[] = {
	{ true, "cpuset cpu io memory hugetlb pids rdma misc", "/c", "/",
	  true },
};
static struct host_hier hybrid_hier[] = {
	{ false, "memory", "/c/memory", "/", true },
	{ true, "hugetlb io misc", "/c/unified", "/", true },
};
static struct host_hier bare_hier[] = {
	{ true, "", "/c", "/", true },
};
static struct host_hier user_hier[] = {
	{ true, "memory", "/c", "/", false },
};
static const struct host v1 = { .hier = v1_hier, .n_hier = COUNT(v1_hier),
	.cgroup1 = true, .cgroup2 = true };
static const struct host v2 = { .hier = v2_hier, .n_hier = 1,
	.cgroup1 = true, .cgroup2 = true };
static const struct host hybrid = { .hier = hybrid_hier, .n_hier = 2,
	.cgroup1 = true, .cgroup2 = true };
static const struct host bare = { .hier = bare_hier, .n_hier = 1,
	.cgroup1 = true, .cgroup2 = true };
static const struct host none = { .cgroup1 = true, .cgroup2 = true };
static const struct host none_v1 = { .cgroup1 = true };
static const struct host user = { .uid = 1000, .hier = user_hier, .n_hier = 1,
	.cgroup2 = true };
static const struct host nothing;

static struct cgroup_plan plan;

/* Reads the config whose linux.resources is text, with ' for ". */
static int
config(const char *text, struct spec *s)
{
	static char json[1 << 14];
	struct diag d = { .name = "c" };
	int n;

	arena.at = block;
	arena.end = block + sizeof(block);
	err_clear(&e);
	n = snprintf(json, sizeof(json), "{'ociVersion':'1.3.0','root':{"
		"'path':'r'},'linux':{'resources':{%s}}}", text);
	for (char *p = json; *p; p++) {
		if (*p == '\'')
			*p = '"';
	}
	return spec_decode_text(s, json, (size_t)n, &d, &arena, &e) ||
		spec_check(s, &d, arena, &e) ? -1 : 0;
}

/* "memory.max=1 pids.max=2?": ? may lack, / alternative. */
static const char *
written(const struct cgroup_write *w)
{
	static char text[8192];
	size_t n = 0;

	for (text[0] = '\0'; w; w = w->next) {
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s=%s",
			n ? ", " : "", w->file, w->text);
		if (w->alt)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
				" / %s=%s", w->alt, w->alt_text);
		if (w->how & WRITE_MAY_LACK)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "?");
	}
	return text;
}

static const char *
on(const struct host *h, const char *text)
{
	struct spec s;

	if (config(text, &s) ||
	    plan_cgroup(&plan, &s, h, &args, &arena, &e))
		return err_str(&e);
	return written(plan.writes);
}

#define R "linux.resources."
#define NO2(m) R m ": cgroup v2 has no such setting"
#define MAX63 "9223372036854775807"

static const struct {
	const char *config, *v1, *v2;
} cases[] = {
	{ "", "", "" },
	{ "'memory':{},'cpu':{},'pids':{},'blockIO':{},'network':{}", "", "" },
	/* memory */
	{ "'memory':{'limit':0,'swap':0,'reservation':0,'kernel':0}", "", "" },
	{ "'memory':{'limit':1}", "memory.limit_in_bytes=1",
		"memory.max=1, memory.oom.group=1?" },
	{ "'memory':{'limit':" MAX63 "}", "memory.limit_in_bytes=" MAX63,
		"memory.max=" MAX63 ", memory.oom.group=1?" },
	{ "'memory':{'limit':-1}", "memory.limit_in_bytes=-1?, "
		"memory.memsw.limit_in_bytes=-1?",
		"memory.max=max?, memory.swap.max=max?" },
	{ "'memory':{'limit':-2}", "c:1:83: " R "memory.limit: "
		"-2 is out of range (-1 to " MAX63 ")", NULL },
	{ "'memory':{'limit':100,'swap':100}",
		"memory.limit_in_bytes=100, memory.memsw.limit_in_bytes=100?",
		"memory.max=100, memory.swap.max=0?, memory.oom.group=1?" },
	{ "'memory':{'limit':100,'swap':101}",
		"memory.limit_in_bytes=100, memory.memsw.limit_in_bytes=101",
		"memory.max=100, memory.swap.max=1, memory.oom.group=1?" },
	{ "'memory':{'limit':1,'swap':" MAX63 "}",
		"memory.limit_in_bytes=1, memory.memsw.limit_in_bytes=" MAX63,
		"memory.max=1, memory.swap.max=9223372036854775806, "
		"memory.oom.group=1?" },
	{ "'memory':{'limit':100,'swap':-1}",
		"memory.limit_in_bytes=100, memory.memsw.limit_in_bytes=-1?",
		"memory.max=100, memory.swap.max=max?, memory.oom.group=1?" },
	{ "'memory':{'limit':-1,'swap':5}", R "memory.swap: cgroup v1 needs a "
		"limit of memory with it", "memory.max=max?, "
		"memory.swap.max=5" },
	{ "'memory':{'limit':-1,'swap':-1}", "memory.limit_in_bytes=-1?, "
		"memory.memsw.limit_in_bytes=-1?",
		"memory.max=max?, memory.swap.max=max?" },
	{ "'memory':{'reservation':7}", "memory.soft_limit_in_bytes=7",
		"memory.low=7" },
	{ "'memory':{'reservation':-1}", "memory.soft_limit_in_bytes=-1?",
		"memory.low=max?" },
	{ "'memory':{'kernel':7}", "memory.kmem.limit_in_bytes=7",
		NO2("memory.kernel") },
	{ "'memory':{'kernel':-1}", "memory.kmem.limit_in_bytes=-1?", "" },
	{ "'memory':{'kernelTCP':7}", "memory.kmem.tcp.limit_in_bytes=7",
		NO2("memory.kernelTCP") },
	{ "'memory':{'swappiness':0}", "memory.swappiness=0",
		NO2("memory.swappiness") },
	{ "'memory':{'swappiness':100}", "memory.swappiness=100",
		NO2("memory.swappiness") },
	{ "'memory':{'disableOOMKiller':true}", "memory.oom_control=1",
		NO2("memory.disableOOMKiller") },
	{ "'memory':{'disableOOMKiller':false}", "", "" },
	{ "'memory':{'useHierarchy':true}", "memory.use_hierarchy=1", "" },
	{ "'memory':{'useHierarchy':false}", "memory.use_hierarchy=0",
		R "memory.useHierarchy: cgroup v2 is always a hierarchy" },
	{ "'memory':{'checkBeforeUpdate':true}", "", "" },
	/* cpu */
	{ "'cpu':{'shares':0,'quota':0,'period':0,'realtimePeriod':0,"
		"'realtimeRuntime':0,'cpus':'','mems':''}", "", "" },
	{ "'cpu':{'shares':1}", "cpu.shares=2", "cpu.weight=1" },
	{ "'cpu':{'shares':2}", "cpu.shares=2", "cpu.weight=1" },
	{ "'cpu':{'shares':3}", "cpu.shares=3", "cpu.weight=2" },
	{ "'cpu':{'shares':512}", "cpu.shares=512", "cpu.weight=59" },
	{ "'cpu':{'shares':1024}", "cpu.shares=1024", "cpu.weight=100" },
	{ "'cpu':{'shares':2048}", "cpu.shares=2048", "cpu.weight=174" },
	{ "'cpu':{'shares':262144}", "cpu.shares=262144",
		"cpu.weight=10000" },
	{ "'cpu':{'shares':262145}", "cpu.shares=262144",
		"cpu.weight=10000" },
	{ "'cpu':{'shares':18446744073709551615}", "cpu.shares=262144",
		"cpu.weight=10000" },
	{ "'cpu':{'quota':1000}", "cpu.cfs_quota_us=1000", "cpu.max=1000" },
	{ "'cpu':{'quota':-1}", "cpu.cfs_quota_us=-1?", "cpu.max=max?" },
	{ "'cpu':{'period':50000}", "cpu.cfs_period_us=50000",
		"cpu.max=max 50000" },
	{ "'cpu':{'quota':20000,'period':50000}", "cpu.cfs_period_us=50000, "
		"cpu.cfs_quota_us=20000", "cpu.max=20000 50000" },
	{ "'cpu':{'quota':-1,'period':50000}", "cpu.cfs_period_us=50000, "
		"cpu.cfs_quota_us=-1?", "cpu.max=max 50000?" },
	{ "'cpu':{'quota':20000,'burst':20000}", "cpu.cfs_quota_us=20000, "
		"cpu.cfs_burst_us=20000", "cpu.max=20000, "
		"cpu.max.burst=20000" },
	{ "'cpu':{'burst':0}", "cpu.cfs_burst_us=0?", "cpu.max.burst=0?" },
	{ "'cpu':{'realtimeRuntime':95,'realtimePeriod':100}",
		"cpu.rt_period_us=100, cpu.rt_runtime_us=95",
		NO2("cpu.realtimePeriod") },
	{ "'cpu':{'realtimeRuntime':1}", "cpu.rt_runtime_us=1",
		NO2("cpu.realtimeRuntime") },
	{ "'cpu':{'realtimeRuntime':-1}", "cpu.rt_runtime_us=-1?", "" },
	{ "'cpu':{'idle':0,'shares':1024}", "cpu.idle=0?, cpu.shares=1024",
		"cpu.idle=0?, cpu.weight=100" },
	{ "'cpu':{'idle':1,'shares':1024}", "cpu.idle=1", "cpu.idle=1" },
	{ "'cpu':{'cpus':'0-2,4','mems':'0'}", "cpuset.cpus=0-2,4 / "
		"cpus=0-2,4, cpuset.mems=0 / mems=0",
		"cpuset.cpus=0-2,4, cpuset.mems=0" },
	/* pids */
	{ "'pids':{'limit':0}", "pids.max=0", "pids.max=0" },
	{ "'pids':{'limit':-1}", "pids.max=max?", "pids.max=max?" },
	{ "'pids':{'limit':1}", "pids.max=1", "pids.max=1" },
	{ "'pids':{'limit':" MAX63 "}", "pids.max=" MAX63, "pids.max=" MAX63 },
	/* blockIO */
	{ "'blockIO':{'weight':0,'leafWeight':0}", "", "" },
	{ "'blockIO':{'weight':10}", "blkio.weight=10 / blkio.bfq.weight=10",
		"io.bfq.weight=10 / io.weight=1" },
	{ "'blockIO':{'weight':500}", "blkio.weight=500 / "
		"blkio.bfq.weight=500",
		"io.bfq.weight=500 / io.weight=4950" },
	{ "'blockIO':{'weight':1000}", "blkio.weight=1000 / "
		"blkio.bfq.weight=1000",
		"io.bfq.weight=1000 / io.weight=10000" },
	{ "'blockIO':{'leafWeight':10}", "blkio.leaf_weight=10",
		R "blockIO.leafWeight: cgroup v2 has no such setting" },
	{ "'blockIO':{'weightDevice':[{'major':8,'minor':16,'weight':10}]}",
		"blkio.weight_device=8:16 10 / "
		"blkio.bfq.weight_device=8:16 10",
		"io.bfq.weight=8:16 10 / io.weight=8:16 1" },
	{ "'blockIO':{'weightDevice':[{'major':8,'minor':16,"
		"'leafWeight':10}]}", "blkio.leaf_weight_device=8:16 10",
		NO2("blockIO.weightDevice[0]") },
	{ "'blockIO':{'throttleReadBpsDevice':[{'major':8,'minor':0,"
		"'rate':18446744073709551615}],'throttleWriteBpsDevice':["
		"{'major':8,'minor':0,'rate':2}],'throttleReadIOPSDevice':["
		"{'major':8,'minor':0,'rate':3},{'major':8,'minor':1,'rate':0}"
		"],'throttleWriteIOPSDevice':[{'major':8,'minor':0,'rate':4}]}",
		"blkio.throttle.read_bps_device=8:0 18446744073709551615, "
		"blkio.throttle.write_bps_device=8:0 2, "
		"blkio.throttle.read_iops_device=8:0 3, "
		"blkio.throttle.read_iops_device=8:1 0, "
		"blkio.throttle.write_iops_device=8:0 4",
		"io.max=8:0 rbps=18446744073709551615, io.max=8:0 wbps=2, "
		"io.max=8:0 riops=3, io.max=8:1 riops=max, "
		"io.max=8:0 wiops=4" },
	/* hugepageLimits, network, rdma, unified */
	{ "'hugepageLimits':[{'pageSize':'2MB','limit':0},"
		"{'pageSize':'1GB','limit':18446744073709551615}]",
		"hugetlb.2MB.rsvd.limit_in_bytes=0?, "
		"hugetlb.2MB.limit_in_bytes=0, "
		"hugetlb.1GB.rsvd.limit_in_bytes=18446744073709551615?, "
		"hugetlb.1GB.limit_in_bytes=18446744073709551615",
		"hugetlb.2MB.rsvd.max=0?, hugetlb.2MB.max=0, "
		"hugetlb.1GB.rsvd.max=18446744073709551615?, "
		"hugetlb.1GB.max=18446744073709551615" },
	{ "'network':{'classID':4294967295,'priorities':[{'name':'lo',"
		"'priority':4294967295}]}", "net_cls.classid=4294967295, "
		"net_prio.ifpriomap=lo 4294967295", R "network.classID: "
		"no cgroup hierarchy that we may use has the controller "
		"net_cls (CONFIG_CGROUP_NET_CLASSID)" },
	{ "'network':{'classID':0}", "net_cls.classid=0?", "" },
	{ "'network':{'priorities':[{'name':'lo','priority':0}]}",
		"net_prio.ifpriomap=lo 0", R "network.priorities[0]: "
		"no cgroup hierarchy that we may use has the controller "
		"net_prio (CONFIG_CGROUP_NET_PRIO)" },
	{ "'rdma':{'mlx':{'hcaHandles':0,'hcaObjects':4294967295},"
		"'b':{'hcaObjects':1}}",
		"rdma.max=mlx hca_handle=0 hca_object=4294967295, "
		"rdma.max=b hca_object=1",
		"rdma.max=mlx hca_handle=0 hca_object=4294967295, "
		"rdma.max=b hca_object=1" },
	{ "'unified':{'memory.high':'5','io.max':'8:0 rbps=1\\n8:1 wbps=2\\n'"
		",'cpu.max':''},'memory':{'limit':9}",
		R "unified.memory.high: cgroup v1 has no such setting",
		"memory.max=9, memory.oom.group=1?, memory.high=5, "
		"io.max=8:0 rbps=1, io.max=8:1 wbps=2" },
	{ "'unified':{'cgroup.max.depth':'3'}", R "unified.cgroup.max.depth: "
		"no cgroup hierarchy that we may use has the controller cgroup "
		"(a controller of cgroup v2)", "cgroup.max.depth=3" },
	{ "'unified':{'foo.bar':'3'}", R "unified.foo.bar: no cgroup hierarchy "
		"that we may use has the controller foo "
		"(a controller of cgroup v2)", R "unified.foo.bar: no cgroup "
		"hierarchy that we may use has the controller foo "
		"(a controller of cgroup v2)" },
};

static void
test_cases(void)
{
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		IS(on(&v1, cases[i].config), cases[i].v1);
		if (cases[i].v2)
			IS(on(&v2, cases[i].config), cases[i].v2);
	}
}

static void
test_denied(void)
{
	static const char *const keys[] = {
		"cgroup.procs", "cgroup.threads", "cgroup.kill",
		"cgroup.freeze", "cgroup.type", "cgroup.subtree_control",
	};
	char text[80], want[120];
	size_t i;

	for (i = 0; i < COUNT(keys); i++) {
		snprintf(text, sizeof(text), "'unified':{'%s':'1'}", keys[i]);
		snprintf(want, sizeof(want), R "unified.%s: is not for a "
			"config to set", keys[i]);
		IS(on(&v2, text), want);
	}
}

/* "v1 memory; v2 io; v2 own hugetlb" */
static const char *
ops(void)
{
	static char text[1024];
	size_t n = 0;
	unsigned i;

	text[0] = '\0';
	for (i = 0; i < plan.n_ops; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s%s %s",
			i ? "; " : "",
			plan.ops[i].kind == CGROUP_V2 ? "v2" : "v1",
			plan.ops[i].mount ? "" : " own",
			plan.ops[i].controllers);
	return text;
}

/* What stands in which hierarchy, and what is passed on to get there. */
static void
test_hosts(void)
{
	static const char some[] = "'memory':{'limit':1},'hugepageLimits':"
		"[{'pageSize':'2MB','limit':1}]";

	IS(on(&hybrid, "'memory':{'limit':1}"), "memory.limit_in_bytes=1");
	IS(ops(), "v1 memory; v2 ");
	IS(on(&hybrid, some), "memory.limit_in_bytes=1, "
		"hugetlb.2MB.rsvd.max=1?, hugetlb.2MB.max=1");
	IS(ops(), "v1 memory; v2 hugetlb");
	IS(on(&hybrid, "'unified':{'io.weight':'1','misc.max':'x'}"),
		"io.weight=1, misc.max=x");
	IS(ops(), "v1 memory; v2 io misc");
	IS(on(&hybrid, "'unified':{'memory.high':'1'}"), R "unified.memory."
		"high: cgroup v1 has no such setting");
	IS(on(&hybrid, "'cpu':{'shares':5}"), R "cpu.shares: no cgroup "
		"hierarchy that we may use has the controller cpu "
		"(CONFIG_FAIR_GROUP_SCHED)");
	IS(on(&bare, "'pids':{'limit':5}"), R "pids.limit: no cgroup "
		"hierarchy that we may use has the controller pids "
		"(CONFIG_CGROUP_PIDS)");
	IS(on(&bare, "'pids':{'limit':-1},'memory':{'limit':-1}"), "");
	IS(on(&v2, ""), "");
	IS(ops(), "v2 cpuset cpu io memory hugetlb pids rdma misc");
	/* nothing is mounted */
	IS(on(&none, ""), "");
	IS(ops(), "");
	IS(on(&none, some), "memory.max=1, memory.oom.group=1?, "
		"hugetlb.2MB.rsvd.max=1?, hugetlb.2MB.max=1");
	IS(ops(), "v2 own memory hugetlb");
	IS(on(&none_v1, some), "memory.limit_in_bytes=1, "
		"hugetlb.2MB.rsvd.limit_in_bytes=1?, "
		"hugetlb.2MB.limit_in_bytes=1");
	IS(ops(), "v1 own memory; v1 own hugetlb");
	IS(on(&nothing, "'memory':{'limit':-1},'cpu':{'burst':0}"), "");
	IS(on(&nothing, "'blockIO':{'weight':10}"), R "blockIO.weight: no "
		"cgroup hierarchy that we may use has the controller blkio or "
		"io (CONFIG_BFQ_GROUP_IOSCHED or "
		"CONFIG_BLK_CGROUP_IOCOST)");
	IS(on(&user, "'memory':{'limit':1}"), R "memory.limit: no cgroup "
		"hierarchy that we may use has the controller memory "
		"(CONFIG_MEMCG)");
	args.cgroups_off = true;
	IS(on(&v2, "'memory':{'limit':1}"), R "memory.limit: "
		"cgroups are disabled");
	IS(on(&v2, "'memory':{'limit':-1}"), "");
	args.cgroups_off = false;
}

/* Where half of a pair is not given, the other half holds. */
static const char *
update(const char *text, int64_t limit, const char *quota)
{
	struct spec s;
	struct knobs k = {
		.c = &plan, .a = &arena, .e = &e, .update = true,
		.now_limit = limit, .now_quota = quota,
	};

	on(&v2, "");
	if (config(text, &s))
		return err_str(&e);
	plan.ops = NEW(&arena, struct cgroup_op, &e);
	plan.n_ops = 1;
	plan.ops->kind = CGROUP_V2;
	plan.ops->has = plan.ops->controllers = v2_hier[0].controllers;
	k.r = s.linux.resources;
	return plan_knobs(&k) ? err_str(&e) : written(plan.writes);
}

static void
test_update(void)
{
	IS(update("'cpu':{'quota':5000}", 0, "max"), "cpu.max=5000");
	IS(update("'cpu':{'period':5000}", 0, "max"), "cpu.max=max 5000");
	IS(update("'cpu':{'period':5000}", 0, "3000"), "cpu.max=3000 5000");
	IS(update("'memory':{'limit':100,'swap':150}", 10, NULL),
		"memory.max=100, memory.swap.max=50, memory.oom.group=1?");
	IS(update("'unified':{'memory.high':'1'}", 0, NULL), "memory.high=1");
	IS(update("'cpu':{'cpus':''},'pids':{}", 0, NULL), "");
}

static void
test_weights(void)
{
	unsigned i, last = 0, w;
	bool rises = true;

	for (i = 2; i <= 262144; i += i < 4096 ? 1 : 97) {
		w = weight_of_shares(i);
		rises = rises && w >= last && w >= 1 && w <= 10000;
		last = w;
	}
	OK(rises);
	IS_INT(weight_of_shares(0), 1);
	IS_INT(weight_of_shares(1023), 100);
	IS_INT(weight_of_shares(1025), 101);
	IS_INT(weight_of_shares(262143), 10000);
	IS_INT(weight_of_blkio(11), 11);
	IS_INT(weight_of_blkio(999), 9989);
}

int
main(void)
{
	test_weights();
	if (!FEAT_CGROUP_V1 || !FEAT_CGROUP_V2) {
		SKIP(1, "needs both kinds of cgroups");
		return done();
	}
	test_cases();
	test_denied();
	test_hosts();
	test_update();
	return done();
}
