/* SPDX-License-Identifier: MIT */
/* t_fmt.c -- our formatter beside libc's. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fmt.h"
#include "tap.h"

/* gcc must not warn of what is tested. */
static const volatile size_t few = 3;

/* Both give the same text and length, also where there is too little room. */
#define SAME(...) do { \
	char want_[256], got_[256]; \
	int n_ = snprintf(want_, sizeof(want_), __VA_ARGS__); \
	IS_INT(fmt_to(got_, sizeof(got_), __VA_ARGS__), n_); \
	IS(got_, want_); \
	memset(want_, 'x', sizeof(want_)); \
	memset(got_, 'x', sizeof(got_)); \
	snprintf(want_, few, __VA_ARGS__); \
	IS_INT(fmt_to(got_, few, __VA_ARGS__), n_); \
	OK(!memcmp(got_, want_, sizeof(got_))); \
} while (0)

static void
test_conversions(void)
{
	SAME("plain");
	SAME("%s", "");
	SAME("<%s>%s", "a", "bcd");
	SAME("%.*s|%.2s|%.9s", 3, "abcdef", "xyz", "short");
	SAME("<%-8s|%8s|%-2s>", "name", "right", "long");
	SAME("%c%%%c", 'a', 'z');
	SAME("%d %d %d %d", 0, -1, INT_MAX, INT_MIN);
	SAME("%u %u", 0u, UINT_MAX);
	SAME("%lld %lld %ld", LLONG_MAX, LLONG_MIN, -5L);
	SAME("%llu %llx %llo", ULLONG_MAX, ULLONG_MAX, ULLONG_MAX);
	SAME("%zu %lu", SIZE_MAX, ULONG_MAX);
	SAME("%x %04x %016llx", 0xabcu, 0x1fu, 0x123456789abcdefULL);
	SAME("%o %04o", 0755u, 0u);
	SAME("%4u|%-4u|%04u|%02u", 42u, 42u, 42u, 123u);
	SAME("%04d|%4d|%-4d|", -7, -7, -7);
	SAME("%0*u", 6, 42u);
	SAME("%#x %#o %#llx %#x|%#6x|%#06x", 255u, 0644u, 1ULL, 0u, 7u, 7u);
}

static void
test_edges(void)
{
	char c = 'x', big[2000], back[2000];
	int ends[2];

	IS_INT(fmt_to(&c, 0, "%d", 12), 2);
	OK(c == 'x');
	IS_INT(fmt_to(&c, 1, "%d", 12), 2);
	OK(c == '\0');

	/* through several chunks */
	memset(big, 'b', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	OK(!pipe(ends));
	OK(!fmt_fd(ends[1], "%s%u", big, 7u));
	IS_INT(read(ends[0], back, sizeof(back)), sizeof(big));
	OK(!memcmp(back, big, sizeof(big) - 1) && back[sizeof(big) - 1] == '7');
	close(ends[1]);
	OK(fmt_fd(ends[1], "x") == -1 && errno == EBADF);
	close(ends[0]);
}

int
main(void)
{
	test_conversions();
	test_edges();
	return done();
}
