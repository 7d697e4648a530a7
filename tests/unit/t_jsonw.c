/* SPDX-License-Identifier: MIT */
/* t_jsonw.c -- the JSON writer: form, escapes, errors, and that what it writes
 * reads back. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "json.h"
#include "jsonw.h"
#include "tap.h"

static char out[64 << 10];
static struct jsonw w;
static struct err e;

static int
scratch(void)
{
	char name[] = "/tmp/t_jsonw.XXXXXX";
	int fd = mkstemp(name);

	if (fd < 0 || unlink(name)) {
		perror("t_jsonw: file");
		exit(1);
	}
	return fd;
}

static int
begin(bool pretty)
{
	int fd = scratch();

	memset(&w, 0x55, sizeof(w));
	err_clear(&e);
	jsonw_init(&w, fd, pretty);
	return fd;
}

/* What was written, which must be valid JSON; closes fd. */
static const char *
end(int fd)
{
	static char block[16 << 10];
	struct arena a = { block, block + sizeof(block) };
	struct json j;
	ssize_t n;

	OK(!jsonw_finish(&w, &e));
	n = pread(fd, out, sizeof(out) - 1, 0);
	out[n < 0 ? 0 : n] = '\0';
	OK(!json_open_fd(&j, fd, "out", &a, &e) &&
		!json_skip(&j, NULL, NULL, &e) && !json_end(&j, &e));
	close(fd);
	return out;
}

/* All kinds of values, nested and empty. */
static void
sample(void)
{
	jsonw_obj(&w);
	jsonw_key(&w, "id");
	jsonw_str(&w, "x");
	jsonw_key(&w, "pid");
	jsonw_u64(&w, 42);
	jsonw_key(&w, "list");
	jsonw_arr(&w);
	jsonw_str(&w, "a");
	jsonw_obj(&w);
	jsonw_key(&w, "b");
	jsonw_bool(&w, true);
	jsonw_end(&w);
	jsonw_arr(&w);
	jsonw_end(&w);
	jsonw_i64(&w, INT64_MIN);
	jsonw_end(&w);
	jsonw_key(&w, "none");
	jsonw_obj(&w);
	jsonw_end(&w);
	jsonw_key(&w, "null");
	jsonw_str(&w, NULL);
	jsonw_key(&w, "max");
	jsonw_u64(&w, UINT64_MAX);
	jsonw_key(&w, "part");
	jsonw_hundredths(&w, 7, 5);
	jsonw_key(&w, "no");
	jsonw_bool(&w, false);
	jsonw_end(&w);
}

static void
test_form(void)
{
	int fd = begin(true);

	sample();
	IS(end(fd), "{\n"
		"  \"id\": \"x\",\n"
		"  \"pid\": 42,\n"
		"  \"list\": [\n"
		"    \"a\",\n"
		"    {\n"
		"      \"b\": true\n"
		"    },\n"
		"    [],\n"
		"    -9223372036854775808\n"
		"  ],\n"
		"  \"none\": {},\n"
		"  \"null\": null,\n"
		"  \"max\": 18446744073709551615,\n"
		"  \"part\": 7.05,\n"
		"  \"no\": false\n"
		"}\n");
	fd = begin(false);
	sample();
	IS(end(fd), "{\"id\":\"x\",\"pid\":42,\"list\":[\"a\",{\"b\":true},[],"
		"-9223372036854775808],\"none\":{},\"null\":null,"
		"\"max\":18446744073709551615,\"part\":7.05,\"no\":false}\n");
	fd = begin(true);
	jsonw_arr(&w);
	jsonw_end(&w);
	IS(end(fd), "[]\n");
	fd = begin(true);
	jsonw_u64(&w, 0);
	IS(end(fd), "0\n");
}

#define FFFD "\xef\xbf\xbd"

static void
test_strings(void)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "", "" }, { "/a b", "/a b" },
		{ "\"\\/", "\\\"\\\\/" },
		{ "\b\f\n\r\t\x01\x1f\x7f",
			"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f" },
		{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
			"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "a\xff" "b", "a" FFFD "b" }, { "\xc3", FFFD },
		{ "\xe2\x82", FFFD FFFD }, { "\xe2\x82z", FFFD FFFD "z" },
		{ "\xc0\x80", FFFD FFFD }, { "\xed\xa0\x80", FFFD FFFD FFFD },
		{ "\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD },
	};
	char want[128];
	size_t i;
	int fd;

	for (i = 0; i < COUNT(cases); i++) {
		fd = begin(false);
		jsonw_obj(&w);
		jsonw_key(&w, cases[i].in);
		jsonw_str(&w, cases[i].in);
		jsonw_end(&w);
		snprintf(want, sizeof(want), "{\"%s\":\"%s\"}\n", cases[i].want,
			cases[i].want);
		IS(end(fd), want);
	}
}

