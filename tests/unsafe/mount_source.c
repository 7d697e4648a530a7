/* SPDX-License-Identifier: MIT */
/* Unsafe: every source is cloned in the mount namespace of the host. */
#include "mount_ask.h"

#define mount_of_host(m, p) ((void)(m), (void)(p), true)
#include "../../src/mount_source.c"
