/* SPDX-License-Identifier: MIT */
/* t_json.c -- the JSON parser: verdicts, messages, limits, both inputs. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "json.h"
#include "tap.h"

static char block[1 << 20], text[JSON_MAX_BYTES + 64];
static struct arena arena;
static struct err e;
static struct json j;

static void
fresh(void)
{
	memset(block, 0x55, sizeof(block));
	arena = (struct arena){ block, block + sizeof(block) };
	memset(&j, 0x55, sizeof(j));
	err_clear(&e);
}

/* A regular file with this content. */
static int
file(const char *s, size_t len)
{
	char name[] = "/tmp/t_json.XXXXXX";
	int fd = memfd_create("t_json", MFD_CLOEXEC);

	if (fd < 0) {                   /* Linux before 3.17 */
		fd = mkstemp(name);
		unlink(name);
	}
	if (fd < 0 || write_all(fd, s, len)) {
		perror("t_json: file");
		exit(1);
	}
	return fd;
}

static int
open_any(int fd, const char *s, size_t len)
{
	fresh();
	if (fd >= 0)
		return json_open_fd(&j, fd, "c.json", &arena, &e);
	return json_open_text(&j, s, len, "c.json", &arena, &e);
}

/* Whether the whole input is one valid value, by json_skip. */
static int
skip_all(int fd, const char *s, size_t len, uint32_t mask)
{
	uint64_t at, n;

	if (open_any(fd, s, len))
		return -1;
	j.print_mask &= mask;
	if (json_skip(&j, &at, &n, &e) || json_end(&j, &e))
		return -1;
	return at + n <= len ? 0 : -2;
}

/* The same by the other calls: every string, number and key is fetched. */
static int
read_all(const char *s, size_t len)
{
	char key[300];
	const char *str;
	uint64_t u;
	bool b;
	int r = 0;

	if (open_any(-1, s, len))
		return -1;
	do {
		switch (r < 0 ? r : json_peek(&j, &e)) {
		case JSON_OBJECT:
			r = json_enter(&j, '{', &e);
			break;
		case JSON_ARRAY:
			r = json_enter(&j, '[', &e);
			break;
		case JSON_STRING:
			r = json_str(&j, &str, &e);
			break;
		case JSON_NUMBER:
			r = json_u64(&j, &u, UINT64_MAX, &e);
			break;
		case JSON_BOOL:
			r = json_bool(&j, &b, &e);
			break;
		case JSON_NULL:
			r = json_skip(&j, NULL, NULL, &e);
			break;
		default:
			return -1;
		}
		while (!r && j.depth) {
			r = json_more(&j, &e);
			if (r == 1 && j.level[j.depth - 1].object)
				r = json_key(&j, key, sizeof(key), &e);
			else if (r == 1)
				r = 0;
			else if (r == 0)
				continue;
			break;
		}
	} while (!r && j.depth);
	return r ? -1 : json_end(&j, &e);
}

#define B "\\"

static const char *const good[] = {
	"{}", "[]", " [ ] ", "\t{\r\n}\n", "null", "true", "false", "0", "-0",
	"\"\"", "[1,2,3]", "[0,10,100]", "{\"\":0}",
	"{\"a\":{\"a\":{\"a\":1}}}",
	"[{\"a\":1},{\"a\":1}]", "[[],[[]],{}]", "{\"a\":1,\"A\":2}",
	"\"" B "\"" B B B "/" B "b" B "f" B "n" B "r" B "t\"",
	"\"" B "u0041" B "u00e9" B "u20AC" B "ud83d" B "uDE00\"",
	"\"\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\"",
	"\"\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"",
	"\"a long string, longer than eight bytes, " B "u0001 and more\"",
	"[18446744073709551615]",
};

/* Valid JSON that only json_skip accepts. */
static const char *const good_skipped[] = {
	"\"" B "u0000\"", "{\"a" B "u0000b\":1,\"a\":2,\"a" B "u0000c\":3}",
	"[0.5,1e3,1E-3,-1.5e+10,-0.0,1e999999]", "[18446744073709551616]",
	"[-1]", "123456789012345678901234567890",
};

static void
test_good(void)
{
	const char *s;
	size_t i;

	for (i = 0; i < COUNT(good); i++) {
		if (!OK(!skip_all(-1, good[i], strlen(good[i]), UINT32_MAX)) ||
		    !OK(!read_all(good[i], strlen(good[i]))))
			printf("#   %s\n", err_str(&e));
		OK(!*err_str(&e));
	}
	for (i = 0; i < COUNT(good_skipped); i++) {
		s = good_skipped[i];
		OK(!skip_all(-1, s, strlen(s), ~0u));
		OK(read_all(s, strlen(s)) == -1);
	}
}

#define V "expected a value, found "

