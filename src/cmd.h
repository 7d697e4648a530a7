/* SPDX-License-Identifier: MIT */
/* cmd.h -- the command table.  Dispatch, arity, help and the check of the man
 * page read it; there is no other list of commands or options. */
#ifndef CMD_H
#define CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#if !FEAT_EXEC
#include <errno.h>
#include "err.h"
#endif

struct arena;
struct cli_list;
struct cli_table;
struct conf;
struct err;
struct timing;

/* The limits that options of update can give. */
enum update {
	UPD_MEMORY, UPD_RESERVATION, UPD_SWAP, UPD_SHARES, UPD_QUOTA,
	UPD_PERIOD, UPD_BURST, UPD_RT_RUNTIME, UPD_RT_PERIOD, UPD_IDLE,
	UPD_CPUS, UPD_MEMS, UPD_PIDS, UPD_WEIGHT,
	UPD_COUNT
};

/* Everything that options can set; NULL, 0 and false where not given. */
struct opts {
	/* global */
	const char *root, *log, *log_format, *log_level;
	const char *cgroup_manager, *rootless, *config_file;
	bool debug, systemd_cgroup, version, help;
	/* create, run */
	const char *bundle, *config, *pid_file, *console_socket;
	const char *seccomp_bpf;
	bool no_pivot, no_new_keyring, detach, keep, timing;
	uint64_t preserve_fds;
	const char *pidfd_socket;
	unsigned listen_fds;    /* by settings_listen */
	const char *listen_names; /* or NULL */
	const char *notify;     /* NOTIFY_SOCKET, by settings_notify */
	/* update */
	const char *update[UPD_COUNT];
	const char *resources, *l3_cache_schema, *mem_bw_schema;
	/* exec */
	const char *process, *user, *cwd, *apparmor, *process_label;
	struct cli_list *env, *caps, *gids, *cgroups;
	bool tty, no_new_privs, ignore_paused, exec;
	/* others */
	const char *format, *host, *timeout, *interval;
	const char *arch, *output, *with_caps, *kernel;
	const char *kconfig;
	bool all, force, quiet, facts, list, spec_rootless, stats, this_host;
};

/* What a command gets. */
struct ctx {
	const struct cmd *cmd;
	struct arena *arena;
	const struct conf *conf; /* in force; opts above that have a setting
	                          * there are merged into it already */
	const struct opts *opt;
	const char *const *args; /* n_args of them, checked for min and max */
	unsigned n_args;
	int status;             /* exit code after success; 0 unless set */
	struct timing *timing;  /* or NULL */
};

enum cmd_needs {
	NEEDS_LISTEN = 16,      /* takes the caller's listening sockets */
	NEEDS_NOTIFY = 32,      /* tells NOTIFY_SOCKET of its program */
	NEEDS_PROC = 1,         /* procfs.h is open when it runs */
	NEEDS_SHIELD = 2,       /* runs from a copy of the binary (sec M5) */
	NEEDS_CONF = 4,         /* a bad wherry.conf is an error */
	ENDS_OPTIONS = 8,       /* its first argument does: more belong to the
	                         * program that it names */
};

struct cmd {
	char name[9], args[26], help[56];
	uint8_t min, max;       /* number of args; CMD_ANY: no end */
	uint8_t needs;
	const struct cli_table *opts;
	/* 0, or -1 with the error that main prints. */
	int (*run)(struct ctx *c, struct err *e);
};

enum { CMD_ANY = UINT8_MAX };

extern const struct cmd cmds[]; /* ends with an empty name */
extern const struct cli_table *const global_opts;

/* The command of that name, or NULL. */
const struct cmd *cmd_find(const char *name);

/* Writes to standard output; what could not be written is an error. */
int cmd_print(const char *text, struct err *e);

/* The same with a row of a table, text of len bytes, and a newline, for which
 * the caller has left room.  A control character becomes "?": what came from a
 * config could move the cursor of a terminal. */
int cmd_print_row(char *row, size_t len, struct err *e);

int cmd_check(struct ctx *c, struct err *e);
/* The table of features: check --host, check --kconfig. */
#if FEAT_CHECK_HOST
int cmd_check_host(struct ctx *c, struct err *e);
#else
#include <errno.h>
#include "err.h"
static inline int
cmd_check_host(struct ctx *c, struct err *e)
{
	(void)c;
	return err_set(e, ENOTSUP, "built without CHECK_HOST");
}
#endif
int cmd_config(struct ctx *c, struct err *e);
int cmd_create(struct ctx *c, struct err *e);
int cmd_delete(struct ctx *c, struct err *e);
int cmd_events(struct ctx *c, struct err *e);
#if FEAT_EXEC
int cmd_exec(struct ctx *c, struct err *e);
#else
static inline int
cmd_exec(struct ctx *c, struct err *e)
{
	(void)c;
	return err_set(e, ENOTSUP, "built without EXEC");
}
#endif
int cmd_features(struct ctx *c, struct err *e);
int cmd_help(struct ctx *c, struct err *e);
int cmd_kill(struct ctx *c, struct err *e);
int cmd_list(struct ctx *c, struct err *e);
int cmd_pause(struct ctx *c, struct err *e);
int cmd_plan(struct ctx *c, struct err *e);
int cmd_ps(struct ctx *c, struct err *e);
int cmd_resume(struct ctx *c, struct err *e);
int cmd_run(struct ctx *c, struct err *e);
#if FEAT_SECCOMP && FEAT_SECCOMP_TOOL
int cmd_seccomp(struct ctx *c, struct err *e);
#else
#include <errno.h>
#include "err.h"
static inline int
cmd_seccomp(struct ctx *c, struct err *e)
{
	(void)c;
	return err_set(e, ENOTSUP, "built without SECCOMP_TOOL");
}
#endif
int cmd_spec(struct ctx *c, struct err *e);
int cmd_start(struct ctx *c, struct err *e);
int cmd_state(struct ctx *c, struct err *e);
int cmd_stats(struct ctx *c, struct err *e);
int cmd_stop(struct ctx *c, struct err *e);
int cmd_update(struct ctx *c, struct err *e);
int cmd_version(struct ctx *c, struct err *e);
int cmd_wait(struct ctx *c, struct err *e);

#endif
