/* SPDX-License-Identifier: MIT */
/* spec_check_mount.c -- the rules of mounts[]. */
#include <string.h>

#include "arena.h"
#include "diag.h"
#include "err.h"
#include "io.h"
#include "mountopt.h"
#include "path.h"
#include "spec.h"
#include "spec_rules.h"

/* mount(2) copies one page of data and cuts the rest off. */
enum { MAX_DATA = 4095 };

/* What lxcfs puts there, which is harmless; elsewhere in /proc a mount could
 * feign what security modules and we ourselves write to (CVE-2015-3631,
 * CVE-2019-16884). */
static bool
is_lxcfs(const char *path)
{
	static const char names[][24] = {
		"cpuinfo", "diskstats", "loadavg", "meminfo", "slabinfo",
		"stat", "swaps", "uptime", "sys/crypto/fips_enabled",
		"sys/kernel/ns_last_pid",
	};
	unsigned i;

	for (i = 0; i < COUNT(names); i++) {
		if (strcmp(names[i], path) == 0)
			return true;
	}
	return false;
}

/* By name; links are found when the mount is made. */
static void
check_destination(const struct spec_mount *m, bool bind, struct diag *d,
	struct arena *scratch)
{
	struct err e = { 0 };
	const char *path = path_clean(m->destination, scratch, &e);

	if (!path)
		diag_error(d, "%s", err_str(&e));
	else if (path_too_long(path))
		diag_error(d, "a path that is too long");
	else if (strcmp(path, "/") == 0)
		diag_error(d, "`%s`: the root itself can't be mounted over",
			m->destination);
	else if (strcmp(path, "/proc") == 0 && !bind &&
	    (!m->type || strcmp(m->type, "proc") != 0))
		diag_error(d, "only proc, or a bind mount of one, may be "
			"mounted on /proc");
	else if (strncmp(path, "/proc/", 6) == 0 &&
	    (!bind || !is_lxcfs(path + 6)))
		diag_error(d, "`%s`: nothing may be mounted below /proc but "
			"the files of lxcfs", m->destination);
}

static void
check_options(const struct mountopt *o, struct diag *d)
{
	if (o->unbuilt)
		diag_error(d, "`%s`: " NOT_BUILT, o->unbuilt);
	if (o->data && o->bind)
		diag_error(d, "`%s`: a bind mount takes no options of a file "
			"system", o->data);
	else if (o->data && strlen(o->data) > MAX_DATA)
		diag_error(d, "more than %d bytes for the file system",
			MAX_DATA);
}

static void
check_mount(const struct spec_mount *m, unsigned i, struct diag *d,
	struct arena *scratch)
{
	struct err e = { 0 };
	struct mountopt o;

	if (mountopt_parse(&o, m->options, m->n_options, scratch, &e)) {
		diag_error(diag_at(d, "mounts[%u].options", i), "%s",
			err_str(&e));
		return;
	}
	/* The type says nothing by config.md; runc takes this one too. */
	o.bind = o.bind || (m->type && strcmp(m->type, "bind") == 0);
	check_options(&o, diag_at(d, "mounts[%u].options", i));
	if (m->destination)
		check_destination(m, o.bind,
			diag_at(d, "mounts[%u].destination", i), scratch);
	if (o.bind && (!m->source || !*m->source))
		diag_error(diag_at(d, "mounts[%u].source", i),
			"a bind mount needs one");
	if (!o.bind && (!m->type || !*m->type))
		diag_error(diag_at(d, "mounts[%u].type", i),
			"missing, and it is no bind mount");
	if (m->n_uid_mappings)
		diag_error(diag_at(d, "mounts[%u].uidMappings", i), NOT_BUILT);
	if (m->n_gid_mappings)
		diag_error(diag_at(d, "mounts[%u].gidMappings", i), NOT_BUILT);
}

void
check_mounts(const struct spec *s, struct diag *d, struct arena *scratch)
{
	const struct arena before = *scratch;
	unsigned i;

	for (i = 0; i < s->n_mounts; i++) {
		check_mount(&s->mounts[i], i, d, scratch);
		*scratch = before;
	}
}
