/* SPDX-License-Identifier: MIT */
/* pty -- runs a command on a real pseudo terminal and plays a user:
 *   pty [STEP...] -- COMMAND...
 * Steps, in order, with \n, \r, \xNN in texts; sizes that come first are set
 * before it begins:
 *   size:ROWSxCOLS  resize            send:TEXT   type
 *   expect:TEXT     wait for it       sig:N       signal the command
 *   stop:MS         do not read       idle:MS     nor may the command use a
 *                                                 fourth of that CPU time
 * Then reads until the command ends.  Prints what the terminal showed; the
 * status is the command's, 128 + signal, 90 a step failed, 91 the command left
 * the terminal in another mode. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static int master;
static pid_t child;
static char seen[1 << 22];
static size_t len, mark;

static long
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* False: there was nothing. */
static bool
take(int ms)
{
	struct pollfd p = { .fd = master, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return false;
	if (len > sizeof(seen) / 2) {   /* a flood: keep the end */
		memmove(seen, seen + len / 2, len - len / 2);
		len -= len / 2;
		mark = 0;
	}
	n = read(master, seen + len, sizeof(seen) - 1 - len);
	if (n > 0)
		len += (size_t)n;
	seen[len] = '\0';
	return n > 0;
}

static void
quit(const char *why)
{
	fprintf(stderr, "pty: %s\n", why);
	fwrite(seen, 1, len, stdout);
	fflush(stdout);
	kill(child, SIGKILL);
	_exit(90);
}

static size_t
unescape(char *s)
{
	char *out = s, *start = s;
	unsigned v;

	for (; *s; s++) {
		if (*s != '\\') {
			*out++ = *s;
		} else if (*++s == 'n') {
			*out++ = '\n';
		} else if (*s == 'r') {
			*out++ = '\r';
		} else if (*s == 'x' && sscanf(s + 1, "%2x", &v) == 1) {
			*out++ = (char)v;
			s += 2;
		}
	}
	*out = '\0';
	return (size_t)(out - start);
}

static void
expect(const char *text)
{
	long end = now() + 30000;
	char *at;

	seen[len] = '\0';
	while (!(at = strstr(seen + mark, text))) {
		if (now() > end)
			quit(text);
		take(100);
	}
	mark = (size_t)(at - seen) + strlen(text);
}

static long
cpu(void)
{
	char name[40], text[1024], *p;
	unsigned long user, sys;
	size_t n;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/stat", (int)child);
	f = fopen(name, "r");
	if (!f)
		return 0;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	p = strrchr(text, ')');
	if (!p || sscanf(p, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
	    "%lu %lu", &user, &sys) != 2)
		return 0;
	return (long)(user + sys) * 1000 / sysconf(_SC_CLK_TCK);
}

static void
idle(int ms)
{
	long used = cpu();

	usleep((useconds_t)ms * 1000);
	used = cpu() - used;
	if (used > ms / 4) {
		fprintf(stderr, "used %ld of %d ms\n", used, ms);
		quit("busy");
	}
}

static void
step(char *s)
{
	struct winsize w = { 0 };
	unsigned rows, cols;

	if (sscanf(s, "size:%ux%u", &rows, &cols) == 2) {
		w.ws_row = (unsigned short)rows;
		w.ws_col = (unsigned short)cols;
		ioctl(master, TIOCSWINSZ, &w);
	} else if (!strncmp(s, "send:", 5)) {
		size_t n = unescape(s + 5);

		if (write(master, s + 5, n) != (ssize_t)n)
			quit("write");
	} else if (!strncmp(s, "expect:", 7)) {
		unescape(s + 7);
		expect(s + 7);
	} else if (!strncmp(s, "sig:", 4)) {
		kill(child, atoi(s + 4));
	} else if (!strncmp(s, "stop:", 5)) {
		usleep((useconds_t)atoi(s + 5) * 1000);
	} else if (!strncmp(s, "idle:", 5)) {
		idle(atoi(s + 5));
	} else {
		quit(s);
	}
}

static void
spawn(const char *name, char **argv)
{
	int fd;

	child = fork();
	if (child)
		return;
	setsid();
	fd = open(name, O_RDWR);
	ioctl(fd, TIOCSCTTY, 0);
	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	for (fd = 3; fd < 64; fd++)
		close(fd);
	execvp(*argv, argv);
	_exit(127);
}

int
main(int argc, char **argv)
{
	struct termios before, after;
	int slave, status, i, n = 1;
	struct winsize w = { .ws_row = 24, .ws_col = 80 };

	while (n < argc && strcmp(argv[n], "--"))
		n++;
	master = posix_openpt(O_RDWR | O_NOCTTY);
	if (n + 1 >= argc || master < 0 || grantpt(master) ||
	    unlockpt(master)) {
		fprintf(stderr, "pty: no terminal\n");
		return 90;
	}
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	ioctl(master, TIOCSWINSZ, &w);
	tcgetattr(slave, &before);
	for (i = 1; i < n && !strncmp(argv[i], "size:", 5); i++)
		step(argv[i]);
	spawn(ptsname(master), argv + n + 1);
	for (; i < n; i++)
		step(argv[i]);
	while (waitpid(child, &status, WNOHANG) == 0)
		take(20);
	while (take(20))        /* one read takes 4 KiB of up to 64 */
		;
	fwrite(seen, 1, len, stdout);
	tcgetattr(slave, &after);
	if (before.c_iflag != after.c_iflag ||
	    before.c_oflag != after.c_oflag ||
	    before.c_lflag != after.c_lflag ||
	    before.c_cflag != after.c_cflag ||
	    memcmp(before.c_cc, after.c_cc, sizeof(before.c_cc))) {
		fprintf(stderr, "pty: the terminal's mode was changed\n");
		return 91;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
		WEXITSTATUS(status);
}
