/* SPDX-License-Identifier: MIT */
/* kconfig.h -- the configuration of a kernel: a .config, or the same packed by
 * gzip, as /proc/config.gz is. */
#ifndef KCONFIG_H
#define KCONFIG_H

#include <stddef.h>

struct arena;
struct err;

enum { KCONFIG_MAX = 1 << 20 }; /* bytes; the largest kernels have 0.4 MB */

/* In this order: the higher, the better. */
enum kconfig_value {
	KCONFIG_ABSENT,         /* not named: what it depends on is off, or
	                         * another version has it */
	KCONFIG_OFF,            /* "# CONFIG_X is not set" */
	KCONFIG_MODULE,
	KCONFIG_YES,            /* y, or any other value */
};

/* An option to look for. */
struct kconfig_option {
	const char *name;       /* "CONFIG_X", n bytes */
	unsigned n;
	enum kconfig_value value; /* by kconfig_scan */
};

/* Reads the file fd whole, and unpacks it if it is packed.  name is for
 * messages.  Returns the text, not NUL-terminated, of *n bytes; or NULL. */
const char *kconfig_read(int fd, const char *name, size_t *n, struct arena *a,
	struct err *e);

/* Sets the value of each option, in one pass over the text; of several lines
 * for one the last counts.  Returns the number of lines that are options,
 * whether asked for or not: 0, it was no configuration of a kernel. */
unsigned kconfig_scan(const char *text, size_t n,
	struct kconfig_option *options, unsigned n_options);

#endif
