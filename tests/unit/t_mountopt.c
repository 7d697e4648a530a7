/* SPDX-License-Identifier: MIT */
/* t_mountopt.c -- tests of mountopt.h: every word of config.md's table. */
#include "mountopt.h"

#include <sys/mount.h>

#include "arena.h"
#include "err.h"
#include "tap.h"

static char memory[65536];
static struct mountopt o;

/* Reads words that are parted by spaces. */
static void
parse(const char *text)
{
	static char copy[512];
	const char *list[16];
	struct arena a = { memory, memory + sizeof(memory) };
	struct err e = { 0 };
	unsigned n = 0;
	char *p;

	snprintf(copy, sizeof(copy), "%s", text);
	for (p = strtok(copy, " "); p; p = strtok(NULL, " "))
		list[n++] = p;
	if (mountopt_parse(&o, list, n, &a, &e))
		printf("Bail out! %s\n", err_str(&e));
}

static void
test_flags(void)
{
	static const struct {
		const char *word;
		unsigned long set, clear;
	} t[] = {
		{ "async", 0, MS_SYNCHRONOUS }, { "sync", MS_SYNCHRONOUS, 0 },
		{ "atime", 0, MS_NOATIME }, { "defaults", 0, 0 },
		{ "dev", 0, MS_NODEV }, { "nodev", MS_NODEV, 0 },
		{ "diratime", 0, MS_NODIRATIME },
		{ "nodiratime", MS_NODIRATIME, 0 },
		{ "dirsync", MS_DIRSYNC, 0 },
		{ "exec", 0, MS_NOEXEC }, { "noexec", MS_NOEXEC, 0 },
		{ "iversion", MS_I_VERSION, 0 },
		{ "noiversion", 0, MS_I_VERSION },
		{ "lazytime", MS_LAZYTIME, 0 },
		{ "nolazytime", 0, MS_LAZYTIME },
		{ "loud", 0, MS_SILENT }, { "silent", MS_SILENT, 0 },
		{ "mand", MS_MANDLOCK, 0 }, { "nomand", 0, MS_MANDLOCK },
		{ "noatime", MS_NOATIME, MS_RELATIME | MS_STRICTATIME },
		{ "relatime", MS_RELATIME, MS_NOATIME | MS_STRICTATIME },
		{ "norelatime", 0, MS_RELATIME },
		{ "strictatime", MS_STRICTATIME, MS_NOATIME | MS_RELATIME },
		{ "nostrictatime", 0, MS_STRICTATIME },
		{ "suid", 0, MS_NOSUID }, { "nosuid", MS_NOSUID, 0 },
		{ "nosymfollow", MS_NOSYMFOLLOW, 0 },
		{ "symfollow", 0, MS_NOSYMFOLLOW },
		{ "ro", MS_RDONLY, 0 }, { "rw", 0, MS_RDONLY },
		/* the last one wins */
		{ "ro rw", 0, MS_RDONLY }, { "rw ro", MS_RDONLY, 0 },
		{ "exec noexec exec", 0, MS_NOEXEC },
		{ "noatime relatime", MS_RELATIME,
			MS_NOATIME | MS_STRICTATIME },
		{ "strictatime noatime", MS_NOATIME,
			MS_RELATIME | MS_STRICTATIME },
		{ "nosuid nodev noexec ro",
			MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, 0 },
		{ "", 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		parse(t[i].word);
		if (!OK(o.set == t[i].set && o.clear == t[i].clear && !o.data &&
		    !o.unbuilt && !o.bind && !o.n_propagation))
			printf("#   of '%s'\n", t[i].word);
	}
}

static void
test_bind(void)
{
	parse("bind");
	OK(o.bind && !o.recursive && !o.set && !o.data);
	parse("rbind ro");
	OK(o.bind && o.recursive && o.set == MS_RDONLY);
	parse("rbind bind");
	OK(o.bind && !o.recursive);
}

static void
test_propagation(void)
{
	static const struct { const char *word; unsigned long want; } t[] = {
		{ "shared", MS_SHARED }, { "rshared", MS_SHARED | MS_REC },
		{ "slave", MS_SLAVE }, { "rslave", MS_SLAVE | MS_REC },
		{ "private", MS_PRIVATE }, { "rprivate", MS_PRIVATE | MS_REC },
		{ "unbindable", MS_UNBINDABLE },
		{ "runbindable", MS_UNBINDABLE | MS_REC },
	};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		parse(t[i].word);
		if (!OK(o.n_propagation == 1 &&
		    o.propagation[0] == t[i].want && !o.set && !o.data))
			printf("#   of '%s'\n", t[i].word);
	}
	parse("rslave ro rshared");
	OK(o.n_propagation == 2 && o.propagation[0] == (MS_SLAVE | MS_REC) &&
		o.propagation[1] == (MS_SHARED | MS_REC) && o.set == MS_RDONLY);
}

static void
test_data(void)
{
	parse("mode=755 nosuid size=64k");
	IS(o.data, "mode=755,size=64k");
	IS_INT(o.set, MS_NOSUID);
	parse("defaults newinstance");
	IS(o.data, "newinstance");
	parse("x-systemd.automount comment=hello acl noacl");
	IS(o.data, "acl,noacl");
	parse("x-mount.mkdir");
	IS(o.data, NULL);
	parse("ro=1");                  /* no flag with a value */
	IS(o.data, "ro=1");
	IS_INT(o.set, 0);
}

