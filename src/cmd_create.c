/* SPDX-License-Identifier: MIT */
/* cmd_create.c -- create: everything of a container but its program runs. */
#include <fcntl.h>

#include "cmd.h"
#include "container.h"
#include "err.h"

int
cmd_create(struct ctx *x, struct err *e)
{
	struct container c;

	if (container_create(&c, x, true, e))
		return -1;
	if (launch_commit(&c.launch, e)) {
		container_undo(&c);
		container_close(&c);
		return -1;
	}
	container_close(&c);
	return 0;
}
