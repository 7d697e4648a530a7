/* SPDX-License-Identifier: MIT */
/* inflate.h -- gzip files, unpacked from memory into memory (RFC 1951, 1952):
 * a kernel has its configuration in that form. */
#ifndef INFLATE_H
#define INFLATE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

/* Unpacks all members of the file in[0..n) into out.  Returns the length, or
 * -1: what was read is no gzip file, is cut short or damaged (each member has
 * a checksum), or takes more than max bytes. */
ssize_t inflate_gzip(const uint8_t *in, size_t n, uint8_t *out, size_t max,
	struct err *e);

#endif
