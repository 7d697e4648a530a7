/* SPDX-License-Identifier: MIT */
/* spec_check_mount.c -- the rules of mounts[]. */
#include <sched.h>
#include <string.h>

#include "arena.h"
#include "diag.h"
#include "err.h"
#include "fmt.h"
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

static const struct {
	unsigned how;
	char word[13];
} bind_only[] = {
	{ MOUNTOPT_IDMAP, "idmap" }, { MOUNTOPT_COPY_LINK, "copy-symlink" },
	{ MOUNTOPT_SRC_NOFOLLOW, "src-nofollow" },
	{ MOUNTOPT_CREATE_FILE, "create=file" },
};

/* d is at the options. */
static void
check_options(const struct mountopt *o, const char *type, struct diag *d)
{
	bool tmpfs = type && strcmp(type, "tmpfs") == 0;
	bool bind = o->bind && !(o->how & MOUNTOPT_REMOUNT);
	unsigned i;

	if (o->unbuilt)
		diag_error(d, "`%s`: " NOT_BUILT, o->unbuilt);
	for (i = 0; i < COUNT(bind_only); i++) {
		if (o->how & bind_only[i].how && !bind)
			diag_error(d, "`%s`: for bind mounts only",
				bind_only[i].word);
	}
	if (o->how & MOUNTOPT_COPY_UP && (o->bind || !tmpfs))
		diag_error(d, "`tmpcopyup`: for tmpfs only");
	if (o->how & MOUNTOPT_REMOUNT && o->how &
	    ~(unsigned)(MOUNTOPT_REMOUNT | MOUNTOPT_DEST_NOFOLLOW))
		diag_error(d, "`remount`: only for flags and options of what "
			"is mounted");
	if (o->how & MOUNTOPT_COPY_LINK && o->how & MOUNTOPT_SRC_NOFOLLOW)
		diag_error(d, "`copy-symlink` and `src-nofollow` exclude each "
			"other");
	if (o->bind && o->set & MOUNT_OF_FS)
		diag_warn(d, "sync, dirsync, mand, lazytime, iversion and "
			"silent are of the file system: a bind mount has none");
	/* mount(2) takes no data then; a word that is no option of any file
	 * system is more likely a flag that somebody has misspelt */
	if (o->bind && o->odd)
		diag_error(d, "`%s`: not an option of bind mounts", o->odd);
	else if (o->bind && o->data)
		diag_warn(d, "`%s`: of a file system: a bind mount has none",
			o->data);
	else if (o->data && strlen(o->data) > MAX_DATA)
		diag_error(d, "more than %d bytes for the file system",
			MAX_DATA);
}

/* mappings without idmap count as if it were there, as runc has it. */
static void
check_ids(const struct spec *s, const struct mountopt *o, unsigned i,
	struct diag *d)
{
	const struct spec_mount *m = &s->mounts[i];
	char member[64];

	if (!m->n_uid_mappings != !m->n_gid_mappings)
		diag_error(diag_at(d, "mounts[%u].%sMappings", i,
			m->n_uid_mappings ? "gid" : "uid"),
			"missing: both or none");
	else if (m->n_uid_mappings && !o->bind)
		diag_error(diag_at(d, "mounts[%u].uidMappings", i),
			"for bind mounts only");
	else if (!m->n_uid_mappings && o->how & MOUNTOPT_IDMAP &&
	    !ns_entry(s, CLONE_NEWUSER))
		diag_error(diag_at(d, "mounts[%u].options", i),
			"`idmap`: no mappings, and no user namespace");
	fmt_to(member, sizeof(member), "mounts[%u].uidMappings", i);
	check_map(member, m->uid_mappings, m->n_uid_mappings, d);
	fmt_to(member, sizeof(member), "mounts[%u].gidMappings", i);
	check_map(member, m->gid_mappings, m->n_gid_mappings, d);
}

static void
check_mount(const struct spec *s, unsigned i, struct diag *d,
	struct arena *scratch)
{
	const struct spec_mount *m = &s->mounts[i];
	struct err e = { 0 };
	struct mountopt o;
	bool again;

	if (mountopt_parse(&o, m->options, m->n_options, scratch, &e)) {
		diag_error(diag_at(d, "mounts[%u].options", i), "%s",
			err_str(&e));
		return;
	}
	/* The type says nothing by config.md; runc takes this one too. */
	o.bind = o.bind || (m->type && strcmp(m->type, "bind") == 0);
	again = o.how & MOUNTOPT_REMOUNT;
	check_options(&o, m->type, diag_at(d, "mounts[%u].options", i));
	if (m->destination)
		check_destination(m, o.bind || again,
			diag_at(d, "mounts[%u].destination", i), scratch);
	if (o.bind && !again && (!m->source || !*m->source))
		diag_error(diag_at(d, "mounts[%u].source", i),
			"a bind mount needs one");
	if (!o.bind && !again && (!m->type || !*m->type))
		diag_error(diag_at(d, "mounts[%u].type", i),
			"missing, and it is no bind mount");
	check_ids(s, &o, i, d);
}

void
check_mounts(const struct spec *s, struct diag *d, struct arena *scratch)
{
	const struct arena before = *scratch;
	unsigned i;

	for (i = 0; i < s->n_mounts; i++) {
		check_mount(s, i, d, scratch);
		*scratch = before;
	}
}
