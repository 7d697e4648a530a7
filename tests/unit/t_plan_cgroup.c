/* SPDX-License-Identifier: MIT */
/* t_plan_cgroup.c -- plans for hosts of every kind, each as one line. */
#include <stdlib.h>

#include "arena.h"
#include "conf.h"
#include "err.h"
#include "host.h"
#include "io.h"
#include "plan.h"
#include "plan_cgroup.h"
#include "spec.h"
#include "tap.h"

static char block[1 << 18];
static struct arena arena;
static struct err e;
static struct spec spec;
static struct spec_resources res;
static struct plan_args args;

static struct host_hier v1_hier[] = {
	{ false, "cpu,cpuacct", "/cg/cpu", "/", true },
	{ false, "devices", "/cg/devices", "/", true },
	{ false, "name=systemd", "/cg/systemd", "/", true },
};
static struct host_hier hybrid_hier[] = {
	{ false, "devices", "/cg/devices", "/", true },
	{ false, "freezer", "/cg/freezer", "/", true },
	{ true, "", "/cg/unified", "/", true },
};
static struct host_hier v2_hier[] = {
	{ true, "cpu io", "/cg", "/", true },
};
static struct host_hier part_hier[] = {
	{ false, "memory", "/cg/memory", "/docker/x", true },
};
static struct host_hier closed_hier[] = {
	{ false, "devices", "/cg/devices", "/", false },
	{ true, "cpu", "/cg/unified", "/", false },
};

#define HIER(h) .hier = h, .n_hier = COUNT(h), .cgroup1 = true, .cgroup2 = true
static const struct host v1 = { HIER(v1_hier) };
static const struct host hybrid = { HIER(hybrid_hier) };
static const struct host v2 = { HIER(v2_hier), .device_bpf = true };
static const struct host v2_nobpf = { HIER(v2_hier) };
static const struct host v2_v1dev = { HIER(v2_hier), .device_v1 = true };
static const struct host part = { HIER(part_hier), .device_v1 = true };
static const struct host part_bpf = { HIER(part_hier), .device_bpf = true };
static const struct host none = { .cgroup1 = true, .cgroup2 = true,
	.device_bpf = true, .device_v1 = true };
static const struct host none_v1 = { .cgroup1 = true, .device_v1 = true };
static const struct host none_mixed = { .cgroup1 = true, .cgroup2 = true,
	.device_v1 = true };
static const struct host nothing;
static const struct host user = { .uid = 1000, HIER(closed_hier) };
static const struct host nested = { .in_userns = true, HIER(v2_hier) };

/* "v2 /cg:x prog" and so on, or the error. */
static const char *
plan_on(const struct host *h)
{
	static char text[8192];
	struct cgroup_plan c;
	size_t n = 0;
	unsigned i;

	arena.at = block;
	arena.end = block + sizeof(block);
	err_clear(&e);
	args.id = "box";
	spec.linux.resources = &res;
	if (plan_cgroup(&c, &spec, h, &args, &arena, &e))
		return err_str(&e);
	for (i = 0; i < c.n_ops; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s%s:%s%s",
			i ? " " : "", c.ops[i].kind == CGROUP_V2 ? "2=" : "1=",
			c.ops[i].mount ? c.ops[i].mount : "own",
			c.ops[i].path, (int)i == c.dev_op ? "!" : "");
	snprintf(text + n, sizeof(text) - n, "%s%s%s",
		c.n_dev_lines ? " lines" : "", c.n_dev_prog ? " prog" : "",
		c.dev_why ? " why" : "");
	return text;
}

static void
reset(void)
{
	memset(&spec, 0, sizeof(spec));
	memset(&res, 0, sizeof(res));
	memset(&args, 0, sizeof(args));
}