/* Every byte but NUL, and texts around the size of the buffer, read back. */
static void
test_round_trip(void)
{
	static char block[64 << 10], in[3 * JSONW_BUFFER];
	struct arena a = { block, block + sizeof(block) };
	const char *back;
	struct json j;
	size_t n;
	int c, fd, same = 0;

	for (c = 1; c < 0x80; c++)
		in[c - 1] = (char)c;
	in[c - 1] = '\0';
	fd = begin(true);
	jsonw_str(&w, in);
	OK(!jsonw_finish(&w, &e) && !json_open_fd(&j, fd, "b", &a, &e) &&
		!json_str(&j, &back, &e));
	IS(back, in);
	close(fd);
	memset(in, 'x', sizeof(in));
	for (n = JSONW_BUFFER - 8; n < JSONW_BUFFER + 8; n++) {
		in[n] = '\0';
		in[n - 1] = '\n';
		a.at = block;
		fd = begin(true);
		jsonw_str(&w, in);
		same += !jsonw_finish(&w, &e) &&
			!json_open_fd(&j, fd, "b", &a, &e) &&
			!json_str(&j, &back, &e) && !strcmp(back, in);
		close(fd);
		in[n - 1] = in[n] = 'x';
	}
	IS_INT(same, 16);
}

static void
test_copy(void)
{
	static char in[3 * JSONW_BUFFER + 9];
	int fd, from = scratch();
	size_t n = sizeof(in);

	memset(in, 'y', n);
	memcpy(in, "--{\"k\": \"", 9);
	memcpy(in + n - 6, "\"}++?", 6);
	OK(!write_all(from, in, n - 1));
	fd = begin(true);
	jsonw_obj(&w);
	jsonw_key(&w, "before");
	jsonw_u64(&w, 1);
	jsonw_key(&w, "annotations");
	jsonw_copy(&w, from, 2, n - 6);
	jsonw_key(&w, "after");
	jsonw_copy(&w, from, 2, 0);
	jsonw_str(&w, NULL);
	jsonw_end(&w);
	jsonw_finish(&w, &e);
	n = (size_t)pread(fd, out, sizeof(out) - 1, 0);
	out[n] = '\0';
	close(fd);
	OK(!strncmp(out, "{\n  \"before\": 1,\n  \"annotations\": ", 33));
	OK(!memcmp(out + 34, in + 2, sizeof(in) - 6));
	OK(lseek(from, 0, SEEK_CUR) == (off_t)sizeof(in) - 1);

	fd = begin(false);
	jsonw_copy(&w, from, 2, sizeof(in) - 6);
	OK(strlen(end(fd)) == sizeof(in) - 5);

	/* The source ends early, or is none. */
	fd = begin(false);
	jsonw_copy(&w, from, sizeof(in), 4);
	jsonw_str(&w, "more");
	OK(jsonw_finish(&w, &e) == -1 && e.code == EIO);
	OK(strstr(err_str(&e), "JSON output: copy: "));
	close(from);
	close(fd);
	fd = begin(false);
	jsonw_copy(&w, -1, 0, 4);
	OK(jsonw_finish(&w, &e) == -1 && e.code == EBADF);
	close(fd);
}

static void
test_errors(void)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC), i;

	if (fd < 0) {
		SKIP(2, "no /dev/full");
	} else {
		err_clear(&e);
		jsonw_init(&w, fd, true);
		jsonw_arr(&w);
		for (i = 0; i < 5000; i++)
			jsonw_u64(&w, 1);
		jsonw_end(&w);
		OK(jsonw_finish(&w, &e) == -1);
		OK(e.code == ENOSPC &&
			!strncmp(err_str(&e), "JSON output: write: ", 20));
		close(fd);
	}
	err_clear(&e);
	jsonw_init(&w, -1, false);
	jsonw_str(&w, "x");
	OK(jsonw_finish(&w, &e) == -1 && e.code == EBADF);

	/* Deeper than the writer can count; and one end too many. */
	fd = begin(false);
	for (i = 0; i <= JSONW_DEPTH; i++)
		jsonw_arr(&w);
	OK(jsonw_finish(&w, &e) == -1 && e.code == EOVERFLOW);
	close(fd);
	fd = begin(false);
	for (i = 0; i < JSONW_DEPTH; i++)
		jsonw_arr(&w);
	for (i = 0; i <= JSONW_DEPTH; i++)
		jsonw_end(&w);
	OK(strlen(end(fd)) == 2 * JSONW_DEPTH + 1);
}

int
main(void)
{
	test_form();
	test_strings();
	test_round_trip();
	test_copy();
	test_errors();
	return done();
}
