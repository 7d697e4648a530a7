/* SPDX-License-Identifier: MIT */
/* Unsafe: /dev/console is opened by name, whatever it leads to. */
#include <fcntl.h>

#include "inroot.h"

#undef O_NOFOLLOW
#define O_NOFOLLOW 0
#undef O_EXCL
#define O_EXCL 0
#define inroot_mkdirs_real(root, path, mode, e) \
	((void)(e), openat(root, "dev", O_PATH | O_DIRECTORY | O_CLOEXEC))
#include "../../src/tty.c"