static void
test_hosts(void)
{
	reset();
	IS(plan_on(&v1), "1=/cg/cpu:box 1=/cg/devices:box! 1=/cg/systemd:box "
		"lines");
	IS(plan_on(&hybrid), "1=/cg/devices:box! 1=/cg/freezer:box "
		"2=/cg/unified:box lines");
	IS(plan_on(&v2), "2=/cg:box! prog");
	IS(plan_on(&v2_nobpf), "linux.resources.devices: no cgroup of this "
		"host can filter devices (CONFIG_CGROUP_BPF or "
		"CONFIG_CGROUP_DEVICE)");
	IS(plan_on(&v2_v1dev), "2=/cg:box 1=own:box! lines");
	IS(plan_on(&part), "1=/cg/memory:box 1=own:box! lines");
	IS(plan_on(&part_bpf), "1=/cg/memory:box 2=own:box! prog");
	IS(plan_on(&none), "2=own:box! prog");
	IS(plan_on(&none_v1), "1=own:box! lines");
	IS(plan_on(&none_mixed), "2=own:box 1=own:box! lines");
	OK(strstr(plan_on(&nothing), "CONFIG_CGROUP_BPF"));
	args.devices_cgroup = POLICY_WARN;
	IS(plan_on(&nothing), " why");
	IS(plan_on(&v2_nobpf), "2=/cg:box why");
	args.devices_cgroup = POLICY_OFF;
	IS(plan_on(&v2_nobpf), "2=/cg:box");
	IS(plan_on(&nothing), "");
	IS(plan_on(&none), "");
	spec.linux.cgroups_path = "/a";
	IS(plan_on(&none), "2=own:a");
	IS(plan_on(&none_mixed), "2=own:a");
	IS(plan_on(&nothing), "linux.cgroupsPath: no cgroup hierarchy "
		"(CONFIG_CGROUPS)");
}

static void
test_path(void)
{
	static char name[300], path[5000];
	static const char *const cases[][2] = {
		{ "", "2=/cg:box! prog" },
		{ "x", "2=/cg:x! prog" },
		{ "/x", "2=/cg:x! prog" },
		{ "//a/./b//c/.", "2=/cg:a/b/c! prog" },
		{ "a/...", "2=/cg:a/...! prog" },
		{ "/", "linux.cgroupsPath: names the root cgroup" },
		{ "/./", "linux.cgroupsPath: names the root cgroup" },
		{ "..", "linux.cgroupsPath: '..' is not allowed" },
		{ "/a/../b", "linux.cgroupsPath: '..' is not allowed" },
		{ "a\nb", "linux.cgroupsPath: line break" },
		{ "s.slice:p:n", "2=/cg:s.slice:p:n! prog" },
	};
	static const char *const systemd[][2] = {
		{ "s.slice:p:n", "2=/cg:s.slice/p-n.scope! prog" },
		{ ":p:n", "2=/cg:system.slice/p-n.scope! prog" },
		{ "s.slice::n", "2=/cg:s.slice/n.scope! prog" },
		{ "s.slice:p:n.slice", "2=/cg:s.slice/p-n.slice! prog" },
		{ "", "2=/cg:box! prog" },
		{ "/x", "linux.cgroupsPath: expected slice:prefix:name" },
		{ "a:b", "linux.cgroupsPath: expected slice:prefix:name" },
		{ "a:b:", "linux.cgroupsPath: expected slice:prefix:name" },
		{ "a:b:c:d", "linux.cgroupsPath: expected slice:prefix:name" },
		{ "a:../b:c", "linux.cgroupsPath: expected slice:prefix:name" },
		{ "..:b:c", "linux.cgroupsPath: '..' is not allowed" },
	};
	size_t i;

	reset();
	for (i = 0; i < COUNT(cases); i++) {
		spec.linux.cgroups_path = cases[i][0];
		IS(plan_on(&v2), cases[i][1]);
	}
	args.systemd_cgroup = true;
	for (i = 0; i < COUNT(systemd); i++) {
		spec.linux.cgroups_path = systemd[i][0];
		IS(plan_on(&v2), systemd[i][1]);
	}
	args.systemd_cgroup = false;
	memset(name, 'n', 255);
	spec.linux.cgroups_path = name;
	OK(strstr(plan_on(&v2), "2=/cg:nnn") != NULL);
	name[255] = 'n';
	IS(plan_on(&v2), "linux.cgroupsPath: "
		"a component is longer than 255 bytes");
	for (i = 0; i < 4095; i++)
		path[i] = i % 2 ? '/' : 'p';
	spec.linux.cgroups_path = path;
	OK(strstr(plan_on(&v2), "2=/cg:p/p/p/") != NULL);
	path[4095] = 'p';
	IS(plan_on(&v2), "linux.cgroupsPath: longer than 4095 bytes");
}

