/* SPDX-License-Identifier: MIT */
/* json_keys.h -- the duplicate check.  Private to json*.c. */
#ifndef JSON_KEYS_H
#define JSON_KEYS_H

#include <stdint.h>

struct err;
struct json;

/* Notes a key of the innermost object. */
int keys_add(struct json *j, uint64_t hash, struct err *e);

/* The innermost object ends: fails if it has a key twice (at the second one),
 * and forgets its keys. */
int keys_end(struct json *j, struct err *e);

#endif
