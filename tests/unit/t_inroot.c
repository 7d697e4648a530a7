/* SPDX-License-Identifier: MIT */
/* t_inroot.c -- paths below a root: what the kernel's openat2 and our walk say
 * must be the same on random trees (sec T12), and what is made stays inside.
 *
 * SEED and LOOKUPS in the environment repeat or lengthen the random part. */
#include "inroot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "nr.h"
#include "procfs.h"
#include "sys.h"
#include "tap.h"

static char tmp[] = "/tmp/t_inroot.XXXXXX";
static int outer, root;
static uint64_t rng;

static unsigned long
n_lookups(void)
{
	const char *n = getenv("LOOKUPS");

	return n ? strtoul(n, NULL, 0) : 100000;
}

static unsigned
pick(unsigned n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (unsigned)((rng >> 33) % n);
}

/* Words for links and lookups: names that exist often, and all that is special
 * in a path. */
static void
random_path(char *buf, size_t size, unsigned parts)
{
	static const char *const words[] = {
		"a", "b", "c", "d", "a", "b", "c", "e", ".", "..", "..",
	};
	size_t n = 0;

	buf[0] = '\0';
	if (pick(4) == 0)
		n += (size_t)snprintf(buf, size, "%s", pick(3) ? "/" : "//");
	for (unsigned i = 0; i < parts; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s%s",
			words[pick(COUNT(words))],
			i + 1 < parts ? pick(8) ? "/" : "//" :
			pick(6) ? "" : pick(2) ? "/" : "/.");
}

static void
random_tree(int dir, unsigned depth)
{
	static const char *const names[] = { "a", "b", "c", "d" };
	char target[PATH_MAX];
	int sub;

	for (size_t i = 0; i < COUNT(names); i++) {
		switch (pick(depth ? 6 : 4)) {
		case 0:
			break;
		case 1:
			close(openat(dir, names[i], O_CREAT | O_EXCL |
				O_WRONLY | O_CLOEXEC, 0600));
			break;
		case 2:
		case 3:
			random_path(target, sizeof(target), 1 + pick(4));
			if (symlinkat(target, dir, names[i]) && *target)
				perror("symlinkat");
			break;
		default:
			mkdirat(dir, names[i], 0700);
			sub = openat(dir, names[i], O_RDONLY | O_DIRECTORY |
				O_CLOEXEC);
			random_tree(sub, depth - 1);
			close(sub);
		}
	}
}

static void
remove_tree(const char *name)
{
	char cmd[PATH_MAX + 16];

	snprintf(cmd, sizeof(cmd), "rm -rf %s/%s", tmp, name);
	if (system(cmd))
		puts("# rm failed");
}

static int
kernel_once(const char *path, int oflags, unsigned resolve)
{
	struct {
		uint64_t flags, mode, resolve;
	} how = { (uint64_t)(unsigned)oflags, 0,
		resolve | RESOLVE_NO_MAGICLINKS };

	return (int)syscall(NR_OPENAT2, root, path, &how, sizeof(how));
}

/* Any rename or mount anywhere on the machine may make the kernel unsure of
 * ".." (EAGAIN), or count links twice. */
static int
kernel_open(const char *path, int oflags, unsigned resolve)
{
	unsigned tries = 0;
	int fd;

	do
		fd = kernel_once(path, oflags, resolve);
	while (fd < 0 && (((errno == EAGAIN || errno == EINTR) &&
		++tries < 100000) || (errno == ELOOP && ++tries < 8)));
	return fd;
}

