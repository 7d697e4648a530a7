/* SPDX-License-Identifier: MIT */
/* cmd_version.c -- wherry version.  containerd wants exactly these three lines
 * (list G12). */
#include "cmd.h"

#include "version.h"

int
cmd_version(struct ctx *c, struct err *e)
{
	(void)c;
	return cmd_print("wherry version " WHERRY_VERSION "\n"
		"commit: " WHERRY_COMMIT "\n"
		"spec: " OCI_VERSION "\n", e);
}
