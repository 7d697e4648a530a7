/* SPDX-License-Identifier: MIT */
/* json_path.c -- where a value stands: paths in messages and their reverse.
 *
 * The parser keeps no names but the offsets of the keys it is in; a path is
 * made by reading them again when a message needs it. */
#include "json.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "fmt.h"
#include "json_lex.h"

enum { KEY_SHOWN = 64 };        /* bytes of a key in a path */

/* A path is built left to right; what does not fit is left out. */
struct path {
	char buf[JSON_PATH];
	size_t len;
	bool cut;
};

static void __attribute__((format(printf, 2, 3)))
path_add(struct path *p, const char *fmt, ...)
{
	static const char more[] = "...";
	size_t room = sizeof(p->buf) - sizeof(more) - p->len;
	va_list ap;
	int n;

	if (p->cut)
		return;
	va_start(ap, fmt);
	n = fmt_vto(p->buf + p->len, room + 1, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n <= room) {
		p->len += (size_t)n;
		return;
	}
	p->cut = true;
	memcpy(p->buf + p->len, more, sizeof(more));
}

static bool
is_bare(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!(s[i] >= '0' && s[i] <= '9') &&
		    !((s[i] | 0x20) >= 'a' && (s[i] | 0x20) <= 'z') &&
		    s[i] != '_' && s[i] != '-')
			return false;
	}
	return n;
}

/* A key as JSON would write it, control characters (C1 ones too: terminals
 * obey them) as \u00XX. */
static void
quote(char *out, size_t size, const char *s, size_t n)
{
	size_t i, seq, len = 0;
	unsigned c;

	for (i = 0; i < n && len + 8 < size; i += seq) {
		seq = utf8_seq(s + i, n - i);
		if (!seq)               /* cut within a character */
			break;
		c = (unsigned char)s[i];
		if (c == 0xc2 && (unsigned char)s[i + 1] < 0xa0)
			c = (unsigned char)s[i + 1];
		if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
			len += (size_t)fmt_to(out + len, 8, "\\u%04x", c);
			continue;
		}
		if (c == '"' || c == '\\')
			out[len++] = '\\';
		memcpy(out + len, s + i, seq);
		len += seq;
	}
	out[len] = '\0';
}

static void
path_key(struct path *p, const struct json *j, uint32_t at)
{
	char key[KEY_SHOWN], shown[KEY_SHOWN * 6 + 8];
	struct lex_text t = { .buf = key, .size = sizeof(key) };
	struct err ignored;
	struct json r;
	bool cut;

	lex_reopen(&r, j, at);
	if (lex_space(&r, &ignored) != '"' || lex_string(&r, &t, &ignored)) {
		path_add(p, "[?]");
		return;
	}
	cut = t.len > sizeof(key);
	if (cut)
		t.len = sizeof(key);
	if (!cut && is_bare(key, t.len)) {
		path_add(p, "%s%.*s", p->len ? "." : "", (int)t.len, key);
		return;
	}
	quote(shown, sizeof(shown), key, t.len);
	path_add(p, "[\"%s%s\"]", shown, cut ? "..." : "");
}

int
json_fail(struct json *j, struct err *e, const char *fmt, ...)
{
	struct path p = { .len = 0 };
	const struct json_level *l;
	char text[ERR_TEXT / 2];
	va_list ap;

	va_start(ap, fmt);
	fmt_vto(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (l = j->level; l < j->level + j->depth; l++) {
		if (l->here == JSON_NOWHERE)
			break;
		if (l->object)
			path_key(&p, j, l->here);
		else
			path_add(&p, "[%u]", (unsigned)l->here);
	}
	return err_set(e, EINVAL, "%s:%u:%u: %s%s%s", j->name,
		(unsigned)j->tok_line, (unsigned)j->tok_col, p.buf,
		*p.buf ? ": " : "", text);
}

/* One part of a path: an index or a key. */
struct part {
	bool is_key;
	uint32_t index;
	char key[JSON_PATH];
};

/* Reads ["a.b"] at path, which is written as in JSON.  NULL: it is not. */
static const char *
part_quoted(const char *path, struct part *p)
{
	struct lex_text t = { .buf = p->key, .size = sizeof(p->key) - 1 };
	struct err ignored;
	struct json j;

	if (json_open_text(&j, path, strlen(path), "path", NULL, &ignored))
		return NULL;
	j.pos++;
	if (lex_string(&j, &t, &ignored) || path[j.pos] != ']')
		return NULL;
	if (t.len > t.size || t.nul)
		return NULL;
	p->key[t.len] = '\0';
	return path + j.pos + 1;
}

/* Takes the next part off a path. */
static const char *
part_take(const char *path, struct part *p)
{
	size_t n;

	p->is_key = true;
	p->index = 0;
	if (path[0] == '[' && path[1] == '"')
		return part_quoted(path, p);
	if (path[0] == '[') {
		p->is_key = false;
		n = strspn(++path, "0123456789");
		if (!n || n > 5 || path[n] != ']')
			return NULL;    /* no index beyond JSON_MAX_VALUES */
		while (*path != ']')
			p->index = p->index * 10 + (unsigned)(*path++ - '0');
		return path + 1;
	}
	path += *path == '.';
	n = strcspn(path, ".[");
	if (!n || n >= sizeof(p->key))
		return NULL;
	memcpy(p->key, path, n);
	p->key[n] = '\0';
	return path + n;
}

/* Goes to the value that p names in the container that comes next. */
static bool
descend(struct json *j, const struct part *p)
{
	char buf[JSON_PATH + 1];        /* what is cut stays too long */
	struct err ignored;
	uint32_t i;
	bool hit;

	if (json_enter(j, p->is_key ? '{' : '[', &ignored))
		return false;
	for (i = 0; json_more(j, &ignored) > 0; i++) {
		if (p->is_key && json_key(j, buf, sizeof(buf), &ignored))
			return false;
		hit = p->is_key ? !strcmp(buf, p->key) : i == p->index;
		if (hit)
			return true;
		if (json_skip(j, NULL, NULL, &ignored))
			return false;
	}
	return false;
}

void
json_locate(int fd, const char *path, struct arena scratch, unsigned *line,
	unsigned *col)
{
	struct err ignored;
	struct part p;
	struct json j;

	*line = *col = 0;
	if (json_open_fd(&j, fd, "", &scratch, &ignored))
		return;
	j.unchecked = true;
	while (json_peek(&j, &ignored) >= 0) {
		*line = j.tok_line;
		*col = j.tok_col;
		if (!*path)
			return;
		path = part_take(path, &p);
		if (!path || !descend(&j, &p))
			return;
	}
}
