/* SPDX-License-Identifier: MIT */
/* exec.h -- what exec runs: the container's own process, with what a
 * process.json and the options change of it (list E2 to E5).
 *
 * Members that process.json leaves out are the container's: its user and
 * groups, environment, capabilities, limits, labels and no_new_privs.  Only
 * args and terminal begin anew; an empty list of limits counts as left out.
 * Options change what came of that. */
#ifndef EXEC_H
#define EXEC_H

struct arena;
struct err;
struct opts;
struct spec_process;
struct spec_user;

/* The process of a container and the text of process.json (NULL: none, then
 * the command line has the program), called name in messages, into *p. */
struct exec_from {
	const struct spec_process *container; /* NULL: it has none */
	const char *name, *text;
	unsigned long len;
	const char *const *args; /* of the command line */
	unsigned n_args;
};
int exec_process(struct spec_process *p, const struct exec_from *from,
	const struct opts *o, struct arena *a, struct err *e);

/* --user UID[:GID], whole numbers and nothing else: a name could be looked up
 * only in the container's own passwd (CVE-2016-3697), and what can't be read
 * must not become root (CVE-2026-30892).  Further groups belong to the user
 * that was, so there are none; without GID the group stays.  On failure *u is
 * as it was. */
int exec_user(const char *text, struct spec_user *u, struct err *e);

#endif
