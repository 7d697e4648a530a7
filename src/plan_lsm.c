/* SPDX-License-Identifier: MIT */
/* plan_lsm.c -- plans AppArmor profiles and SELinux labels. */
#include "plan_lsm.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "arena.h"
#include "conf.h"
#include "err.h"
#include "host.h"
#include "io.h"
#include "kopt.h"
#include "log.h"
#include "spec.h"
#include "str.h"

/* The kernel's own: one instance for many mounts, whose labels come from the
 * policy (genfscon).  Another context is EINVAL or EBUSY there. */
static const char unlabelled[][12] = {
	"binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs",
	"devtmpfs", "fusectl", "mqueue", "proc", "pstore", "securityfs",
	"selinuxfs", "sysfs", "tracefs",
};

/* What fits into a page with all that stands around it (lsm.c, mount.c). */
enum { MAX_LABEL = 3000 };

/* Takes label for *to, or says why not. */
static int
choose(const char **to, const char *label, const char *member, bool there,
	int policy, struct err *e)
{
	const bool apparmor = !strcmp(member, "process.apparmorProfile");

	if (!label || !*label || policy == POLICY_OFF)
		return 0;
	if (strlen(label) > MAX_LABEL || strpbrk(label, "\"\n"))
		return err_set(e, EINVAL, "%s: not a label", member);
	if (there) {
		*to = label;
		return 0;
	}
	err_set(e, ENOTSUP, "%s: %s is not enabled on this host", member,
		apparmor ? "AppArmor" : "SELinux");
	err_hint(e, "%s; lsm = warn in wherry.conf goes on without",
		apparmor ? KOPT_APPARMOR : KOPT_SELINUX);
	if (policy != POLICY_WARN)
		return -1;
	log_at(LEVEL_WARNING, "%s", err_str(e));
	err_clear(e);
	return 0;
}

bool
spec_has_labels(const struct spec *spec)
{
	const struct spec_process *s = spec->process;

	return (s && (s->apparmor_profile || s->selinux_label)) ||
		spec->linux.mount_label;
}

int
plan_lsm(struct plan *p, const struct spec *spec, const struct host *h,
	int policy, struct err *e)
{
	const struct spec_process *s = spec->process;
	const char *profile = s ? s->apparmor_profile : NULL;
	struct lsm_plan *l = &p->lsm;

	if (profile && !strcmp(profile, "unconfined") && !h->apparmor)
		profile = NULL;
	return choose(&l->apparmor, profile, "process.apparmorProfile",
			h->apparmor, policy, e) ||
		choose(&l->selinux, s ? s->selinux_label : NULL,
			"process.selinuxLabel", h->selinux, policy, e) ||
		choose(&l->mount, spec->linux.mount_label, "linux.mountLabel",
			h->selinux, policy, e) ? -1 : 0;
}

int
plan_mount_label(const struct plan *p, struct mount_op *m, struct arena *a,
	struct err *e)
{
	const char *label = p->lsm.mount;
	size_t i;

	if (!label || m->kind != MOUNT_FS ||
	    (m->data && str_find(m->data, "context=")))
		return 0;
	for (i = 0; i < COUNT(unlabelled); i++) {
		if (!strcmp(m->type, unlabelled[i]))
			return 0;
	}
	/* in quotes: a label may hold commas (s0:c1,c2) */
	m->data = arena_fmt(a, e, "%s%scontext=\"%s\"", m->data ? m->data : "",
		m->data ? "," : "", label);
	return m->data ? 0 : -1;
}
