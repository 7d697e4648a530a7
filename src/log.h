/* SPDX-License-Identifier: MIT */
/* log.h -- messages for whoever runs us: to --log, or to stderr.
 *
 * Holds the one file-level variable of the program, the destination, because a
 * message can come from anywhere; main sets it once.  Nothing here exits or
 * fails: a log that can't be written is no reason to leave a container half
 * made. */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>

struct err;

enum log_level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_INFO, LEVEL_DEBUG };
enum log_format { FORMAT_TEXT, FORMAT_JSON };

/* Where messages go, and which.  file NULL: stderr.  By default nothing but the
 * fatal error is said: stderr is the container's (list W6), and podman reads
 * the whole file as one JSON object (list W9, TR31).  The file is appended to,
 * made with mode 0644, close-on-exec. */
int log_open(const char *file, enum log_format format, enum log_level level,
	struct err *e);

/* One line.  Before log_open: text, to stderr, errors only. */
void log_at(enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The error that ends the command, at most once and by main only: to the log
 * file and, as plain text behind "wherry: ", to stderr (list G6). */
void log_fatal(const char *text);

enum { TIME_TEXT = sizeof("-2147483648-12-31T23:59:59.123456789Z") };

/* The time as RFC 3339 in UTC, with digits digits (0..9) of the second's
 * fraction. */
struct timespec;
void time_text(char buf[static TIME_TEXT], const struct timespec *t,
	unsigned digits);

#endif
