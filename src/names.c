/* SPDX-License-Identifier: MIT */
/* names.c -- the tables behind names.h. */
#include "names.h"

#include <sched.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

#include "io.h"

static const struct name ns_list[] = {
	{ "cgroup", CLONE_NEWCGROUP },
	{ "ipc", CLONE_NEWIPC },
	{ "mount", CLONE_NEWNS },
	{ "network", CLONE_NEWNET },
	{ "pid", CLONE_NEWPID },
	{ "time", CLONE_NEWTIME },
	{ "user", CLONE_NEWUSER },
	{ "uts", CLONE_NEWUTS },
};
const struct names ns_names = NAMES("namespace type", "", ns_list);

static const struct name rlimit_list[] = {
	{ "AS", RLIMIT_AS },
	{ "CORE", RLIMIT_CORE },
	{ "CPU", RLIMIT_CPU },
	{ "DATA", RLIMIT_DATA },
	{ "FSIZE", RLIMIT_FSIZE },
	{ "LOCKS", RLIMIT_LOCKS },
	{ "MEMLOCK", RLIMIT_MEMLOCK },
	{ "MSGQUEUE", RLIMIT_MSGQUEUE },
	{ "NICE", RLIMIT_NICE },
	{ "NOFILE", RLIMIT_NOFILE },
	{ "NPROC", RLIMIT_NPROC },
	{ "RSS", RLIMIT_RSS },
	{ "RTPRIO", RLIMIT_RTPRIO },
	{ "RTTIME", RLIMIT_RTTIME },
	{ "SIGPENDING", RLIMIT_SIGPENDING },
	{ "STACK", RLIMIT_STACK },
};
const struct names rlimit_names = NAMES("limit", "RLIMIT_", rlimit_list);

/* By number, which is the same on every architecture. */
static const struct name cap_list[] = {
	{ "CHOWN", 0 },
	{ "DAC_OVERRIDE", 1 },
	{ "DAC_READ_SEARCH", 2 },
	{ "FOWNER", 3 },
	{ "FSETID", 4 },
	{ "KILL", 5 },
	{ "SETGID", 6 },
	{ "SETUID", 7 },
	{ "SETPCAP", 8 },
	{ "LINUX_IMMUTABLE", 9 },
	{ "NET_BIND_SERVICE", 10 },
	{ "NET_BROADCAST", 11 },
	{ "NET_ADMIN", 12 },
	{ "NET_RAW", 13 },
	{ "IPC_LOCK", 14 },
	{ "IPC_OWNER", 15 },
	{ "SYS_MODULE", 16 },
	{ "SYS_RAWIO", 17 },
	{ "SYS_CHROOT", 18 },
	{ "SYS_PTRACE", 19 },
	{ "SYS_PACCT", 20 },
	{ "SYS_ADMIN", 21 },
	{ "SYS_BOOT", 22 },
	{ "SYS_NICE", 23 },
	{ "SYS_RESOURCE", 24 },
	{ "SYS_TIME", 25 },
	{ "SYS_TTY_CONFIG", 26 },
	{ "MKNOD", 27 },
	{ "LEASE", 28 },
	{ "AUDIT_WRITE", 29 },
	{ "AUDIT_CONTROL", 30 },
	{ "SETFCAP", 31 },
	{ "MAC_OVERRIDE", 32 },
	{ "MAC_ADMIN", 33 },
	{ "SYSLOG", 34 },
	{ "WAKE_ALARM", 35 },
	{ "BLOCK_SUSPEND", 36 },
	{ "AUDIT_READ", 37 },
	{ "PERFMON", 38 },
	{ "BPF", 39 },
	{ "CHECKPOINT_RESTORE", 40 },
};
const struct names cap_names = NAMES("capability", "CAP_", cap_list);

