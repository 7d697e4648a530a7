/* SPDX-License-Identifier: MIT */
/* path.c -- takes paths apart. */
#include "path.h"

#include <limits.h>
#include <string.h>

#include "arena.h"

/* The next component at *path, its length in *n; NULL at the end. */
static const char *
component(const char **path, size_t *n)
{
	const char *c = *path + strspn(*path, "/");

	*n = strcspn(c, "/");
	*path = c + *n;
	return *n ? c : NULL;
}

static bool
is_dots(const char *c, size_t n, size_t dots)
{
	return n == dots && strspn(c, ".") == dots;
}

const char *
path_clean(const char *path, struct arena *a, struct err *e)
{
	char *out = arena_alloc(a, strlen(path) + 2, 1, e);
	const char *c;
	size_t len = 0, n;

	if (!out)
		return NULL;
	while ((c = component(&path, &n))) {
		if (is_dots(c, n, 1))
			continue;
		if (is_dots(c, n, 2)) {
			while (len && out[--len] != '/')
				;
			continue;
		}
		out[len++] = '/';
		memcpy(out + len, c, n);
		len += n;
	}
	if (!len)
		out[len++] = '/';
	out[len] = '\0';
	return out;
}

bool
path_has_dotdot(const char *path)
{
	const char *c;
	size_t n;

	while ((c = component(&path, &n))) {
		if (is_dots(c, n, 2))
			return true;
	}
	return false;
}

bool
path_too_long(const char *path)
{
	size_t n;

	if (strlen(path) >= PATH_MAX)
		return true;
	while (component(&path, &n)) {
		if (n > NAME_MAX)
			return true;
	}
	return false;
}
