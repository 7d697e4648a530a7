/* SPDX-License-Identifier: MIT */
/* t_base.c -- err, arena and io: what everything else stands on. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "tap.h"
#include "words.h"

static struct err e;

static void
test_err(void)
{
	char big[2 * ERR_TEXT], want[ERR_TEXT];
	int i;

	IS(err_str(&e), "");
	OK(err_set(&e, EBUSY, "%s %d", "mounts", 3) == -1);
	OK(e.code == EBUSY);
	IS(err_str(&e), "mounts 3");
	OK(err_ctx(&e, "create %s", "c1") == -1);
	IS(err_str(&e), "create c1: mounts 3");
	OK(err_hint(&e, "CONFIG_%s", "X") == -1);
	IS(err_str(&e), "create c1: mounts 3 (CONFIG_X)");
	OK(e.code == EBUSY);
	OK(err_set(&e, 0, "new") == -1 && e.code == EINVAL);
	IS(err_str(&e), "new");
	errno = ENOENT;
	OK(err_sys(&e, "open %s", "/x") == -1 && e.code == ENOENT);
	IS(err_str(&e), "open /x: no such file or directory");
	errno = EIO;                    /* "I/O error" in musl stays as it is */
	err_sys(&e, "x");
	snprintf(want, sizeof(want), "x: %s", strerror(EIO));
	OK(!strcmp(err_str(&e) + 4, want + 4));
	err_set(&e, 1, "a\nb\x1b[1m\x7f%s", "\r\t");
	IS(err_str(&e), "a?b?[1m???");
	err_ctx(&e, "\n");
	IS(err_str(&e), "?: a?b?[1m???");
	err_hint(&e, "\n");
	IS(err_str(&e), "?: a?b?[1m??? (?)");

	/* A full text loses its left end. */
	err_set(&e, 1, "the cause");
	for (i = 0; i < 300; i++)
		err_ctx(&e, "level %d", i);
	IS_INT(strlen(err_str(&e)), ERR_TEXT - 1);
	OK(strstr(err_str(&e), ": level 1: level 0: the cause"));
	OK(!strstr(err_str(&e), "level 299"));
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	err_set(&e, 1, "%s", big);
	IS_INT(strlen(err_str(&e)), ERR_TEXT - 1);
	err_hint(&e, "%s", big);
	IS_INT(strlen(err_str(&e)), ERR_TEXT - 1);
	err_set(&e, 1, "short");
	IS(err_str(&e), "short");
	err_clear(&e);
	IS(err_str(&e), "");
}

static void
test_arena(void)
{
	_Alignas(max_align_t) char block[256];
	struct arena a = { block, block + sizeof(block) }, copy;
	const char *s;
	int *n;
	int i, zero = 0;

	memset(block, 0x55, sizeof(block));
	s = arena_alloc(&a, 1, 1, &e);
	OK(s == block && !*s);
	n = NEWS(&a, int, 4, &e);
	OK(n && (uintptr_t)n % _Alignof(max_align_t) == 0);
	for (i = 0; n && i < 4; i++)
		zero += !n[i];
	IS_INT(zero, 4);
	copy = a;
	s = arena_dup(&copy, "abcdef", 3, &e);
	IS(s, "abc");
	OK(a.at < copy.at);             /* by value: given back by returning */
	s = arena_fmt(&copy, &e, "%s-%d", "x", 7);
	IS(s, "x-7");

	/* To the last byte, and not beyond. */
	a = (struct arena){ block, block + sizeof(block) };
	OK(!arena_alloc(&a, sizeof(block) + 1, 1, &e));
	IS(err_str(&e), "out of memory (raise ARENA_KB)");
	OK(e.code == ENOMEM && a.at == block);
	OK(arena_alloc(&a, sizeof(block), 1, &e) == block);
	OK(a.at == a.end);
	OK(!arena_alloc(&a, 1, 1, &e));
	OK(!NEW(&a, char, &e) && !arena_dup(&a, "", 0, &e) &&
		!arena_fmt(&a, &e, "x"));
	a.at = block + 1;               /* the padding alone is too much */
	a.end = block + 2;
	OK(!arena_alloc(&a, 1, 1, &e) && a.at == block + 1);
	a.end = block + sizeof(block);  /* padding and size together */
	OK(!arena_alloc(&a, 1, sizeof(block) - 2, &e) && a.at == block + 1);
	a = (struct arena){ block, block + sizeof(block) };
	OK(!arena_alloc(&a, SIZE_MAX, 2, &e));
	OK(!arena_alloc(&a, SIZE_MAX / 2 + 1, 2, &e));
	OK(!arena_alloc(&a, SIZE_MAX, 1, &e));
	OK(a.at == block);
}

