/* SPDX-License-Identifier: MIT */
/* page.c -- the page between init and those who wait for it. */
#include "page.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"

static const char name[] = "init";

_Static_assert(sizeof(struct page) <= 4096, "one page");

struct page *
page_create(int dir, struct err *e)
{
	AUTO_FD(fd, openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC |
		O_NOFOLLOW, 0600));
	static const struct page empty;
	void *p;

	/* written, not truncated: a hole that a full file system can't fill is
	 * SIGBUS for whoever stores into the mapping */
	if (fd < 0 || write_all(fd, &empty, sizeof(empty))) {
		err_sys(e, "%s", name);
		return NULL;
	}
	p = mmap(NULL, sizeof(struct page), PROT_READ | PROT_WRITE, MAP_SHARED,
		fd, 0);
	if (p == MAP_FAILED) {
		err_sys(e, "%s: map", name);
		err_hint(e, "the state directory must be on a file system "
			"with shared mappings, such as tmpfs");
		return NULL;
	}
	return p;
}

struct page *
page_new(struct err *e)
{
	void *p = mmap(NULL, sizeof(struct page), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p != MAP_FAILED)
		return p;
	err_sys(e, "shared page");
	return NULL;
}

const struct page *
page_open(int dir, struct err *e)
{
	AUTO_FD(fd, openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st)) {
		err_sys(e, "%s", name);
		return NULL;
	}
	if (st.st_size < (off_t)sizeof(struct page)) {
		err_set(e, EIO, "%s: too short", name);
		return NULL;
	}
	p = mmap(NULL, sizeof(struct page), PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED) {
		err_sys(e, "%s: map", name);
		return NULL;
	}
	return p;
}

int
page_hold(int dir, struct err *e)
{
	AUTO_FD(fd, openat(dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW));
	int r;

	if (fd < 0)
		return err_sys(e, "%s", name);
	do
		r = flock(fd, LOCK_EX);
	while (r && errno == EINTR);
	if (r)
		return err_sys(e, "%s: lock", name);
	return fd_take(&fd);
}

void
page_fail(struct page *p, const struct err *e)
{
	p->err = *e;
	atomic_store(&p->failed, 1);
}

int
page_check(const struct page *p, struct err *e)
{
	if (!atomic_load(&p->failed))
		return 0;
	*e = p->err;
	/* init may be the container's by now: trust nothing but bytes */
	e->buf[ERR_TEXT - 1] = '\0';
	if (e->at > ERR_TEXT - 1)
		e->at = ERR_TEXT - 1;
	if (!e->code)
		e->code = EIO;
	return -1;
}
