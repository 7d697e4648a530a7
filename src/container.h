/* SPDX-License-Identifier: MIT */
/* container.h -- makes a container from a bundle: what create and run share. */
#ifndef CONTAINER_H
#define CONTAINER_H

#include <stdbool.h>

#include "bundle.h"
#include "hook.h"
#include "launch.h"
#include "plan.h"
#include "record.h"
#include "state.h"

struct ctx;
struct err;

struct container {
	struct bundle bundle;
	struct plan plan;
	int cwd;                /* the caller's working directory */
	int root;               /* state root */
	struct state state;     /* locked */
	struct record record;
	struct launch launch;
	struct hook_source hooks;
	const char *pid_file;   /* written by us, relative to cwd; or NULL */
};

/* What the command line and the settings add to a bundle's config. */
struct plan_args container_plan_args(const struct ctx *x,
	const struct bundle *b, const char *id);

/* Adds the filter that was compiled before, where the command line names one,
 * from dir on, or the bundle (its folder is the working directory). */
int container_filter(struct plan_args *args, const struct ctx *x,
	const struct bundle *b, int dir, struct err *e);

/* Reads the bundle, claims the id, sets everything up and saves the state as
 * created; init waits.  gate: for `wherry start`, else for launch_go.  On
 * failure nothing is left (list B18). */
int container_create(struct container *c, const struct ctx *x, bool gate,
	struct err *e);

/* Runs the hooks of a kind (enum spec_hook_kind) where the runtime is. */
int container_hooks(const struct container *c, unsigned kind, struct err *e);

/* Undoes container_create: kills init, removes cgroups and pid file, runs the
 * poststop hooks and removes the state. */
void container_undo(struct container *c);

/* Lets go of the lock and all descriptors. */
void container_close(struct container *c);

#endif
