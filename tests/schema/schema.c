/* SPDX-License-Identifier: MIT */
/* schema.c -- runs decoder and checker on the runtime-spec's config fixtures,
 * whose verdicts stand in a table: schema DIR [VERDICTS].  Both must have the
 * same files. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "arena.h"
#include "diag.h"
#include "err.h"
#include "io.h"
#include "spec.h"
#include "spec_check.h"
#include "spec_decode.h"
#include "tap.h"

enum { MAX_FILES = 64, MAX_LINE = 256 };

static struct verdict {
	char decode[8], check[8], name[MAX_LINE];
	const char *message;    /* behind ": ", or "" */
} table[MAX_FILES];
static size_t n_table;

static void
die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

static void
load(const char *path)
{
	FILE *f = fopen(path, "re");
	char line[MAX_LINE];
	struct verdict *v;
	char *p;

	if (!f)
		die(path);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		if (n_table == MAX_FILES)
			die("too many verdicts");
		v = &table[n_table++];
		if (sscanf(line, "%7s %7s %255[^\n]", v->decode, v->check,
		    v->name) != 3)
			die(line);
		p = strstr(v->name, ": ");
		v->message = p ? p + 2 : "";
		if (p)
			*p = '\0';
	}
	fclose(f);
}

static void
quiet(void *arg, int level, const char *text)
{
	(void)arg;
	(void)level;
	(void)text;
}

static void
run(int dir, const struct verdict *v)
{
	AUTO_FD(fd, openat(dir, v->name, O_RDONLY | O_CLOEXEC));
	static char block[1 << 20];
	struct arena a = { block, block + sizeof(block) };
	struct diag d = { .say = quiet };
	struct err e = { .code = 0 };
	const char *decode, *check = "-";
	struct spec s;

	if (fd < 0) {
		tap_ok(false, "missing", v->name, 0);
		return;
	}
	decode = spec_decode(&s, fd, v->name, &d, &a, &e) ? "reject" : "accept";
	if (!e.code)
		check = spec_check(&s, &d, a, &e) ? "reject" : "accept";
	if (!tap_ok(!strcmp(decode, v->decode) && !strcmp(check, v->check) &&
	    strstr(err_str(&e), v->message), err_str(&e), v->name, 0))
		printf("# %s %s\n", decode, check);
}

/* Every file of the folder has a verdict. */
static void
complete(int top, const char *sub)
{
	DIR *dir = fdopendir(openat(top, sub, O_RDONLY | O_DIRECTORY |
		O_CLOEXEC));
	const struct dirent *d;
	char name[MAX_LINE];
	size_t i;

	while (dir && (d = readdir(dir))) {
		if (*d->d_name == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%.200s", sub, d->d_name);
		for (i = 0; i < n_table; i++) {
			if (!strcmp(table[i].name, name))
				break;
		}
		if (i == n_table)
			tap_ok(false, "has no verdict", name, 0);
	}
	if (dir)
		closedir(dir);
	else
		tap_ok(false, "no folder", sub, 0);
}

int
main(int argc, char **argv)
{
	size_t i;
	int dir;

	if (argc < 2)
		die("usage: schema DIR [VERDICTS]");
	load(argc > 2 ? argv[2] : "tests/schema/verdicts");
	dir = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) {
		printf("1..0 # SKIP no folder %s\n", argv[1]);
		return 0;
	}
	complete(dir, "good");
	complete(dir, "bad");
	for (i = 0; i < n_table; i++)
		run(dir, &table[i]);
	close(dir);
	return done();
}
