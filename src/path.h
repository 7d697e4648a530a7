/* SPDX-License-Identifier: MIT */
/* path.h -- paths as text; nothing here looks at a file system. */
#ifndef PATH_H
#define PATH_H

#include <stdbool.h>

struct arena;
struct err;

/* An absolute path without "//", "." and "..": what the given one names, from
 * "/", where nothing on the way is a symbolic link. */
const char *path_clean(const char *path, struct arena *a, struct err *e);

/* Whether ".." is a component. */
bool path_has_dotdot(const char *path);

/* Whether it is longer than PATH_MAX - 1, or a component than NAME_MAX. */
bool path_too_long(const char *path);

#endif
