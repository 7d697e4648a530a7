/* SPDX-License-Identifier: MIT */
/* home.c -- reads passwd(5) by lines in bounded memory. */
#include "home.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "inroot.h"
#include "io.h"

enum { LINE = 1024, FILE_MAX_BYTES = 1 << 20 };

/* The n-th field, from 0, cut out of line in place; NULL: there are fewer. */
static char *
field(char *line, unsigned n)
{
	while (n--) {
		line = strchr(line, ':');
		if (!line)
			return NULL;
		line++;
	}
	line[strcspn(line, ":")] = '\0';
	return line;
}

/* NAME:PASSWORD:UID:GID:GECOS:HOME:SHELL; the later field first, since cutting
 * one hides what is behind it. */
static const char *
home_of(char *line, uint32_t uid)
{
	char *home = field(line, 5), *id = field(line, 2);
	unsigned long long v;

	if (!home || !id || parse_u64(id, UINT32_MAX, &v) || v != uid)
		return NULL;
	return *home == '/' ? home : NULL;
}

static bool
found(const char *home, char *buf, size_t size)
{
	return home && fmt_to(buf, size, "HOME=%s", home) < (int)size;
}

static bool
search(int fd, uint32_t uid, char *buf, size_t size)
{
	char text[LINE + 1];
	size_t have = 0, total = 0;
	bool skip = false;      /* in the rest of a line that is too long */
	ssize_t n;

	while (total < FILE_MAX_BYTES &&
	    (n = read(fd, text + have, LINE - have)) > 0) {
		char *line = text, *end;

		total += (size_t)n;
		have += (size_t)n;
		text[have] = '\0';
		while ((end = memchr(line, '\n', have -
		    (size_t)(line - text)))) {
			*end = '\0';
			if (!skip && found(home_of(line, uid), buf, size))
				return true;
			skip = false;
			line = end + 1;
		}
		have -= (size_t)(line - text);
		memmove(text, line, have);
		if (have == LINE) {
			skip = true;
			have = 0;
		}
	}
	text[have] = '\0';      /* a last line may have no end */
	return found(skip ? NULL : home_of(text, uid), buf, size);
}

void
home_env(uint32_t uid, char *buf, size_t size)
{
	struct err ignored = { 0 };
	AUTO_FD(root, openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC));
	AUTO_FD(fd, root < 0 ? -1 :
		inroot_open(root, "/etc/passwd", O_RDONLY, &ignored));

	if (fd < 0 || !search(fd, uid, buf, size))
		fmt_to(buf, size, "HOME=/");
}
