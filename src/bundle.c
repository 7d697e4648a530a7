/* SPDX-License-Identifier: MIT */
/* bundle.c -- finds and reads a bundle. */
#include "bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arena.h"
#include "diag.h"
#include "err.h"
#include "io.h"
#include "json_lex.h"
#include "spec_check.h"
#include "spec_decode.h"

/* O_NONBLOCK: a FIFO in the place of the file must not hang us; json.c then
 * refuses what is not a regular file. */
static int
open_config(const char *name, struct err *e)
{
	int fd = openat(AT_FDCWD, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
		O_NOCTTY);

	return fd < 0 ? err_sys(e, "config %s", name) : fd;
}

static int
find_rootfs(struct bundle *b, struct diag *d, struct arena *a, struct err *e)
{
	const char *path = b->spec.root ? b->spec.root->path : NULL;
	struct err why = { 0 };
	struct stat st;

	if (!path)
		return 0;               /* reported as missing */
	b->rootfs = path[0] == '/' ? path :
		arena_fmt(a, e, "%s/%s", b->path, path);
	if (!b->rootfs)
		return -1;
	if (stat(b->rootfs, &st))
		err_sys(&why, "%s", b->rootfs);
	else if (!S_ISDIR(st.st_mode))
		err_set(&why, ENOTDIR, "%s: not a directory", b->rootfs);
	if (why.code)
		diag_error(diag_at(d, "root.path"), "%s", err_str(&why));
	return 0;
}

static int
judge(struct bundle *b, struct diag *d, struct arena *a, struct err *e)
{
	if (spec_check(&b->spec, d, *a, e) && !d->all)
		return -1;
	d->err = e;
	if (find_rootfs(b, d, a, e))
		return -1;
	if (d->all && d->errors)
		return err_set(e, EINVAL, "%u error%s", d->errors,
			d->errors == 1 ? "" : "s");
	return d->errors ? -1 : 0;
}

static int
remember(struct bundle *b, struct err *e)
{
	struct stat st;

	if (fstat(b->config, &st))
		return err_sys(e, "config");
	b->size = st.st_size;
	b->mtime = st.st_mtim;
	return 0;
}

/* The state gives the path to hooks and managers, in JSON: with a byte changed
 * it would lead nowhere. */
static bool
is_utf8(const char *s)
{
	const char *end = s + strlen(s);
	unsigned n = 1;

	for (; s < end && n; s += n)
		n = utf8_seq(s, (size_t)(end - s));
	return n;
}

int
bundle_load(struct bundle *b, const char *dir, const char *config,
	struct diag *d, struct arena *a, struct err *e)
{
	char cwd[PATH_MAX];

	*b = (struct bundle)BUNDLE_NONE;
	/* the bare call: musl's brings malloc with it */
	if (chdir(dir) || syscall(SYS_getcwd, cwd, sizeof(cwd)) < 0)
		return err_sys(e, "bundle %s", dir);
	if (*cwd != '/')
		return err_set(e, ENOENT, "bundle %s: unreachable", dir);
	if (!is_utf8(cwd))
		return err_set(e, EILSEQ, "bundle %s: its path is not UTF-8, "
			"so no state could name it", dir);
	b->path = arena_fmt(a, e, "%s", cwd);
	if (!b->path)
		return -1;
	b->config = open_config(config, e);
	if (b->config < 0 || remember(b, e) ||
	    spec_decode(&b->spec, b->config, config, d, a, e) ||
	    judge(b, d, a, e)) {
		bundle_close(b);
		return -1;
	}
	return 0;
}

static int
copy(int from, int to, off_t size, struct err *e)
{
	off_t at = 0;
	ssize_t n;

	while (at < size) {
		n = sendfile(to, from, &at, (size_t)(size - at));
		if (n < 0)
			return err_sys(e, "config.json: copy");
		if (n == 0)
			return err_set(e, EIO, "config.json: became shorter");
	}
	return 0;
}

int
bundle_freeze(const struct bundle *b, int dir, struct err *e)
{
	AUTO_FD(to, openat(dir, "config.json", O_WRONLY | O_CREAT | O_EXCL |
		O_NOFOLLOW | O_CLOEXEC, 0600));
	struct stat st;

	if (to < 0)
		return err_sys(e, "config.json: copy");
	if (copy(b->config, to, b->size, e))
		return -1;
	if (fstat(b->config, &st))
		return err_sys(e, "config.json");
	if (st.st_size != b->size || st.st_mtim.tv_sec != b->mtime.tv_sec ||
	    st.st_mtim.tv_nsec != b->mtime.tv_nsec)
		return err_set(e, EAGAIN, "config.json: changed while it was "
			"read");
	return 0;
}

void
bundle_close(struct bundle *b)
{
	fd_drop(&b->config);
	b->config = -1;
}
