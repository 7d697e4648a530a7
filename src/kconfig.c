/* SPDX-License-Identifier: MIT */
/* kconfig.c -- reads lines of a .config. */
#include "kconfig.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "inflate.h"
#include "io.h"

#define PREFIX "CONFIG_"
#define NOT_SET " is not set"

/* The whole file, or as much as takes more than KCONFIG_MAX. */
static const char *
read_whole(int fd, const char *name, size_t *n, struct arena *a, struct err *e)
{
	char *text = NEWS(a, char, KCONFIG_MAX + 1, e);
	ssize_t got;

	if (!text)
		return NULL;
	got = read_full(fd, text, KCONFIG_MAX + 1);
	if (got < 0) {
		err_sys(e, "%s", name);
		return NULL;
	}
	if (got > KCONFIG_MAX) {
		err_set(e, EFBIG, "%s: more than %d bytes", name, KCONFIG_MAX);
		return NULL;
	}
	*n = (size_t)got;
	return text;
}

const char *
kconfig_read(int fd, const char *name, size_t *n, struct arena *a,
	struct err *e)
{
	const char *text = read_whole(fd, name, n, a, e);
	char *packed;
	ssize_t len;

	if (!text || *n < 2 || memcmp(text, "\x1f\x8b", 2))
		return text;
	packed = NEWS(a, char, KCONFIG_MAX, e);
	if (!packed)
		return NULL;
	len = inflate_gzip((const uint8_t *)text, *n, (uint8_t *)packed,
		KCONFIG_MAX, e);
	if (len < 0) {
		err_ctx(e, "%s", name);
		return NULL;
	}
	*n = (size_t)len;
	return packed;
}

static bool
starts(const char *line, size_t n, const char *with)
{
	size_t len = strlen(with);

	return n >= len && !memcmp(line, with, len);
}

/* A line's option, and what it says; false: the line is none. */
static bool
parse(const char *line, size_t n, struct kconfig_option *o)
{
	bool comment = starts(line, n, "# ");
	const char *end;

	if (n && line[n - 1] == '\r')
		n--;
	if (comment) {
		line += 2;
		n -= 2;
	}
	end = line;
	if (!starts(line, n, PREFIX))
		return false;
	while (end < line + n && *end != ' ' && *end != '=')
		end++;
	o->name = line;
	o->n = (unsigned)(end - line);
	n -= o->n;
	if (comment) {
		o->value = KCONFIG_OFF;
		return n == strlen(NOT_SET) && !memcmp(end, NOT_SET, n);
	}
	if (n < 2 || *end != '=')
		return false;
	o->value = n > 2 || (end[1] != 'n' && end[1] != 'm') ? KCONFIG_YES :
		end[1] == 'n' ? KCONFIG_OFF : KCONFIG_MODULE;
	return true;
}

unsigned
kconfig_scan(const char *text, size_t n, struct kconfig_option *options,
	unsigned n_options)
{
	const char *end = text + n, *next;
	struct kconfig_option o;
	unsigned i, lines = 0;

	for (; text < end; text = next + 1) {
		next = memchr(text, '\n', (size_t)(end - text));
		if (!next)
			next = end;
		if (!parse(text, (size_t)(next - text), &o))
			continue;
		lines++;
		for (i = 0; i < n_options; i++) {
			if (options[i].n == o.n &&
			    !memcmp(options[i].name, o.name, o.n))
				options[i].value = o.value;
		}
	}
	return lines;
}