static const struct {
	const char *in, *want;
} bad[] = {
	/* structure */
	{ " ", "1:2: " V "the end" },
	{ "[", "1:2: [0]: " V "the end" },
	{ "{", "1:2: expected a key, found the end" },
	{ "]", "1:1: " V "']'" },
	{ "[1", "1:3: [0]: expected ',' or ']', found the end" },
	{ "[1,", "1:4: [1]: " V "the end" },
	{ "[1,]", "1:4: [1]: " V "']'" },
	{ "[,1]", "1:2: [0]: " V "','" },
	{ "[1 2]", "1:4: [0]: expected ',' or ']', found '2'" },
	{ "[1}", "1:3: [0]: expected ',' or ']', found '}'" },
	{ "{\"a\":1]", "1:7: a: expected ',' or '}', found ']'" },
	{ "{\"a\":1,}", "1:8: expected a key, found '}'" },
	{ "{,}", "1:2: expected a key, found ','" },
	{ "{1:2}", "1:2: expected a key, found '1'" },
	{ "{'a':2}", "1:2: expected a key, found '''" },
	{ "{\"a\"}", "1:5: expected ':', found '}'" },
	{ "{\"a\" 1}", "1:6: expected ':', found '1'" },
	{ "{\"a\":}", "1:6: a: " V "'}'" },
	{ "{} {}", "1:4: expected the end, found '{'" },
	{ "[]]", "1:3: expected the end, found ']'" },
	{ "{\"a\":1}\n\n x", "3:2: expected the end, found 'x'" },
	{ "[1]//", "1:4: expected the end, found '/'" },
	{ "[1,\n  2,\n  /* */ 3]", "3:3: [2]: " V "'/'" },
	{ "\xc2\xa0[]", "1:1: " V "byte 0xc2" },
	{ "[\v1]", "1:2: [0]: " V "byte 0x0b" },
	/* words and numbers */
	{ "[nul]", "1:2: [0]: unknown word; is it null?" },
	{ "[True]", "1:2: [0]: " V "'T'" },
	{ "[truefalse]", "1:6: [0]: expected ',' or ']', found 'f'" },
	{ "[falsy]", "1:2: [0]: unknown word; is it false?" },
	{ "tru", "1:1: unknown word; is it true?" },
	{ "[NaN]", "1:2: [0]: " V "'N'" },
	{ "[01]", "1:2: [0]: a number with a leading zero" },
	{ "[-01]", "1:3: [0]: a number with a leading zero" },
	{ "[-]", "1:3: [0]: expected a digit, found ']'" },
	{ "[+1]", "1:2: [0]: " V "'+'" },
	{ "[.5]", "1:2: [0]: " V "'.'" },
	{ "[1.]", "1:4: [0]: expected a digit, found ']'" },
	{ "[1.e3]", "1:4: [0]: expected a digit, found 'e'" },
	{ "[1e]", "1:4: [0]: expected a digit, found ']'" },
	{ "[1e+]", "1:5: [0]: expected a digit, found ']'" },
	{ "[0x10]", "1:3: [0]: expected ',' or ']', found 'x'" },
	{ "-", "1:2: expected a digit, found the end" },
	/* strings */
	{ "\"a", "1:3: expected '\"', found the end" },
	{ "[\"a\nb\"]", "1:4: [0]: raw control byte 0x0a in a string" },
	{ "[\"\x1f\"]", "1:3: [0]: raw control byte 0x1f in a string" },
	{ "[\"" B "x\"]", "1:3: [0]: unknown escape: \\ and 'x'" },
	{ "[\"" B "U0041\"]", "1:3: [0]: unknown escape: \\ and 'U'" },
	{ "[\"" B, "1:3: [0]: unknown escape: \\ and the end" },
	{ "[\"" B "u00g0\"]",
		"1:7: [0]: \\u: expected a hex digit, found 'g'" },
	{ "[\"" B "u00", "1:7: [0]: \\u: expected a hex digit, found the end" },
	{ "[\"" B "ud800\"]", "1:3: [0]: lone surrogate \\ud800" },
	{ "[\"" B "ud800x\"]", "1:3: [0]: lone surrogate \\ud800" },
	{ "[\"" B "ud800" B "n\"]", "1:3: [0]: lone surrogate \\ud800" },
	{ "[\"" B "ud800" B "u0041\"]", "1:3: [0]: lone surrogate \\ud800" },
	{ "[\"" B "ud800" B "ud800\"]", "1:3: [0]: lone surrogate \\ud800" },
	{ "[\"" B "ud800" B "udbff\"]", "1:3: [0]: lone surrogate \\ud800" },
	{ "[\"" B "ud800" B "ue000\"]", "1:3: [0]: lone surrogate \\ud800" },
	{ "[\"" B "udc00" B "udc00\"]", "1:3: [0]: lone surrogate \\udc00" },
	{ "[\"" B "udc00\"]", "1:3: [0]: lone surrogate \\udc00" },
	{ "[\"" B "udfff" B "ud800\"]", "1:3: [0]: lone surrogate \\udfff" },
	{ "[\"\x80\"]", "1:3: [0]: invalid UTF-8 (byte 0x80)" },
	{ "[\"\xc0\xaf\"]", "1:3: [0]: invalid UTF-8 (byte 0xc0)" },
	{ "[\"\xc1\xbf\"]", "1:3: [0]: invalid UTF-8 (byte 0xc1)" },
	{ "[\"\xc3\"]", "1:3: [0]: invalid UTF-8 (byte 0xc3)" },
	{ "[\"\xc3\x28\"]", "1:3: [0]: invalid UTF-8 (byte 0xc3)" },
	{ "[\"\xe0\x9f\xbf\"]", "1:3: [0]: invalid UTF-8 (byte 0xe0)" },
	{ "[\"\xed\xa0\x80\"]", "1:3: [0]: invalid UTF-8 (byte 0xed)" },
	{ "[\"\xe2\x82\"]", "1:3: [0]: invalid UTF-8 (byte 0xe2)" },
	{ "[\"\xf0\x8f\xbf\xbf\"]", "1:3: [0]: invalid UTF-8 (byte 0xf0)" },
	{ "[\"\xf4\x90\x80\x80\"]", "1:3: [0]: invalid UTF-8 (byte 0xf4)" },
	{ "[\"\xf5\x80\x80\x80\"]", "1:3: [0]: invalid UTF-8 (byte 0xf5)" },
	{ "[\"\xf0\x90\x80\"]", "1:3: [0]: invalid UTF-8 (byte 0xf0)" },
	{ "[\"1234567\xff\"]", "1:10: [0]: invalid UTF-8 (byte 0xff)" },
	/* duplicates: the place is that of the second key */
	{ "{\"a\":1,\"a\":1}", "1:8: a: duplicate key" },
	{ "{\"a\":1,\n  \"b\":[{}],\n  \"a\":{}}", "3:3: a: duplicate key" },
	{ "{\"a\":1,\"" B "u0061\":2}", "1:8: a: duplicate key" },
	{ "{\"\":1,\"\":2}", "1:7: [\"\"]: duplicate key" },
	{ "{\"x\":[0,{\"y\":{\"k\":1,\n\"l\":2,\"k\":3}}]}",
		"2:7: x[1].y.k: duplicate key" },
	{ "{\"a\":{\"k\":1},\"b\":{\"k\":1,\"c\":0,\"c\":0}}",
		"1:31: b.c: duplicate key" },
	{ "{\"\xc3\xa9\":1,\"" B "u00e9\":2}",
		"1:9: [\"\xc3\xa9\"]: duplicate key" },
	/* encodings */
	{ "\xef\xbb\xbf{}", "1:1: a byte order mark" },
	{ "\xff\xfe{", "1:1: byte 0xff: only UTF-8 is read, not UTF-16 or "
		"UTF-32" },
};

