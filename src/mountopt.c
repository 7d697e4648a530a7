/* SPDX-License-Identifier: MIT */
/* mountopt.c -- the table of mount option words and its reader. */
#include "mountopt.h"

#include <string.h>
#include <sys/mount.h>

#include "arena.h"
#include "io.h"

enum { ATIME = MS_NOATIME | MS_RELATIME | MS_STRICTATIME };

enum kind { FLAG, BIND, PROPAGATION, UNBUILT };

/* FLAG: set and clear say which bits to change.  The kernel lets strictatime
 * win over the rest of its family, so each member takes the others back. */
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

	{ "idmap",         UNBUILT, 0, 0 },
	{ "ratime",        UNBUILT, 0, 0 },
	{ "rdev",          UNBUILT, 0, 0 },
	{ "rdiratime",     UNBUILT, 0, 0 },
	{ "remount",       UNBUILT, 0, 0 },
	{ "rexec",         UNBUILT, 0, 0 },
	{ "ridmap",        UNBUILT, 0, 0 },
	{ "rnoatime",      UNBUILT, 0, 0 },
	{ "rnodev",        UNBUILT, 0, 0 },
	{ "rnodiratime",   UNBUILT, 0, 0 },
	{ "rnoexec",       UNBUILT, 0, 0 },
	{ "rnorelatime",   UNBUILT, 0, 0 },
	{ "rnostrictatime", UNBUILT, 0, 0 },
	{ "rnosuid",       UNBUILT, 0, 0 },
	{ "rnosymfollow",  UNBUILT, 0, 0 },
	{ "rrelatime",     UNBUILT, 0, 0 },
	{ "rro",           UNBUILT, 0, 0 },
	{ "rrw",           UNBUILT, 0, 0 },
	{ "rstrictatime",  UNBUILT, 0, 0 },
	{ "rsuid",         UNBUILT, 0, 0 },
	{ "rsymfollow",    UNBUILT, 0, 0 },
	{ "tmpcopyup",     UNBUILT, 0, 0 },
};

/* A word with a value is looked up without it: crun's "idmap=..." must not
 * reach a file system either. */
static const struct word *
find(const char *text)
{
	size_t len = strcspn(text, "=");
	unsigned i;

	for (i = 0; i < COUNT(words); i++) {
		const struct word *w = &words[i];

		if (strlen(w->text) == len && !memcmp(w->text, text, len) &&
		    (!text[len] || w->kind == UNBUILT))
			return w;
	}
	return NULL;
}

static void
apply(struct mountopt *o, const struct word *w, const char *text)
{
	switch ((enum kind)w->kind) {
	case FLAG:
		o->set = (o->set & ~(unsigned long)w->clear) | w->set;
		o->clear = (o->clear & ~(unsigned long)w->set) | w->clear;
		break;
	case BIND:
		o->bind = true;
		o->recursive = w->set != 0;
		break;
	case PROPAGATION:
		o->propagation[o->n_propagation++] = w->set;
		break;
	case UNBUILT:
		if (!o->unbuilt)
			o->unbuilt = text;
		break;
	}
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
			apply(o, w, list[i]);
		} else if (*list[i] && !for_mount8(list[i])) {
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

const char *
mountopt_word(unsigned i)
{
	return i < COUNT(words) && words[i].kind != UNBUILT ?
		words[i].text : NULL;
}
