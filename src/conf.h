/* SPDX-License-Identifier: MIT */
/* conf.h -- wherry.conf, and every other way to change a setting.
 *
 * The order is: built-in value, environment, file, command line; the last one
 * wins, and who it was is kept for `wherry config`. */
#ifndef CONF_H
#define CONF_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;

/* What to do about a protection that this host can't give: fail, say so and go
 * on without it, or don't try. */
enum policy { POLICY_REQUIRE, POLICY_WARN, POLICY_OFF };
enum on_off { SWITCH_ON, SWITCH_OFF };
enum cgroup_manager { MANAGER_CGROUPFS, MANAGER_DISABLED };

enum conf_key {
	CONF_STATE_DIR,
	CONF_LOG,
	CONF_LOG_FORMAT,
	CONF_LOG_LEVEL,
	CONF_CGROUP_MANAGER,
	CONF_DEVICES_CGROUP,
	CONF_LSM,
	CONF_KEYRING,
	CONF_SECCOMP_ENOSYS,
	CONF_SECCOMP_TIME64,
	CONF_COUNT
};
enum conf_from { FROM_DEFAULT, FROM_ENVIRONMENT, FROM_FILE, FROM_COMMAND_LINE };

struct conf {
	const char *state_dir;  /* NULL: state_root.h looks for one */
	const char *log;        /* NULL: stderr */
	int log_format;         /* enum log_format of log.h */
	int log_level;          /* enum log_level of log.h */
	int cgroup_manager;     /* enum cgroup_manager */
	int devices_cgroup, lsm, keyring; /* enum policy */
	int seccomp_enosys, seccomp_time64; /* enum on_off */

	const char *file;       /* the one that was read, or NULL */
	struct conf_origin {
		enum conf_from from;
		unsigned line;          /* FROM_FILE only */
	} origin[CONF_COUNT];
};

#define CONF_FILE "/etc/wherry.conf"

/* The built-in values.  runtime_dir is XDG_RUNTIME_DIR for one who is not root,
 * else NULL (list G3, W12). */
int conf_init(struct conf *c, const char *runtime_dir, struct arena *a,
	struct err *e);

/* Changes one setting; value is kept, not copied.  The error names the words
 * that are allowed. */
int conf_set(struct conf *c, enum conf_key key, const char *value,
	struct conf_origin origin, struct err *e);

/* The key of that name, or -1. */
int conf_find(const char *name);
const char *conf_name(enum conf_key key);

/* The value of a setting as it would be written in the file. */
const char *conf_text(const struct conf *c, enum conf_key key);

/* Reads a file of at most 64 KiB.  An unknown key, a section, a key given
 * twice, a bad value is an error "FILE:LINE: ...".  path NULL: CONF_FILE, which
 * may be absent. */
#if FEAT_CONF
int conf_read(struct conf *c, const char *path, struct arena *a,
	struct err *e);
#else
#include <errno.h>
#include <unistd.h>
#include "err.h"
/* A file that would have a say is not ignored. */
static inline int
conf_read(struct conf *c, const char *path, struct arena *a, struct err *e)
{
	(void)c;
	(void)a;
	if (!path && access(CONF_FILE, F_OK))
		return 0;
	return err_set(e, ENOTSUP, "%s: built without CONF",
		path ? path : CONF_FILE);
}
#endif

#endif
