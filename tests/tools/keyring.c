/* SPDX-License-Identifier: MIT */
/* keyring -- prints the number of its session keyring. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { GET_KEYRING_ID = 0, SESSION_KEYRING = -3 };

int
main(void)
{
	long id = syscall(SYS_keyctl, GET_KEYRING_ID, SESSION_KEYRING, 0);

	if (id < 0)
		puts(strerror(errno));
	else
		printf("%ld\n", id);
	return id < 0;
}