/* r words go for the mount itself and for all below it. */
static void
test_recursive(void)
{
	enum { ATIMES = MS_NOATIME | MS_RELATIME | MS_STRICTATIME };
	static const struct {
		const char *words;
		unsigned long rset, rclear, set, clear;
	} t[] = {
		{ "rro", MS_RDONLY, 0, MS_RDONLY, 0 },
		{ "rrw", 0, MS_RDONLY, 0, MS_RDONLY },
		{ "rnosuid", MS_NOSUID, 0, MS_NOSUID, 0 },
		{ "rsuid", 0, MS_NOSUID, 0, MS_NOSUID },
		{ "rnodev", MS_NODEV, 0, MS_NODEV, 0 },
		{ "rdev", 0, MS_NODEV, 0, MS_NODEV },
		{ "rnoexec", MS_NOEXEC, 0, MS_NOEXEC, 0 },
		{ "rexec", 0, MS_NOEXEC, 0, MS_NOEXEC },
		{ "rnoatime", MS_NOATIME, ATIMES & ~MS_NOATIME,
			MS_NOATIME, ATIMES & ~MS_NOATIME },
		{ "ratime", 0, MS_NOATIME, 0, MS_NOATIME },
		{ "rstrictatime", MS_STRICTATIME, ATIMES & ~MS_STRICTATIME,
			MS_STRICTATIME, ATIMES & ~MS_STRICTATIME },
		{ "rnostrictatime", 0, MS_STRICTATIME, 0, MS_STRICTATIME },
		{ "rrelatime", MS_RELATIME, ATIMES & ~MS_RELATIME,
			MS_RELATIME, ATIMES & ~MS_RELATIME },
		{ "rnorelatime", 0, MS_RELATIME, 0, MS_RELATIME },
		{ "rnodiratime", MS_NODIRATIME, 0, MS_NODIRATIME, 0 },
		{ "rdiratime", 0, MS_NODIRATIME, 0, MS_NODIRATIME },
		{ "rnosymfollow", MS_NOSYMFOLLOW, 0, MS_NOSYMFOLLOW, 0 },
		{ "rsymfollow", 0, MS_NOSYMFOLLOW, 0, MS_NOSYMFOLLOW },
		/* the last one wins, for what it is about */
		{ "rro rrw", 0, MS_RDONLY, 0, MS_RDONLY },
		{ "rro rw", MS_RDONLY, 0, 0, MS_RDONLY },
		{ "rw rro", MS_RDONLY, 0, MS_RDONLY, 0 },
		{ "ro rexec", 0, MS_NOEXEC, MS_RDONLY, MS_NOEXEC },
		{ "rnoatime rrelatime", MS_RELATIME, ATIMES & ~MS_RELATIME,
			MS_RELATIME, ATIMES & ~MS_RELATIME },
	};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		parse(t[i].words);
		if (!OK(o.rset == t[i].rset && o.rclear == t[i].rclear &&
		    o.set == t[i].set && o.clear == t[i].clear && !o.data &&
		    !o.how && !o.unbuilt && !o.bind && !o.n_propagation))
			printf("#   of '%s'\n", t[i].words);
	}
}

static void
test_how(void)
{
	static const struct { const char *words; unsigned how; } t[] = {
		{ "remount", MOUNTOPT_REMOUNT },
		{ "idmap", MOUNTOPT_IDMAP },
		{ "ridmap", MOUNTOPT_IDMAP | MOUNTOPT_RIDMAP },
		{ "ridmap idmap", MOUNTOPT_IDMAP },
		{ "idmap ridmap", MOUNTOPT_IDMAP | MOUNTOPT_RIDMAP },
		{ "tmpcopyup", MOUNTOPT_COPY_UP },
		{ "copy-symlink", MOUNTOPT_COPY_LINK },
		{ "src-nofollow", MOUNTOPT_SRC_NOFOLLOW },
		{ "dest-nofollow", MOUNTOPT_DEST_NOFOLLOW },
		{ "optional", MOUNTOPT_OPTIONAL },
		{ "nofail", MOUNTOPT_OPTIONAL },
		{ "create=file", MOUNTOPT_CREATE_FILE },
		{ "create=dir", MOUNTOPT_CREATE_DIR },
		{ "create=dir create=file", MOUNTOPT_CREATE_FILE },
		{ "create=file create=dir", MOUNTOPT_CREATE_DIR },
	};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		parse(t[i].words);
		if (!OK(o.how == t[i].how && !o.set && !o.clear && !o.data &&
		    !o.unbuilt && !o.bind))
			printf("#   of '%s'\n", t[i].words);
	}
}

/* What others write so, and no file system may see. */
static void
test_unbuilt(void)
{
	static const char words[][20] = {
		"idmap=uids=0-1-2", "ridmap=gids=0-1-2", "create=pipe",
		"create=",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		parse(words[i]);
		IS(o.unbuilt, words[i]);
		OK(!o.data && !o.set && !o.bind);
	}
	parse("ro create=x bind idmap=y");
	IS(o.unbuilt, "create=x");
}

/* features lists what is carried out, each word once. */
static void
test_list(void)
{
	unsigned i, k, twice = 0, refused = 0;

	for (i = 0; mountopt_word(i); i++) {
		parse(mountopt_word(i));
		refused += o.unbuilt || o.data;
		for (k = 0; k < i; k++)
			twice += !strcmp(mountopt_word(i), mountopt_word(k));
	}
	IS_INT(i, 69);
	IS_INT(refused, 0);
	IS_INT(twice, 0);
}

int
main(void)
{
	test_flags();
	test_bind();
	test_propagation();
	test_data();
	test_recursive();
	test_how();
	test_unbuilt();
	test_list();
	return done();
}