static void
test_numbers(void)
{
	static const struct {
		const char *s;
		unsigned long long max, want;
		int error;
	} cases[] = {
		{ "0", 0, 0, 0 }, { "1", 1, 1, 0 }, { "007", 9, 7, 0 },
		{ "18446744073709551615", ~0ULL, ~0ULL, 0 },
		{ "4294967295", UINT32_MAX, UINT32_MAX, 0 },
		{ "00000000000000000000000000001", 1, 1, 0 },
		{ "2", 1, 0, ERANGE }, { "10", 1, 0, ERANGE },
		{ "4294967296", UINT32_MAX, 0, ERANGE },
		{ "18446744073709551616", ~0ULL, 0, ERANGE },
		{ "18446744073709551620", ~0ULL, 0, ERANGE },
		{ "99999999999999999999999", ~0ULL, 0, ERANGE },
		{ "", 9, 0, EINVAL }, { " 1", 9, 0, EINVAL },
		{ "1 ", 9, 0, EINVAL }, { "+1", 9, 0, EINVAL },
		{ "-1", 9, 0, EINVAL }, { "-0", 9, 0, EINVAL },
		{ "0x1", 9, 0, EINVAL }, { "1a", 9, 0, EINVAL },
		{ "1.0", 9, 0, EINVAL }, { "1e1", 99, 0, EINVAL },
		{ "1\n", 9, 0, EINVAL }, { "\xd9\xa1", 9, 0, EINVAL },
		{ "/", 99, 0, EINVAL }, { ":", 99, 0, EINVAL },
	};
	unsigned long long v;
	size_t i;
	int r;

	for (i = 0; i < COUNT(cases); i++) {
		v = 77;
		errno = 0;
		r = parse_u64(cases[i].s, cases[i].max, &v);
		if (!OK(r == (cases[i].error ? -1 : 0) &&
		    errno == cases[i].error &&
		    v == (cases[i].error ? 77 : cases[i].want)))
			tap_show("text", cases[i].s);
	}
	/* a file above 2 GiB, a day after January 2038 */
	OK(sizeof(off_t) == 8 && sizeof(time_t) == 8);
}

static void
test_fds(void)
{
	int fds[2], fd, kept;

	OK(!pipe2(fds, O_CLOEXEC));
	{
		AUTO_FD(a, fds[0]);
		AUTO_FD(b, fds[1]);
		AUTO_FD(none, -1);

		(void)a;
		(void)none;
		kept = fd_take(&b);
		OK(b == -1);
		errno = EXDEV;
	}
	OK(errno == EXDEV);             /* closing leaves errno alone */
	OK(fcntl(fds[0], F_GETFD) == -1 && errno == EBADF);
	OK(kept == fds[1] && fcntl(kept, F_GETFD) == FD_CLOEXEC);
	close(kept);
	fd = -1;
	errno = 0;
	fd_drop(&fd);
	OK(!errno);
}

static volatile sig_atomic_t alarms;

static void
on_alarm(int sig)
{
	alarms += !!sig;
}

/* One child writes more than a pipe holds, another passes it on in pieces and
 * sends us signals: short transfers, and EINTR here. */
