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
	CLI_END_ROW,
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
	char letter;            /* 0: no short form */
	uint8_t type;           /* enum cli_type */
	uint16_t off;           /* of the member that is set */
};

/* The texts of all rows stand behind each other: a pointer to each would cost
 * more than most of them. */
struct cli_table {
	const struct cli_opt *rows; /* CLI_END is the last */
	const char *texts;      /* made by CLI_TEXTS */
};

/* From a list of options as cmd.c has them.  name: without dashes; arg: what
 * help calls the value, "" where there is none; help: "" hides it. */
#define CLI_TEXTS(type, name, letter, arg, m, help) name "\0" arg "\0" help "\0"
#define CLI_END { 0, CLI_END_ROW, 0 }

/* The texts of a row. */
struct cli_text {
	const char *name, *arg, *help;
};

/* Those at texts, which has them of a row; returns where the next row's are. */
const char *cli_text(const char *texts, struct cli_text *t);

/* The offset of member m of struct s, which must have type T. */
#define CLI_AT(s, m, T) \
	(offsetof(struct s, m) + \
	 0 * sizeof(_Generic(((struct s *)0)->m, T: 1)))

struct cli {
	char **argv;            /* what is left to read; NULL-terminated */
	/* searched in order; NULL ends */
	const struct cli_table *const *tables;
	void *base;             /* the struct that the offsets are of */
	struct arena *arena;    /* for lists */
	bool plain;             /* after "--": no more options */
};

/* Reads up to the next argument that is no option: 1 and *arg points to it, 0
 * nothing is left, -1 an option that is unknown or lacks its value. */
int cli_next(struct cli *c, const char **arg, struct err *e);

#endif
