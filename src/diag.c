/* SPDX-License-Identifier: MIT */
/* diag.c -- collects or stops; finds the place of a value in its file. */
#include "diag.h"

#include <errno.h>
#include <stdarg.h>

#include "arena.h"
#include "err.h"
#include "fmt.h"
#include "json.h"
#include "log.h"

void
diag_open(struct diag *d, int fd, const char *name, const struct arena *arena)
{
	d->fd = fd;
	d->name = name;
	d->arena = arena;
}

struct diag *
diag_at(struct diag *d, const char *path, ...)
{
	va_list ap;

	va_start(ap, path);
	fmt_vto(d->path, sizeof(d->path), path, ap);
	va_end(ap);
	return d;
}

void
diag_say(struct diag *d, int level, const char *text)
{
	if (d->say)
		d->say(d->arg, level, text);
	else
		log_at((enum log_level)level, "%s", text);
}

/* The message in e, with the place in front. */
static void
complete(struct diag *d, struct err *e, const char *fmt, va_list ap)
{
	unsigned line = 0, col = 0;
	char text[ERR_TEXT];

	fmt_vto(text, sizeof(text), fmt, ap);
	err_set(e, EINVAL, "%s", text);
	err_ctx(e, "%s", d->path);
	if (d->name && d->fd >= 0)
		json_locate(d->fd, d->path, *d->arena, &line, &col);
	if (line)
		err_ctx(e, "%s:%u:%u", d->name, line, col);
	else if (d->name)
		err_ctx(e, "%s", d->name);
}

void
diag_error(struct diag *d, const char *fmt, ...)
{
	struct err e = { 0 };
	va_list ap;

	if (!d->all && d->errors++)
		return;
	va_start(ap, fmt);
	complete(d, d->all ? &e : d->err, fmt, ap);
	va_end(ap);
	if (d->all)
		diag_take(d, &e);
}

void
diag_warn(struct diag *d, const char *fmt, ...)
{
	struct err e = { 0 };
	va_list ap;

	va_start(ap, fmt);
	complete(d, &e, fmt, ap);
	va_end(ap);
	diag_say(d, LEVEL_WARNING, err_str(&e));
}

int
diag_take(struct diag *d, struct err *e)
{
	d->errors++;
	if (!d->all)
		return -1;
	diag_say(d, LEVEL_ERROR, err_str(e));
	err_clear(e);
	return 0;
}