static void
test_transfers(void)
{
	enum { SIZE = 1 << 20 };
	struct sigaction sa = { .sa_handler = on_alarm };
	char *in = malloc(SIZE), *out = malloc(SIZE + 1);
	struct sigaction old;
	int i, up[2], down[2];
	pid_t child;
	ssize_t n;

	for (i = 0; i < SIZE; i++)
		in[i] = (char)(i * 31 + (i >> 8));
	OK(!pipe2(up, O_CLOEXEC) && !pipe2(down, O_CLOEXEC));
	fflush(stdout);
	child = fork();
	if (!child) {                   /* echoes all, in odd pieces */
		close(up[1]);
		close(down[0]);
		while ((n = read(up[0], out, SIZE)) > 0) {
			usleep(1000);   /* so that the reader waits again */
			kill(getppid(), SIGALRM);
			usleep(1000);
			for (i = 0; i < n; ) {
				ssize_t w = write(down[1], out + i,
					(size_t)(n - i > 777 ? 777 : n - i));
				if (w < 0)
					_exit(1);
				i += (int)w;
			}
		}
		_exit(0);
	}
	sigaction(SIGALRM, &sa, &old);
	close(up[0]);
	close(down[1]);
	if (!fork()) {                  /* feeds it */
		close(down[0]);
		_exit(write_all(up[1], in, SIZE) ? 1 : 0);
	}
	close(up[1]);
	n = read_full(down[0], out, SIZE + 1);
	IS_INT(n, SIZE);
	OK(n == SIZE && !memcmp(in, out, SIZE));
	printf("# %d signals\n", (int)alarms);
	OK(alarms > 0);
	close(down[0]);
	sigaction(SIGALRM, &old, NULL);
	errno = 0;
	OK(read_full(-1, out, 1) == -1 && errno == EBADF);
	OK(write_all(-1, in, 1) == -1 && errno == EBADF);
	OK(write_all(-1, in, 0) == 0 && read_full(-1, out, 0) == 0);
	free(in);
	free(out);
}

static void
test_files(void)
{
	char dir[] = "/tmp/t_base.XXXXXX", buf[8];
	int d, fd;

	if (!mkdtemp(dir) || (d = open(dir, O_PATH | O_CLOEXEC)) < 0) {
		OK(!"a folder in /tmp");
		return;
	}
	OK(read_small_at(d, "f", buf, sizeof(buf)) == -1 && errno == ENOENT);
	OK(write_at(d, "f", "x") == -1 && errno == ENOENT);
	fd = openat(d, "f", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	OK(fd >= 0 && !write_all(fd, "1234567", 7));
	IS_INT(read_small_at(d, "f", buf, sizeof(buf)), 7);
	IS(buf, "1234567");
	OK(write_all(fd, "8", 1) == 0);
	OK(read_small_at(d, "f", buf, sizeof(buf)) == -1 && errno == EFBIG);
	OK(!write_at(d, "f", "ab"));    /* no truncation */
	OK(!ftruncate(fd, 4));
	IS_INT(read_small_at(d, "f", buf, sizeof(buf)), 4);
	IS(buf, "ab34");
	OK(!ftruncate(fd, 0));
	IS_INT(read_small_at(d, "f", buf, sizeof(buf)), 0);
	IS(buf, "");
	OK(read_small_at(d, ".", buf, sizeof(buf)) == -1 && errno == EISDIR);
	if (access("/dev/full", W_OK))
		SKIP(1, "no /dev/full");
	else
		OK(write_at(-1, "/dev/full", "x") == -1 && errno == ENOSPC);
	close(fd);
	unlinkat(d, "f", 0);
	close(d);
	rmdir(dir);
}

static void
test_words(void)
{
	const char *p = ",cpu, io\n";
	size_t len;

	OK(words_has("rw,cpu,cpuacct", "cpu"));
	OK(words_has("rw,cpu,cpuacct", "cpuacct"));
	OK(words_has("cpuset cpu io\n", "io"));
	OK(words_has("rw", "rw"));
	OK(!words_has("rw,cpuset", "cpu"));
	OK(!words_has("cpuset", "set"));
	OK(!words_has("", "rw"));
	OK(!words_has("rw", ""));
	OK(words_has(",,ro", "ro"));
	OK(words_have("cpu io", "io.max", 2));
	OK(!words_have("cpu io", "iomem", 3));
	OK(!strncmp(words_next(&p, &len), "cpu", 3) && len == 3);
	OK(!strncmp(words_next(&p, &len), "io", 2) && len == 2);
	OK(!words_next(&p, &len) && !*p);
}

int
main(void)
{
	test_words();
	test_err();
	test_arena();
	test_numbers();
	test_fds();
	test_transfers();
	test_files();
	return done();
}
