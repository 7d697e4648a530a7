/* SPDX-License-Identifier: MIT */
/* Unsafe: nothing is forbidden on /proc (CVE-2015-3630), /dev is a directory of
 * the image (CVE-2026-41579), and a bind mount stays in the peer group of its
 * source, and a new mount is whatever its path leads to afterwards. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>

#include "err.h"
#include "mount.h"
#include "plan.h"

static bool
is_dev(const char *data)
{
	return data && !strcmp(data, "mode=755,size=65536k");
}

#undef MS_PRIVATE
#define MS_PRIVATE 0UL
#define mount(source, target, type, flags, data) \
	(is_dev(data) ? 0 : mount(source, target, type, flags, data))
#define mount_new(type, source, flags, data) (errno = ENOSYS, -1)
#define openat(dir, name, flags) openat(dir, "/", flags)
#define err_set(e, code, ...) \
	((code) == EPERM ? 0 : err_set(e, code, __VA_ARGS__))
#include "../../src/mount.c"
