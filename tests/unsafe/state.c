/* SPDX-License-Identifier: MIT */
/* Unsafe: the state directory may be anybody's (CVE-2015-1331). */
#include <errno.h>

#include "err.h"

#define err_set(e, code, ...) \
	((code) == EPERM ? 0 : err_set(e, code, __VA_ARGS__))
#include "../../src/state.c"
