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
	size_t room = (size_t)(a->end - a->at);
	ssize_t n;

	if (!in && fd < 0)
		return err_sys(e, "%s %s", what, name);
	/* straight into the arena's free end: zeroing all that a file could
	 * fill would cost a page fault for each 4 KiB */
	n = read_full(in ? STDIN_FILENO : fd, a->at,
		room > MAX_JSON ? MAX_JSON + 1 : room);
	if (n < 0)
		return err_sys(e, "%s %s", what, name);
	if (n > MAX_JSON)
		return err_set(e, EFBIG, "%s %s: above 1 MiB", what, name);
	if ((size_t)n == room)
		return err_set(e, ENOMEM, "%s %s: out of memory (raise "
			"ARENA_KB)", what, name);
	*text = a->at;
	*len = (size_t)n;
	a->at += n;
	return 0;
}
