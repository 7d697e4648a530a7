/* SPDX-License-Identifier: MIT */
/* plan_cgroup.c -- choice of hierarchies, path, and filter of devices. */
#include "plan_cgroup.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "arena.h"
#include "conf.h"
#include "err.h"
#include "host.h"
#include "io.h"
#include "kopt.h"
#include "plan.h"
#include "plan_dev.h"
#include "plan_knob.h"
#include "spec.h"
#include "words.h"

/* What the functions below share. */
struct making {
	struct cgroup_plan *c;
	const struct spec *spec;
	const struct host *host;
	const struct plan_args *args;
	struct arena *a;
	struct err *e;
	const char *path;
	bool privileged;        /* root in the initial user namespace */
	bool there;             /* the cgroups are */
	bool named;             /* the config has a cgroupsPath */
};

/* Appends the components of in, without empty ones and ".". */
static int
clean_path(char *out, const char *in, struct err *e)
{
	size_t len, n = 0;

	for (; *in; in += len) {
		len = strcspn(in, "/");
		if (!len) {
			len = 1;
			continue;
		}
		if (len == 1 && in[0] == '.')
			continue;
		if (len == 2 && !memcmp(in, "..", 2))
			return err_set(e, EINVAL, "linux.cgroupsPath: "
				"'..' is not allowed");
		if (len > NAME_MAX)
			return err_set(e, ENAMETOOLONG, "linux.cgroupsPath: "
				"a component is longer than %d bytes",
				NAME_MAX);
		if (n)
			out[n++] = '/';
		memcpy(out + n, in, len);
		n += len;
	}
	out[n] = '\0';
	if (!n)
		return err_set(e, EINVAL, "linux.cgroupsPath: "
			"names the root cgroup");
	return 0;
}

/* slice:prefix:name as a path, with the scope named as systemd would (list K5);
 * there is no talk with systemd. */
static const char *
systemd_path(const struct making *m, const char *in)
{
	const char *prefix = strchr(in, ':');
	const char *name = prefix ? strchr(prefix + 1, ':') : NULL;
	size_t len;

	if (!name || strchr(name + 1, ':') || !name[1] || strchr(in, '/')) {
		err_set(m->e, EINVAL, "linux.cgroupsPath: "
			"expected slice:prefix:name");
		return NULL;
	}
	prefix++;
	name++;
	len = strlen(name);
	return arena_fmt(m->a, m->e, "%.*s/%.*s%s%s%s",
		prefix - in > 1 ? (int)(prefix - in - 1) : 12,
		prefix - in > 1 ? in : "system.slice",
		(int)(name - prefix - 1), prefix,
		name - prefix > 1 ? "-" : "", name,
		len > 6 && !strcmp(name + len - 6, ".slice") ? "" : ".scope");
}

static int
make_path(struct making *m)
{
	const char *in = m->spec->linux.cgroups_path;
	char *out;

	m->named = in && *in;   /* crun takes "" for the root (list TR28) */
	if (!m->named)
		in = m->args->id;
	else if (m->args->systemd_cgroup && !(in = systemd_path(m, in)))
		return -1;
	if (strchr(in, '\n'))   /* mkdir refuses: /proc/PID/cgroup has lines */
		return err_set(m->e, EINVAL, "linux.cgroupsPath: line break");
	if (strlen(in) >= PATH_MAX)
		return err_set(m->e, ENAMETOOLONG, "linux.cgroupsPath: "
			"longer than %d bytes", PATH_MAX - 1);
	out = arena_dup(m->a, in, strlen(in), m->e);
	if (!out || clean_path(out, in, m->e))
		return -1;
	m->path = out;
	return 0;
}

static struct cgroup_op *
add_op(struct making *m, enum cgroup_kind kind, const char *controllers,
	const char *mount)
{
	struct cgroup_op *op = &m->c->ops[m->c->n_ops++];

	*op = (struct cgroup_op){
		.kind = kind, .controllers = controllers, .mount = mount,
		.path = m->path,
	};
	return op;
}

/* Beside v1 hierarchies only those v2 controllers are passed on that a limit
 * needs: turned on for children of the root they can't be mounted as v1 any
 * more. */
