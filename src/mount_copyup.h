/* SPDX-License-Identifier: MIT */
/* mount_copyup.h -- tmpcopyup: what a tmpfs covers, copied into it. */
#ifndef MOUNT_COPYUP_H
#define MOUNT_COPYUP_H

struct err;

/* Copies the tree below the directory from into the empty directory to, with
 * modes, owners and extended attributes; symbolic links as they are.  What is
 * mounted below stays behind; nothing is followed, and nothing but directories
 * and regular files is opened. */
int mount_copyup(int from, int to, struct err *e);

/* The extended attributes of the directory or file from, as far as to's file
 * system can hold them. */
int mount_copy_xattrs(int from, int to, struct err *e);

#endif
