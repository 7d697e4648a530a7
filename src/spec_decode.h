/* SPDX-License-Identifier: MIT */
/* spec_decode.h -- config.json into struct spec. */
#ifndef SPEC_DECODE_H
#define SPEC_DECODE_H

#include <stddef.h>

struct arena;
struct diag;
struct err;
struct names;
struct spec;
struct spec_process;

/* The words of linux.seccomp: values are enum spec_seccomp_action, _op, bits of
 * _arch, and flags of the kernel. */
extern const struct names seccomp_action_names, seccomp_op_names,
	seccomp_arch_names, seccomp_flag_names;
/* The words of linux.memoryPolicy, as set_mempolicy(2) has them. */
extern const struct names numa_mode_names, numa_flag_names;

/* "createRuntime" -> HOOK_CREATE_RUNTIME */
extern const struct names hook_names;

/* Reads a config from an open file into *s; what it keeps is in the arena.
 * name stands in messages, also in later ones of d: fd, name and arena must
 * last as long (diag_open).  Fails on bad JSON, on a value that is of the wrong
 * type or out of range and on a missing member; rules about several values are
 * spec_check's.  With d->all only bad JSON (and a full arena) fails: the rest
 * is counted in d->errors and *s has gaps, which spec_check can stand. */
int spec_decode(struct spec *s, int fd, const char *name, struct diag *d,
	struct arena *a, struct err *e);
/* The same from a text that is called d->name. */
int spec_decode_text(struct spec *s, const char *text, size_t len,
	struct diag *d, struct arena *a, struct err *e);

/* A linux.resources alone, as update takes it; the rest of *s is empty. */
int spec_decode_resources(struct spec *s, const char *text, size_t len,
	struct diag *d, struct arena *a, struct err *e);

/* A process alone, as exec takes it. */
int spec_decode_process(struct spec_process *p, const char *text, size_t len,
	struct diag *d, struct arena *a, struct err *e);

#endif
