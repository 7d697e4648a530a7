/* SPDX-License-Identifier: MIT */
/* mountopt.h -- the option words of one entry of mounts[], in mount(2)'s terms
 * (config.md, Linux mount options; mount(8)). */
#ifndef MOUNTOPT_H
#define MOUNTOPT_H

#include <stdbool.h>
#include <sys/mount.h>

struct arena;
struct err;

/* What a word asks for beyond flags. */
enum {
	MOUNTOPT_REMOUNT = 1 << 0,
	MOUNTOPT_IDMAP = 1 << 1,        /* idmap and ridmap */
	MOUNTOPT_RIDMAP = 1 << 2,
	MOUNTOPT_COPY_UP = 1 << 3,      /* tmpcopyup */
	MOUNTOPT_COPY_LINK = 1 << 4,    /* copy-symlink */
	MOUNTOPT_SRC_NOFOLLOW = 1 << 5,
	MOUNTOPT_DEST_NOFOLLOW = 1 << 6,
	MOUNTOPT_OPTIONAL = 1 << 7,     /* optional and nofail */
	MOUNTOPT_CREATE_FILE = 1 << 8,
	MOUNTOPT_CREATE_DIR = 1 << 9,
};

/* Flags of a file system, which all of its mounts share (mount(2)): a bind
 * mount has none of its own. */
enum {
	MOUNT_OF_FS = MS_SYNCHRONOUS | MS_DIRSYNC | MS_MANDLOCK | MS_LAZYTIME |
		MS_I_VERSION | MS_SILENT,
};

struct mountopt {
	unsigned long set;      /* MS_*, without MS_BIND, MS_REC, MS_REMOUNT */
	unsigned long clear;    /* MS_* that a later word took back: "exec" */
	unsigned long rset, rclear; /* the same by "rro", "rexec": for all
	                         * mounts below too; part of set and clear
	                         * unless a later word contradicts */
	bool bind;              /* bind or rbind */
	bool recursive;         /* rbind */
	unsigned how;           /* MOUNTOPT_* */
	unsigned long *propagation; /* MS_SHARED ... with or without MS_REC, */
	unsigned n_propagation;     /* a mount(2) call each, in order        */
	const char *data;       /* words for the file system; NULL: none */
	const char *odd;        /* the first of them that is no NAME=VALUE */
	const char *unbuilt;    /* the first word that we know but can't do, or
	                         * NULL; spec_check refuses it */
};

/* Reads n words; of words that contradict each other the last one wins.  Words
 * that are unknown become data, joined by commas, but x-* and comment=, which
 * are for mount(8)'s eyes only. */
int mountopt_parse(struct mountopt *o, const char *const *words, unsigned n,
	struct arena *a, struct err *e);

/* Whether all words of propagation are shared or rshared, and there is one. */
bool mountopt_shared(const struct mountopt *o);

/* The i-th word that is known and built, for features; NULL behind the last. */
const char *mountopt_word(unsigned i);

#endif
