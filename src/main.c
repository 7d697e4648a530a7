/* SPDX-License-Identifier: MIT */
/* main.c -- from the command line to the command; the one place that prints an
 * error and picks the exit code. */
#include <errno.h>
#include <stdbool.h>

#include "arena.h"
#include "cli.h"
#include "cmd.h"
#include "conf.h"
#include "err.h"
#include "io.h"
#include "log.h"
#include "procfs.h"
#include "sanitize.h"
#include "settings.h"
#include "shield.h"
#include "state_root.h"

enum { FAILED = 1 };

/* All the memory there is. */
static char block[ARENA_KB * 1024];

/* Reads the whole command line into c and *o; args has room for all of it. */
static int
parse(struct ctx *c, struct opts *o, char **argv, const char **args,
	struct err *e)
{
	const struct cli_table *tables[] = { global_opts, NULL, NULL };
	struct cli cli = {
		.argv = argv + 1, .tables = tables, .base = o,
		.arena = c->arena,
	};
	const char *arg;
	int r;

	c->args = args;
	r = cli_next(&cli, &arg, e);
	if (r <= 0)
		return r;
	c->cmd = cmd_find(arg);
	if (!c->cmd)
		return err_set(e, EINVAL,
			"unknown command `%s` (see wherry help)", arg);
	/* An option of the command hides a global one of the same name. */
	tables[0] = c->cmd->opts;
	tables[1] = global_opts;
	while ((r = cli_next(&cli, &arg, e)) > 0) {
		args[c->n_args++] = arg;
		if (c->cmd->needs & ENDS_OPTIONS)
			cli.plain = true;
	}
	return r;
}

static int
check_args(const struct ctx *c, struct err *e)
{
	if (c->n_args < c->cmd->min)
		return err_set(e, EINVAL, "argument missing: %s", c->cmd->args);
	if (c->cmd->max != CMD_ANY && c->n_args > c->cmd->max)
		return err_set(e, EINVAL, "too many arguments: %s",
			c->args[c->cmd->max]);
	return 0;
}

/* The command that will run; --help and --version stand for commands too. */
static const struct cmd *
pick(struct ctx *c, const struct opts *o, const char **args, struct err *e)
{
	if (o->version || (o->help && !c->cmd)) {
		c->cmd = cmd_find(o->version ? "version" : "help");
		c->n_args = 0;
	} else if (o->help) {
		args[0] = c->cmd->name;
		c->n_args = 1;
		c->cmd = cmd_find("help");
	}
	if (!c->cmd) {
		err_set(e, EINVAL, "no command (see wherry help)");
		return NULL;
	}
	return check_args(c, e) ? NULL : c->cmd;
}

static int
open_root(const void *conf, struct err *e)
{
	return state_root(((const struct conf *)conf)->state_dir, e);
}

/* What the command may take for granted (enum cmd_needs). */
static int
provide(const struct ctx *c, unsigned needs, char **argv, struct err *e)
{
	if (needs & NEEDS_PROC && procfs_open(e))
		return -1;
	if (!(needs & NEEDS_SHIELD))
		return process_own_signals(e);
	if (c->opt->preserve_fds > KEEP_FDS_MAX)
		return err_set(e, EINVAL, "--preserve-fds: more than %d",
			KEEP_FDS_MAX);
	if (process_keep_fds((unsigned)c->opt->preserve_fds +
	    c->opt->listen_fds, e))
		return -1;
	if (shield_reexec(argv, open_root, c->conf, e))
		return -1;
	return process_pass_signals(e);
}

static int
start_log(const struct conf *conf, struct err *e)
{
	return log_open(conf->log, (enum log_format)conf->log_format,
		(enum log_level)conf->log_level, e);
}

/* What a struct ctx points to. */
struct line {
	struct opts opts;
	struct conf conf;
	const char **args;
};

static int
run(struct ctx *c, struct line *l, char **argv, struct err *e)
{
	const struct cmd *cmd = parse(c, &l->opts, argv, l->args, e) ? NULL :
		pick(c, &l->opts, l->args, e);
	struct err late = { 0 };

	/* The caller reads errors in the log, this one as well (list W2). */
	if (settings_load(&l->conf, &l->opts, c->arena, cmd ? e : &late) &&
	    cmd && cmd->needs & NEEDS_CONF)
		cmd = NULL;
	if (start_log(&l->conf, cmd ? e : &late) || !cmd)
		return -1;
	if (cmd->needs & NEEDS_LISTEN && settings_listen(&l->opts, e))
		return -1;
	if (cmd->needs & NEEDS_NOTIFY && settings_notify(&l->opts, e))
		return -1;
	err_clear(e);           /* of a file that doesn't matter here */
	return provide(c, cmd->needs, argv, e) ? -1 : cmd->run(c, e);
}

int
main(int argc, char **argv)
{
	struct arena arena = { block, block + sizeof(block) };
	struct line line = { .args = NULL };
	struct ctx c = {
		.arena = &arena, .conf = &line.conf, .opt = &line.opts,
	};
	struct err e = { 0 };

	if (!process_sanitize(argc, &e) &&
	    (line.args = NEWS(&arena, const char *, (size_t)argc, &e)) &&
	    !run(&c, &line, argv, &e))
		return c.status;
	if (c.cmd)
		err_ctx(&e, "%s", c.cmd->name);
	log_fatal(err_str(&e));
	return FAILED;
}