static bool
has_v1(const struct host *h)
{
	size_t i;

	for (i = 0; i < h->n_hier; i++) {
		if (!h->hier[i].v2)
			return true;
	}
	return false;
}

/* Others than root get a cgroup where they may make one; a path in the config
 * can name a place on v2 that was delegated to them. */
static void
add_mounted(struct making *m)
{
	const struct host_hier *h;
	static const bool built[] = { FEAT_CGROUP_V1, FEAT_CGROUP_V2 };
	struct cgroup_op *op;
	size_t i;

	for (i = 0; i < m->host->n_hier; i++) {
		h = &m->host->hier[i];
		if (!built[h->v2])
			continue;
		if (!m->privileged && !h->writable && !(h->v2 && m->named))
			continue;
		op = add_op(m, h->v2 ? CGROUP_V2 : CGROUP_V1,
			h->v2 && has_v1(m->host) ? "" : h->controllers,
			h->mount);
		op->has = h->v2 ? h->controllers : NULL;
	}
}

/* The hierarchy that filters devices, or -1. */
static int
find_filter(const struct making *m)
{
	const struct cgroup_op *op;
	unsigned i;
	int v2 = -1;

	for (i = 0; i < m->c->n_ops; i++) {
		op = &m->c->ops[i];
		if (op->kind == CGROUP_V1 &&
		    words_has(op->controllers, "devices"))
			return (int)i;
		if (op->kind == CGROUP_V2 && (m->host->device_bpf || m->there))
			v2 = (int)i;
	}
	return v2;
}

/* A mount of our own, for want of any. */
static void
add_own(struct making *m)
{
	const struct host *h = m->host;

	if (FEAT_CGROUP_V2 && h->cgroup2)
		add_op(m, CGROUP_V2, "", NULL);
	else if (FEAT_CGROUP_V1 && h->cgroup1 && h->device_v1)
		add_op(m, CGROUP_V1, "devices", NULL);
}

/* The same for want of one that filters devices. */
static void
add_own_filter(struct making *m)
{
	const struct host *h = m->host;

	if (!m->c->n_ops)
		add_own(m);
	if (find_filter(m) >= 0)
		return;
	if (FEAT_CGROUP_V1 && h->cgroup1 && h->device_v1)
		add_op(m, CGROUP_V1, "devices", NULL);
	else if (FEAT_CGROUP_V2 && h->cgroup2 && h->device_bpf)
		add_op(m, CGROUP_V2, "", NULL);
}

/* No filter is possible: the policy decides. */
static int
lacks_filter(struct making *m, const char *why)
{
	if (m->args->devices_cgroup == POLICY_REQUIRE)
		return err_set(m->e, ENOTSUP, "linux.resources.devices: %s",
			why);
	m->c->dev_why = m->args->devices_cgroup == POLICY_WARN ? why : NULL;
	return 0;
}

static const char *
why_no_filter(void)
{
	if (!FEAT_CGROUP_V2)
		return "no cgroup of this host can filter devices "
			"(" KOPT_CGROUP_DEVICE "; built without CGROUP_V2)";
	if (!FEAT_CGROUP_V1)
		return "no cgroup of this host can filter devices "
			"(" KOPT_CGROUP_BPF "; built without CGROUP_V1)";
	return "no cgroup of this host can filter devices "
		"(" KOPT_CGROUP_BPF " or " KOPT_CGROUP_DEVICE ")";
}

/* Needs no filter. */
static bool
is_open(const struct devrules *r)
{
	return r->allow && !r->n;
}

static int
plan_filter(struct making *m)
{
	struct devrules rules;
	bool open;
	int op;

	if (m->args->devices_cgroup == POLICY_OFF)
		return 0;
	if (!m->privileged && plan_dev_denies(m->spec) >= 0)
		return lacks_filter(m, "only root of the host can filter");
	if (!m->privileged)
		return 0;
	if (plan_dev_rules(&rules, m->spec, m->a, m->e))
		return -1;
	open = is_open(&rules);
	if (open && !m->there)
		return 0;
	if (find_filter(m) < 0 && !m->there)
		add_own_filter(m);
	op = find_filter(m);
	if (op < 0)
		return open ? 0 : lacks_filter(m, why_no_filter());
	m->c->dev_op = op;
	return m->c->ops[op].kind == CGROUP_V1 ?
		plan_dev_lines(m->c, &rules, m->a, m->e) :
		open ? 0 : plan_dev_prog(m->c, &rules, m->a, m->e);
}

