/* SPDX-License-Identifier: MIT */
/* openat2.c -- opens below a root that no link and no ".." can leave: openat2
 * (5.6), else a walk of O_PATH | O_NOFOLLOW steps with the same rules. */
#include "sys.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fmt.h"
#include "io.h"
#include "nr.h"
#include "procfs.h"

enum {
	MAX_LINKS = 40,         /* as the kernel's MAXSYMLINKS */
	MAX_DEPTH = 255,
	MAX_RACES = 128,
	MAX_TRIES = 8,
};

struct walk {
	const struct walk_how *how;
	int dir[MAX_DEPTH + 1]; /* the way back for "..": never the kernel's */
	unsigned top;           /* dir[0] is the caller's root */
	unsigned links, races;
	bool know_mnt;
	uint64_t mnt;           /* NO_XDEV: of the root */
	dev_t dev;
	int result;
	char rest[PATH_MAX];    /* what is still to be walked */
};

/* One component of the rest. */
struct part {
	char name[NAME_MAX + 1];
	const char *after;      /* in rest: empty, or starts with a slash */
	bool last;              /* only slashes follow */
	bool must_dir;          /* a slash follows */
};

static int
fail(int code)
{
	errno = code;
	return -1;
}

static int
next_part(const struct walk *w, struct part *p)
{
	const char *s = w->rest + strspn(w->rest, "/");
	size_t n = strcspn(s, "/");

	if (n > NAME_MAX)
		return fail(ENAMETOOLONG);
	memcpy(p->name, s, n);
	p->name[n] = '\0';
	p->after = s + n;
	p->last = p->after[strspn(p->after, "/")] == '\0';
	p->must_dir = *p->after != '\0';
	return 0;
}

static void
go_root(struct walk *w)
{
	while (w->top > 0)
		close(w->dir[w->top--]);
}

static int
go_up(struct walk *w)
{
	if (w->top == 0)
		return w->how->resolve & RESOLVE_BENEATH ? fail(EXDEV) : 0;
	close(w->dir[w->top--]);
	return 0;
}

/* Puts the text of a link in front of what follows it. */
static int
go_link(struct walk *w, int fd, const struct part *p)
{
	size_t len = strlen(p->after);
	char text[PATH_MAX];
	ssize_t n;

	if (w->how->resolve & RESOLVE_NO_SYMLINKS || ++w->links > MAX_LINKS)
		return fail(ELOOP);
	n = readlinkat(fd, "", text, sizeof(text));
	if (n < 0)
		return -1;
	if (n == 0)
		return fail(ENOENT);
	if ((size_t)n + len >= sizeof(w->rest))
		return fail(ENAMETOOLONG);
	memmove(w->rest + n, p->after, len + 1);
	memcpy(w->rest, text, (size_t)n);
	if (*text != '/')
		return 0;
	if (w->how->resolve & RESOLVE_BENEATH)
		return fail(EXDEV);
	go_root(w);
	return 0;
}

static int
same_mount(const struct walk *w, int fd, const struct stat *st)
{
	uint64_t id;

	if (!(w->how->resolve & RESOLVE_NO_XDEV))
		return 0;
	if (st->st_dev != w->dev)
		return fail(EXDEV);
	if (w->know_mnt && (sys_mnt_id(fd, &id) || id != w->mnt))
		return fail(EXDEV);
	return 0;
}

/* The last component, not a link to be followed; fd is O_PATH on it.  Files
 * that are to be read are opened again by name, which a racer may have changed
 * meanwhile, so that the result must be the file that was checked. */
static int
finish(struct walk *w, int *fd, const struct stat *st, const struct part *p)
{
	int flags = w->how->oflags | O_NOFOLLOW | O_CLOEXEC;
	struct stat now;

	if ((p->must_dir || flags & O_DIRECTORY) && !S_ISDIR(st->st_mode))
		return fail(ENOTDIR);
	if (flags & O_PATH) {
		w->result = fd_take(fd);
		return 1;
	}
	if (S_ISLNK(st->st_mode))
		return fail(ELOOP);
	w->result = openat(w->dir[w->top], p->name, flags);
	if (w->result < 0)
		return -1;
	if (fstat(w->result, &now))
		return -1;
	if (now.st_ino != st->st_ino || now.st_dev != st->st_dev)
		return fail(EAGAIN);
	return 1;
}

/* The path ends at a directory that is on the stack. */
static int
finish_here(struct walk *w)
{
	w->result = openat(w->dir[w->top], ".", w->how->oflags | O_CLOEXEC);
	return w->result < 0 ? -1 : 1;
}

/* The caller wants to know how far we got. */
static int
stop(struct walk *w, const struct part *p)
{
	struct walk_end *end = w->how->end;
	int saved = errno;

	if (end) {
		end->dir = fcntl(w->dir[w->top], F_DUPFD_CLOEXEC, 3);
		memcpy(end->name, p->name, strlen(p->name) + 1);
		errno = saved;
	}
	return -1;
}

/* Makes what is missing.  Somebody else may be faster: both then look again. */
static int
make(struct walk *w, const struct part *p)
{
	int dir = w->dir[w->top], fd;
	bool file = w->how->make == WALK_MAKE_FILE;

	if (w->how->make == WALK_ONLY)
		return stop(w, p);
	if (++w->races > MAX_RACES)
		return fail(EAGAIN);
	if (file && p->last && !p->must_dir) {
		fd = openat(dir, p->name, O_WRONLY | O_CREAT | O_EXCL |
			O_NOFOLLOW | O_CLOEXEC, w->how->mode);
		if (fd >= 0)
			close(fd);
		return fd < 0 && errno != EEXIST ? stop(w, p) : 0;
	}
	if (mkdirat(dir, p->name, file ? 0755 : w->how->mode) == 0)
		return 0;
	return errno == EEXIST ? 0 : stop(w, p);
}

