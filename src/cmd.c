/* SPDX-License-Identifier: MIT */
/* cmd.c -- the commands and their options. */
#include "cmd.h"

#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "err.h"
#include "io.h"

/* The rows of a table, and its texts. */
#define ROW_FLAG(letter, m) { letter, CLI_FLAG, CLI_AT(opts, m, bool) },
#define ROW_TEXT(letter, m) \
	{ letter, CLI_TEXT, CLI_AT(opts, m, const char *) },
#define ROW_NUMBER(letter, m) \
	{ letter, CLI_NUMBER, CLI_AT(opts, m, uint64_t) },
#define ROW_LIST(letter, m) \
	{ letter, CLI_LIST, CLI_AT(opts, m, struct cli_list *) },
#define ROW_IGNORED(letter, m) { letter, CLI_IGNORED, 0 },
#define ROW(type, name, letter, arg, m, help) ROW_##type(letter, m)
#define OPTIONS(table, LIST) \
	static const struct cli_opt table##_rows[] = { LIST(ROW) CLI_END }; \
	static const char table##_texts[] = LIST(CLI_TEXTS); \
	static const struct cli_table table = { table##_rows, table##_texts }

/* Options: type, name, letter, value, member of struct opts, help. */
#define GLOBAL_OPTS(X) \
	X(TEXT, "root", 0, "DIR", root, "state directory") \
	X(TEXT, "log", 0, "FILE", log, "write the log there, not to stderr") \
	X(TEXT, "log-format", 0, "FORMAT", log_format, "text or json") \
	X(TEXT, "log-level", 0, "LEVEL", log_level, \
		"error, warning, info or debug") \
	X(FLAG, "debug", 0, "", debug, "same as --log-level debug") \
	X(FLAG, "systemd-cgroup", 0, "", systemd_cgroup, \
		"accepted; systemd is never asked") \
	X(TEXT, "cgroup-manager", 0, "NAME", cgroup_manager, \
		"cgroupfs or disabled") \
	X(TEXT, "rootless", 0, "WORD", rootless, "true, false or auto") \
	X(TEXT, "config-file", 0, "FILE", config_file, \
		"instead of /etc/wherry.conf") \
	X(IGNORED, "criu", 0, "PATH", , "ignored") \
	X(FLAG, "version", 'v', "", version, "print the version") \
	X(FLAG, "version", 'V', "", version, "") \
	X(FLAG, "help", 'h', "", help, "print help, also for a command")
OPTIONS(globals, GLOBAL_OPTS);

const struct cli_table *const global_opts = &globals;

#define BUNDLE_OPTS(X) \
	X(TEXT, "bundle", 'b', "DIR", bundle, "the bundle, default .") \
	X(TEXT, "config", 'f', "FILE", config, \
		"instead of config.json in the bundle")
#define PRESERVE_OPT(X) \
	X(NUMBER, "preserve-fds", 0, "N", preserve_fds, \
		"descriptors from 3 on that the container gets")
#define CREATE_OPTS(X) \
	BUNDLE_OPTS(X) \
	X(TEXT, "pid-file", 0, "FILE", pid_file, \
		"write the pid of init there") \
	X(TEXT, "console-socket", 0, "PATH", console_socket, \
		"hand the terminal out over this socket") \
	X(TEXT, "pidfd-socket", 0, "PATH", pidfd_socket, \
		"send a pidfd of init over this socket") \
	X(FLAG, "no-pivot", 0, "", no_pivot, \
		"move the root instead of pivot_root") \
	X(FLAG, "no-new-keyring", 0, "", no_new_keyring, \
		"keep the caller's session keyring") \
	X(TEXT, "seccomp-bpf", 0, "FILE", seccomp_bpf, \
		"a filter made by `wherry seccomp compile`") \
	PRESERVE_OPT(X)

OPTIONS(create_opts, CREATE_OPTS);

#define RUN_OPTS(X) \
	CREATE_OPTS(X) \
	X(FLAG, "detach", 'd', "", detach, "return when it runs") \
	X(FLAG, "keep", 0, "", keep, "do not delete it when it has stopped") \
	X(FLAG, "timing", 0, "", timing, \
		"say how long the phases of its start took") \
	X(IGNORED, "no-subreaper", 0, "", , "ignored")
OPTIONS(run_opts, RUN_OPTS);

#define EXEC_OPTS(X) \
	X(TEXT, "process", 'p', "FILE", process, \
		"process.json to start from, - for standard input") \
	X(TEXT, "cwd", 0, "DIR", cwd, "working directory") \
	X(TEXT, "user", 'u', "UID[:GID]", user, "ids, as numbers") \
	X(LIST, "additional-gids", 'g', "GID", gids, "a further group") \
	X(LIST, "env", 'e', "NAME=VALUE", env, "set a variable") \
	X(LIST, "cap", 'c', "CAP", caps, \
		"add to the bounding, permitted and effective set") \
	X(FLAG, "no-new-privs", 0, "", no_new_privs, "gain no privileges") \
	X(TEXT, "apparmor", 0, "PROFILE", apparmor, "AppArmor profile") \
	X(TEXT, "process-label", 0, "LABEL", process_label, "SELinux label") \
	X(LIST, "cgroup", 0, "[CONTROLLER,...:]PATH", cgroups, \
		"a cgroup below the container's") \
	X(FLAG, "tty", 't', "", tty, "give it a terminal") \
	X(TEXT, "console-socket", 0, "PATH", console_socket, \
		"hand the terminal out over this socket") \
	X(FLAG, "detach", 'd', "", detach, "return when it runs") \
	X(TEXT, "pid-file", 0, "FILE", pid_file, "write its pid there") \
	X(TEXT, "pidfd-socket", 0, "PATH", pidfd_socket, \
		"send a pidfd of it over this socket") \
	PRESERVE_OPT(X) \
	X(FLAG, "ignore-paused", 0, "", ignore_paused, \
		"in a paused container: it runs when that is resumed") \
	X(IGNORED, "no-subreaper", 0, "", , "ignored")
OPTIONS(exec_opts, EXEC_OPTS);

#define KILL_OPTS(X) \
	X(FLAG, "all", 'a', "", all, "every process of the container")
OPTIONS(kill_opts, KILL_OPTS);

#define DELETE_OPTS(X) \
	X(FLAG, "force", 'f', "", force, \
		"kill it first; no error if there is none")
OPTIONS(delete_opts, DELETE_OPTS);

#define LIST_OPTS(X) \
	X(TEXT, "format", 'f', "FORMAT", format, "table or json") \
	X(FLAG, "quiet", 'q', "", quiet, "ids only")
OPTIONS(list_opts, LIST_OPTS);

#define PS_OPTS(X) \
	X(TEXT, "format", 'f', "FORMAT", format, "table or json")
OPTIONS(ps_opts, PS_OPTS);

#define EVENTS_OPTS(X) \
	X(FLAG, "stats", 0, "", stats, "print once and end") \
	X(TEXT, "interval", 0, "TIME", interval, \
		"between two prints, default 5s")
OPTIONS(events_opts, EVENTS_OPTS);

#define SPEC_OPTS(X) \
	X(TEXT, "bundle", 'b', "DIR", bundle, "where to write, default .") \
	X(FLAG, "rootless", 0, "", spec_rootless, \
		"for a user who is not root")
OPTIONS(spec_opts, SPEC_OPTS);

#define STOP_OPTS(X) \
	X(TEXT, "timeout", 't', "SECONDS", timeout, \
		"from TERM to KILL, default 10")
OPTIONS(stop_opts, STOP_OPTS);

#define UPDATE_OPTS(X) \
	X(TEXT, "resources", 'r', "FILE", resources, \
		"linux.resources as JSON, - for standard input") \
	X(TEXT, "memory", 0, "BYTES", update[UPD_MEMORY], \
		"limit of memory; k, m and g are understood, -1 is none") \
	X(TEXT, "memory-reservation", 0, "BYTES", update[UPD_RESERVATION], \
		"what others must not reclaim") \
	X(TEXT, "memory-swap", 0, "BYTES", update[UPD_SWAP], \
		"limit of memory and swap together") \
	X(IGNORED, "kernel-memory", 0, "BYTES", , "ignored") \
	X(IGNORED, "kernel-memory-tcp", 0, "BYTES", , "ignored") \
	X(TEXT, "cpu-share", 0, "N", update[UPD_SHARES], \
		"share of CPU time, 2 to 262144") \
	X(TEXT, "cpu-quota", 0, "USEC", update[UPD_QUOTA], \
		"CPU time in a period, -1 is no limit") \
	X(TEXT, "cpu-period", 0, "USEC", update[UPD_PERIOD], \
		"length of a period") \
	X(TEXT, "cpu-burst", 0, "USEC", update[UPD_BURST], \
		"quota that can be saved up") \
	X(TEXT, "cpu-rt-runtime", 0, "USEC", update[UPD_RT_RUNTIME], \
		"time of real-time tasks in a period") \
	X(TEXT, "cpu-rt-period", 0, "USEC", update[UPD_RT_PERIOD], \
		"length of a period of real-time tasks") \
	X(TEXT, "cpu-idle", 0, "N", update[UPD_IDLE], \
		"1: only time that nobody else wants") \
	X(TEXT, "cpuset-cpus", 0, "LIST", update[UPD_CPUS], "CPUs to use") \
	X(TEXT, "cpuset-mems", 0, "LIST", update[UPD_MEMS], \
		"memory nodes to use") \
	X(TEXT, "pids-limit", 0, "N", update[UPD_PIDS], \
		"number of processes, -1 is no limit") \
	X(TEXT, "blkio-weight", 0, "N", update[UPD_WEIGHT], \
		"share of disk time, 10 to 1000") \
	X(TEXT, "l3-cache-schema", 0, "LINE", l3_cache_schema, \
		"of the container's resctrl group, as L3:0=ff;1=f") \
	X(TEXT, "mem-bw-schema", 0, "LINE", mem_bw_schema, \
		"ditto, as MB:0=20;1=70")
OPTIONS(update_opts, UPDATE_OPTS);

#define CHECK_OPTS(X) \
	BUNDLE_OPTS(X) \
	X(FLAG, "host", 0, "", this_host, \
		"what this kernel and machine have, and what is needed") \
	X(TEXT, "kconfig", 0, "FILE", kconfig, \
		"the same of the kernel with that .config or config.gz") \
	X(TEXT, "format", 0, "FORMAT", format, "of that: table or json")
OPTIONS(check_opts, CHECK_OPTS);

#define PLAN_OPTS(X) \
	BUNDLE_OPTS(X) \
	X(TEXT, "host", 0, "FACTS", host, "plan for the host of that file") \
	X(FLAG, "facts", 0, "", facts, "print the facts of this host instead") \
	X(FLAG, "exec", 0, "", exec, \
		"plan exec of the process into the container")
OPTIONS(plan_opts, PLAN_OPTS);

#define SECCOMP_OPTS(X) \
	X(TEXT, "arch", 0, "NAME", arch, "for this one, not for the machine") \
	X(TEXT, "output", 'o', "FILE", output, "the program; default: stdout") \
	X(TEXT, "caps", 0, "LIST", with_caps, \
		"capabilities of the container, for conditions") \
	X(TEXT, "kernel", 0, "VERSION", kernel, \
		"for conditions, default: the one that runs")
OPTIONS(seccomp_opts, SECCOMP_OPTS);

#define HELP_OPTS(X) \
	X(FLAG, "list", 0, "", list, "for programs: COMMAND|ARGS|OPTION|...")
OPTIONS(help_opts, HELP_OPTS);

static const struct cli_opt no_rows[] = { CLI_END };
static const struct cli_table no_opts = { no_rows, "" };

enum {
	READS = NEEDS_PROC | NEEDS_CONF, /* a container's state */
	STARTS = NEEDS_LISTEN | NEEDS_NOTIFY, /* a program */
};

const struct cmd cmds[] = {
	{ "create", "ID [BUNDLE]", "set up a container, do not start it",
		1, 2, NEEDS_SHIELD | STARTS | READS, &create_opts,
		cmd_create },
	{ "start", "ID...", "run the program of created containers",
		1, CMD_ANY, NEEDS_NOTIFY | READS, &no_opts, cmd_start },
	{ "run", "ID [BUNDLE]", "create, start, wait and delete",
		1, 2, NEEDS_SHIELD | STARTS | READS, &run_opts, cmd_run },
	{ "exec", "ID [COMMAND]...", "run a further program in a container",
		1, CMD_ANY, NEEDS_SHIELD | READS | ENDS_OPTIONS, &exec_opts,
		cmd_exec },
	{ "state", "ID", "print the state as JSON",
		1, 1, READS, &no_opts, cmd_state },
	{ "kill", "ID [SIGNAL]", "send a signal, TERM by default",
		1, 2, READS, &kill_opts, cmd_kill },
	{ "stop", "ID", "send TERM, then KILL, and wait",
		1, 1, READS, &stop_opts, cmd_stop },
	{ "wait", "ID", "wait for the end and exit with its status",
		1, 1, READS, &no_opts, cmd_wait },
	{ "delete", "ID", "remove a stopped container",
		1, 1, READS, &delete_opts, cmd_delete },
	{ "pause", "ID", "stop all processes of a container",
		1, 1, READS, &no_opts, cmd_pause },
	{ "resume", "ID", "continue a paused container",
		1, 1, READS, &no_opts, cmd_resume },
	{ "update", "ID", "change the limits of a container",
		1, 1, READS, &update_opts, cmd_update },
	{ "ps", "ID", "list the processes of a container",
		1, 1, READS, &ps_opts, cmd_ps },
	{ "stats", "ID", "print what a container uses as JSON",
		1, 1, READS, &no_opts, cmd_stats },
	{ "events", "ID", "print that again and again, and OOM events",
		1, 1, READS, &events_opts, cmd_events },
	{ "list", "", "list the containers",
		0, 0, READS, &list_opts, cmd_list },
	{ "spec", "", "write a config.json to start from",
		0, 0, 0, &spec_opts, cmd_spec },
	{ "check", "[BUNDLE]", "report what is wrong with bundle or kernel",
		0, 1, NEEDS_CONF, &check_opts, cmd_check },
	{ "plan", "[BUNDLE]", "print what create would do, step by step",
		0, 1, NEEDS_CONF, &plan_opts, cmd_plan },
	{ "seccomp", "VERB FILE [CALL] [ARG...]",
		"compile, explain or dump a seccomp filter",
		2, 9, NEEDS_CONF, &seccomp_opts, cmd_seccomp },
	{ "features", "", "print what this build can do as JSON",
		0, 0, 0, &no_opts, cmd_features },
	{ "config", "", "print the settings and where they come from",
		0, 0, NEEDS_CONF, &no_opts, cmd_config },
	{ "version", "", "print the version",
		0, 0, 0, &no_opts, cmd_version },
	{ "help", "[COMMAND]", "print help",
		0, 1, 0, &help_opts, cmd_help },
	{ .name = "" }
};

const struct cmd *
cmd_find(const char *name)
{
	for (const struct cmd *c = cmds; *c->name; c++) {
		if (!strcmp(c->name, name))
			return c;
	}
	return NULL;
}

int
cmd_print(const char *text, struct err *e)
{
	if (write_all(STDOUT_FILENO, text, strlen(text)))
		return err_sys(e, "standard output");
	return 0;
}

int
cmd_print_row(char *row, size_t len, struct err *e)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)row[i] < 0x20 || row[i] == 0x7f)
			row[i] = '?';
	}
	row[len] = '\n';
	row[len + 1] = '\0';
	return cmd_print(row, e);
}
