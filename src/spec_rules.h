/* SPDX-License-Identifier: MIT */
/* spec_rules.h -- the parts of spec_check.  Each reports to d and goes on; the
 * spec may have gaps where decoding failed (diag->all). */
#ifndef SPEC_RULES_H
#define SPEC_RULES_H

#include <stdbool.h>

struct arena;
struct diag;
struct spec;
struct spec_idmap;
struct spec_namespace;

#define NOT_BUILT "not supported by this version of wherry"

void check_process(const struct spec *s, struct diag *d);
void check_hooks(const struct spec *s, struct diag *d);
/* The arena is left as it was. */
void check_mounts(const struct spec *s, struct diag *d, struct arena *scratch);
void check_namespaces(const struct spec *s, struct diag *d);
void check_sysctl(const struct spec *s, struct diag *d);
void check_linux(const struct spec *s, struct diag *d);
/* update: what is not given is as it is. */
void check_resources(const struct spec *s, bool update, struct diag *d);
void check_seccomp(const struct spec *s, struct diag *d);
void check_built(const struct spec *s, struct diag *d);

/* The entry of linux.namespaces of that CLONE_NEW*, or NULL. */
const struct spec_namespace *ns_entry(const struct spec *s, unsigned type);

/* Id maps of a user namespace or a mount; member is their path. */
void check_map(const char *member, const struct spec_idmap *map, unsigned n,
	struct diag *d);

/* Paths: absolute, and short enough for the kernel; d is at the value. */
void check_path(const char *path, struct diag *d);

/* Variables of an environment: NAME=VALUE; where says of which, "process". */
void check_env(const char *const *env, unsigned n, const char *where,
	struct diag *d);

/* Lists of CPUs or memory nodes: "0-3,7".  The kernel judges the numbers. */
bool is_number_list(const char *text);

#endif
