/* SPDX-License-Identifier: MIT */
/* mountopt.c -- the table of mount option words and its reader. */
#include "mountopt.h"

#include <string.h>
#include <sys/mount.h>

#include "arena.h"
#include "io.h"

enum { ATIME = MS_NOATIME | MS_RELATIME | MS_STRICTATIME };

enum kind { FLAG, RFLAG, BIND, PROPAGATION, HOW };

/* FLAG, RFLAG, HOW: set and clear say which bits to change.  The kernel lets
 * strictatime win over the rest of its family, so each member takes the others
 * back. */
static const struct word {
	char text[15];
	unsigned char kind;
	unsigned set, clear;
} words[] = {
	{ "async",         FLAG, 0, MS_SYNCHRONOUS },
	{ "atime",         FLAG, 0, MS_NOATIME },
	{ "bind",          BIND, 0, 0 },
	{ "defaults",      FLAG, 0, 0 },
	{ "dev",           FLAG, 0, MS_NODEV },
	{ "diratime",      FLAG, 0, MS_NODIRATIME },
	{ "dirsync",       FLAG, MS_DIRSYNC, 0 },
	{ "exec",          FLAG, 0, MS_NOEXEC },
	{ "iversion",      FLAG, MS_I_VERSION, 0 },
	{ "lazytime",      FLAG, MS_LAZYTIME, 0 },
	{ "loud",          FLAG, 0, MS_SILENT },
	{ "mand",          FLAG, MS_MANDLOCK, 0 },
	{ "noatime",       FLAG, MS_NOATIME, ATIME & ~MS_NOATIME },
	{ "nodev",         FLAG, MS_NODEV, 0 },
	{ "nodiratime",    FLAG, MS_NODIRATIME, 0 },
	{ "noexec",        FLAG, MS_NOEXEC, 0 },
	{ "noiversion",    FLAG, 0, MS_I_VERSION },
	{ "nolazytime",    FLAG, 0, MS_LAZYTIME },
	{ "nomand",        FLAG, 0, MS_MANDLOCK },
	{ "norelatime",    FLAG, 0, MS_RELATIME },
	{ "nostrictatime", FLAG, 0, MS_STRICTATIME },
	{ "nosuid",        FLAG, MS_NOSUID, 0 },
	{ "nosymfollow",   FLAG, MS_NOSYMFOLLOW, 0 },
	{ "private",       PROPAGATION, MS_PRIVATE, 0 },
	{ "rbind",         BIND, MS_REC, 0 },
	{ "relatime",      FLAG, MS_RELATIME, ATIME & ~MS_RELATIME },
	{ "ro",            FLAG, MS_RDONLY, 0 },
	{ "rprivate",      PROPAGATION, MS_PRIVATE | MS_REC, 0 },
	{ "rshared",       PROPAGATION, MS_SHARED | MS_REC, 0 },
	{ "rslave",        PROPAGATION, MS_SLAVE | MS_REC, 0 },
	{ "runbindable",   PROPAGATION, MS_UNBINDABLE | MS_REC, 0 },
	{ "rw",            FLAG, 0, MS_RDONLY },
	{ "shared",        PROPAGATION, MS_SHARED, 0 },
	{ "silent",        FLAG, MS_SILENT, 0 },
	{ "slave",         PROPAGATION, MS_SLAVE, 0 },
	{ "strictatime",   FLAG, MS_STRICTATIME, ATIME & ~MS_STRICTATIME },
	{ "suid",          FLAG, 0, MS_NOSUID },
	{ "symfollow",     FLAG, 0, MS_NOSYMFOLLOW },
	{ "sync",          FLAG, MS_SYNCHRONOUS, 0 },
	{ "unbindable",    PROPAGATION, MS_UNBINDABLE, 0 },

	{ "ratime",        RFLAG, 0, MS_NOATIME },
	{ "rdev",          RFLAG, 0, MS_NODEV },
	{ "rdiratime",     RFLAG, 0, MS_NODIRATIME },
	{ "rexec",         RFLAG, 0, MS_NOEXEC },
	{ "rnoatime",      RFLAG, MS_NOATIME, ATIME & ~MS_NOATIME },
	{ "rnodev",        RFLAG, MS_NODEV, 0 },
	{ "rnodiratime",   RFLAG, MS_NODIRATIME, 0 },
	{ "rnoexec",       RFLAG, MS_NOEXEC, 0 },
	{ "rnorelatime",   RFLAG, 0, MS_RELATIME },
	{ "rnostrictatime", RFLAG, 0, MS_STRICTATIME },
	{ "rnosuid",       RFLAG, MS_NOSUID, 0 },
	{ "rnosymfollow",  RFLAG, MS_NOSYMFOLLOW, 0 },
	{ "rrelatime",     RFLAG, MS_RELATIME, ATIME & ~MS_RELATIME },
	{ "rro",           RFLAG, MS_RDONLY, 0 },
	{ "rrw",           RFLAG, 0, MS_RDONLY },
	{ "rstrictatime",  RFLAG, MS_STRICTATIME, ATIME & ~MS_STRICTATIME },
	{ "rsuid",         RFLAG, 0, MS_NOSUID },
	{ "rsymfollow",    RFLAG, 0, MS_NOSYMFOLLOW },

	{ "copy-symlink",  HOW, MOUNTOPT_COPY_LINK, 0 },
	{ "create=dir",    HOW, MOUNTOPT_CREATE_DIR, MOUNTOPT_CREATE_FILE },
	{ "create=file",   HOW, MOUNTOPT_CREATE_FILE, MOUNTOPT_CREATE_DIR },
	{ "dest-nofollow", HOW, MOUNTOPT_DEST_NOFOLLOW, 0 },
	{ "idmap",         HOW, MOUNTOPT_IDMAP, MOUNTOPT_RIDMAP },
	{ "nofail",        HOW, MOUNTOPT_OPTIONAL, 0 },
	{ "optional",      HOW, MOUNTOPT_OPTIONAL, 0 },
	{ "remount",       HOW, MOUNTOPT_REMOUNT, 0 },
	{ "ridmap",        HOW, MOUNTOPT_IDMAP | MOUNTOPT_RIDMAP, 0 },
	{ "src-nofollow",  HOW, MOUNTOPT_SRC_NOFOLLOW, 0 },
	{ "tmpcopyup",     HOW, MOUNTOPT_COPY_UP, 0 },
};

