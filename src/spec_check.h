/* SPDX-License-Identifier: MIT */
/* spec_check.h -- what the types of a config don't say: rules about several
 * values, forms of text, and what this version can't do yet. */
#ifndef SPEC_CHECK_H
#define SPEC_CHECK_H

struct arena;
struct diag;
struct err;
struct spec;

/* Judges a decoded spec.  d is the one it was decoded with, so that messages
 * can name the place in the file.
 * Whatever config.md makes an error is one, and so is what a config asks for
 * and this version or build does not carry out; nothing is ignored.
 *
 * Not judged, because text can't tell: whether a bind mount on /proc is a
 * procfs (the mounting code verifies that), whether paths exist, what the host
 * can do, and whether the cgroup set-up fits the build (plan.h).
 *
 * -1 with the first error; with d->all, with their number. */
int spec_check(const struct spec *s, struct diag *d, struct arena scratch,
	struct err *e);

/* The same for linux.resources alone, of an update. */
int spec_check_resources(const struct spec *s, struct diag *d, struct err *e);

/* The same for process alone, of an exec. */
int spec_check_exec(const struct spec *s, struct diag *d, struct err *e);

#endif
