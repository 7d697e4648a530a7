/* SPDX-License-Identifier: MIT */
/* report.h -- the state of a container as the runtime-spec has it, for `state`,
 * `list` and hooks. */
#ifndef REPORT_H
#define REPORT_H

struct err;
struct jsonw;
struct record;

/* Writes one object.  status is an enum status of life.h; dir is the state
 * directory, whose config.json has the annotations; if that is gone, or is
 * shorter than it was, they are left out. */
void report_json(struct jsonw *w, const struct record *r, int status, int dir);

/* The same text in an anonymous file that nobody can change, where the kernel
 * has such (memfd, 3.17), else in one of dir without a name.  Returns the
 * descriptor. */
int report_file(const struct record *r, int status, int dir, struct err *e);

/* The status that hooks of a kind (enum spec_hook_kind) are told (list H4). */
int report_hook_status(unsigned kind);

/* The owner as a word: "root" or "#UID". */
enum { OWNER_TEXT = 24 };
void report_owner(char buf[static OWNER_TEXT], const struct record *r);

#endif
