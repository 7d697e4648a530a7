/* SPDX-License-Identifier: MIT */
/* tiocsti -- tries to reach the terminal that stdin is: types into it, makes it
 * its own, opens /dev/tty, pastes a console's selection.  Prints a line for
 * each that worked. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

int
main(void)
{
	const char *s;
	char paste = 3;
	int fd;

	for (s = "injected\n"; *s; s++) {
		if (ioctl(0, TIOCSTI, s))
			break;
	}
	if (!*s)
		puts("TIOCSTI");
	if (ioctl(0, TIOCSCTTY, 0) == 0)
		puts("TIOCSCTTY");
	if (ioctl(0, TIOCLINUX, &paste) == 0)
		puts("TIOCLINUX");
	fd = open("/dev/tty", O_RDWR);
	if (fd >= 0)
		puts("/dev/tty");
	return !isatty(0);
}
