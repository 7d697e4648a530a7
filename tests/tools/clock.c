/* SPDX-License-Identifier: MIT */
/* clock SECONDS -- sets the clock, which "date" of a 32-bit busybox can't do
 * beyond 2038.  For guests only. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int
main(int argc, char **argv)
{
	struct timespec t = { 0 };

	if (argc != 2)
		return 2;
	t.tv_sec = (time_t)strtoll(argv[1], NULL, 10);
	if (clock_settime(CLOCK_REALTIME, &t)) {
		perror("clock");
		return 1;
	}
	return 0;
}
