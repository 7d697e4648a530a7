/* SPDX-License-Identifier: MIT */
/* input.c -- reads what is JSON afterwards. */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "io.h"

enum { MAX_JSON = 1 << 20 };

int
input_read(const char *what, const char *name, const char **text,
	size_t *len, struct arena *a, struct err *e)
{
	const bool in = !strcmp(name, "-");
	AUTO_FD(fd, in ? -1 : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY));
	char *buf = arena_alloc(a, MAX_JSON, 1, e);
	ssize_t n;

	if (!buf)
		return -1;
	if (!in && fd < 0)
		return err_sys(e, "%s %s", what, name);
	n = read_full(in ? STDIN_FILENO : fd, buf, MAX_JSON);
	if (n < 0)
		return err_sys(e, "%s %s", what, name);
	if (n == MAX_JSON)
		return err_set(e, EFBIG, "%s %s: above 1 MiB", what, name);
	*text = buf;
	*len = (size_t)n;
	return 0;
}