static void
test_bad(void)
{
	char want[256];
	size_t i;
	int fd;

	for (i = 0; i < COUNT(bad); i++) {
		snprintf(want, sizeof(want), "c.json:%s", bad[i].want);
		OK(skip_all(-1, bad[i].in, strlen(bad[i].in), ~0u) == -1);
		IS(err_str(&e), want);
		OK(e.code == EINVAL);
		err_clear(&e);
		OK(json_peek(&j, &e) == -1 && *err_str(&e));
		OK(read_all(bad[i].in, strlen(bad[i].in)) == -1);
		IS(err_str(&e), want);
		fd = file(bad[i].in, strlen(bad[i].in));
		OK(skip_all(fd, NULL, 0, ~0u) == -1);
		IS(err_str(&e), want);
		close(fd);
	}
	OK(skip_all(-1, "[\0]", 3, ~0u) == -1);
	IS(err_str(&e), "c.json:1:1: '[': only UTF-8 is read, not UTF-16 or "
		"UTF-32");
	OK(skip_all(-1, "[1\0]", 4, ~0u) == -1);
	IS(err_str(&e), "c.json:1:3: [0]: expected ',' or ']', found byte "
		"0x00");
	OK(skip_all(-1, "[]\0", 3, ~0u) == -1);
	OK(skip_all(-1, "[\"\0\"]", 5, ~0u) == -1);
	IS(err_str(&e), "c.json:1:3: [0]: raw control byte 0x00 in a string");
}

/* Each byte value at each place of a string that is longer than two words. */
static void
test_bytes(void)
{
	char s[] = "\"abcdefghijklmnopqrs\"";
	int c, fine = 0;
	bool plain;
	size_t i;

	for (c = 0; c < 256; c++) {
		plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
		for (i = 1; i < sizeof(s) - 2; i++) {
			s[i] = (char)c;
			fine += plain == !skip_all(-1, s, sizeof(s) - 1, ~0u);
			s[i] = 'a';
		}
	}
	IS_INT(fine, 256 * (sizeof(s) - 3));
}

