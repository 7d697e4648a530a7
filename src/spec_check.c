/* SPDX-License-Identifier: MIT */
/* spec_check.c -- the general members of config.md. */
#include "spec_check.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <string.h>

#include "arena.h"
#include "diag.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "names.h"
#include "path.h"
#include "spec.h"
#include "spec_decode.h"
#include "spec_rules.h"
#include "version.h"

void
check_path(const char *path, struct diag *d)
{
	if (*path != '/')
		diag_error(d, "`%s`: not an absolute path", path);
	else if (path_too_long(path))
		diag_error(d, "a path that is too long");
}

bool
is_number_list(const char *text)
{
	return strspn(text, "0123456789,- ") == strlen(text);
}

/* config.md: compatible within a major version.  What a newer minor version
 * adds can only be ignored, as unknown members are. */
static void
check_version(const struct spec *s, struct diag *d)
{
	const char *v = s->oci_version, *rest;
	unsigned long long minor;
	char text[8] = "";
	size_t n;

	if (!v)
		return;
	diag_at(d, "ociVersion");
	rest = v + strspn(v, "0123456789");
	n = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
	if (rest == v || !n || n >= sizeof(text) ||
	    !strchr(".-+", rest[1 + n])) {
		diag_error(d, "`%s`: not a version such as %s", v, OCI_VERSION);
		return;
	}
	memcpy(text, rest + 1, n);
	if (rest - v != 1 || *v != '0' + OCI_MAJOR)
		diag_error(d, "`%s`: only version %d.x is supported", v,
			OCI_MAJOR);
	else if (parse_u64(text, ULLONG_MAX, &minor) || minor > OCI_MINOR)
		diag_warn(d, "`%s` is newer than %s; what it adds is ignored",
			v, OCI_VERSION);
}

static void
check_root(const struct spec *s, struct diag *d)
{
	if (!s->root)
		diag_error(diag_at(d, "root"), "missing");
	else if (s->root->path && !*s->root->path)
		diag_error(diag_at(d, "root.path"), "empty");
	else if (s->root->path && path_too_long(s->root->path))
		diag_error(diag_at(d, "root.path"), "a path that is too long");
}

/* Without a UTS namespace the host would be renamed. */
static void
check_uts(const struct spec *s, const char *member, const char *value,
	struct diag *d)
{
	if (!value || !*value)
		return;
	diag_at(d, "%s", member);
	if (!ns_entry(s, CLONE_NEWUTS))
		diag_error(d, "needs a uts namespace");
	if (strlen(value) > SPEC_MAX_NAME)
		diag_error(d, "longer than %d bytes", SPEC_MAX_NAME);
}

void
check_env(const char *const *env, unsigned n, const char *where,
	struct diag *d)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		if (*env[i] == '=' || !strchr(env[i], '='))
			diag_error(diag_at(d, "%s.env[%u]", where, i),
				"`%s`: not NAME=VALUE", env[i]);
	}
}

void
check_hooks(const struct spec *s, struct diag *d)
{
	const struct spec_hook *h;
	char where[64];
	unsigned k, i;

	for (k = 0; s->hooks && k < HOOK_KINDS; k++) {
		for (i = 0; i < s->hooks->n_list[k]; i++) {
			h = &s->hooks->list[k][i];
			fmt_to(where, sizeof(where), "hooks.%s[%u]",
				names_text(&hook_names, k), i);
			if (h->path)
				check_path(h->path,
					diag_at(d, "%s.path", where));
			check_env(h->env, h->n_env, where, d);
		}
	}
}

int
spec_check(const struct spec *s, struct diag *d, struct arena scratch,
	struct err *e)
{
	const struct arena *before = d->arena;

	d->err = e;
	d->arena = &scratch;
	check_version(s, d);
	check_root(s, d);
	check_namespaces(s, d);
	check_process(s, d);
	check_uts(s, "hostname", s->hostname, d);
	check_uts(s, "domainname", s->domainname, d);
	check_mounts(s, d, &scratch);
	check_linux(s, d);
	check_resources(s, false, d);
	check_seccomp(s, d);
	check_hooks(s, d);
	check_built(s, d);
	d->arena = before;
	if (!d->errors)
		return 0;
	if (d->all)
		err_set(e, EINVAL, "%s: %u error%s", d->name ? d->name :
			"config", d->errors, d->errors == 1 ? "" : "s");
	return -1;
}

int
spec_check_resources(const struct spec *s, struct diag *d, struct err *e)
{
	d->err = e;
	check_resources(s, true, d);
	return d->errors ? -1 : 0;
}

int
spec_check_exec(const struct spec *s, struct diag *d, struct err *e)
{
	d->err = e;
	check_process(s, d);
	check_built(s, d);
	return d->errors ? -1 : 0;
}
