/* SPDX-License-Identifier: MIT */
/* dir.h -- the entries of a directory, without opendir, which allocates. */
#ifndef DIR_H
#define DIR_H

#include <stddef.h>

struct err;

struct dir {
	int fd;                 /* lent; its file offset moves */
	size_t pos, len;
	_Alignas(8) char buf[1024];
};

/* Starts (again) with the first entry. */
int dir_start(struct dir *d, int fd, struct err *e);

/* Removes everything in the directory, however deep, with a few descriptors;
 * nobody else may change it meanwhile. */
int dir_clear(int fd, struct err *e);

/* The next name but "." and ".."; valid until the next call.  NULL at the end
 * or with err set. */
const char *dir_next(struct dir *d, struct err *e);

#endif
