/* SPDX-License-Identifier: MIT */
/* mountopt.h -- the option words of one entry of mounts[], in mount(2)'s terms
 * (config.md, Linux mount options; mount(8)). */
#ifndef MOUNTOPT_H
#define MOUNTOPT_H

#include <stdbool.h>

struct arena;
struct err;

struct mountopt {
	unsigned long set;      /* MS_*, without MS_BIND, MS_REC, MS_REMOUNT */
	unsigned long clear;    /* MS_* that a later word took back: "exec" */
	bool bind;              /* bind or rbind */
	bool recursive;         /* rbind */
	unsigned long *propagation; /* MS_SHARED ... with or without MS_REC, */
	unsigned n_propagation;     /* a mount(2) call each, in order        */
	const char *data;       /* words for the file system; NULL: none */
	const char *unbuilt;    /* the first word that we know but can't do
	                         * yet, or NULL; spec_check refuses it */
};

/* Reads n words; of words that contradict each other the last one wins.  Words
 * that are unknown become data, joined by commas, but x-* and comment=, which
 * are for mount(8)'s eyes only. */
int mountopt_parse(struct mountopt *o, const char *const *words, unsigned n,
	struct arena *a, struct err *e);

/* The i-th word that is known and built, for features; NULL behind the last. */
const char *mountopt_word(unsigned i);

#endif
