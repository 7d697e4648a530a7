/* SPDX-License-Identifier: MIT */
/* cost [-i] FILE PROGRAM CMD... -- runs CMD and writes to FILE what a runtime
 * did: that of CMD and of all that come from it, each until it executes a
 * program whose name (/proc/PID/comm) is PROGRAM.  It ends with CMD.
 *
 *   calls       system calls, those included that end a process
 *   failed      those of them that gave an error
 *   mounts      mounts made: mount, fsmount and clones by open_tree
 *   loose       those of them that move_mount attached nowhere
 *   forks       fork, vfork, clone, clone3
 *   execs       programs executed, CMD and PROGRAM included
 *   faults      page faults without I/O
 *   rss, hwm    KiB of CMD when it exits: resident by its page tables, and
 *               the kernel's peak, which may be off by a batch of pages for
 *               each CPU
 *   call NR N FAILED    for each number
 *
 * -i counts user instructions instead, in single steps, and writes
 *   insns       of all
 *   insns-cmd   of CMD alone
 *
 * A repeated string instruction counts once for each repetition. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../compat/nr.h"

enum { CALLS = 1024, TASKS = 256, CLONE_ONLY = 1 };

/* Only what is traced now; a slot of pid 0 is free. */
static struct task {
	pid_t pid;
	unsigned nr;            /* of the call that it is in */
	bool in_call, clones;
} tasks[TASKS];

static unsigned long calls, failed, mounts, attached, forks, execs, faults;
static unsigned long insns, insns_cmd, per_call[CALLS], per_call_failed[CALLS];
static long rss, hwm;
static bool stepping;
static pid_t cmd;
static const char *program;

static void
die(const char *what)
{
	perror(what);
	kill(cmd, SIGKILL);
	exit(125);
}

static struct task *
find(pid_t pid)
{
	struct task *empty = NULL;

	for (int i = 0; i < TASKS; i++) {
		if (tasks[i].pid == pid)
			return &tasks[i];
		if (!tasks[i].pid && !empty)
			empty = &tasks[i];
	}
	if (!empty) {
		errno = EMFILE;
		die("cost: tasks");
	}
	*empty = (struct task) { .pid = pid };
	return empty;
}

/* The text behind key in a file of /proc/PID. */
static bool
proc_text(pid_t pid, const char *file, const char *key, char *text, int size)
{
	char path[64], line[1024];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	f = fopen(path, "r");
	if (!f)
		return false;
	while (!found && fgets(line, sizeof(line), f)) {
		found = !strncmp(line, key, strlen(key));
		line[strcspn(line, "\n")] = '\0';
		if (found)
			snprintf(text, (size_t)size, "%s", line + strlen(key));
	}
	fclose(f);
	return found;
}

static long
proc_number(pid_t pid, const char *file, const char *key)
{
	char text[64];

	return proc_text(pid, file, key, text, sizeof(text)) ?
		strtol(text, NULL, 10) : -1;
}

/* Field 10 of stat; field 2 may hold anything. */
static void
add_faults(pid_t pid)
{
	char text[1024], *at;
	unsigned long n;

	if (!proc_text(pid, "stat", "", text, sizeof(text)))
		return;
	at = strrchr(text, ')');
	if (at && sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %lu", &n) == 1)
		faults += n;
}

static bool
is_program(pid_t pid)
{
	char text[64];

	return proc_text(pid, "comm", "", text, sizeof(text)) &&
		!strcmp(text, program);
}

static void
returned(const struct task *t, bool error)
{
	if (error) {
		failed++;
		per_call_failed[t->nr]++;
		return;
	}
	switch (t->nr) {
	case SYS_mount:
		/* the address says nothing of what the flags asked for */
		mounts += t->clones;
		attached += t->clones;
		break;
	case NR_FSMOUNT:
		mounts++;
		break;
	case NR_OPEN_TREE:
		mounts += t->clones;
		break;
	case NR_MOVE_MOUNT:
		attached++;
		break;
	}
}

/* A mount(2) that only changes what is there. */
static bool
makes_mount(unsigned nr, const uint64_t args[6])
{
	enum { REMOUNT = 32, PROPAGATION = 0x1e0000, MOVE = 8192 };

	if (nr == NR_OPEN_TREE)
		return args[2] & CLONE_ONLY;
	return nr == SYS_mount && !(args[3] & (REMOUNT | PROPAGATION | MOVE));
}

static void
syscall_stop(struct task *t)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->pid, sizeof(info), &info) < 0) {
		if (errno == ESRCH)
			return;
		die("cost: PTRACE_GET_SYSCALL_INFO (Linux 5.3)");
	}
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		t->nr = (unsigned)info.entry.nr % CALLS;
		t->clones = makes_mount(t->nr, info.entry.args);
		t->in_call = true;
		per_call[t->nr]++;
		calls++;
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT && t->in_call) {
		t->in_call = false;
		returned(t, info.exit.is_error);
	}
}

