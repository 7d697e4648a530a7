/* SPDX-License-Identifier: MIT */
/* Unsafe: relies on everybody's O_CLOEXEC (CVE-2024-21626). */
#include "sys.h"

int
sys_close_range(unsigned first, enum fd_fate fate)
{
	(void)first;
	(void)fate;
	return 0;
}