static void
test_inputs(void)
{
	int fd, null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int dir = open("/", O_RDONLY | O_CLOEXEC), pipes[2];

	fresh();
	OK(json_open_fd(&j, null, "n", &arena, &e) == -1);
	IS(err_str(&e), "n: not a regular file");
	OK(json_open_fd(&j, dir, "d", &arena, &e) == -1);
	IS(err_str(&e), "d: not a regular file");
	OK(!pipe2(pipes, O_CLOEXEC));
	OK(json_open_fd(&j, pipes[0], "p", &arena, &e) == -1);
	IS(err_str(&e), "p: not a regular file");
	OK(json_open_fd(&j, -1, "x", &arena, &e) == -1);
	IS(err_str(&e), "x: stat: bad file descriptor");
	fd = file("", 0);
	OK(json_open_fd(&j, fd, "e", &arena, &e) == -1);
	IS(err_str(&e), "e: is empty");
	close(fd);
	OK(json_open_text(&j, "", 0, "e", &arena, &e) == -1);
	IS(err_str(&e), "e: is empty");

	memset(text, ' ', sizeof(text));
	text[0] = '{';
	text[JSON_MAX_BYTES - 1] = '}';
	fd = file(text, JSON_MAX_BYTES);
	OK(!skip_all(fd, text, JSON_MAX_BYTES, ~0u));
	OK(!skip_all(-1, text, JSON_MAX_BYTES, ~0u));
	OK(!lseek(fd, 0, SEEK_END) || write(fd, " ", 1) == 1);
	OK(skip_all(fd, NULL, 0, ~0u) == -1);
	IS(err_str(&e), "c.json: 4194305 bytes, the limit is 4194304 (4 MiB)");
	OK(e.code == EFBIG);
	OK(skip_all(-1, text, JSON_MAX_BYTES + 1, ~0u) == -1);
	IS(err_str(&e), "c.json: 4194305 bytes, the limit is 4194304 (4 MiB)");

	/* The file position plays no part, and a file that shrinks is seen. */
	OK(!ftruncate(fd, 5000) && !open_any(fd, NULL, 0));
	OK(lseek(fd, 0, SEEK_CUR) == JSON_MAX_BYTES + 1);
	OK(!ftruncate(fd, 4096));
	OK(json_skip(&j, NULL, NULL, &e) == -1);
	IS(err_str(&e), "c.json: it shrank while it was read");
	close(fd);
	close(null);
	close(dir);
	close(pipes[0]);
	close(pipes[1]);
}

static const char sample[] =
	"{\n  \"ociVersion\": \"1.2.0\",\n  \"n\": [0, -12, 3.5e-1, true, "
	"false, null, \"\xe2\x82\xac" B "ud83d" B "ude00" B "t\"],\n"
	"  \"annotations\": {\"org.a\": \"x\", \"org.b\": {},"
	" \"c\": [[{\"d\": \"\"}]]}\n}";

static void
test_prefixes(void)
{
	size_t n, len = sizeof(sample) - 1;
	char *copy = malloc(len);       /* exact: a sanitizer sees over-reads */
	int fd, bad_text = 0, bad_file = 0;

	OK(!skip_all(-1, sample, len, ~0u));
	for (n = 0; n < len; n++) {
		copy = realloc(copy, n + 1);
		memcpy(copy, sample, n);
		copy = n ? realloc(copy, n) : copy;
		bad_text += skip_all(-1, copy, n, ~0u) == -1 && *err_str(&e);
		fd = file(sample, n);
		bad_file += skip_all(fd, NULL, 0, ~0u) == -1 && *err_str(&e);
		close(fd);
	}
	free(copy);
	IS_INT(bad_text, len);
	IS_INT(bad_file, len);
}

