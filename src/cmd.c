/* SPDX-License-Identifier: MIT */
/* cmd.c -- the commands and their options. */
#include "cmd.h"

#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "err.h"
#include "io.h"

#define FLAG(name, letter, m, help) \
	{ name, letter, CLI_FLAG, NULL, CLI_AT(opts, m, bool), help }
#define TEXT(name, letter, arg, m, help) \
	{ name, letter, CLI_TEXT, arg, CLI_AT(opts, m, const char *), help }
#define NUMBER(name, arg, m, help) \
	{ name, 0, CLI_NUMBER, arg, CLI_AT(opts, m, uint64_t), help }
#define MANY(name, letter, arg, m, help) \
	{ name, letter, CLI_LIST, arg, CLI_AT(opts, m, struct cli_list *), \
		help }
#define IGNORED(name, arg) { name, 0, CLI_IGNORED, arg, 0, "ignored" }
#define END { NULL, 0, CLI_FLAG, NULL, 0, NULL }

static const struct cli_opt globals[] = {
	TEXT("root", 0, "DIR", root, "state directory"),
	TEXT("log", 0, "FILE", log, "write the log there, not to stderr"),
	TEXT("log-format", 0, "FORMAT", log_format, "text or json"),
	TEXT("log-level", 0, "LEVEL", log_level,
		"error, warning, info or debug"),
	FLAG("debug", 0, debug, "same as --log-level debug"),
	FLAG("systemd-cgroup", 0, systemd_cgroup,
		"accepted; systemd is never asked"),
	TEXT("cgroup-manager", 0, "NAME", cgroup_manager,
		"cgroupfs or disabled"),
	TEXT("rootless", 0, "WORD", rootless, "true, false or auto"),
	TEXT("config-file", 0, "FILE", config_file,
		"instead of /etc/wherry.conf"),
	IGNORED("criu", "PATH"),
	FLAG("version", 'v', version, "print the version"),
	FLAG("version", 'V', version, NULL),
	FLAG("help", 'h', help, "print help, also for a command"),
	END
};

#define BUNDLE_OPTS \
	TEXT("bundle", 'b', "DIR", bundle, "the bundle, default ."), \
	TEXT("config", 'f', "FILE", config, \
		"instead of config.json in the bundle")
#define PRESERVE_OPT \
	NUMBER("preserve-fds", "N", preserve_fds, \
		"descriptors from 3 on that the container gets")
#define CREATE_OPTS \
	BUNDLE_OPTS, \
	TEXT("pid-file", 0, "FILE", pid_file, "write the pid of init there"), \
	TEXT("console-socket", 0, "PATH", console_socket, \
		"hand the terminal out over this socket"), \
	TEXT("pidfd-socket", 0, "PATH", pidfd_socket, \
		"send a pidfd of init over this socket"), \
	FLAG("no-pivot", 0, no_pivot, "move the root instead of pivot_root"), \
	FLAG("no-new-keyring", 0, no_new_keyring, \
		"keep the caller's session keyring"), \
	TEXT("seccomp-bpf", 0, "FILE", seccomp_bpf, \
		"a filter made by `wherry seccomp compile`"), \
	PRESERVE_OPT

