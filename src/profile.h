/* SPDX-License-Identifier: MIT */
/* profile.h -- seccomp profiles as people keep them: a config.json, a bare
 * linux.seccomp, or the form of Docker and Podman, whose rules hold only for
 * some containers and machines. */
#ifndef PROFILE_H
#define PROFILE_H

#include <stdint.h>

struct arena;
struct err;
struct spec_seccomp;

/* What conditions of a profile are about. */
struct profile_for {
	const char *arch;       /* calls.h: "x86_64" */
	unsigned spec;          /* enum spec_seccomp_arch of it */
	uint64_t caps;          /* bounding set of the container */
	unsigned kernel[2];     /* 4.19 is { 4, 19 } */
};

/* Reads a profile from an open file that is called name.  Rules that don't hold
 * stay in place without names, so that indices are those of the file.  Fails on
 * what spec_check would refuse in a config. */
int profile_read(struct spec_seccomp *s, int fd, const char *name,
	const struct profile_for *whom, struct arena *a, struct err *e);

/* "4.19" or "6.1.0-13-amd64" into kernel; -1: it is no version. */
int profile_kernel(const char *text, unsigned kernel[2]);

#endif
