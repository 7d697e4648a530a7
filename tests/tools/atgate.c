/* SPDX-License-Identifier: MIT */
/* atgate PID filter CALL kill|deny  -- gives a waiting process a seccomp filter
 *                                      that kills it at, or denies, CALL
 * atgate PID signal CALL NUMBER     -- stays, and sends it a signal when it
 *                                      enters CALL
 * Prints "ready" when it is in place.  With this a container's init is hit
 * between the start gate and its execve, not before and not by luck. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *name;
	int nr;
} calls[] = {
	{ "write", SYS_write },
	{ "writev", SYS_writev },
	{ "sendmsg", SYS_sendmsg },
	{ "sendto", SYS_sendto },
	{ "execve", SYS_execve },
	{ "execveat", SYS_execveat },
};

static int
call_number(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!strcmp(calls[i].name, name))
			return calls[i].nr;
	return -1;
}

static int
stop(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SEIZE, pid, 0,
	    PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC) ||
	    ptrace(PTRACE_INTERRUPT, pid, 0, 0) ||
	    waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status)) {
		perror("atgate: ptrace");
		return -1;
	}
	return 0;
}

#if defined(__x86_64__)
/* Makes the stopped process run one system call: at the instruction it is
 * blocked in, with its registers put back afterwards. */
static long
inject(pid_t pid, long nr, uint64_t a, uint64_t b, uint64_t c)
{
	struct user_regs_struct old, r;
	int status;

	if (ptrace(PTRACE_GETREGS, pid, 0, &old))
		return -errno;
	r = old;
	r.rip = old.rip - 2;
	r.rax = (unsigned long long)nr;
	r.orig_rax = ~0ull;
	r.rdi = a;
	r.rsi = b;
	r.rdx = c;
	r.r10 = r.r8 = 0;
	if (ptrace(PTRACE_SETREGS, pid, 0, &r))
		return -errno;
	for (int i = 0; i < 2; i++)
		if (ptrace(PTRACE_SYSCALL, pid, 0, 0) ||
		    waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
			return -ECHILD;
	if (ptrace(PTRACE_GETREGS, pid, 0, &r))
		return -errno;
	/* What was interrupted starts again from its system call. */
	if ((long long)old.orig_rax >= 0 && (long long)old.rax < 0) {
		old.rax = old.orig_rax;
		old.rip -= 2;
		old.orig_rax = ~0ull;
	}
	if (ptrace(PTRACE_SETREGS, pid, 0, &old))
		return -errno;
	return (long)r.rax;
}

static int
put(pid_t pid, uint64_t at, const void *data, size_t n)
{
	for (size_t i = 0; i < n; i += sizeof(long)) {
		long word = 0;

		memcpy(&word, (const char *)data + i,
			n - i < sizeof(long) ? n - i : sizeof(long));
		if (ptrace(PTRACE_POKEDATA, pid, (void *)(at + i),
		    (void *)word))
			return -1;
	}
	return 0;
}

/* User-mode Linux takes the registers, but not all that is in them. */
static int
filtered(pid_t pid)
{
	char text[4096];
	size_t n;
	FILE *f;

	snprintf(text, sizeof(text), "/proc/%d/status", (int)pid);
	f = fopen(text, "r");
	n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	text[n] = 0;
	if (f)
		fclose(f);
	return strstr(text, "Seccomp:\t2") != NULL;
}

static int
filter(pid_t pid, int nr, unsigned action)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct { uint64_t len, filter; } prog = { 4, 0 };
	struct user_regs_struct r;
	uint64_t at;
	long rc;

	if (ptrace(PTRACE_GETREGS, pid, 0, &r))
		return -1;
	at = (r.rsp - 4096) & ~15ull; /* below the red zone */
	prog.filter = at;
	if (put(pid, at, f, sizeof(f)) ||
	    put(pid, at + sizeof(f), &prog, sizeof(prog)))
		return -1;
	rc = inject(pid, SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0,
		at + sizeof(f));
	if (rc == -EACCES) {
		inject(pid, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0);
		rc = inject(pid, SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0,
			at + sizeof(f));
	}
	if (rc) {
		fprintf(stderr, "atgate: seccomp: %s\n", strerror((int)-rc));
		return -1;
	}
	if (!filtered(pid)) {
		fputs("atgate: the filter did not arrive\n", stderr);
		return -1;
	}
	return ptrace(PTRACE_DETACH, pid, 0, 0) ? -1 : 0;
}
#else
static int
filter(pid_t pid, int nr, unsigned action)
{
	(void)pid;
	(void)nr;
	(void)action;
	fputs("atgate: filter: this machine's registers are unknown\n", stderr);
	return -1;
}
#endif

/* The number of the system call that the process is about to enter, -1 when it
 * is leaving one or stopped elsewhere, -2 where the kernel does not tell
 * (before Linux 5.3, user-mode Linux). */
static long long
entering(pid_t pid)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0)
		return -2;
	return info.op == PTRACE_SYSCALL_INFO_ENTRY ?
		(long long)info.entry.nr : -1;
}

static int
signal_at(pid_t pid, int nr, int sig)
{
	int status = 0, deliver = 0;

	while (!ptrace(PTRACE_SYSCALL, pid, 0, deliver) &&
	    waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		deliver = 0;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			if (entering(pid) == nr)
				kill(pid, sig);
		} else if (!(status >> 16)) {
			deliver = WSTOPSIG(status);
		}
	}
	return 0;
}

int
main(int argc, char **argv)
{
	pid_t pid;
	int nr, r;

	if (argc != 5 || (nr = call_number(argv[3])) < 0)
		return 2;
	pid = (pid_t)strtol(argv[1], NULL, 10);
	if (stop(pid))
		return 1;
	if (!strcmp(argv[2], "filter")) {
		r = filter(pid, nr, !strcmp(argv[4], "kill") ?
			SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | EPERM);
		if (!r)
			puts("ready");
		return r ? 1 : 0;
	}
	if (entering(pid) == -2) {
		fputs("atgate: signal: this kernel shows no system calls\n",
			stderr);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	return signal_at(pid, nr, (int)strtol(argv[4], NULL, 10));
}