/* SIGSTKFLT is left out: MIPS has none. */
static const struct name signal_list[] = {
	{ "ABRT", SIGABRT },
	{ "ALRM", SIGALRM },
	{ "BUS", SIGBUS },
	{ "CHLD", SIGCHLD },
	{ "CLD", SIGCHLD },
	{ "CONT", SIGCONT },
	{ "FPE", SIGFPE },
	{ "HUP", SIGHUP },
	{ "ILL", SIGILL },
	{ "INT", SIGINT },
	{ "IO", SIGIO },
	{ "IOT", SIGABRT },
	{ "KILL", SIGKILL },
	{ "PIPE", SIGPIPE },
	{ "POLL", SIGIO },
	{ "PROF", SIGPROF },
	{ "PWR", SIGPWR },
	{ "QUIT", SIGQUIT },
	{ "SEGV", SIGSEGV },
	{ "STOP", SIGSTOP },
	{ "SYS", SIGSYS },
	{ "TERM", SIGTERM },
	{ "TRAP", SIGTRAP },
	{ "TSTP", SIGTSTP },
	{ "TTIN", SIGTTIN },
	{ "TTOU", SIGTTOU },
	{ "URG", SIGURG },
	{ "USR1", SIGUSR1 },
	{ "USR2", SIGUSR2 },
	{ "VTALRM", SIGVTALRM },
	{ "WINCH", SIGWINCH },
	{ "XCPU", SIGXCPU },
	{ "XFSZ", SIGXFSZ },
};

/* glibc keeps the kernel's first two for itself, musl three. */
enum { RT_FIRST = 34, RT_LAST = _NSIG - 1 };

/* The number that follows sign, or -1 where it is not one of 0 .. max. */
static int
small_number(const char *text, unsigned max)
{
	unsigned long long v;

	return parse_u64(text, max, &v) ? -1 : (int)v;
}

bool
names_value(const struct names *set, const char *text, uint32_t *value)
{
	size_t len = strlen(set->prefix);
	unsigned i;

	if (strncmp(text, set->prefix, len) != 0)
		return false;
	for (i = 0; i < set->n; i++) {
		if (strcmp(set->list[i].text, text + len) == 0) {
			*value = set->list[i].value;
			return true;
		}
	}
	return false;
}

const char *
names_text(const struct names *set, uint32_t value)
{
	unsigned i;

	for (i = 0; i < set->n; i++) {
		if (set->list[i].value == value)
			return set->list[i].text;
	}
	return NULL;
}

/* The number of a name behind an optional prefix, in any case, or -1. */
static int
find_loose(const struct name *list, unsigned n, const char *prefix,
	const char *text)
{
	unsigned i;

	if (strncasecmp(text, prefix, strlen(prefix)) == 0)
		text += strlen(prefix);
	for (i = 0; i < n; i++) {
		if (strcasecmp(list[i].text, text) == 0)
			return (int)list[i].value;
	}
	return -1;
}

int
cap_number(const char *text)
{
	return find_loose(cap_list, COUNT(cap_list), "CAP_", text);
}

int
signal_number(const char *text)
{
	const char *rt = text + (strncasecmp(text, "SIG", 3) ? 0 : 3);
	int n;

	if (*text >= '0' && *text <= '9')
		return small_number(text, RT_LAST);
	if (strcasecmp(rt, "RTMIN") == 0)
		return RT_FIRST;
	if (strcasecmp(rt, "RTMAX") == 0)
		return RT_LAST;
	if (strncasecmp(rt, "RTMIN+", 6) == 0) {
		n = small_number(rt + 6, RT_LAST - RT_FIRST);
		return n < 0 ? -1 : RT_FIRST + n;
	}
	if (strncasecmp(rt, "RTMAX-", 6) == 0) {
		n = small_number(rt + 6, RT_LAST - RT_FIRST);
		return n < 0 ? -1 : RT_LAST - n;
	}
	return find_loose(signal_list, COUNT(signal_list), "SIG", text);
}
