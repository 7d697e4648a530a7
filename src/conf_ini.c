/* SPDX-License-Identifier: MIT */
/* conf_ini.c -- reads wherry.conf with libinih, which only sees our lines:
 * bounded, and counted, since its handler is not told where it is. */
#include "conf.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "io.h"

enum { CONF_MAX = 64 << 10 };

struct reader {
	int fd;
	char chunk[512];
	size_t pos, len, total;
	unsigned line;          /* the one that inih works on */
	const char *fault;      /* of the text itself, such as a long line */
	unsigned fault_line;
	int code;               /* errno of a failed read */

	struct conf *conf;
	struct arena *arena;
	struct err *err;        /* the first complaint of the handler */
	unsigned err_line;
};

static void
fault(struct reader *r, const char *what)
{
	if (r->fault)
		return;
	r->fault = what;
	r->fault_line = r->line;
}

/* The next byte, -1 at the end. */
static int
next(struct reader *r)
{
	ssize_t n;

	if (r->pos == r->len) {
		n = read_full(r->fd, r->chunk, sizeof(r->chunk));
		if (n < 0)
			r->code = errno;
		if (n <= 0)
			return -1;
		r->pos = 0;
		r->len = (size_t)n;
	}
	if (r->total == CONF_MAX) {     /* each time: inih asks again */
		fault(r, "file too large");
		return -1;
	}
	r->total++;
	return (unsigned char)r->chunk[r->pos++];
}

/* What inih takes for fgets. */
static char *
next_line(char *line, int size, void *arg)
{
	struct reader *r = arg;
	size_t n = 0, room = (size_t)size - 1;
	int c = next(r);

	if (c < 0)
		return NULL;
	r->line++;
	for (; c >= 0 && c != '\n'; c = next(r)) {
		if (!c)
			fault(r, "NUL byte");
		else if (n < room)
			line[n++] = (char)c;
		else
			fault(r, "line too long");
	}
	line[n] = '\0';
	return line;
}

static int
set(struct reader *r, const char *section, const char *name, const char *value)
{
	struct conf_origin origin = { FROM_FILE, r->line };
	int key = conf_find(name);
	char *copy;

	if (*section)
		return err_set(r->err, EINVAL, "unknown section [%s]", section);
	if (key < 0)
		return err_set(r->err, EINVAL, "unknown key `%s`", name);
	if (r->conf->origin[key].from == FROM_FILE)
		return err_set(r->err, EINVAL, "%s is set twice", name);
	copy = arena_dup(r->arena, value, strlen(value), r->err);
	if (!copy)
		return -1;
	return conf_set(r->conf, (enum conf_key)key, copy, origin, r->err);
}

/* inih: nonzero is success. */
static int
handle(void *arg, const char *section, const char *name, const char *value)
{
	struct reader *r = arg;

	if (r->err_line)
		return 0;
	if (!set(r, section, name, value))
		return 1;
	r->err_line = r->line;
	return 0;
}

/* inih goes on after an error; the first one is what is told. */
static int
verdict(struct reader *r, int line, const char *path)
{
	if (r->code) {
		errno = r->code;
		return err_sys(r->err, "%s", path);
	}
	if (r->fault && (!r->err_line || r->fault_line <= r->err_line)) {
		r->err_line = r->fault_line;
		err_set(r->err, EINVAL, "%s", r->fault);
	}
	if (line > 0 && (!r->err_line || (unsigned)line < r->err_line)) {
		r->err_line = (unsigned)line;
		err_set(r->err, EINVAL, "expected KEY = VALUE");
	}
	if (!r->err_line)
		return 0;
	return err_ctx(r->err, "%s:%u", path, r->err_line);
}

int
conf_read(struct conf *c, const char *path, struct arena *a, struct err *e)
{
	const char *name = path ? path : CONF_FILE;
	AUTO_FD(fd, open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
	struct reader r = { .fd = fd, .conf = c, .arena = a, .err = e };

	if (fd < 0 && !path && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(e, "%s", name);
	c->file = name;
	return verdict(&r, ini_parse_stream(next_line, &r, handle, &r), name);
}
