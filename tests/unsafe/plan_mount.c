/* SPDX-License-Identifier: MIT */
/* Unsafe: nobody asks what a read-only bind mount brings along
 * (CVE-2023-25809). */
#include <string.h>

#define strncmp(a, b, n) 1
#include "../../src/plan_mount.c"