static bool
same_file(int a, int b)
{
	struct stat sa, sb;

	return fstat(a, &sa) == 0 && fstat(b, &sb) == 0 &&
		sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

static const unsigned rules[] = {
	RESOLVE_IN_ROOT, RESOLVE_IN_ROOT,
	RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS,
	RESOLVE_BENEATH, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
		RESOLVE_NO_XDEV,
};
static const int flags[] = {
	O_PATH, O_PATH, O_PATH | O_NOFOLLOW, O_PATH | O_DIRECTORY, O_RDONLY,
	O_RDONLY | O_NOFOLLOW, O_RDONLY | O_DIRECTORY, O_WRONLY,
};

/* 0 both fail alike, 1 both find the same, -1 they differ. */
static int
compare_one(const char *path)
{
	struct walk_how how = {
		.oflags = flags[pick(COUNT(flags))] | O_CLOEXEC,
		.resolve = rules[pick(COUNT(rules))],
	};
	int k, w, kerr, werr, r;

	k = kernel_open(path, how.oflags, how.resolve);
	kerr = k < 0 ? errno : 0;
	w = sys_walk(root, path, &how);
	werr = w < 0 ? errno : 0;
	r = kerr != werr ? -1 : kerr ? 0 : same_file(k, w) ? 1 : -1;
	if (r < 0)
		printf("# '%s' flags %x resolve %x: kernel %s, walk %s\n",
			path, (unsigned)how.oflags, how.resolve,
			kerr ? strerror(kerr) : "found",
			werr ? strerror(werr) : "found");
	if (k >= 0)
		close(k);
	if (w >= 0)
		close(w);
	return r;
}

static void
differential(void)
{
	const char *s = getenv("SEED");
	unsigned long seed = s ? strtoul(s, NULL, 0) :
		(unsigned long)time(NULL);
	unsigned long lookups = n_lookups(), i;
	unsigned long found = 0, bad = 0;
	char path[PATH_MAX];
	int r;

	r = kernel_open(".", O_PATH, RESOLVE_IN_ROOT);
	if (r < 0) {
		SKIP(2, "no openat2 to compare with");
		return;
	}
	close(r);
	printf("# SEED=%lu\n", seed);
	rng = seed * 2654435761 + 88172645463325252;
	for (i = 0; i < lookups && bad < 10; i++) {
		if (i % 1000 == 0) {
			close(root);
			remove_tree("root");
			mkdirat(outer, "root", 0700);
			root = openat(outer, "root", O_PATH | O_DIRECTORY |
				O_CLOEXEC);
			r = openat(root, ".", O_RDONLY | O_CLOEXEC);
			random_tree(r, 4);
			close(r);
		}
		random_path(path, sizeof(path), pick(12) ? 1 + pick(5) : 0);
		r = compare_one(path);
		bad += r < 0;
		found += r > 0;
	}
	printf("# %lu lookups, %lu found something\n", i, found);
	OK(bad == 0);
	OK(found > lookups / 50 && found < lookups);
}

/* Whether path (inside) is the file at real (below tmp). */
static bool
leads(const char *path, const char *real)
{
	struct err e = { 0 };
	AUTO_FD(got, inroot_open(root, path, O_PATH, &e));
	AUTO_FD(want, openat(outer, real, O_PATH | O_NOFOLLOW | O_CLOEXEC));

	if (got < 0)
		printf("# %s\n", err_str(&e));
	return got >= 0 && want >= 0 && same_file(got, want);
}

static int
code_of(int fd, const struct err *e)
{
	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 0 : e->code;
}

static void
fresh(void)
{
	close(root);
	remove_tree("root");
	mkdirat(outer, "root", 0755);
	root = openat(outer, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void
lookups(void)
{
	struct err e = { 0 };
	char name[NAME_MAX + 1];
	int fd;

	fresh();
	mkdirat(root, "etc", 0755);
	mkdirat(outer, "secret", 0755);
	symlinkat("/secret", root, "abs");
	symlinkat("../../../../../../../..", root, "up");
	symlinkat("/up/etc", root, "etc2");
	mkdirat(root, "etc/sub", 0755);
	symlinkat("/etc", root, "etc/sub/link");
	symlinkat("loop", root, "loop");
	mknodat(root, "fifo", S_IFIFO | 0600, 0);
	close(openat(root, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));

	OK(leads("/", "root"));
	OK(leads("..", "root"));
	OK(leads("up", "root"));
	OK(leads("etc2", "root/etc"));
	OK(leads("etc/sub/link", "root/etc"));
	OK(leads("/up/../up/etc/../file", "root/file"));
	IS_INT(code_of(inroot_open(root, "abs", O_PATH, &e), &e), ENOENT);
	OK(inroot_missing(&e));
	IS(err_str(&e), "abs: no such file or directory");
	IS_INT(code_of(inroot_open(root, "loop", O_PATH, &e), &e), ELOOP);
	OK(!inroot_missing(&e));
	IS_INT(code_of(inroot_open_real(root, "etc2", O_PATH, &e), &e), ELOOP);
	IS_INT(code_of(inroot_open_real(root, "/etc", O_PATH, &e), &e), 0);
	IS_INT(code_of(inroot_open(root, "fifo", O_RDONLY, &e), &e), ENXIO);
	IS_INT(code_of(inroot_open(root, "file", O_RDWR, &e), &e), 0);
	IS_INT(code_of(inroot_open(root, "etc", O_RDONLY, &e), &e), 0);
	IS_INT(code_of(inroot_open(root, "", O_PATH, &e), &e), ENOENT);

	fd = inroot_parent(root, "etc2/passwd//", name, &e);
	OK(fd >= 0 && leads("etc", "root/etc"));
	IS(name, "passwd");
	close(fd);
	fd = inroot_parent(root, "loop", name, &e);
	OK(fd >= 0);
	IS(name, "loop");
	close(fd);
	IS_INT(code_of(inroot_parent(root, "etc/..", name, &e), &e), EINVAL);
	IS_INT(code_of(inroot_parent(root, "//", name, &e), &e), EINVAL);
}

/* As many links as the kernel follows, and one more. */
static void
chain(void)
{
	char from[8], to[8] = "end";
	struct err e = { 0 };

	fresh();
	mkdirat(root, "end", 0755);
	for (unsigned i = 1; i <= 41; i++) {
		snprintf(from, sizeof(from), "l%u", i);
		symlinkat(to, root, from);
		snprintf(to, sizeof(to), "%s", from);
	}
	OK(leads("l40", "root/end"));
	IS_INT(code_of(inroot_open(root, "l41", O_PATH, &e), &e), ELOOP);
}

/* Mounts and unmounts in a namespace of its own until killed; -1: it can't. */
static pid_t
start_mounter(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready))
		return -1;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ready[0]);
		if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL,
		    MS_REC | MS_PRIVATE, NULL) ||
		    mount(tmp, tmp, NULL, MS_BIND, NULL))
			_exit(1);
		(void)!write(ready[1], "", 1);
		for (;;) {
			mount(tmp, tmp, NULL, MS_BIND, NULL);
			umount2(tmp, MNT_DETACH);
		}
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1) {
		waitpid(pid, NULL, 0);
		pid = -1;
	}
	close(ready[0]);
	return pid;
}

