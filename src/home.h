/* SPDX-License-Identifier: MIT */
/* home.h -- the home directory that the image's /etc/passwd names. */
#ifndef HOME_H
#define HOME_H

#include <stddef.h>
#include <stdint.h>

/* Writes "HOME=DIR" for uid, DIR from /etc/passwd below the current root, "/"
 * where that says nothing (list P5).  The file is the image's: only a regular
 * file is read, of which the first MiB counts, and what is wrong with it is no
 * error.  libc's getpwuid is not used, since it would ask whoever listens on
 * the container's nscd socket. */
void home_env(uint32_t uid, char *buf, size_t size);

#endif
