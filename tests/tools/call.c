/* SPDX-License-Identifier: MIT */
/* call NR [ARG...] [-- NR [ARG...]]...  -- makes bare system calls and prints a
 * line for each: "errno N", or "ok".  -i: by int 0x80 (x86_64). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long
call_i386(const unsigned long *v)
{
#ifdef __x86_64__
	long r;

	__asm__ volatile ("int $0x80" : "=a" (r) : "a" (v[0]), "b" (v[1]),
		"c" (v[2]), "d" (v[3]) : "memory", "r8", "r9", "r10", "r11");
	if (r >= 0 || r < -4095)
		return r;
	errno = (int)-r;
#else
	(void)v;
	errno = ENOSYS;
#endif
	return -1;
}

int
main(int argc, char **argv)
{
	int i = 1, x86 = argc > 1 && !strcmp(argv[1], "-i");

	for (i += x86; i < argc; i++) {
		unsigned long v[7] = { 0 };
		int n = 0;
		long r;

		for (; i < argc && strcmp(argv[i], "--"); i++) {
			if (n < 7)
				v[n++] = strtoul(argv[i], NULL, 0);
		}
		r = x86 ? call_i386(v) : syscall((long)v[0], v[1], v[2], v[3],
			v[4], v[5], v[6]);
		if (r == -1)
			printf("errno %d\n", errno);
		else
			printf("ok\n");
		fflush(stdout);
	}
	return 0;
}
