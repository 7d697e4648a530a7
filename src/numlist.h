/* SPDX-License-Identifier: MIT */
/* numlist.h -- lists of CPUs and memory nodes as the kernel writes them:
 * "0-3,7". */
#ifndef NUMLIST_H
#define NUMLIST_H

enum {
	NUMLIST_BITS = 8192,    /* the most CPUs that a kernel is built for */
	NUMLIST_WORDS = NUMLIST_BITS / (8 * (int)sizeof(long)),
};

/* Sets the bits that text names, in the form that system calls take, and clears
 * the others.  mask may be NULL.  -1 with errno: EINVAL no such list (an empty
 * one included, or a range that goes down), ERANGE a number is too high. */
int numlist_parse(const char *text, unsigned long *mask);

#endif
