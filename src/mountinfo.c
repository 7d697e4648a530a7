/* SPDX-License-Identifier: MIT */
/* mountinfo.c -- state of one line: which field, and where it is kept. */
#include "mountinfo.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "io.h"

/* Fields by their number; optional ones, any count, end with a lone "-". */
enum {
	F_ID, F_PARENT, F_DEVICE, F_ROOT, F_MOUNTPOINT, F_OPTIONS, F_OPTIONAL,
	F_FSTYPE, F_SOURCE, F_SUPER, F_COUNT,
};

#define KEEP(member, is_path) { \
	offsetof(struct mountinfo_entry, member), \
	sizeof(((struct mountinfo_entry *)0)->member), is_path }

static const struct keep {
	size_t at, size;                /* size 0: the field is not kept */
	bool is_path;
} keeps[F_COUNT] = {
	[F_ROOT]       = KEEP(root, true),
	[F_MOUNTPOINT] = KEEP(mountpoint, true),
	[F_OPTIONS]    = KEEP(options, false),
	[F_FSTYPE]     = KEEP(fstype, false),
	[F_SUPER]      = KEEP(super, false),
};

enum { END_FILE = -1, END_FAILED = -2 };

void
mountinfo_init(struct mountinfo *m, int fd)
{
	m->fd = fd;
	m->line = m->pos = m->len = 0;
}

void
mountinfo_unescape(char *s)
{
	unsigned char *in = (unsigned char *)s + strcspn(s, "\\"), *out = in;

	while (*in) {
		if (in[0] == '\\' && in[1] >= '0' && in[1] <= '3' &&
		    in[2] >= '0' && in[2] <= '7' &&
		    in[3] >= '0' && in[3] <= '7') {
			*out++ = (unsigned char)((in[1] - '0') << 6 |
				(in[2] - '0') << 3 | (in[3] - '0'));
			in += 4;
		} else {
			*out++ = *in++;
		}
	}
	*out = '\0';
}

static int
next_char(struct mountinfo *m)
{
	ssize_t n;

	if (m->pos == m->len) {
		do
			n = read(m->fd, m->chunk, sizeof(m->chunk));
		while (n < 0 && errno == EINTR);
		if (n <= 0)
			return n ? END_FAILED : END_FILE;
		m->pos = 0;
		m->len = (unsigned)n;
	}
	return (unsigned char)m->chunk[m->pos++];
}

/* A decimal id so far; false: not one. */
static bool
add_digit(uint32_t *id, int c)
{
	return c >= '0' && c <= '9' &&
		!__builtin_mul_overflow(*id, 10u, id) &&
		!__builtin_add_overflow(*id, (uint32_t)(c - '0'), id);
}

/* Keeps the raw character at position at of a field; escapes are decoded when
 * the field is complete. */
static bool
add_char(struct mountinfo_entry *n, int field, size_t at, int c)
{
	const struct keep *k = &keeps[field];

	if (field == F_ID)
		return add_digit(&n->id, c);
	if (field == F_PARENT)
		return add_digit(&n->parent, c);
	if (!c)
		return false;
	if (!k->size)
		return true;
	if (at < k->size - 1) {
		((char *)n)[k->at + at] = (char)c;
		((char *)n)[k->at + at + 1] = '\0';
	} else {
		*(k->is_path ? &n->path_cut : &n->text_cut) = true;
	}
	return true;
}

/* The field that follows one of len characters; first is its first one. */
static int
next_field(int field, size_t len, int first)
{
	if (field == F_OPTIONAL && !(len == 1 && first == '-'))
		return F_OPTIONAL;
	return field + 1;
}

static void
entry_clear(struct mountinfo_entry *n)
{
	n->id = n->parent = 0;
	n->root[0] = n->mountpoint[0] = n->options[0] = '\0';
	n->fstype[0] = n->super[0] = '\0';
	n->path_cut = n->text_cut = false;
}

int
mountinfo_next(struct mountinfo *m, struct mountinfo_entry *n, struct err *e)
{
	int c, field = F_ID, first = 0;
	size_t at = 0;
	bool any = false, good = true;

	entry_clear(n);
	m->line++;
	for (; (c = next_char(m)) >= 0 && c != '\n'; any = true) {
		/* the last field is the file system's own text */
		if (c == ' ' && field != F_SUPER) {
			/* mount("", ...) leaves an empty source */
			good = good && (at || field == F_SOURCE);
			field = next_field(field, at, first);
			at = 0;
			continue;
		}
		if (!at)
			first = c;
		good = good && add_char(n, field, at, c);
		at++;
	}
	if (c == END_FAILED)
		return err_sys(e, "mountinfo: read");
	if (c == END_FILE && !any)
		return 0;
	if (c == END_FILE || !good || field != F_SUPER || !at)
		return err_set(e, EINVAL, "mountinfo: line %u: bad format",
			m->line);
	mountinfo_unescape(n->root);
	mountinfo_unescape(n->mountpoint);
	mountinfo_unescape(n->super);
	return 1;
}
