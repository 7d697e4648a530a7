/* SPDX-License-Identifier: MIT */
/* diag.h -- what is wrong with a config: the first error only, or all of them.
 *
 * create wants to stop at the first error; `wherry check` wants every one.  The
 * code that judges is the same: it reports and goes on, and asks for the
 * verdict at the end. */
#ifndef DIAG_H
#define DIAG_H

#include <stdbool.h>

struct arena;
struct err;

enum { DIAG_PATH = 192 };

struct diag {
	/* Takes warnings and debug messages, and errors where all is set; level
	 * is an enum log_level.  NULL: log_at. */
	void (*say)(void *arg, int level, const char *text);
	void *arg;
	bool all;               /* report every error by say */
	unsigned errors;

	/* The file that is judged, by diag_open; name NULL: no place is
	 * shown. */
	const char *name;
	int fd;                 /* -1: no line and column */
	const struct arena *arena; /* what is left of it is scratch space */
	struct err *err;        /* where the first error goes unless all */
	char path[DIAG_PATH];   /* private: set by diag_at */
};

/* Sets the file that later messages are about; spec_decode does.  Descriptor,
 * name and arena must last as long as d is used. */
void diag_open(struct diag *d, int fd, const char *name,
	const struct arena *arena);

/* Says which value the next message is about: "mounts[3].options".  Returns d,
 * so that it can stand in the call of diag_error. */
struct diag *diag_at(struct diag *d, const char *path, ...)
	__attribute__((format(printf, 2, 3)));

/* "NAME:LINE:COL: PATH: text", the place by json_locate. */
void diag_error(struct diag *d, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void diag_warn(struct diag *d, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A failure whose text is complete already (json_fail).  It is reported and
 * forgotten where all is set: 0.  Else -1, and e stays. */
int diag_take(struct diag *d, struct err *e);

/* A complete text at another level. */
void diag_say(struct diag *d, int level, const char *text);

#endif