/* Every token crosses the end of a chunk at every offset. */
static void
test_chunks(void)
{
	const char *key_b = "{\"org.a\": \"x\"";
	size_t pad, len = sizeof(sample) - 1;
	uint64_t at, n;
	const char *s;
	char key[16];
	int fd, fine = 0, shown = 0;

	for (pad = JSON_CHUNK - len; pad <= JSON_CHUNK; pad++) {
		memset(text, ' ', pad);
		memcpy(text + pad, sample, len);
		fd = file(text, pad + len);
		fine += !open_any(fd, NULL, 0) &&
			!json_enter(&j, '{', &e) &&
			json_more(&j, &e) == 1 &&
			!json_key(&j, key, sizeof(key), &e) &&
			!strcmp(key, "ociVersion") &&
			!json_str(&j, &s, &e) && !strcmp(s, "1.2.0") &&
			json_more(&j, &e) == 1 &&
			!json_key(&j, key, 3, &e) && !strcmp(key, "n") &&
			!json_skip(&j, NULL, NULL, &e) &&
			json_more(&j, &e) == 1 &&
			!json_key(&j, key, 5, &e) && !strcmp(key, "anno") &&
			!json_skip(&j, &at, &n, &e) &&
			!memcmp(text + at, key_b, strlen(key_b)) &&
			at + n == pad + len - 2 &&
			json_more(&j, &e) == 0 && !json_end(&j, &e);
		/* Unread tokens stay there, and the path reads back. */
		shown += !open_any(fd, NULL, 0) &&
			!json_enter(&j, '{', &e) &&
			json_more(&j, &e) == 1 &&
			!json_key(&j, key, sizeof(key), &e) &&
			json_u64(&j, &at, 1, &e) == -1 &&
			strstr(err_str(&e), ": ociVersion: expected a") &&
			!json_str(&j, &s, &e) && !strcmp(s, "1.2.0");
		close(fd);
	}
	IS_INT(fine, len + 1);
	IS_INT(shown, len + 1);
}

static const struct {
	const char *in;
	uint64_t max;
	int64_t want;                   /* the u64's bits */
	const char *error;              /* behind "c.json:1:1: " */
} unsigneds[] = {
	{ "0", 0, 0, NULL }, { "-0", 0, 0, NULL }, { "1", 1, 1, NULL },
	{ "18446744073709551615", UINT64_MAX, -1, NULL },
	{ "18446744073709551614", UINT64_MAX, -2, NULL },
	{ "9223372036854775808", UINT64_MAX, INT64_MIN, NULL },
	{ "4294967295", UINT32_MAX, 4294967295, NULL },
	{ "4294967296", UINT32_MAX, 0,
		"4294967296 is out of range (0 to 4294967295)" },
	{ "1", 0, 0, "1 is out of range (0 to 0)" },
	{ "-1", 9, 0, "-1 is out of range (0 to 9)" },
	{ "18446744073709551616", UINT64_MAX, 0, "18446744073709551616 is out "
		"of range (0 to 18446744073709551615)" },
	{ "18446744073709551620", UINT64_MAX, 0, "18446744073709551620 is out "
		"of range (0 to 18446744073709551615)" },
	{ "184467440737095516150", 5, 0,
		"184467440737095516150 is out of range (0 to 5)" },
	{ "100000000000000000000000000000000000000", 5, 0,
		"1000000000000000000000000000000 is out of range (0 to 5)" },
	{ "1.0", 5, 0, "1.0: expected an integer, without fraction or "
		"exponent" },
	{ "1e0", 5, 0, "1e0: expected an integer, without fraction or "
		"exponent" },
	{ "0E1", 5, 0, "0E1: expected an integer, without fraction or "
		"exponent" },
	{ "\"1\"", 5, 0, "expected a number, found a string" },
	{ "null", 5, 0, "expected a number, found null" },
};

static const struct {
	const char *in;
	int64_t min, max, want;
	const char *error;
} signeds[] = {
	{ "0", 0, 0, 0, NULL }, { "-0", 0, 0, 0, NULL },
	{ "-1", -1, 0, -1, NULL }, { "-1000", -1000, 1000, -1000, NULL },
	{ "9223372036854775807", INT64_MIN, INT64_MAX, INT64_MAX, NULL },
	{ "-9223372036854775808", INT64_MIN, INT64_MAX, INT64_MIN, NULL },
	{ "-9223372036854775807", INT64_MIN, INT64_MAX, -INT64_MAX, NULL },
	{ "9223372036854775808", INT64_MIN, INT64_MAX, 0,
		"9223372036854775808 is out of range (-9223372036854775808 to "
		"9223372036854775807)" },
	{ "-9223372036854775809", INT64_MIN, INT64_MAX, 0,
		"-9223372036854775809 is out of range (-9223372036854775808 "
		"to 9223372036854775807)" },
	{ "-18446744073709551617", -5, 5, 0,
		"-18446744073709551617 is out of range (-5 to 5)" },
	{ "6", -5, 5, 0, "6 is out of range (-5 to 5)" },
	{ "-6", -5, 5, 0, "-6 is out of range (-5 to 5)" },
	{ "-1.5", -5, 5, 0, "-1.5: expected an integer, without fraction or "
		"exponent" },
	{ "true", -5, 5, 0, "expected a number, found a boolean" },
	{ "[]", -5, 5, 0, "expected a number, found an array" },
};

/* After a refusal the value is still there. */
static void
refused(int r, const char *error)
{
	char want[256];

	snprintf(want, sizeof(want), "c.json:1:1: %s", error);
	OK(r == -1);
	IS(err_str(&e), want);
	OK(!json_skip(&j, NULL, NULL, &e) && !json_end(&j, &e));
}

