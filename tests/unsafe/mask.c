/* SPDX-License-Identifier: MIT */
/* Unsafe: the mask is whatever the image has at /dev/null (CVE-2025-31133). */
#include <fcntl.h>

#include "inroot.h"

#define mask_null mask_null_safe
#include "../../src/mask.c"
#undef mask_null

int mask_null(int root, struct err *e);

int
mask_null(int root, struct err *e)
{
	return inroot_open(root, "/dev/null", O_PATH, e);
}