static void
test_devices(void)
{
	static struct spec_device_rule rules[] = {
		{ .allow = false, .type = 'a', .major = -1, .minor = -1,
		  .access = "rwm" },
		{ .allow = true, .type = 'c', .major = 10, .minor = 200,
		  .access = "rw" },
		{ .allow = false, .type = 'c', .major = 10, .minor = 200,
		  .access = "w" },
	};
	static struct spec_device_rule all[] = {
		{ .allow = true, .type = 'a', .major = -1, .minor = -1,
		  .access = "rwm" },
	};

	reset();
	res.devices = rules;
	res.n_devices = 2;
	/* what tools write for a container without cgroups, or for a user */
	args.cgroups_off = true;
	IS(plan_on(&v2), "");
	args.cgroups_off = false;
	IS(plan_on(&user), "");
	IS(plan_on(&nested), "2=/cg:box");
	res.n_devices = 3;
	IS(plan_on(&v2), "2=/cg:box! prog");
	IS(plan_on(&user), "linux.resources.devices: only root of the host can "
		"filter");
	args.devices_cgroup = POLICY_WARN;
	IS(plan_on(&user), " why");
	args.devices_cgroup = POLICY_OFF;
	IS(plan_on(&user), "");
	args.devices_cgroup = POLICY_REQUIRE;
	args.cgroups_off = true;
	IS(plan_on(&v2), "linux.resources.devices[2]: cgroups are disabled");
	args.devices_cgroup = POLICY_OFF;
	IS(plan_on(&v2), "");
	/* a privileged container needs no filter */
	reset();
	res.devices = all;
	res.n_devices = 1;
	IS(plan_on(&v2), "2=/cg:box");
	IS(plan_on(&v2_nobpf), "2=/cg:box");
	IS(plan_on(&nothing), "");
}

static void
test_user(void)
{
	reset();
	IS(plan_on(&user), "");
	spec.linux.cgroups_path = "/user.slice/x";
	IS(plan_on(&user), "2=/cg/unified:user.slice/x");
	v2_hier[0].writable = false;
	spec.linux.cgroups_path = NULL;
	IS(plan_on(&nested), "");
	v2_hier[0].v2 = false;
	spec.linux.cgroups_path = "x";
	IS(plan_on(&nested), "linux.cgroupsPath: "
		"no cgroup hierarchy is writable");
	v2_hier[0].v2 = true;
	v2_hier[0].writable = true;
}

static struct spec_device_rule old[] = {
	{ .allow = true, .type = 'a', .major = -1, .minor = -1,
	  .access = "rwm" },
	{ .allow = false, .type = 'c', .major = 1, .minor = 11, .access = "r" },
};

/* The same for new rules of a container that is there. */
static const char *
rules_on(struct cgroup_op *ops, unsigned n, const struct host *h,
	struct spec_device_rule *list, unsigned n_list)
{
	static char text[256];
	struct spec_resources was_res = { .devices = old, .n_devices = 2 };
	struct spec was = { .linux.resources = &was_res };
	struct cgroup_plan c = { .ops = ops, .n_ops = n, .dev_op = -1 };

