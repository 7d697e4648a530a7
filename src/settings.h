/* SPDX-License-Identifier: MIT */
/* settings.h -- conf.h's settings as they are in force for this command. */
#ifndef SETTINGS_H
#define SETTINGS_H

struct arena;
struct conf;
struct err;
struct opts;

/* Built-in values, environment, file, options of the command line, in that
 * order.  After an error c holds what was settled before it, so that the error
 * can still be logged where it belongs. */
int settings_load(struct conf *c, const struct opts *o, struct arena *a,
	struct err *e);

/* sd_listen_fds(3): if LISTEN_PID is this process, the descriptors from 3 on
 * that LISTEN_FDS counts are for the container, before those of
 * --preserve-fds. */
int settings_listen(struct opts *o, struct err *e);

/* sd_notify(3): NOTIFY_SOCKET, where the caller has one. */
int settings_notify(struct opts *o, struct err *e);

#endif
