/* SPDX-License-Identifier: MIT */
/* Unsafe: nothing is forbidden on /proc (CVE-2015-3630), and a bind mount stays
 * in the peer group of its source. */
#include <errno.h>
#include <sys/mount.h>

#include "err.h"

#undef MS_PRIVATE
#define MS_PRIVATE 0UL
#define err_set(e, code, ...) \
	((code) == EPERM ? 0 : err_set(e, code, __VA_ARGS__))
#include "../../src/mount.c"
