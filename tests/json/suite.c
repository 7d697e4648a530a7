/* SPDX-License-Identifier: MIT */
/* suite.c -- runs the JSON parser on a folder of files, whose verdicts stand in
 * a table: suite DIR [VERDICTS].  Both must have the same files. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "json.h"
#include "tap.h"

enum { MAX_FILES = 512, MAX_NAME = 128, MAX_MS = 1000 };

static struct verdict {
	char name[MAX_NAME];
	bool accept;
} table[MAX_FILES];
static size_t n_table;

static void
die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

/* Lines "accept NAME" and "reject NAME"; NAME may hold anything but '\n'. */
static void
load(const char *path)
{
	char line[MAX_NAME + 7];
	FILE *f = fopen(path, "re");
	struct verdict *v;

	if (!f)
		die(path);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		if (n_table == MAX_FILES)
			die("too many verdicts");
		v = &table[n_table++];
		v->accept = !strncmp(line, "accept ", 7);
		if (!v->accept && strncmp(line, "reject ", 7))
			die(line);
		snprintf(v->name, sizeof(v->name), "%s", line + 7);
	}
	fclose(f);
}

static long
ms_since(const struct timespec *from)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - from->tv_sec) * 1000 +
		(now.tv_nsec - from->tv_nsec) / 1000000;
}

static bool
accepts(int fd, const char *name, struct err *e)
{
	static char block[64 << 10];
	struct arena a = { block, block + sizeof(block) };
	struct json j;

	return !json_open_fd(&j, fd, name, &a, e) &&
		!json_skip(&j, NULL, NULL, e) && !json_end(&j, e);
}

static void
run(int dir, const struct verdict *v)
{
	AUTO_FD(fd, openat(dir, v->name, O_RDONLY | O_CLOEXEC));
	struct err e = { .code = 0 };
	struct timespec from;
	bool accepted;

	if (fd < 0) {
		tap_ok(false, "missing", v->name, 0);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &from);
	accepted = accepts(fd, v->name, &e);
	tap_ok(accepted == v->accept && accepted == !*err_str(&e) &&
		ms_since(&from) < MAX_MS,
		accepted ? "accepted" : err_str(&e), v->name, 0);
}

int
main(int argc, char **argv)
{
	const struct dirent *d;
	DIR *dir;
	size_t i;

	if (argc < 2)
		die("usage: suite DIR [VERDICTS]");
	load(argc > 2 ? argv[2] : "tests/json/verdicts");
	dir = opendir(argv[1]);
	if (!dir) {
		printf("1..0 # SKIP no folder %s\n", argv[1]);
		return 0;
	}
	while ((d = readdir(dir))) {
		if (*d->d_name == '.')
			continue;
		for (i = 0; i < n_table; i++) {
			if (!strcmp(table[i].name, d->d_name))
				break;
		}
		if (i == n_table)
			tap_ok(false, "has no verdict", d->d_name, 0);
	}
	for (i = 0; i < n_table; i++)
		run(dirfd(dir), &table[i]);
	closedir(dir);
	return done();
}