	arena.at = block;
	arena.end = block + sizeof(block);
	err_clear(&e);
	args.was = &was;
	spec.linux.resources = &res;
	res.devices = list;
	res.n_devices = n_list;
	if (plan_cgroup_devices(&c, &spec, h, &args, &arena, &e))
		return err_str(&e);
	snprintf(text, sizeof(text), "%d of %u:%s%s%s%s%s", c.dev_op, c.n_ops,
		c.n_dev_lines ? " " : "", c.n_dev_lines ? c.dev_lines[0] : "",
		c.n_dev_was ? " was " : "", c.n_dev_was ? c.dev_was[1] : "",
		c.n_dev_prog ? " prog" : "");
	if (c.dev_why)
		strcat(text, " why");
	return text;
}

static void
test_update(void)
{
	static struct cgroup_op ops[] = {
		{ CGROUP_V1, "cpu", "/cg/cpu", "box", NULL },
		{ CGROUP_V2, "", "/cg/unified", "box", NULL },
		{ CGROUP_V1, "devices", "/cg/devices", "box", NULL },
	};
	static struct spec_device_rule list[] = {
		{ .allow = false, .type = 'a', .major = -1, .minor = -1,
		  .access = "rwm" },
		{ .allow = true, .type = 'c', .major = 1, .minor = 11,
		  .access = "rw" },
		{ .allow = false, .type = 'c', .major = 1, .minor = 11,
		  .access = "w" },
	}, every[] = {
		{ .allow = true, .type = 'a', .major = -1, .minor = -1,
		  .access = "rwm" },
	};

	reset();
	IS(rules_on(ops, 3, &v1, list, 3),
		"2 of 3: deny a was deny c 1:11 r");
	/* what this host has by now does not matter */
	IS(rules_on(ops, 2, &v1, list, 3), "1 of 2: prog");
	IS(rules_on(ops, 1, &none, list, 3), "linux.resources.devices: "
		"no cgroup of this host can filter devices "
		"(CONFIG_CGROUP_BPF or CONFIG_CGROUP_DEVICE)");
	IS(rules_on(ops, 1, &none, every, 1), "-1 of 1:");
	/* no filter is a state to go to */
	IS(rules_on(ops, 3, &v1, every, 1),
		"2 of 3: allow a was deny c 1:11 r");
	IS(rules_on(ops, 2, &v1, every, 1), "1 of 2:");
	/* what tools repeat for a container that has none */
	old[0].allow = false;
	IS(rules_on(ops, 0, &v1, list, 2), "-1 of 0:");
	old[0].allow = true;
	old[1].allow = true;
	IS(rules_on(ops, 0, &v1, list, 2),
		"linux.resources.devices: the container has no cgroup");
	IS(rules_on(ops, 0, &v1, every, 1), "-1 of 0:");
	IS(rules_on(ops, 0, &v1, list, 3),
		"linux.resources.devices: the container has no cgroup");
	IS(rules_on(ops, 3, &user, list, 2), "-1 of 3:");
	IS(rules_on(ops, 3, &user, list, 3), "linux.resources.devices: "
		"only root of the host can filter");
	args.devices_cgroup = POLICY_WARN;
	IS(rules_on(ops, 3, &user, list, 3), "-1 of 3: why");
	args.devices_cgroup = POLICY_OFF;
	IS(rules_on(ops, 3, &v1, list, 3), "-1 of 3:");
	IS(rules_on(ops, 0, &v1, list, 3), "-1 of 0:");
}

int
main(void)
{
	if (!FEAT_CGROUP_V1 || !FEAT_CGROUP_V2) {
		reset();
		args.devices_cgroup = POLICY_OFF;
		IS(plan_on(&v1), FEAT_CGROUP_V1 ? "1=/cg/cpu:box "
			"1=/cg/devices:box 1=/cg/systemd:box" : "");
		IS(plan_on(&v2), FEAT_CGROUP_V2 ? "2=/cg:box" : "");
		args.devices_cgroup = POLICY_REQUIRE;
		OK(strstr(plan_on(FEAT_CGROUP_V2 ? &v2_nobpf : &v2),
			"built without CGROUP_V"));
		return done();
	}
	test_hosts();
	test_path();
	test_devices();
	test_user();
	test_update();
	return done();
}
