/* SPDX-License-Identifier: MIT */
/* Unsafe: the state directory may be anybody's (CVE-2015-1331). */
#include <sys/stat.h>
#include <unistd.h>

#undef S_IWGRP
#undef S_IWOTH
#define S_IWGRP 0
#define S_IWOTH 0
#define geteuid() (st.st_uid)
#include "../../src/state.c"
