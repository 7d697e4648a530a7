/* SPDX-License-Identifier: MIT */
/* t_relay.c -- what the relay does to our stdin and stdout, it undoes: also
 * where both are one open file, as of a program of inetd. */
#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "fore.h"
#include "tap.h"

/* Of what stands for stdout the flags in between and afterwards. */
static int
relayed(int in, int out, int flags[2], struct err *e)
{
	const int tap = dup(STDOUT_FILENO);
	struct fore f = {
		.master = open("/dev/null", O_RDWR | O_CLOEXEC),
		.sigfd = -1, .tty = -1, .flags = { -1, -1 },
	};
	int r;

	sigemptyset(&f.signals);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	r = relay_begin(&f, e);
	flags[0] = fcntl(STDOUT_FILENO, F_GETFL);
	if (r == 0)
		relay_end(&f);
	flags[1] = fcntl(STDOUT_FILENO, F_GETFL);
	dup2(tap, STDOUT_FILENO);
	close(tap);
	return r;
}

int
main(void)
{
	struct err e = { 0 };
	int s[2], flags[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s)) {
		SKIP(1, "no sockets here");
		return done();
	}
	if (relayed(s[0], s[0], flags, &e)) {
		if (e.code == ENOTSUP || e.code == ENOSYS)
			SKIP(1, err_str(&e));
		else
			OK(!"relay_begin");
		return done();
	}
	OK(flags[0] & O_NONBLOCK);
	OK(!(flags[1] & O_NONBLOCK));
	OK(relayed(s[0], s[1], flags, &e) == 0);
	OK(!(flags[1] & O_NONBLOCK));
	OK(!(fcntl(s[0], F_GETFL) & O_NONBLOCK));
	return done();
}
