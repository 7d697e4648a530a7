/* SPDX-License-Identifier: MIT */
/* cli.h -- options by table, in any place: before, between and behind the
 * arguments, as --name V, --name=V, -n V, -nV; "--" ends them. */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;

enum cli_type {
	CLI_FLAG,               /* bool; also --name=true, --name=false */
	CLI_TEXT,               /* const char *; the last one wins */
	CLI_NUMBER,             /* uint64_t, decimal */
	CLI_LIST,               /* struct cli_list *; each is kept, in order */
	CLI_IGNORED,            /* accepted and forgotten */
};

struct cli_list {
	const char *text;
	struct cli_list *next;
};

struct cli_opt {
	const char *name;       /* without dashes; NULL ends a table */
	char letter;            /* 0: no short form */
	enum cli_type type;
	const char *arg;        /* what help calls the value; NULL: no value */
	size_t off;             /* of the member that is set */
	const char *help;
};

/* The offset of member m of struct s, which must have type T. */
#define CLI_AT(s, m, T) \
	(offsetof(struct s, m) + \
	 0 * sizeof(_Generic(((struct s *)0)->m, T: 1)))

struct cli {
	char **argv;            /* what is left to read; NULL-terminated */
	const struct cli_opt *const *tables; /* searched in order; NULL ends */
	void *base;             /* the struct that the offsets are of */
	struct arena *arena;    /* for lists */
	bool plain;             /* after "--": no more options */
};

/* Reads up to the next argument that is no option: 1 and *arg points to it, 0
 * nothing is left, -1 an option that is unknown or lacks its value. */
int cli_next(struct cli *c, const char **arg, struct err *e);

#endif