static void
test_integers(void)
{
	uint64_t u;
	int64_t v;
	size_t i;
	int r;

	for (i = 0; i < COUNT(unsigneds); i++) {
		OK(!open_any(-1, unsigneds[i].in, strlen(unsigneds[i].in)));
		u = 77;
		r = json_u64(&j, &u, unsigneds[i].max, &e);
		if (unsigneds[i].error) {
			refused(r, unsigneds[i].error);
			IS_INT(u, 77);
			continue;
		}
		OK(!r && !json_end(&j, &e));
		IS_INT((int64_t)u, unsigneds[i].want);
	}
	for (i = 0; i < COUNT(signeds); i++) {
		OK(!open_any(-1, signeds[i].in, strlen(signeds[i].in)));
		v = 77;
		r = json_i64(&j, &v, signeds[i].min, signeds[i].max, &e);
		if (signeds[i].error) {
			refused(r, signeds[i].error);
			IS_INT(v, 77);
			continue;
		}
		OK(!r && !json_end(&j, &e));
		IS_INT(v, signeds[i].want);
	}
}

static void
test_refusals(void)
{
	const char *s = NULL, *in = "\"a" B "u0000b\"";
	char key[16], *end;
	uint64_t u;
	bool b;
	int n;

	OK(!open_any(-1, in, strlen(in)));
	refused(json_str(&j, &s, &e), "a string with an embedded NUL");
	OK(!open_any(-1, "1", 1));
	refused(json_str(&j, &s, &e), "expected a string, found a number");
	OK(!open_any(-1, "{}", 2));
	refused(json_enter(&j, '[', &e), "expected an array, found an object");
	OK(!open_any(-1, "[]", 2));
	refused(json_enter(&j, '{', &e), "expected an object, found an array");
	OK(!open_any(-1, "0", 1));
	refused(json_bool(&j, &b, &e), "expected a boolean, found a number");
	OK(!open_any(-1, "true", 4));
	OK(!json_bool(&j, &b, &e) && b);
	OK(!open_any(-1, "false", 5));
	OK(!json_bool(&j, &b, &e) && !b);

	in = "{\"a" B "u0000\":1}";
	OK(!open_any(-1, in, strlen(in)) && !json_enter(&j, '{', &e));
	OK(json_more(&j, &e) == 1);
	OK(json_key(&j, key, sizeof(key), &e) == -1);
	IS(err_str(&e), "c.json:1:2: [\"a\\u0000\"]: a key with an embedded "
		"NUL");

	/* A value that is refused again and again counts once. */
	OK(!open_any(-1, "\"x\"", 3));
	for (n = 0; n <= JSON_MAX_VALUES; n++)
		json_u64(&j, &u, 0, &e);
	OK(!json_str(&j, &s, &e));
	OK(!open_any(-1, "1.5", 3));
	for (n = 0; n <= JSON_MAX_VALUES; n++)
		json_u64(&j, &u, 0, &e);
	OK(!json_skip(&j, NULL, NULL, &e));

	/* An arena that is full, to the byte. */
	OK(!open_any(-1, "\"abc\"", 5));
	end = arena.end;
	arena.end = arena.at + 3;
	OK(json_str(&j, &s, &e) == -1 && e.code == ENOMEM);
	IS(err_str(&e), "c.json:1:1: out of memory (raise ARENA_KB)");
	arena.end = arena.at;
	OK(json_str(&j, &s, &e) == -1 && e.code == ENOMEM);
	arena.end = arena.at + 4;
	OK(!json_str(&j, &s, &e) && arena.at == arena.end);
	IS(s, "abc");
	arena.end = end;
	OK(!open_any(-1, "{\"a\":1}", 7));
	arena.end = arena.at + 64;
	OK(json_skip(&j, NULL, NULL, &e) == -1 && e.code == ENOMEM);
}