/* What is mounted elsewhere makes no lookup fail, as it makes openat2's. */
static void
disturbing(void)
{
	const char *path = "l40/../end/..";
	unsigned long i, n = n_lookups() / 20, kernel = 0, bad = 0;
	struct err e = { 0 };
	pid_t mounter = start_mounter();
	int fd;

	if (mounter < 0) {
		SKIP(1, "no right to mount");
		return;
	}
	for (i = 0; i < n; i++) {
		fd = kernel_once(path, O_PATH | O_CLOEXEC, RESOLVE_IN_ROOT);
		kernel += fd < 0;
		if (fd >= 0)
			close(fd);
		bad += code_of(inroot_open(root, path, O_PATH, &e), &e) != 0;
		err_clear(&e);
	}
	kill(mounter, SIGKILL);
	waitpid(mounter, NULL, 0);
	printf("# %lu of %lu lookups fail, openat2 %lu\n", bad, n, kernel);
	OK(bad == 0);
}

/* Moves root/d out to outer/d and back until killed. */
static pid_t
start_mover(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		renameat(root, "d", outer, "d");
		renameat(outer, "d", root, "d");
	}
}

static bool
is_inode(int fd, const struct stat *want)
{
	struct stat st;
	bool yes = fd >= 0 && fstat(fd, &st) == 0 &&
		st.st_ino == want->st_ino && st.st_dev == want->st_dev;

	if (fd >= 0)
		close(fd);
	return yes;
}

/* A directory that is moved out of root while ".." in it is looked up: asking
 * the kernel for ".." leads out, and is the control. */
