/* SPDX-License-Identifier: MIT */
/* cli.c -- option parsing; knows tables, not commands. */
#include "cli.h"

#include <errno.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "io.h"

/* An option as it was given: for messages, and what came glued to it. */
struct given {
	const char *text;       /* "--name" or "-n", text_len bytes of it */
	int text_len;
	const char *value;      /* behind '=' or behind the letter; or NULL */
};

const char *
cli_text(const char *texts, struct cli_text *t)
{
	t->name = texts;
	t->arg = t->name + strlen(t->name) + 1;
	t->help = t->arg + strlen(t->arg) + 1;
	return t->help + strlen(t->help) + 1;
}

/* *arg: what its value is called, "" for none. */
static const struct cli_opt *
find(const struct cli *c, const char *name, size_t len, char letter,
	const char **arg)
{
	const struct cli_table *const *t;
	const struct cli_opt *o;
	struct cli_text text;
	const char *next;

	for (t = c->tables; *t; t++) {
		next = (*t)->texts;
		for (o = (*t)->rows; o->type != CLI_END_ROW; o++) {
			next = cli_text(next, &text);
			*arg = text.arg;
			if (letter ? o->letter == letter :
			    !strncmp(text.name, name, len) && !text.name[len])
				return o;
		}
	}
	return NULL;
}

static int
set_flag(bool *flag, const struct given *g, struct err *e)
{
	*flag = true;
	if (!g->value || !strcmp(g->value, "true"))
		return 0;
	if (strcmp(g->value, "false"))
		return err_set(e, EINVAL,
			"option %.*s takes no value but true or false",
			g->text_len, g->text);
	*flag = false;
	return 0;
}

static int
add(struct cli *c, struct cli_list **list, const char *text, struct err *e)
{
	while (*list)
		list = &(*list)->next;
	*list = NEW(c->arena, struct cli_list, e);
	if (!*list)
		return -1;
	(*list)->text = text;
	return 0;
}

static int
set(struct cli *c, const struct cli_opt *o, const char *arg, struct given *g,
	struct err *e)
{
	char *member = (char *)c->base + o->off;
	unsigned long long n;

	if (o->type == CLI_FLAG)
		return set_flag((bool *)member, g, e);
	if (*arg && !g->value) {
		if (!*c->argv)
			return err_set(e, EINVAL, "option %.*s: %s is missing",
				g->text_len, g->text, arg);
		g->value = *c->argv++;
	}
	if (o->type == CLI_TEXT)
		*(const char **)(void *)member = g->value;
	if (o->type == CLI_LIST)
		return add(c, (struct cli_list **)(void *)member, g->value, e);
	if (o->type == CLI_NUMBER) {
		if (parse_u64(g->value, UINT64_MAX, &n))
			return err_set(e, errno, "option %.*s: `%s` is %s",
				g->text_len, g->text, g->value,
				errno == ERANGE ? "too large" : "no number");
		*(uint64_t *)(void *)member = n;
	}
	return 0;
}

static int
long_option(struct cli *c, const char *word, struct err *e)
{
	size_t len = strcspn(word + 2, "=");
	const char *arg;
	const struct cli_opt *o = find(c, word + 2, len, 0, &arg);
	struct given g = {
		word, (int)len + 2, word[len + 2] ? word + len + 3 : NULL
	};

	if (!o)
		return err_set(e, EINVAL, "unknown option %.*s",
			g.text_len, g.text);
	return set(c, o, arg, &g, e);
}

/* -q, -qf json, -fjson */
static int
short_options(struct cli *c, const char *word, struct err *e)
{
	const struct cli_opt *o;
	const char *p, *arg;

	for (p = word + 1; *p; p++) {
		char text[3] = { '-', *p, '\0' };
		struct given g = { text, 2, NULL };

		o = find(c, NULL, 0, *p, &arg);
		if (!o)
			return err_set(e, EINVAL, "unknown option %s", text);
		if (*arg && p[1])
			g.value = p + 1;
		if (set(c, o, arg, &g, e))
			return -1;
		if (*arg)
			break;
	}
	return 0;
}

int
cli_next(struct cli *c, const char **arg, struct err *e)
{
	const char *word;
	int r;

	while ((word = *c->argv)) {
		c->argv++;
		if (c->plain || word[0] != '-' || !word[1]) {
			*arg = word;
			return 1;
		}
		if (!strcmp(word, "--")) {
			c->plain = true;
			continue;
		}
		r = word[1] == '-' ? long_option(c, word, e) :
			short_options(c, word, e);
		if (r)
			return -1;
	}
	return 0;
}
