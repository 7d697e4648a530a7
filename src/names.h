/* SPDX-License-Identifier: MIT */
/* names.h -- names and numbers: signals, capabilities, rlimits, namespaces. */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The text stands in the element, so that a table needs no relocation. */
struct name {
	char text[20];
	uint32_t value;
};

/* A kind of thing; every text has the prefix in front ("" for none). */
struct names {
	char what[16];          /* for messages: "namespace type" */
	char prefix[21];
	const struct name *list;
	unsigned n;
};

/* The initialiser of a struct names over an array. */
#define NAMES(what, prefix, list) \
	{ what, prefix, list, sizeof(list) / sizeof((list)[0]) }

extern const struct names ns_names;     /* "pid" -> CLONE_NEWPID */
extern const struct names rlimit_names; /* "RLIMIT_NOFILE" */
extern const struct names cap_names;    /* "CAP_KILL" -> 5 */

/* Looks up a full name, exactly as written.  False: there is none. */
bool names_value(const struct names *set, const char *text, uint32_t *value);

/* The name without the prefix, or NULL. */
const char *names_text(const struct names *set, uint32_t value);

/* A capability by name, in any case of letters, CAP_ optional; -1: unknown. */
int cap_number(const char *text);

/* A signal by number or name, in any case of letters, SIG optional, with
 * RTMIN+n and RTMAX-n as glibc counts them, which is what users of the
 * container expect.  0 is allowed: it tests for existence.  -1: unknown. */
int signal_number(const char *text);

#endif
