/* SPDX-License-Identifier: MIT */
/* exec.c -- puts the process of an exec together. */
#include "exec.h"

#include <errno.h>
#include <string.h>

#include "arena.h"
#include "cli.h"
#include "cmd.h"
#include "diag.h"
#include "err.h"
#include "io.h"
#include "names.h"
#include "spec.h"
#include "spec_decode.h"
#include "spec_tables.h"

static int
parse_id(const char *text, uint32_t *id)
{
	unsigned long long v;

	if (parse_u64(text, SPEC_MAX_ID, &v))
		return -1;
	*id = (uint32_t)v;
	return 0;
}

int
exec_user(const char *text, struct spec_user *u, struct err *e)
{
	const char *colon = strchr(text, ':');
	size_t n = colon ? (size_t)(colon - text) : strlen(text);
	struct spec_user new = { .gid = u->gid, .has_umask = u->has_umask,
		.umask = u->umask };
	char uid[12];

	if (n >= sizeof(uid))
		return err_set(e, ERANGE, "--user: `%s`: an id is a number up "
			"to 4294967294", text);
	memcpy(uid, text, n);
	uid[n] = '\0';
	if (parse_id(uid, &new.uid) ||
	    (colon && parse_id(colon + 1, &new.gid)))
		return err_set(e, EINVAL, "--user: `%s` is not UID[:GID], "
			"numbers up to 4294967294", text);
	*u = new;
	return 0;
}

static unsigned
count(const struct cli_list *l)
{
	unsigned n = 0;

	for (; l; l = l->next)
		n++;
	return n;
}

static int
add_groups(struct spec_user *u, const struct cli_list *l, struct arena *a,
	struct err *e)
{
	uint32_t *ids = NEWS(a, uint32_t, u->n_additional_gids + count(l), e);
	unsigned n = u->n_additional_gids;

	if (!ids)
		return -1;
	if (n)
		memcpy(ids, u->additional_gids, n * sizeof(*ids));
	for (; l; l = l->next) {
		if (parse_id(l->text, &ids[n++]))
			return err_set(e, EINVAL, "--additional-gids: `%s` is "
				"not a number up to 4294967294", l->text);
	}
	u->additional_gids = ids;
	u->n_additional_gids = n;
	return 0;
}

static bool
same_name(const char *one, const char *other)
{
	size_t n = strcspn(one, "=");

	return !strncmp(one, other, n) && other[n] == '=';
}

/* A variable that is there takes the new value where it stands: getenv finds
 * the first. */
static int
add_env(struct spec_process *p, const struct cli_list *l, struct arena *a,
	struct err *e)
{
	const char **env = NEWS(a, const char *, p->n_env + count(l) + 1, e);
	unsigned n = p->n_env, i;

	if (!env)
		return -1;
	if (n)
		memcpy(env, p->env, n * sizeof(*env));
	for (; l; l = l->next) {
		if (*l->text == '=' || !strchr(l->text, '='))
			return err_set(e, EINVAL, "--env: `%s` is not "
				"NAME=VALUE", l->text);
		for (i = 0; i < n && !same_name(l->text, env[i]); i++)
			;
		env[i] = l->text;
		n += i == n;
	}
	p->env = env;
	p->n_env = n;
	return 0;
}

/* As runc, and unlike crun, which replaces all sets.  Never inheritable and
 * ambient, which would outlive a change of user (CVE-2022-29162). */
static int
add_caps(struct spec_process *p, const struct cli_list *l, struct arena *a,
	struct err *e)
{
	struct spec_capabilities *c = NEW(a, struct spec_capabilities, e);
	uint64_t bit;
	int n;

	if (!c)
		return -1;
	if (p->capabilities)
		*c = *p->capabilities;
	for (; l; l = l->next) {
		n = cap_number(l->text);
		if (n < 0)
			return err_set(e, EINVAL, "--cap: unknown capability "
				"`%s`", l->text);
		bit = UINT64_C(1) << n;
		c->bounding |= bit;
		c->permitted |= bit;
		c->effective |= bit;
	}
	p->capabilities = c;
	return 0;
}

static int
apply_options(struct spec_process *p, const struct opts *o, struct arena *a,
	struct err *e)
{
	if (o->cwd)
		p->cwd = o->cwd;
	if (o->apparmor)
		p->apparmor_profile = o->apparmor;
	if (o->process_label)
		p->selinux_label = o->process_label;
	p->terminal = p->terminal || o->tty;
	p->no_new_privileges = p->no_new_privileges || o->no_new_privs;
	if ((o->user && exec_user(o->user, &p->user, e)) ||
	    (o->gids && add_groups(&p->user, o->gids, a, e)) ||
	    (o->env && add_env(p, o->env, a, e)) ||
	    (o->caps && add_caps(p, o->caps, a, e)))
		return -1;
	return 0;
}

/* What the file does not have. */
static int
inherit(struct spec_process *p, const struct spec_process *c, struct err *e)
{
	if (!c)
		return p->has_user ? 0 : err_set(e, EINVAL, "user: missing, and"
			" the container has no process to take it from");
	if (!p->has_user)
		p->user = c->user;
	if (!p->env) {
		p->env = c->env;
		p->n_env = c->n_env;
	}
	if (!p->capabilities)
		p->capabilities = c->capabilities;
	if (!p->rlimits) {
		p->rlimits = c->rlimits;
		p->n_rlimits = c->n_rlimits;
	}
	if (!p->has_no_new_privileges)
		p->no_new_privileges = c->no_new_privileges;
	if (!p->has_oom_score_adj) {
		p->has_oom_score_adj = c->has_oom_score_adj;
		p->oom_score_adj = c->oom_score_adj;
	}
	if (!p->scheduler)
		p->scheduler = c->scheduler;
	if (!p->io_priority)
		p->io_priority = c->io_priority;
	if (!p->exec_cpu_affinity)
		p->exec_cpu_affinity = c->exec_cpu_affinity;
	if (!p->apparmor_profile)
		p->apparmor_profile = c->apparmor_profile;
	if (!p->selinux_label)
		p->selinux_label = c->selinux_label;
	return 0;
}

static int
from_file(struct spec_process *p, const struct exec_from *from,
	struct arena *a, struct err *e)
{
	struct diag d = { .name = from->name, .err = e };

	*p = (struct spec_process){ 0 };
	if (spec_decode_process(p, from->text, from->len, &d, a, e))
		return -1;
	return inherit(p, from->container, e) ?
		err_ctx(e, "%s", from->name) : 0;
}

int
exec_process(struct spec_process *p, const struct exec_from *from,
	const struct opts *o, struct arena *a, struct err *e)
{
	if (from->text) {
		if (from_file(p, from, a, e))
			return -1;
	} else if (!from->container) {
		return err_set(e, EINVAL, "process: not set in the container's "
			"config, so --process is needed");
	} else {
		*p = *from->container;
		p->terminal = false;
		p->console_size = NULL;
		if (!from->n_args)
			return err_set(e, EINVAL, "argument missing: COMMAND");
	}
	if (from->n_args) {
		p->args = from->args;
		p->n_args = from->n_args;
	}
	return apply_options(p, o, a, e);
}