/* Enters what path stands for (keys are entered in order) and complains. */
static void
test_paths(void)
{
	static const struct {
		const char *key, *want;
	} keys[] = {
		{ "a", "a" }, { "a-B_9", "a-B_9" }, { "a.b", "[\"a.b\"]" },
		{ "", "[\"\"]" }, { "a b", "[\"a b\"]" },
		{ B "\"" B B, "[\"\\\"\\\\\"]" },
		{ B "n" B "u007f" B "u009b", "[\"\\u000a\\u007f\\u009b\"]" },
		{ "\xc2\x85\xc3\xa9", "[\"\\u0085\xc3\xa9\"]" },
		{ "0123456789012345678901234567890123456789012345678901234567"
			"890123", "01234567890123456789012345678901234567890123"
			"45678901234567890123" },
		{ "01234567890123456789012345678901234567890123456789012345678"
			"901234", "[\"012345678901234567890123456789012345678"
			"9012345678901234567890123...\"]" },
		{ "01234567890123456789012345678901234567890123456789012345678"
			"9012\xc3\xa9", "[\"012345678901234567890123456789012"
			"345678901234567890123456789012...\"]" },
	};
	char want[512], *p;
	size_t i;

	for (i = 0; i < COUNT(keys); i++) {
		snprintf(text, 512, "{\"x\": {\"%s\": [1, !", keys[i].key);
		OK(skip_all(-1, text, strlen(text), ~0u) == -1);
		snprintf(want, sizeof(want), "c.json:1:%zu: x%s%s[1]: expected "
			"a value, found '!'", strlen(text),
			*keys[i].want == '[' ? "" : ".", keys[i].want);
		IS(err_str(&e), want);
	}
	/* A path that is too long says so and is cut between parts. */
	for (p = text, i = 0; i < 31; i++)
		p += sprintf(p, "{\"abcdefgh\":");
	strcpy(p, "!");
	OK(skip_all(-1, text, strlen(text), ~0u) == -1);
	p = strstr(err_str(&e), "abcdefgh");
	OK(p && strlen(p) < JSON_PATH + 40);
	OK(p && strstr(p, ".abcdefgh...: expected a value"));

	/* The place of a container that was left, and of what is around it. */
	snprintf(text, 512, "{\"a\":\n  [1,\n {} ] , \"b\": 2}");
	OK(!open_any(-1, text, strlen(text)) && !json_enter(&j, '{', &e) &&
		json_more(&j, &e) == 1 && !json_key(&j, want, 9, &e) &&
		!json_skip(&j, NULL, NULL, &e));
	OK(json_fail(&j, &e, "too %s", "odd") == -1);
	IS(err_str(&e), "c.json:2:3: a: too odd");
	OK(json_more(&j, &e) == 1 && !json_key(&j, want, 9, &e) &&
		json_peek(&j, &e) == JSON_NUMBER);
	OK(text[json_at(&j)] == '2');
	json_fail(&j, &e, "odd");
	IS(err_str(&e), "c.json:3:14: b: odd");
	OK(!json_skip(&j, NULL, NULL, &e) && json_more(&j, &e) == 0);
	json_fail(&j, &e, "missing \"c\"");
	IS(err_str(&e), "c.json:1:1: missing \"c\"");
}

/* n members with keys 0..n-1, but number twin has the key of number 3. */
static size_t
object(char *out, int n, int twin, const char *value)
{
	char *p = out;
	int i;

	*p++ = '{';
	for (i = 0; i < n; i++)
		p += sprintf(p, "%s\"%x\":%s", i ? "," : "",
			i == twin ? 3 : i, value);
	*p++ = '}';
	return (size_t)(p - out);
}

static void
test_duplicates(void)
{
	static const int sizes[] = { 5, 32, 33, 255, 256, 257, 511, 512, 513,
		1024, 1025, 9000 };
	static const uint32_t masks[] = { ~0u, 0xf, 0, 0xf0000000 };
	size_t i, k, len = 0, used;
	char want[64];
	int fd;

	for (i = 0; i < COUNT(sizes); i++) {
		for (k = 0; k < (i < 9 ? COUNT(masks) : 1); k++) {
			len = object(text, sizes[i], -1, "{\"3\":0}");
			if (!OK(!skip_all(-1, text, len, masks[k])))
				printf("#   %s\n", err_str(&e));
			len = object(text, sizes[i], sizes[i] - 1, "{\"3\":0}");
			OK(skip_all(-1, text, len, masks[k]) == -1);
			snprintf(want, sizeof(want), "c.json:1:%d: 3: duplicate"
				" key", (int)len - 11);
			IS(err_str(&e), want);
		}
	}
	fd = file(text, len);
	OK(skip_all(fd, NULL, 0, ~0u) == -1);
	IS(err_str(&e), want);
	close(fd);

	/* Outer keys survive inner objects; blocks are used again. */
	len = (size_t)sprintf(text, "{\"a\":1,\"l\":[");
	for (i = 0; i < 50; i++) {
		len += object(text + len, 600, -1, "0");
		text[len++] = ',';
	}
	len += (size_t)sprintf(text + len, "0],\"b\":");
	len += object(text + len, 600, -1, "0");
	len += (size_t)sprintf(text + len, ",\"a\":1}");
	OK(skip_all(-1, text, len, ~0u) == -1);
	snprintf(want, sizeof(want), "c.json:1:%zu: a: duplicate key", len - 5);
	IS(err_str(&e), want);
	used = (size_t)(arena.at - block);
	OK(used <= 2 * sizeof(uint32_t) * JSON_PRINT_BLOCK + 64);

	len = object(text, 9000, -1, "\"0123456789012345678901234567890\"");
	OK(!skip_all(-1, text, len, ~0u));
	used = (size_t)(arena.at - block);
	printf("# 9000 keys: %zu bytes of arena\n", used);
	OK(used < 50000 - sizeof(struct json));
}