static int
plan_limits(struct making *m, const char *why_none)
{
	struct knobs k = {
		.c = m->c, .r = m->spec->linux.resources, .a = m->a, .e = m->e,
		.host = m->host, .path = m->path, .why_none = why_none,
	};

	return plan_knobs(&k);
}

/* A path that was asked for must lead somewhere. */
static int
check_named(const struct making *m)
{
	if (m->c->n_ops || !m->named)
		return 0;
	if (!m->privileged)
		return err_set(m->e, EACCES, "linux.cgroupsPath: "
			"no cgroup hierarchy is writable");
	return err_set(m->e, ENOTSUP, "linux.cgroupsPath: %s",
		FEAT_CGROUP_V1 && FEAT_CGROUP_V2 ?
		"no cgroup hierarchy (" KOPT_CGROUPS ")" :
		"no cgroup hierarchy whose backend is built in");
}

static bool
is_privileged(const struct host *host, const struct plan_args *args)
{
	return args->rootless == ROOTLESS_AUTO ?
		!host->uid && !host->in_userns :
		args->rootless == ROOTLESS_FALSE;
}

int
plan_cgroup_devices(struct cgroup_plan *c, const struct spec *spec,
	const struct host *host, const struct plan_args *args, struct arena *a,
	struct err *e)
{
	struct making m = {
		.c = c, .spec = spec, .host = host, .args = args, .a = a,
		.e = e, .privileged = is_privileged(host, args), .there = true,
	};
	struct cgroup_plan old = { .dev_op = -1 };
	struct devrules rules, before;
	struct err ignored = { 0 };

	c->dev_warn = args->devices_cgroup == POLICY_WARN;
	if (plan_dev_rules(&before, args->was, a, e))
		return -1;
	if (!c->n_ops && args->devices_cgroup != POLICY_OFF) {
		if (plan_dev_rules(&rules, spec, a, e))
			return -1;
		/* as with cgroups_off, if that is how it was created */
		return is_open(&rules) || (!is_open(&before) &&
			plan_dev_denies(spec) < 0) ? 0 :
			lacks_filter(&m, "the container has no cgroup");
	}
	if (plan_filter(&m))
		return -1;
	/* which v1 may have refused, so that there was no filter */
	if (c->dev_lines && !plan_dev_lines(&old, &before, a, &ignored)) {
		c->dev_was = old.dev_lines;
		c->n_dev_was = old.n_dev_lines;
	}
	return 0;
}

int
plan_cgroup(struct cgroup_plan *c, const struct spec *spec,
	const struct host *host, const struct plan_args *args, struct arena *a,
	struct err *e)
{
	struct making m = {
		.c = c, .spec = spec, .host = host, .args = args, .a = a,
		.e = e, .privileged = is_privileged(host, args),
	};
	int at;

	*c = (struct cgroup_plan){
		.dev_op = -1,
		.dev_warn = args->devices_cgroup == POLICY_WARN,
	};
	if (args->cgroups_off) {
		at = args->devices_cgroup == POLICY_REQUIRE ?
			plan_dev_denies(spec) : -1;
		return at < 0 ? plan_limits(&m, "cgroups are disabled") :
			err_set(e, ENOTSUP, "linux.resources.devices[%d]: "
				"cgroups are disabled", at);
	}
	if (make_path(&m))
		return -1;
	/* one for each hierarchy, two mounts of our own for the devices */
	c->ops = NEWS(a, struct cgroup_op, host->n_hier + 2 + KNOB_OWN, e);
	if (!c->ops)
		return -1;
	add_mounted(&m);
	if (plan_filter(&m) || plan_limits(&m, NULL))
		return -1;
	if (!c->n_ops && m.named && m.privileged)
		add_own(&m);
	return check_named(&m);
}
