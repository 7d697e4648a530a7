/* SPDX-License-Identifier: MIT */
/* spec_built.c -- what a config can ask for that this version, or this build,
 * does not carry out.  It is refused by name: a limit that is quietly ignored
 * is worse than none. */
#include <sched.h>
#include <stddef.h>
#include <string.h>

#include "diag.h"
#include "io.h"
#include "spec.h"
#include "spec_rules.h"

enum part { SPEC, PROCESS, LINUX, PARTS };

/* Whether a member asks for anything; an empty object and 0 may not. */
static bool
is_true(const void *member)
{
	return *(const bool *)member;
}

static bool
text(const void *member)
{
	const char *const *s = member;

	return *s && **s;
}

static bool
present(const void *member)
{
	const void *p;

	memcpy(&p, member, sizeof(p));
	return p != NULL;
}

static bool
hooks(const void *member)
{
	const struct spec_hooks *h = *(struct spec_hooks *const *)member;
	unsigned i, n = 0;

	for (i = 0; h && i < HOOK_KINDS; i++)
		n += h->n_list[i];
	return n != 0;
}

static bool
user_ns(const void *member)
{
	return ns_entry(member, CLONE_NEWUSER) != NULL;
}

#define FEAT(path, part, s, m, asks, done, f) { path, asks, #f, part, \
	FEAT_##f, done, offsetof(struct s, m) }

static const struct row {
	char path[24];
	bool (*asks)(const void *member);
	char feature[8];        /* the toggle, where there is one */
	unsigned char part;
	bool on;                /* the feature is part of this build */
	bool done;              /* ... and carried out then */
	unsigned short off;
} rows[] = {
	FEAT("process.terminal", PROCESS, spec_process, terminal, is_true,
		true, PTY),
	FEAT("process.apparmorProfile", PROCESS, spec_process,
		apparmor_profile, text, true, LSM),
	FEAT("process.selinuxLabel", PROCESS, spec_process, selinux_label,
		text, true, LSM),
	FEAT("hooks", SPEC, spec, hooks, hooks, true, HOOKS),
	{ "linux.namespaces", user_ns, "USERNS", SPEC, FEAT_USERNS, true, 0 },
	FEAT("linux.seccomp", LINUX, spec_linux, seccomp, present, true,
		SECCOMP),
	FEAT("linux.mountLabel", LINUX, spec_linux, mount_label, text, true,
		LSM),
};

void
check_built(const struct spec *s, struct diag *d)
{
	const void *part[PARTS] = {
		[SPEC] = s, [PROCESS] = s->process, [LINUX] = &s->linux,
	};
	unsigned i;

	for (i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		const char *base = part[r->part];

		if (!base || !r->asks(base + r->off) || (r->on && r->done))
			continue;
		diag_at(d, "%s", r->path);
		if (r->on)
			diag_error(d, NOT_BUILT);
		else
			diag_error(d, "built without %s", r->feature);
	}
}
