/* SPDX-License-Identifier: MIT */
/* t_cli.c -- option syntax, and the call forms of containerd and podman. */
#include "cli.h"

#include "err.h"
#include "tap.h"

struct values {
	const char *bundle, *root;
	bool force, quiet, debug;
	uint64_t fds;
};

static const struct cli_opt own[] = {
	{ "bundle", 'b', CLI_TEXT, "DIR", CLI_AT(values, bundle, const char *),
		"" },
	{ "force", 'f', CLI_FLAG, NULL, CLI_AT(values, force, bool), "" },
	{ "quiet", 'q', CLI_FLAG, NULL, CLI_AT(values, quiet, bool), "" },
	{ "preserve-fds", 0, CLI_NUMBER, "N", CLI_AT(values, fds, uint64_t),
		"" },
	{ "no-subreaper", 0, CLI_IGNORED, NULL, 0, "" },
	{ NULL, 0, CLI_FLAG, NULL, 0, NULL }
};
static const struct cli_opt global[] = {
	{ "root", 0, CLI_TEXT, "DIR", CLI_AT(values, root, const char *), "" },
	{ "debug", 0, CLI_FLAG, NULL, CLI_AT(values, debug, bool), "" },
	{ "criu", 0, CLI_IGNORED, "PATH", 0, "" },
	{ NULL, 0, CLI_FLAG, NULL, 0, NULL }
};
static const struct cli_opt *const tables[] = { own, global, NULL };

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
	return done();
}
