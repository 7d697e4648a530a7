/* SPDX-License-Identifier: MIT */
/* log.c -- log lines, each in one write, so that lines of several commands in
 * one file never mix. */
#include "log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "str.h"

/* A fatal error's text (err.h), every byte of it escaped. */
enum { LINE = 6 * ERR_TEXT + 128 };

static struct {
	int fd;
	enum log_format format;
	enum log_level file_level, stderr_level;
} out = { -1, FORMAT_TEXT, LEVEL_ERROR, LEVEL_ERROR };

static const char words[][8] = {
	[LEVEL_ERROR] = "error", [LEVEL_WARNING] = "warning",
	[LEVEL_INFO] = "info", [LEVEL_DEBUG] = "debug",
};

int
log_open(const char *file, enum log_format format, enum log_level level,
	struct err *e)
{
	out.format = format;
	out.stderr_level = level;
	if (!file)
		return 0;
	out.fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC |
		O_NOCTTY, 0644);
	if (out.fd < 0)
		return err_sys(e, "log %s", file);
	out.file_level = level;
	/* What the file has is not said twice, but for the fatal error. */
	out.stderr_level = LEVEL_ERROR;
	return 0;
}

void
time_text(char buf[static TIME_TEXT], const struct timespec *t, unsigned digits)
{
	/* By hand: gmtime_r of musl brings the time zone code with it. */
	uint64_t secs = t->tv_sec < 0 ? 0 : (uint64_t)t->tv_sec;
	uint32_t sec = (uint32_t)(secs % 86400), nsec = (uint32_t)t->tv_nsec;
	/* Days since 0000-03-01: the leap day is the last of the year. */
	uint64_t days = secs / 86400 + 719468;
	uint32_t era_day = (uint32_t)(days % 146097);
	uint32_t year = (era_day - era_day / 1460 + era_day / 36524 -
		era_day / 146096) / 365;
	uint32_t day = era_day - (365 * year + year / 4 - year / 100);
	uint32_t month = (5 * day + 2) / 153;
	struct str s;

	year += (uint32_t)(days / 146097) * 400 + (month >= 10);
	day -= (153 * month + 2) / 5;
	month = month < 10 ? month + 3 : month - 9;
	str_init(&s, buf, TIME_TEXT);
	str_add(&s, "%04u-%02u-%02uT%02u:%02u:%02u", year, month, day + 1,
		sec / 3600, sec / 60 % 60, sec % 60);
	if (digits) {
		for (unsigned i = digits; i < 9; i++)
			nsec /= 10;
		str_add(&s, ".%0*u", (int)digits, nsec);
	}
	str_char(&s, 'Z');
}

/* The length of the UTF-8 character at s, 0 if it is none. */
static unsigned
utf8(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 :
		s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;

	for (unsigned i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	/* overlong forms, surrogates, above U+10FFFF */
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

/* File names may hold any bytes, JSON may not. */
static void
add_escaped(struct str *s, const char *text)
{
	unsigned n;

	while (*text) {
		n = utf8(text);
		if (!n)
			str_char(s, '?');
		else if (*text == '"' || *text == '\\')
			str_add(s, "\\%c", *text);
		else if ((unsigned char)*text < 0x20)
			str_add(s, "\\u%04x", (unsigned)*text);
		else
			str_add(s, "%.*s", (int)n, text);
		text += n ? n : 1;
	}
}

static void
put(int fd, enum log_format format, enum log_level level, const char *text)
{
	char line[LINE], when[TIME_TEXT];
	struct timespec now;
	struct str s;

	str_init(&s, line, sizeof(line));
	if (format == FORMAT_JSON || fd != STDERR_FILENO) {
		clock_gettime(CLOCK_REALTIME, &now);
		time_text(when, &now, 6);
	}
	if (format == FORMAT_JSON) {
		str_add(&s, "{\"level\":\"%s\",\"time\":\"%s\",\"msg\":\"",
			words[level], when);
		add_escaped(&s, text);
		str_add(&s, "\"}");
	} else if (fd != STDERR_FILENO) {
		str_add(&s, "%s %s: %s", when, words[level], text);
	} else if (level == LEVEL_ERROR) {
		str_add(&s, "wherry: %s", text);
	} else {
		str_add(&s, "wherry: %s: %s", words[level], text);
	}
	str_char(&s, '\n');
	if (write_all(fd, s.buf, s.len))
		return;                 /* log.h: not a reason to fail */
}

void
log_at(enum log_level level, const char *fmt, ...)
{
	char text[ERR_TEXT];
	va_list ap;

	if ((out.fd < 0 || level > out.file_level) && level > out.stderr_level)
		return;
	va_start(ap, fmt);
	fmt_vto(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (out.fd >= 0 && level <= out.file_level)
		put(out.fd, out.format, level, text);
	if (level <= out.stderr_level)
		put(STDERR_FILENO, out.fd < 0 ? out.format : FORMAT_TEXT,
			level, text);
}

void
log_fatal(const char *text)
{
	log_at(LEVEL_ERROR, "%s", text);
}
