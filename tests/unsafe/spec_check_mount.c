/* SPDX-License-Identifier: MIT */
/* Unsafe: every destination and option will do. */
#include "diag.h"

#define diag_error(d, ...) ((void)(d))
#include "../../src/spec_check_mount.c"
