/* SPDX-License-Identifier: MIT */
/* t_log.c -- log lines, where they go, and times. */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "str.h"
#include "tap.h"

static char dir[] = "/tmp/wherry-t_log.XXXXXX";
static char log_path[64], err_path[64];

static const char *
content(const char *path)
{
	static char buf[32768];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, buf, sizeof(buf) - 1);

	buf[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
	return buf;
}

/* Empties both files and sends stderr to one. */
static void
again(void)
{
	int fd = open(err_path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);

	dup2(fd, 2);
	close(fd);
	truncate(log_path, 0);
}

static const char *
time_at(long long sec, long nsec, unsigned digits)
{
	static char buf[TIME_TEXT];
	struct timespec t = { .tv_sec = (time_t)sec, .tv_nsec = nsec };

	time_text(buf, &t, digits);
	return buf;
}

static void
times(void)
{
	struct tm tm;
	char want[64];
	bool same = true;

	IS(time_at(0, 0, 0), "1970-01-01T00:00:00Z");
	IS(time_at(951782400, 5, 9), "2000-02-29T00:00:00.000000005Z");
	IS(time_at(951868799, 999999999, 6), "2000-02-29T23:59:59.999999Z");
	IS(time_at(951868800, 0, 0), "2000-03-01T00:00:00Z");
	IS(time_at(1735689599, 0, 3), "2024-12-31T23:59:59.000Z");
	IS(time_at(1735689600, 120000000, 1), "2025-01-01T00:00:00.1Z");
	IS(time_at(2147483647, 0, 0), "2038-01-19T03:14:07Z");
	if (sizeof(time_t) > 4) {
		IS(time_at(2147483648, 0, 0), "2038-01-19T03:14:08Z");
		IS(time_at(4107542400, 0, 0), "2100-03-01T00:00:00Z");
	} else {
		SKIP(2, "time_t has 32 bits");
	}
	IS(time_at(-5, 0, 0), "1970-01-01T00:00:00Z");
	/* A day in each week of 67 years, against libc. */
	for (time_t t = 40000; t < 2147000000 - 604800; t += 604800) {
		gmtime_r(&t, &tm);
		strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%SZ", &tm);
		same = same && !strcmp(time_at(t, 0, 0), want);
	}
	OK(same);
}

/* The msg of a JSON line. */
static const char *
msg_of(const char *text)
{
	const char *line;
	char *at;

	again();
	log_at(LEVEL_ERROR, "%s", text);
	line = content(log_path);
	at = strstr(line, "\"msg\":\"");
	if (!at)
		return line;
	at[strlen(at) - 1] = '\0';      /* the newline */
	return at + 7;
}

static void
json(void)
{
	const char *s;
	char big[ERR_TEXT * 2];
	struct err e = { 0 };
	struct stat st;
	unsigned a[6];
	char c;

	umask(022);
	IS_INT(log_open(log_path, FORMAT_JSON, LEVEL_ERROR, &e), 0);
	again();
	log_fatal("create: no such file or directory");
	s = content(log_path);
	OK(!strncmp(s, "{\"level\":\"error\",\"time\":\"", 25));
	IS_INT(sscanf(s + 25, "%4u-%2u-%2uT%2u:%2u:%2u.%*6uZ%c", &a[0], &a[1],
		&a[2], &a[3], &a[4], &a[5], &c), 7);
	OK(c == '"' && a[0] >= 2024 && a[1] <= 12);
	IS(strstr(s, ",\"msg\""),
		",\"msg\":\"create: no such file or directory\"}\n");
	IS(content(err_path), "wherry: create: no such file or directory\n");
	OK(!stat(log_path, &st) && (st.st_mode & 07777) == 0644);

	IS(msg_of("a \"b\" \\c"), "a \\\"b\\\" \\\\c\"}");
	IS(msg_of("x\ty\n"), "x\\u0009y\\u000a\"}");
	IS(msg_of("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
		"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"}");
	IS(msg_of("\xff\xc3(\xed\xa0\x80\xc0\x80\xf5\x80\x80\x80\xe2\x82"),
		"?" "?(?????" "?????" "?\"}");
	memset(big, '\\', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	s = msg_of(big);
	IS(s + strlen(s) - 3, "\\\"}");

	/* podman: nothing but the error in the file (TR31) */
	again();
	log_at(LEVEL_WARNING, "careful");
	log_at(LEVEL_INFO, "fyi");
	log_at(LEVEL_DEBUG, "detail");
	IS(content(log_path), "");
	IS(content(err_path), "");

	/* asked for: all of it, and to the file only */
	IS_INT(log_open(log_path, FORMAT_JSON, LEVEL_INFO, &e), 0);
	again();
	log_at(LEVEL_WARNING, "careful");
	log_at(LEVEL_INFO, "fyi");
	log_at(LEVEL_DEBUG, "detail");
	s = content(log_path);
	OK(strstr(s, "\"warning\"") && strstr(s, "fyi"));
	OK(!strstr(s, "detail"));
	IS(content(err_path), "");
}

static void
text(void)
{
	struct err e = { 0 };
	const char *s;

	IS_INT(log_open(log_path, FORMAT_TEXT, LEVEL_ERROR, &e), 0);
	again();
	log_fatal("start: oops");
	s = strchr(content(log_path), ' ');
	IS(s, " error: start: oops\n");

	IS_INT(log_open("/nonexistent/dir/log", FORMAT_TEXT, LEVEL_ERROR,
		&e), -1);
	IS(err_str(&e), "log /nonexistent/dir/log: no such file or directory");
}

/* Before log_open: messages of whoever comes first. */
static void
early(void)
{
	again();
	log_at(LEVEL_DEBUG, "detail");
	log_at(LEVEL_WARNING, "careful");
	log_fatal("bad");
	IS(content(err_path), "wherry: bad\n");
}

static void
only_stderr(void)
{
	struct err e = { 0 };

	IS_INT(log_open(NULL, FORMAT_JSON, LEVEL_DEBUG, &e), 0);
	again();
	log_at(LEVEL_DEBUG, "detail");
	OK(strstr(content(err_path), "\"level\":\"debug\""));
	OK(strstr(content(err_path), "\"msg\":\"detail\"}\n"));
}

static void
strings(void)
{
	char buf[8];
	struct str s;

	str_init(&s, buf, sizeof(buf));
	str_add(&s, "%d", 1234);
	str_char(&s, 'x');
	IS(buf, "1234x");
	OK(!s.cut && s.len == 5);
	str_add(&s, "abc");
	IS(buf, "1234xab");
	OK(s.cut && s.len == 7);
	str_char(&s, 'y');
	str_add(&s, "z");
	IS(buf, "1234xab");
}

int
main(void)
{
	if (!mkdtemp(dir))
		return 1;
	snprintf(log_path, sizeof(log_path), "%s/log", dir);
	snprintf(err_path, sizeof(err_path), "%s/err", dir);
	times();
	strings();
	early();
	only_stderr();
	json();
	text();
	unlink(log_path);
	unlink(err_path);
	rmdir(dir);
	return done();
}