static void
racing(void)
{
	const struct walk_how how = {
		.oflags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT,
	};
	unsigned i, naive = 0, walk = 0, api = 0, inside = 0;
	struct err e = { 0 };
	struct stat out, in;
	pid_t mover;

	fresh();
	mkdirat(root, "d", 0755);
	close(openat(outer, "f", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	close(openat(root, "f", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	fstatat(outer, "f", &out, 0);
	fstatat(root, "f", &in, 0);
	mover = start_mover();
	for (i = 0; i < 200000 && (i < 5000 || naive < 5); i++) {
		AUTO_FD(d, openat(root, "d", O_PATH | O_CLOEXEC));

		naive += is_inode(openat(d, "../f", O_PATH | O_CLOEXEC), &out);
		walk += is_inode(sys_walk(root, "d/../f", &how), &out);
		api += is_inode(inroot_open(root, "d/../f", O_PATH, &e), &out);
		inside += is_inode(sys_walk(root, "d/../f", &how), &in);
	}
	kill(mover, SIGKILL);
	waitpid(mover, NULL, 0);
	printf("# %u rounds, naive led out in %u\n", i, naive);
	OK(naive > 0);
	OK(inside > 0);
	IS_INT(walk, 0);
	IS_INT(api, 0);
	unlinkat(outer, "d", AT_REMOVEDIR);
}

static void
making(void)
{
	struct err e = { 0 };
	struct stat st;
	char deep[3 * 300 + 1];
	unsigned i;

	fresh();
	umask(022);
	symlinkat("/run/x/../y/", root, "dangling");
	symlinkat("../../../../out", root, "escape");
	symlinkat("loop", root, "loop");
	close(openat(root, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));

	IS_INT(code_of(inroot_mkdirs(root, "/a/b/../c", 0777, &e), &e), 0);
	OK(leads("a/b", "root/a/b") && leads("a/c", "root/a/c"));
	OK(fstatat(root, "a/c", &st, 0) == 0 && (st.st_mode & 0777) == 0755);
	IS_INT(code_of(inroot_mkdirs(root, "a/c", 0777, &e), &e), 0);
	IS_INT(code_of(inroot_mkdirs(root, "dangling/z", 0755, &e), &e), 0);
	OK(leads("/run/y/z", "root/run/y/z"));
	IS_INT(code_of(inroot_mkdirs(root, "escape", 0755, &e), &e), 0);
	OK(leads("out", "root/out"));
	OK(faccessat(outer, "out", F_OK, 0) && errno == ENOENT);
	IS_INT(code_of(inroot_mkdirs(root, "file", 0755, &e), &e), ENOTDIR);
	IS_INT(code_of(inroot_mkdirs(root, "file/x", 0755, &e), &e), ENOTDIR);
	IS_INT(code_of(inroot_mkdirs(root, "loop/x", 0755, &e), &e), ELOOP);
	IS_INT(code_of(inroot_mkdirs_real(root, "escape/x", 0755, &e), &e),
		ELOOP);
	IS_INT(code_of(inroot_mkdirs_real(root, "a/new", 0755, &e), &e), 0);

	IS_INT(code_of(inroot_mkfile(root, "m/n/f", 0644, &e), &e), 0);
	OK(fstatat(root, "m/n/f", &st, 0) == 0 && S_ISREG(st.st_mode));
	IS_INT(code_of(inroot_mkfile(root, "m/n/f", 0644, &e), &e), 0);
	IS_INT(code_of(inroot_mkfile(root, "m/n", 0644, &e), &e), EISDIR);
	IS_INT(code_of(inroot_mkfile(root, "m/g/", 0644, &e), &e), EISDIR);
	symlinkat("../../t/target", root, "flink");
	IS_INT(code_of(inroot_mkfile(root, "flink", 0644, &e), &e), 0);
	OK(leads("t/target", "root/t/target"));
	OK(fstatat(root, "t/target", &st, 0) == 0 && S_ISREG(st.st_mode));

	/* the last component as it is */
	symlinkat("nowhere", root, "last");
	IS_INT(code_of(inroot_make_last(root, "last", false, &e), &e), 0);
	IS_INT(code_of(inroot_make_last(root, "last", true, &e), &e), ENOTDIR);
	OK(faccessat(root, "nowhere", F_OK, 0) && errno == ENOENT);
	IS_INT(code_of(inroot_make_last(root, "flink/x", true, &e), &e),
		ENOTDIR);
	IS_INT(code_of(inroot_make_last(root, "escape/l/f", false, &e), &e), 0);
	OK(fstatat(root, "out/l/f", &st, 0) == 0 && S_ISREG(st.st_mode));
	IS_INT(code_of(inroot_make_last(root, "escape/l/d", true, &e), &e), 0);
	OK(fstatat(root, "out/l/d", &st, 0) == 0 && S_ISDIR(st.st_mode));
	IS_INT(code_of(inroot_make_last(root, "out/l", false, &e), &e), EISDIR);
	IS_INT(code_of(inroot_make_last(root, "out/..", true, &e), &e), EINVAL);

	for (i = 0; i < 300; i++)
		memcpy(deep + 3 * i, "dd/", 4);
	IS_INT(code_of(inroot_mkdirs(root, deep, 0755, &e), &e), ENAMETOOLONG);
}

static int
error_of(int r, struct err *e)
{
	int code = r ? e->code : 0;

	err_clear(e);
	return code;
}

static void
nodes(void)
{
	struct err e = { 0 };
	struct stat st;
	struct inroot_node pipe = { .mode = S_IFIFO | 0600 };
	struct inroot_node null = { S_IFCHR | 0666, makedev(1, 3), .fd = -1 };
	struct inroot_node zero = { S_IFCHR | 0666, makedev(1, 5), .fd = -1 };
	struct inroot_last last = { .fd = -1 };

	fresh();
	IS_INT(error_of(inroot_mknod(root, "d/pipe", &last, &pipe, &e), &e), 0);
	OK(pipe.made);
	IS_INT(error_of(inroot_mknod(root, "d/pipe", &last, &pipe, &e), &e), 0);
	OK(!pipe.made);
	symlinkat("/d/elsewhere", root, "d/link");
	IS_INT(error_of(inroot_mknod(root, "d/link", &last, &pipe, &e),
		&e), EEXIST);
	OK(fstatat(root, "d/elsewhere", &st, 0) && errno == ENOENT);
	OK(inroot_symlink(root, "e/fd", &last, "/proc/self/fd", false, &e)
		== 0);
	OK(inroot_symlink(root, "e/fd", &last, "/proc/self/fd", false, &e)
		== 0);
	OK(inroot_symlink(root, "e/fd", &last, "other", false, &e) == -1);
	IS_INT(e.code, EEXIST);
	OK(inroot_symlink(root, "e/fd", &last, "other", true, &e) == 0);
	OK(inroot_symlink(root, "e", &last, "other", true, &e) == -1);

	if (mknodat(root, "probe", null.mode, null.rdev)) {
		SKIP(4, "no right to make devices");
		return;
	}
	IS_INT(error_of(inroot_mknod(root, "d/null", &last, &null, &e), &e), 0);
	IS_INT(error_of(inroot_mknod(root, "d/null", &last, &null, &e), &e), 0);
	IS_INT(error_of(inroot_mknod(root, "d/null", &last, &zero, &e),
		&e), EEXIST);
	OK(fstatat(root, "d/null", &st, 0) == 0 && st.st_rdev == null.rdev);
	IS_INT(null.fd, -1);
	null.open = true;
	IS_INT(error_of(inroot_mknod(root, "d/null2", &last, &null, &e), &e),
		0);
	OK(fstat(null.fd, &st) == 0 && st.st_rdev == null.rdev);
	close(null.fd);
	close(last.fd);
}

/* libc has no faccessat that follows no link below Linux 5.8. */
static bool
there(const char *path)
{
	struct stat st;

	return fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* What is made side by side: the way to a folder is looked up once, and by its
 * text only. */
static void
side_by_side(void)
{
	struct inroot_last last = { .fd = -1 };
	struct err e = { 0 };

	fresh();
	OK(inroot_symlink(root, "s/one", &last, "x", false, &e) == 0);
	/* a racer moves the folder: what was looked up stays */
	OK(renameat(root, "s", root, "moved") == 0);
	OK(symlinkat("/", root, "s") == 0);
	OK(inroot_symlink(root, "s/two", &last, "x", false, &e) == 0);
	OK(there("moved/two"));
	OK(inroot_symlink(root, "s//three", &last, "x", false, &e) == 0);
	OK(there("three"));
	OK(inroot_symlink(root, "four", &last, "x", false, &e) == 0);
	OK(inroot_symlink(root, "five", &last, "x", false, &e) == 0);
	OK(there("five"));
	OK(inroot_symlink(root, "sub/", &last, "x", false, &e) == 0);
	OK(inroot_symlink(root, "six", &last, "x", false, &e) == 0);
	OK(there("six"));
	OK(inroot_symlink(root, "moved/..", &last, "x", false, &e) == -1);
	IS_INT(e.code, EINVAL);
	err_clear(&e);
	OK(inroot_symlink(root, "moved/a", &last, "x", false, &e) == 0);
	OK(inroot_symlink(root, "moved/..", &last, "x", false, &e) == -1);
	IS_INT(e.code, EINVAL);
	close(last.fd);
}

int
main(void)
{
	struct err e = { 0 };

	if (!mkdtemp(tmp))
		return 2;
	outer = openat(AT_FDCWD, tmp, O_PATH | O_DIRECTORY | O_CLOEXEC);
	mkdirat(outer, "root", 0755);
	root = openat(outer, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	OK(procfs_open(&e) == 0);
	lookups();
	chain();
	disturbing();
	racing();
	making();
	nodes();
	side_by_side();
	differential();
	remove_tree("");
	return done();
}
