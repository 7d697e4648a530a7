/* SPDX-License-Identifier: MIT */
/* maxrss FILE CMD... -- runs CMD and writes two numbers to FILE: its resident
 * memory in KiB when it exits, counted from the page tables, and the kernel's
 * own peak (VmHWM), which may be off by a batch of pages for each CPU. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static long
number(pid_t pid, const char *file, const char *key)
{
	char path[64], line[256];
	long v = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	f = fopen(path, "r");
	if (!f)
		return -1;
	while (v < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)))
			v = strtol(line + strlen(key), NULL, 10);
	fclose(f);
	return v;
}

static void
report(const char *name, pid_t pid)
{
	FILE *f = fopen(name, "w");

	if (!f)
		return;
	fprintf(f, "%ld %ld\n", number(pid, "smaps_rollup", "Rss:"),
		number(pid, "status", "VmHWM:"));
	fclose(f);
}

int
main(int argc, char **argv)
{
	pid_t pid;
	int status;

	if (argc < 3)
		return 2;
	pid = fork();
	if (pid < 0)
		return 125;
	if (!pid) {
		raise(SIGSTOP);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (waitpid(pid, &status, WUNTRACED) != pid ||
	    ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXIT)) {
		perror("maxrss: ptrace");
		kill(pid, SIGKILL);
		return 125;
	}
	kill(pid, SIGCONT);
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		int sig = WSTOPSIG(status), event = status >> 16;

		if (event == PTRACE_EVENT_EXIT)
			report(argv[1], pid);
		if (event || sig == SIGSTOP || sig == SIGTRAP)
			sig = 0;
		ptrace(PTRACE_CONT, pid, 0, sig);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
