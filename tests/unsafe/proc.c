/* SPDX-License-Identifier: MIT */
/* Unsafe: nobody asks where the working directory is (CVE-2024-21626). */
#include <errno.h>

#include "err.h"

#define err_set(e, code, ...) \
	((code) == EPERM ? 0 : err_set(e, code, __VA_ARGS__))
#include "../../src/proc.c"