/* False: t is no longer traced. */
static bool
event_stop(struct task *t, int event)
{
	switch (event) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		forks++;
		break;
	case PTRACE_EVENT_EXEC:
		execs++;
		if (!is_program(t->pid))
			break;
		add_faults(t->pid);
		ptrace(PTRACE_DETACH, t->pid, 0, 0);
		t->pid = 0;
		return false;
	case PTRACE_EVENT_EXIT:
		add_faults(t->pid);
		if (t->pid == cmd) {
			rss = proc_number(cmd, "smaps_rollup", "Rss:");
			hwm = proc_number(cmd, "status", "VmHWM:");
		}
		break;
	}
	return true;
}

static void
stopped(pid_t pid, int status)
{
	int sig = WSTOPSIG(status), event = status >> 16;
	struct task *t = find(pid);

	if (event) {
		if (!event_stop(t, event))
			return;
		sig = 0;
	} else if (sig == (SIGTRAP | 0x80)) {
		syscall_stop(t);
		sig = 0;
	} else if (sig == SIGTRAP && stepping) {
		insns++;
		insns_cmd += pid == cmd;
		sig = 0;
	}
	ptrace(stepping ? PTRACE_SINGLESTEP : PTRACE_SYSCALL, pid, 0, sig);
}

static int
report(const char *name)
{
	FILE *f = fopen(name, "w");

	if (!f)
		return -1;
	if (stepping) {
		fprintf(f, "insns %lu\ninsns-cmd %lu\n", insns, insns_cmd);
		return fclose(f);
	}
	fprintf(f, "calls %lu\nfailed %lu\nmounts %lu\nloose %ld\n"
		"forks %lu\nexecs %lu\nfaults %lu\nrss %ld\nhwm %ld\n", calls,
		failed, mounts, (long)(mounts - attached), forks, execs,
		faults, rss, hwm);
	for (int i = 0; i < CALLS; i++) {
		if (per_call[i])
			fprintf(f, "call %d %lu %lu\n", i, per_call[i],
				per_call_failed[i]);
	}
	return fclose(f);
}

/* Each step is two switches, ten times as dear between processors. */
static void
one_cpu(void)
{
	int cpu = sched_getcpu();
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu < 0 ? 0 : (size_t)cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void
begin(char **argv)
{
	long opts = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
		PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
		PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT;
	int status;

	cmd = fork();
	if (cmd < 0)
		die("cost: fork");
	if (!cmd) {
		raise(SIGSTOP);
		execvp(*argv, argv);
		_exit(127);
	}
	if (waitpid(cmd, &status, WUNTRACED) != cmd ||
	    ptrace(PTRACE_SEIZE, cmd, 0, opts))
		die("cost: ptrace");
	kill(cmd, SIGCONT);
	/* ours ends with the execve, which is CMD's first count */
	while (waitpid(cmd, &status, 0) == cmd && WIFSTOPPED(status) &&
	    status >> 16 != PTRACE_EVENT_EXEC) {
		int sig = WSTOPSIG(status);

		ptrace(PTRACE_CONT, cmd, 0, status >> 16 || sig == SIGSTOP ||
			sig == SIGCONT ? 0 : sig);
	}
	if (!WIFSTOPPED(status)) {
		errno = ENOENT;
		die("cost: exec");
	}
	execs = calls = per_call[SYS_execve] = 1;
	find(cmd);
	ptrace(stepping ? PTRACE_SINGLESTEP : PTRACE_SYSCALL, cmd, 0, 0);
}

int
main(int argc, char **argv)
{
	int status;
	pid_t pid;

	if (argc > 1 && !strcmp(argv[1], "-i")) {
		stepping = true;
		argv++;
		argc--;
	}
	if (argc < 4)
		return 2;
	if (stepping)
		one_cpu();
	program = argv[2];
	begin(argv + 3);
	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid <= 0)
			continue;
		if (WIFSTOPPED(status)) {
			stopped(pid, status);
			continue;
		}
		find(pid)->pid = 0;
		if (pid == cmd)
			break;
	}
	/* who is still traced goes on when we end */
	if (report(argv[1]))
		die("cost: report");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
