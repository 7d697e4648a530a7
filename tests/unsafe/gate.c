/* SPDX-License-Identifier: MIT */
/* Unsafe: the gate is an abstract socket (CVE-2020-15257). */
#include <string.h>

#define memcpy(to, from, n) memcpy((to) + 1, from, n)
#include "../../src/gate.c"
