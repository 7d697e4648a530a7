/* SPDX-License-Identifier: MIT */
/* err.h -- the one error value: a code and a text that grows context leftward.
 *
 * Caller-owned and flat: failing never allocates, and the container's init
 * leaves it whole in a shared page for whoever waits for it (page.h). */
#ifndef ERR_H
#define ERR_H

#include <stdbool.h>

enum { ERR_TEXT = 1016 };

struct err {
	int code;               /* errno value, 0 while nothing failed */
	/* the text starts at at and grows leftward: a full buffer loses
	 * context, never the cause */
	unsigned short at;
	char buf[ERR_TEXT];
};

/* A new failure with its own text; code is an errno value, EINVAL where none
 * fits.  All three return -1, so a failing caller is one line. */
int err_set(struct err *e, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same from errno: "what: strerror".  Call it before anything else can
 * touch errno. */
int err_sys(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Puts "outer: " in front of what is there.  A level adds only what the level
 * below cannot know. */
int err_ctx(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds " (hint)" behind the text, such as the kernel option that is missing.
 * Returns -1. */
int err_hint(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#ifdef __clang_analyzer__       /* it would not believe the comments */
#define err_set(...) (err_set(__VA_ARGS__), -1)
#define err_sys(...) (err_sys(__VA_ARGS__), -1)
#define err_ctx(...) (err_ctx(__VA_ARGS__), -1)
#define err_hint(...) (err_hint(__VA_ARGS__), -1)
#endif

/* The text; "" while nothing failed.  Lives as long as *e. */
const char *err_str(const struct err *e);

/* Forgets a failure that was dealt with. */
void err_clear(struct err *e);

#endif