static const struct cli_opt create_opts[] = {
	CREATE_OPTS,
	END
};
static const struct cli_opt run_opts[] = {
	CREATE_OPTS,
	FLAG("detach", 'd', detach, "return when it runs"),
	FLAG("keep", 0, keep, "do not delete it when it has stopped"),
	FLAG("timing", 0, timing, "say how long the phases of its start took"),
	IGNORED("no-subreaper", NULL),
	END
};
static const struct cli_opt exec_opts[] = {
	TEXT("process", 'p', "FILE", process,
		"process.json to start from, - for standard input"),
	TEXT("cwd", 0, "DIR", cwd, "working directory"),
	TEXT("user", 'u', "UID[:GID]", user, "ids, as numbers"),
	MANY("additional-gids", 'g', "GID", gids, "a further group"),
	MANY("env", 'e', "NAME=VALUE", env, "set a variable"),
	MANY("cap", 'c', "CAP", caps,
		"add to the bounding, permitted and effective set"),
	FLAG("no-new-privs", 0, no_new_privs, "gain no privileges"),
	TEXT("apparmor", 0, "PROFILE", apparmor, "AppArmor profile"),
	TEXT("process-label", 0, "LABEL", process_label, "SELinux label"),
	MANY("cgroup", 0, "[CONTROLLER,...:]PATH", cgroups,
		"a cgroup below the container's"),
	FLAG("tty", 't', tty, "give it a terminal"),
	TEXT("console-socket", 0, "PATH", console_socket,
		"not built yet: refused"),
	FLAG("detach", 'd', detach, "return when it runs"),
	TEXT("pid-file", 0, "FILE", pid_file, "write its pid there"),
	TEXT("pidfd-socket", 0, "PATH", pidfd_socket,
		"send a pidfd of it over this socket"),
	PRESERVE_OPT,
	FLAG("ignore-paused", 0, ignore_paused,
		"in a paused container: it runs when that is resumed"),
	IGNORED("no-subreaper", NULL),
	END
};
static const struct cli_opt kill_opts[] = {
	FLAG("all", 'a', all, "every process of the container"),
	END
};
static const struct cli_opt delete_opts[] = {
	FLAG("force", 'f', force, "kill it first; no error if there is none"),
	END
};
static const struct cli_opt list_opts[] = {
	TEXT("format", 'f', "FORMAT", format, "table or json"),
	FLAG("quiet", 'q', quiet, "ids only"),
	END
};
static const struct cli_opt ps_opts[] = {
	TEXT("format", 'f', "FORMAT", format, "table or json"),
	END
};
static const struct cli_opt events_opts[] = {
	FLAG("stats", 0, stats, "print once and end"),
	TEXT("interval", 0, "TIME", interval,
		"between two prints, default 5s"),
	END
};
static const struct cli_opt spec_opts[] = {
	TEXT("bundle", 'b', "DIR", bundle, "where to write, default ."),
	FLAG("rootless", 0, spec_rootless, "for a user who is not root"),
	END
};
static const struct cli_opt stop_opts[] = {
	TEXT("timeout", 't', "SECONDS", timeout,
		"from TERM to KILL, default 10"),
	END
};
static const struct cli_opt update_opts[] = {
	TEXT("resources", 'r', "FILE", resources,
		"linux.resources as JSON, - for standard input"),
	TEXT("memory", 0, "BYTES", update[UPD_MEMORY],
		"limit of memory; k, m and g are understood, -1 is none"),
	TEXT("memory-reservation", 0, "BYTES", update[UPD_RESERVATION],
		"what others must not reclaim"),
	TEXT("memory-swap", 0, "BYTES", update[UPD_SWAP],
		"limit of memory and swap together"),
	IGNORED("kernel-memory", "BYTES"),
	IGNORED("kernel-memory-tcp", "BYTES"),
	TEXT("cpu-share", 0, "N", update[UPD_SHARES],
		"share of CPU time, 2 to 262144"),
	TEXT("cpu-quota", 0, "USEC", update[UPD_QUOTA],
		"CPU time in a period, -1 is no limit"),
	TEXT("cpu-period", 0, "USEC", update[UPD_PERIOD],
		"length of a period"),
	TEXT("cpu-burst", 0, "USEC", update[UPD_BURST],
		"quota that can be saved up"),
	TEXT("cpu-rt-runtime", 0, "USEC", update[UPD_RT_RUNTIME],
		"time of real-time tasks in a period"),
	TEXT("cpu-rt-period", 0, "USEC", update[UPD_RT_PERIOD],
		"length of a period of real-time tasks"),
	TEXT("cpu-idle", 0, "N", update[UPD_IDLE],
		"1: only time that nobody else wants"),
	TEXT("cpuset-cpus", 0, "LIST", update[UPD_CPUS], "CPUs to use"),
	TEXT("cpuset-mems", 0, "LIST", update[UPD_MEMS],
		"memory nodes to use"),
	TEXT("pids-limit", 0, "N", update[UPD_PIDS],
		"number of processes, -1 is no limit"),
	TEXT("blkio-weight", 0, "N", update[UPD_WEIGHT],
		"share of disk time, 10 to 1000"),
	TEXT("l3-cache-schema", 0, "TEXT", l3_cache_schema,
		"not built yet: refused"),
	TEXT("mem-bw-schema", 0, "TEXT", mem_bw_schema,
		"not built yet: refused"),
	END
};
static const struct cli_opt check_opts[] = {
	BUNDLE_OPTS,
	FLAG("host", 0, this_host,
		"what this kernel and machine have, and what is needed"),
	TEXT("kconfig", 0, "FILE", kconfig,
		"the same of the kernel with that .config or config.gz"),
	TEXT("format", 0, "FORMAT", format, "of that: table or json"),
	END
};
static const struct cli_opt plan_opts[] = {
	BUNDLE_OPTS,
	TEXT("host", 0, "FACTS", host, "plan for the host of that file"),
	FLAG("facts", 0, facts, "print the facts of this host instead"),
	FLAG("exec", 0, exec, "plan exec of the process into the container"),
	END
};
static const struct cli_opt seccomp_opts[] = {
	TEXT("arch", 0, "NAME", arch, "for this one, not for the machine"),
	TEXT("output", 'o', "FILE", output, "the program; default: stdout"),
	TEXT("caps", 0, "LIST", with_caps,
		"capabilities of the container, for conditions"),
	TEXT("kernel", 0, "VERSION", kernel,
		"for conditions, default: the one that runs"),
	END
};
static const struct cli_opt help_opts[] = {
	FLAG("list", 0, list, "for programs: COMMAND|ARGS|OPTION|..."),
	END
};
static const struct cli_opt no_opts[] = { END };