static int
step_name(struct walk *w, const struct part *p)
{
	AUTO_FD(fd, openat(w->dir[w->top], p->name,
		O_PATH | O_NOFOLLOW | O_CLOEXEC));
	struct stat st;

	if (fd < 0)
		return errno == ENOENT ? make(w, p) : -1;
	if (fstat(fd, &st) || same_mount(w, fd, &st))
		return -1;
	if (S_ISLNK(st.st_mode) && (p->must_dir ||
	    !(w->how->oflags & O_NOFOLLOW)))
		return go_link(w, fd, p);
	if (p->last)
		return finish(w, &fd, &st, p);
	if (!S_ISDIR(st.st_mode))
		return fail(ENOTDIR);
	if (w->top == MAX_DEPTH)
		return fail(ENAMETOOLONG);
	w->dir[++w->top] = fd_take(&fd);
	w->races = 0;
	memmove(w->rest, p->after, strlen(p->after) + 1);
	return 0;
}

/* 0 go on, 1 result is set, -1 failed. */
static int
step(struct walk *w)
{
	struct part p;

	if (next_part(w, &p))
		return -1;
	if (strcmp(p.name, "..") == 0) {
		if (go_up(w))
			return -1;
	} else if (*p.name && strcmp(p.name, ".") != 0) {
		return step_name(w, &p);
	}
	if (p.last)
		return finish_here(w);
	memmove(w->rest, p.after, strlen(p.after) + 1);
	return 0;
}

/* Length of the text of fd's magic link, or -1. */
static ssize_t
fd_text(int fd, char *buf, size_t size)
{
	char name[32];

	fmt_to(name, sizeof(name), "self/fd/%d", fd);
	return readlinkat(procfs_fd(), name, buf, size);
}

/* A directory may have been moved out of root under our feet; its name tells.
 * Without /proc this second look is missing. */
static int
still_below(int root, int fd)
{
	char r[PATH_MAX], f[PATH_MAX];
	ssize_t n = fd_text(root, r, sizeof(r));
	ssize_t m = fd_text(fd, f, sizeof(f));

	if (n < 1 || m < 1 || n == PATH_MAX || m == PATH_MAX)
		return 0;
	if (r[n - 1] == '/')
		n--;
	if (m < n || memcmp(r, f, (size_t)n) != 0 ||
	    (m > n && f[n] != '/' && f[n] != ' '))
		return fail(EAGAIN);
	return 0;
}

static int
walk_init(struct walk *w, int root, const char *path,
	const struct walk_how *how)
{
	size_t len = strlen(path);
	struct stat st;

	w->how = how;
	w->dir[0] = root;
	w->top = w->links = w->races = 0;
	w->result = -1;
	w->know_mnt = false;
	if (len == 0)
		return fail(ENOENT);
	if (len >= sizeof(w->rest))
		return fail(ENAMETOOLONG);
	memcpy(w->rest, path, len + 1);
	if (*path == '/' && how->resolve & RESOLVE_BENEATH)
		return fail(EXDEV);
	if (how->oflags & O_CREAT)
		return fail(EINVAL);
	if (!(how->resolve & RESOLVE_NO_XDEV))
		return 0;
	if (fstat(root, &st))
		return -1;
	w->dev = st.st_dev;
	w->know_mnt = sys_mnt_id(root, &w->mnt) == 0;
	return 0;
}

int
sys_walk(int root, const char *path, const struct walk_how *how)
{
	struct walk w;
	int r, saved;

	r = walk_init(&w, root, path, how);
	while (r == 0)
		r = step(&w);
	if (r > 0 && still_below(root, w.result))
		r = -1;
	saved = errno;
	go_root(&w);
	if (r < 0 && w.result >= 0) {
		close(w.result);
		w.result = -1;
	}
	errno = saved;
	return w.result;
}

/* Whether a rename or a mount anywhere on the machine may be to blame: EAGAIN,
 * it could not be proved that ".." stays inside; ELOOP, the kernel begins the
 * lookup again and goes on counting the links (seen in 6.18). */
static bool
disturbed(int code)
{
	return code == EAGAIN || code == ELOOP || code == EINTR;
}

static int
openat2(int root, const char *path, int oflags, unsigned resolve)
{
	struct {
		uint64_t flags, mode, resolve;
	} how = {
		.flags = (uint64_t)(unsigned)(oflags | O_CLOEXEC),
		.resolve = resolve | RESOLVE_NO_MAGICLINKS,
	};
	unsigned tries = 0;
	long fd;

	do
		fd = syscall(NR_OPENAT2, root, path, &how, sizeof(how));
	while (fd < 0 && disturbed(errno) && ++tries < MAX_TRIES);
	return (int)fd;
}

int
sys_open_below(int root, const char *path, int oflags, unsigned resolve)
{
	struct walk_how how = { .oflags = oflags, .resolve = resolve };
	int fd = openat2(root, path, oflags, resolve);

	/* After EAGAIN too: the walk keeps its own way back and needs no proof,
	 * so that who renames or mounts without end does not stop us. */
	if (fd >= 0 || !(sys_absent(errno) || errno == EINVAL ||
	    errno == EAGAIN))
		return fd;
	return sys_walk(root, path, &how);
}
