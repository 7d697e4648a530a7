/* SPDX-License-Identifier: MIT */
/* t_cli.c -- option syntax, and the call forms of containerd and podman. */
#include "cli.h"

#include "cmd.h"
#include "err.h"
#include "tap.h"

struct values {
	const char *bundle, *root;
	bool force, quiet, debug;
	uint64_t fds;
};

#define T_FLAG bool
#define T_TEXT const char *
#define T_NUMBER uint64_t
#define T_IGNORED bool
#define ROW(type, name, letter, arg, m, help) \
	{ letter, CLI_##type, CLI_AT(values, m, T_##type) },
#define OWN(X) \
	X(TEXT, "bundle", 'b', "DIR", bundle, "") \
	X(FLAG, "force", 'f', "", force, "") \
	X(FLAG, "quiet", 'q', "", quiet, "") \
	X(NUMBER, "preserve-fds", 0, "N", fds, "") \
	X(IGNORED, "no-subreaper", 0, "", force, "")
#define GLOBAL(X) \
	X(TEXT, "root", 0, "DIR", root, "") \
	X(FLAG, "debug", 0, "", debug, "") \
	X(IGNORED, "criu", 0, "PATH", force, "")
static const struct cli_opt own_rows[] = { OWN(ROW) CLI_END };
static const struct cli_opt global_rows[] = { GLOBAL(ROW) CLI_END };
static const struct cli_table own = { own_rows, OWN(CLI_TEXTS) };
static const struct cli_table global = { global_rows, GLOBAL(CLI_TEXTS) };
static const struct cli_table *const tables[] = { &own, &global, NULL };

/* What came of a command line, as one text. */
static const char *
parse(char **argv)
{
	static char out[512];
	struct values v = { 0 };
	struct cli c = { .argv = argv, .tables = tables, .base = &v };
	static struct err e;
	const char *arg;
	size_t n = 0;
	int r;

	e = (struct err){ 0 };
	while ((r = cli_next(&c, &arg, &e)) > 0)
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s ", arg);
	if (r < 0)
		return err_str(&e);
	snprintf(out + n, sizeof(out) - n, "| %s %s %d%d%d %llu",
		v.bundle ? v.bundle : "-", v.root ? v.root : "-", v.force,
		v.quiet, v.debug, (unsigned long long)v.fds);
	return out;
}

#define P(...) parse((char *[]){ __VA_ARGS__, NULL })

/* The same with the program's own tables: globals, command, the rest. */
static int
command(struct opts *o, const char **args, char **argv)
{
	const struct cli_table *both[] = { global_opts, NULL, NULL };
	struct cli c = { .argv = argv, .tables = both, .base = o };
	const struct cmd *cmd;
	struct err e = { 0 };
	int r, n = 0;

	*o = (struct opts){ 0 };
	if (cli_next(&c, &args[0], &e) <= 0 || !(cmd = cmd_find(args[0])))
		return -1;
	both[0] = cmd->opts;
	both[1] = global_opts;
	while ((r = cli_next(&c, &args[1 + n], &e)) > 0)
		n++;
	if (r || (unsigned)n < cmd->min || (unsigned)n > cmd->max)
		return -1;
	return n;
}

#define C(...) command(&o, args, (char *[]){ __VA_ARGS__, NULL })

static void
callers(void)
{
	const char *args[16];
	struct opts o;

	/* containerd's shim (list W1) */
	IS_INT(C("--root", "/run/containerd/runc/k8s.io",
		"--log", "/b/log.json", "--log-format", "json",
		"--systemd-cgroup", "create",
		"--bundle", "/b", "--pid-file", "/b/init.pid", "--no-pivot",
		"--no-new-keyring", "--console-socket", "/s", "id"), 1);
	IS(o.root, "/run/containerd/runc/k8s.io");
	IS(o.log_format, "json");
	IS(o.pid_file, "/b/init.pid");
	IS(o.console_socket, "/s");
	OK(o.systemd_cgroup && o.no_pivot && o.no_new_keyring);
	IS(args[1], "id");
	IS_INT(C("--root", "r", "--rootless=true", "kill", "--all", "id", "9"),
		2);
	OK(o.all);
	IS(o.rootless, "true");
	IS(args[2], "9");
	IS_INT(C("--root=r", "delete", "--force", "id"), 1);
	OK(o.force);
	IS_INT(C("--criu", "/usr/bin/criu", "--debug=true", "list",
		"--format=json"), 0);
	OK(o.debug);
	IS(o.format, "json");
	/* conmon and podman (list W11, W13) */
	IS_INT(C("--systemd-cgroup", "--log-format=json",
		"--log", "/c/oci-log", "create",
		"--bundle", "/b", "--pid-file", "/p",
		"--preserve-fds", "2", "id"), 1);
	OK(o.preserve_fds == 2);
	IS_INT(C("--cgroup-manager", "disabled", "start", "a", "b", "c"), 3);
	IS(o.cgroup_manager, "disabled");
	IS_INT(C("kill", "id", "15"), 2);
	/* globals behind the command as well; a command's own option first */
	IS_INT(C("state", "--root", "r", "id"), 1);
	IS(o.root, "r");
	IS_INT(C("spec", "--rootless"), 0);
	OK(o.spec_rootless && !o.rootless);
	IS_INT(C("run", "-d", "--keep", "--no-subreaper", "-b", "/b", "id"), 1);
	OK(o.detach && o.keep);
	/* wrong */
	IS_INT(C("state"), -1);
	IS_INT(C("state", "a", "b"), -1);
	IS_INT(C("state", "--force", "a"), -1);
	IS_INT(C("start"), -1);
	IS_INT(C("nope"), -1);
}

/* Rules for the command table that nothing else would notice. */
static void
command_table(void)
{
	for (const struct cmd *c = cmds; *c->name; c++) {
		const struct cli_opt *o, *p;
		struct cli_text text, other;
		const char *next = c->opts->texts, *before;

		OK(cmd_find(c->name) == c && c->run && *c->help);
		OK(memchr(c->args, '\0', sizeof(c->args)) &&
			memchr(c->help, '\0', sizeof(c->help)));
		OK(c->min <= c->max && !*c->args == !c->max);
		/* "[X]" is an argument that may be left out */
		OK((c->min == 0) == (!*c->args || *c->args == '['));
		for (o = c->opts->rows; o->type; o++) {
			bool twice = false;

			next = cli_text(next, &text);
			before = c->opts->texts;
			for (p = c->opts->rows; p < o; p++) {
				before = cli_text(before, &other);
				twice |= !strcmp(other.name, text.name) ||
					(o->letter && p->letter == o->letter);
			}
			OK(!twice && *text.help);
			OK(!*text.arg == (o->type == CLI_FLAG) ||
				o->type == CLI_IGNORED);
		}
	}
}

int
main(void)
{
	/* places */
	IS(P("id"), "id | - - 000 0");
	IS(P("-b", "x", "id"), "id | x - 000 0");
	IS(P("id", "-b", "x"), "id | x - 000 0");
	IS(P("a", "--force", "b"), "a b | - - 100 0");
	IS(P("--root", "r", "id", "--debug"), "id | - r 001 0");
	/* forms */
	IS(P("--bundle", "x"), "| x - 000 0");
	IS(P("--bundle=x"), "| x - 000 0");
	IS(P("--bundle=a=b"), "| a=b - 000 0");
	IS(P("-bx"), "| x - 000 0");
	IS(P("-qf"), "| - - 110 0");
	IS(P("-qfb", "x"), "| x - 110 0");
	IS(P("-qbfoo"), "| foo - 010 0");
	IS(P("--bundle", "-x"), "| -x - 000 0");
	IS(P("-b", "--", "i"), "i | -- - 000 0");
	IS(P("-b", "x", "--bundle", "y"), "| y - 000 0");
	IS(P("--preserve-fds", "3"), "| - - 000 3");
	IS(P("--preserve-fds=18446744073709551615"),
		"| - - 000 18446744073709551615");
	IS(P("--force=true"), "| - - 100 0");
	IS(P("--force", "--force=false"), "| - - 000 0");
	/* the end of options */
	IS(P("--", "-b", "--", "--x"), "-b -- --x | - - 000 0");
	IS(P("id", "--", "--force"), "id --force | - - 000 0");
	IS(P("-"), "- | - - 000 0");
	IS(P("", "x"), " x | - - 000 0");
	/* accepted and forgotten */
	IS(P("--criu", "/p", "id"), "id | - - 000 0");
	IS(P("--criu=/p", "--no-subreaper", "id"), "id | - - 000 0");
	/* errors name the option */
	IS(P("--nope"), "unknown option --nope");
	IS(P("--nope=1"), "unknown option --nope");
	IS(P("--bund", "x"), "unknown option --bund");
	IS(P("--bundles", "x"), "unknown option --bundles");
	IS(P("--=x"), "unknown option --");
	IS(P("-x"), "unknown option -x");
	IS(P("-qx"), "unknown option -x");
	IS(P("id", "-9"), "unknown option -9");
	IS(P("--bundle"), "option --bundle: DIR is missing");
	IS(P("-qb"), "option -b: DIR is missing");
	IS(P("--force=1"), "option --force takes no value but true or false");
	IS(P("--preserve-fds", "-1"),
		"option --preserve-fds: `-1` is no number");
	IS(P("--preserve-fds="), "option --preserve-fds: `` is no number");
	IS(P("--preserve-fds=3x"),
		"option --preserve-fds: `3x` is no number");
	IS(P("--preserve-fds=18446744073709551616"), "option --preserve-fds: "
		"`18446744073709551616` is too large");
	callers();
	command_table();
	return done();
}