static const struct word *
find(const char *text)
{
	unsigned i;

	for (i = 0; i < COUNT(words); i++) {
		if (words[i].text[0] == *text && !strcmp(words[i].text, text))
			return &words[i];
	}
	return NULL;
}

static void
change(unsigned long *set, unsigned long *clear, const struct word *w)
{
	*set = (*set & ~(unsigned long)w->clear) | w->set;
	*clear = (*clear & ~(unsigned long)w->set) | w->clear;
}

static void
apply(struct mountopt *o, const struct word *w)
{
	switch ((enum kind)w->kind) {
	case RFLAG:
		change(&o->rset, &o->rclear, w);
		/* fall through */
	case FLAG:
		change(&o->set, &o->clear, w);
		break;
	case BIND:
		o->bind = true;
		o->recursive = w->set != 0;
		break;
	case PROPAGATION:
		o->propagation[o->n_propagation++] = w->set;
		break;
	case HOW:
		o->how = (o->how & ~w->clear) | w->set;
		break;
	}
}

/* Words of others that a file system must not see: crun's mappings inside the
 * option, and a mount point of a kind that there is not. */
static bool
is_unbuilt(const char *text)
{
	static const char starts[][8] = { "idmap=", "ridmap=", "create=" };
	unsigned i;

	for (i = 0; i < COUNT(starts); i++) {
		if (!strncmp(text, starts[i], strlen(starts[i])))
			return true;
	}
	return false;
}

static bool
for_mount8(const char *text)
{
	return !strncmp(text, "x-", 2) || !strncmp(text, "comment=", 8);
}

int
mountopt_parse(struct mountopt *o, const char *const *list, unsigned n,
	struct arena *a, struct err *e)
{
	size_t size = 1, len = 0;
	const struct word *w;
	char *data;
	unsigned i;

	*o = (struct mountopt){ 0 };
	for (i = 0; i < n; i++)
		size += strlen(list[i]) + 1;
	data = arena_alloc(a, size, 1, e);
	o->propagation = NEWS(a, unsigned long, n, e);
	if (!data || !o->propagation)
		return -1;
	for (i = 0; i < n; i++) {
		w = find(list[i]);
		if (w) {
			apply(o, w);
		} else if (is_unbuilt(list[i])) {
			if (!o->unbuilt)
				o->unbuilt = list[i];
		} else if (*list[i] && !for_mount8(list[i])) {
			if (!o->odd && !strchr(list[i], '='))
				o->odd = list[i];
			if (len)
				data[len++] = ',';
			memcpy(data + len, list[i], strlen(list[i]));
			len += strlen(list[i]);
		}
	}
	if (len)
		o->data = data;
	return 0;
}

bool
mountopt_shared(const struct mountopt *o)
{
	unsigned i;

	for (i = 0; i < o->n_propagation; i++) {
		if (!(o->propagation[i] & MS_SHARED))
			return false;
	}
	return i;
}

const char *
mountopt_word(unsigned i)
{
	return i < COUNT(words) ? words[i].text : NULL;
}