const struct cli_opt *const global_opts = globals;

enum {
	READS = NEEDS_PROC | NEEDS_CONF, /* a container's state */
	STARTS = NEEDS_LISTEN | NEEDS_NOTIFY, /* a program */
};

const struct cmd cmds[] = {
	{ "create", "ID [BUNDLE]", "set up a container, do not start it",
		1, 2, NEEDS_SHIELD | STARTS | READS, create_opts,
		cmd_create },
	{ "start", "ID...", "run the program of created containers",
		1, ~0u, NEEDS_NOTIFY | READS, no_opts, cmd_start },
	{ "run", "ID [BUNDLE]", "create, start, wait and delete",
		1, 2, NEEDS_SHIELD | STARTS | READS, run_opts, cmd_run },
	{ "exec", "ID [COMMAND]...", "run a further program in a container",
		1, ~0u, NEEDS_SHIELD | READS | ENDS_OPTIONS, exec_opts,
		cmd_exec },
	{ "state", "ID", "print the state as JSON",
		1, 1, READS, no_opts, cmd_state },
	{ "kill", "ID [SIGNAL]", "send a signal, TERM by default",
		1, 2, READS, kill_opts, cmd_kill },
	{ "stop", "ID", "send TERM, then KILL, and wait",
		1, 1, READS, stop_opts, cmd_stop },
	{ "wait", "ID", "wait for the end and exit with its status",
		1, 1, READS, no_opts, cmd_wait },
	{ "delete", "ID", "remove a stopped container",
		1, 1, READS, delete_opts, cmd_delete },
	{ "pause", "ID", "stop all processes of a container",
		1, 1, READS, no_opts, cmd_pause },
	{ "resume", "ID", "continue a paused container",
		1, 1, READS, no_opts, cmd_resume },
	{ "update", "ID", "change the limits of a container",
		1, 1, READS, update_opts, cmd_update },
	{ "ps", "ID", "list the processes of a container",
		1, 1, READS, ps_opts, cmd_ps },
	{ "stats", "ID", "print what a container uses as JSON",
		1, 1, READS, no_opts, cmd_stats },
	{ "events", "ID", "print that again and again, and OOM events",
		1, 1, READS, events_opts, cmd_events },
	{ "list", "", "list the containers",
		0, 0, READS, list_opts, cmd_list },
	{ "spec", "", "write a config.json to start from",
		0, 0, 0, spec_opts, cmd_spec },
	{ "check", "[BUNDLE]", "report every error of a bundle",
		0, 1, NEEDS_CONF, check_opts, cmd_check },
	{ "plan", "[BUNDLE]", "print what create would do, step by step",
		0, 1, NEEDS_CONF, plan_opts, cmd_plan },
	{ "seccomp", "VERB FILE [CALL] [ARG...]",
		"compile, explain or dump a seccomp filter",
		2, 9, NEEDS_CONF, seccomp_opts, cmd_seccomp },
	{ "features", "", "print what this build can do as JSON",
		0, 0, 0, no_opts, cmd_features },
	{ "config", "", "print the settings and where they come from",
		0, 0, NEEDS_CONF, no_opts, cmd_config },
	{ "version", "", "print the version",
		0, 0, 0, no_opts, cmd_version },
	{ "help", "[COMMAND]", "print help",
		0, 1, 0, help_opts, cmd_help },
	{ NULL, NULL, NULL, 0, 0, 0, NULL, NULL }
};

const struct cmd *
cmd_find(const char *name)
{
	for (const struct cmd *c = cmds; c->name; c++) {
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
