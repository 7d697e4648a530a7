/* SPDX-License-Identifier: MIT */
/* cmd_help.c -- wherry help: the command table for people and for programs. */
#include "cmd.h"

#include <errno.h>
#include <string.h>

#include "cli.h"
#include "err.h"
#include "str.h"

static void
add_option(struct str *s, const struct cli_opt *o, const struct cli_text *t)
{
	char left[48];
	struct str l;

	str_init(&l, left, sizeof(left));
	if (o->letter)
		str_add(&l, "-%c, ", o->letter);
	str_add(&l, "--%s%s%s", t->name, *t->arg ? " " : "", t->arg);
	str_add(s, "  %-26s %s\n", left, t->help);
}

static void
add_options(struct str *s, const char *title, const struct cli_table *table)
{
	const struct cli_opt *o = table->rows;
	const char *next = table->texts;
	struct cli_text t;

	if (*next)
		str_add(s, "\n%s:\n", title);
	for (; o->type != CLI_END_ROW; o++) {
		next = cli_text(next, &t);
		if (*t.help)
			add_option(s, o, &t);
	}
}

static void
add_command(struct str *s, const struct cmd *c)
{
	str_add(s, "usage: wherry [GLOBAL OPTIONS] %s%s%s%s\n\n%s\n", c->name,
		*c->opts->texts ? " [OPTIONS]" : "", *c->args ? " " : "",
		c->args, c->help);
	add_options(s, "options", c->opts);
}

static void
add_all(struct str *s)
{
	str_add(s, "usage: wherry [GLOBAL OPTIONS] COMMAND [OPTIONS] [ARGS]\n"
		"\ncommands:\n");
	for (const struct cmd *c = cmds; *c->name; c++)
		str_add(s, "  %-8s %-17s %s\n", c->name, c->args, c->help);
	add_options(s, "global options", global_opts);
}

static void
add_line(struct str *s, const char *name, const char *args,
	const struct cli_table *table)
{
	const struct cli_opt *o = table->rows;
	const char *next = table->texts;
	struct cli_text t;

	str_add(s, "%s|%s", name, args);
	for (; o->type != CLI_END_ROW; o++) {
		next = cli_text(next, &t);
		str_add(s, "|--%s", t.name);
		if (o->letter)
			str_add(s, "/-%c", o->letter);
		if (*t.arg)
			str_add(s, " %s", t.arg);
	}
	str_char(s, '\n');
}

/* The global options stand in the line of the program's name. */
static void
add_list(struct str *s)
{
	add_line(s, "wherry", "COMMAND", global_opts);
	for (const struct cmd *c = cmds; *c->name; c++)
		add_line(s, c->name, c->args, c->opts);
}

int
cmd_help(struct ctx *c, struct err *e)
{
	const struct cmd *about = NULL;
	char text[8192];
	struct str s;

	if (c->n_args && !(about = cmd_find(c->args[0])))
		return err_set(e, EINVAL, "unknown command `%s`", c->args[0]);
	str_init(&s, text, sizeof(text));
	if (c->opt->list)
		add_list(&s);
	else if (about)
		add_command(&s, about);
	else
		add_all(&s);
	return cmd_print(text, e);
}