static void
test_limits(void)
{
	char want[128];
	size_t i, len;

	for (i = 0; i < 2; i++) {       /* 32 levels, then 33 */
		memset(text, '[', 32 + i);
		memset(text + 32 + i, ']', 32 + i);
		OK(skip_all(-1, text, 64 + 2 * i, ~0u) == -(int)i);
	}
	OK(strstr(err_str(&e), "[0]: more than 32 levels of nesting"));
	memset(text, '[', 100000);
	OK(skip_all(-1, text, 100000, ~0u) == -1);
	snprintf(want, sizeof(want), "c.json:1:33: ");
	OK(!strncmp(err_str(&e), want, strlen(want)));

	/* The array counts as one: 65535 elements fit. */
	text[0] = '[';
	for (i = 0; i < JSON_MAX_VALUES; i++)
		memcpy(text + 1 + 2 * i, "0,", 2);
	text[2 * (JSON_MAX_VALUES - 1)] = ']';
	OK(!skip_all(-1, text, 2 * JSON_MAX_VALUES - 1, ~0u));
	text[2 * (JSON_MAX_VALUES - 1)] = ',';
	text[2 * JSON_MAX_VALUES] = ']';
	OK(skip_all(-1, text, 2 * JSON_MAX_VALUES + 1, ~0u) == -1);
	IS(err_str(&e), "c.json:1:131072: [65535]: more than 65536 values");

	len = object(text, JSON_MAX_VALUES - 1, -1, "0");
	OK(!skip_all(-1, text, len, ~0u));
	len = object(text, JSON_MAX_VALUES - 1, 60000, "0");
	OK(skip_all(-1, text, len, ~0u) == -1);
	OK(strstr(err_str(&e), ": 3: duplicate key"));
	len = object(text, JSON_MAX_VALUES, -1, "0");
	OK(skip_all(-1, text, len, ~0u) == -1);
	OK(strstr(err_str(&e), "ffff: more than 65536 values"));
}

static void
test_locate(void)
{
	static const char in[] =
		"{\n"
		"  \"a\": {\"b\": [10, {\"c\": 1}],\n"
		"        \"x.y\": \"z\", \"q\\\"\\u0041\": 5},\n"
		"  \"a.b\": 7, \"\": 8\n"
		"}";
	static const struct {
		const char *path;
		unsigned line, col;
	} cases[] = {
		{ "", 1, 1 }, { "a", 2, 8 }, { "a.b", 2, 14 },
		{ "a.b[0]", 2, 15 }, { "a.b[1]", 2, 19 },
		{ "a.b[1].c", 2, 25 }, { "a[\"b\"][1][\"c\"]", 2, 25 },
		{ "a[\"x.y\"]", 3, 16 }, { "a[\"q\\\"A\"]", 3, 34 },
		{ "[\"a.b\"]", 4, 10 }, { "[\"\"]", 4, 17 },
		{ "a.none", 2, 8 }, { "a.b[2]", 2, 14 }, { "a.b[1].d", 2, 19 },
		{ "a.b[1].c.d", 2, 25 }, { "none.b", 1, 1 }, { "[0]", 1, 1 },
		{ "a[", 2, 8 }, { "a[\"", 2, 8 }, { "a[\"b", 2, 8 },
		{ "a[\"b\"", 2, 8 }, { "a.b[1", 2, 14 }, { "a.b[1x]", 2, 14 },
		{ "a..b", 2, 8 },
		{ "a.b[]", 2, 14 }, { "a.b[18446744073709551616]", 2, 14 },
	};
	int fd = file(in, sizeof(in) - 1);
	unsigned line, col;
	size_t i;

	fresh();
	for (i = 0; i < COUNT(cases); i++) {
		json_locate(fd, cases[i].path, arena, &line, &col);
		if (!OK(line == cases[i].line && col == cases[i].col))
			printf("#   %s: %u:%u\n", cases[i].path, line, col);
	}
	close(fd);
	json_locate(-1, "a", arena, &line, &col);
	OK(line == 0 && col == 0);
	fd = file("[1, 2, ?]", 9);
	json_locate(fd, "[1]", arena, &line, &col);
	OK(line == 1 && col == 5);
	json_locate(fd, "[2]", arena, &line, &col);
	OK(line == 1 && col == 1);
	close(fd);
}

int
main(void)
{
	test_good();
	test_bad();
	test_bytes();
	test_inputs();
	test_prefixes();
	test_chunks();
	test_integers();
	test_refusals();
	test_paths();
	test_duplicates();
	test_limits();
	test_locate();
	return done();
}
