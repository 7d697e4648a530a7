/* SPDX-License-Identifier: MIT */
/* f_mountinfo.c -- any bytes as mountinfo: no crash, fields stay in bounds. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../src/mountinfo.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mountinfo_entry n;
	struct mountinfo m;
	struct err e = { 0 };
	int r, fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size ||
	    lseek(fd, 0, SEEK_SET))
		abort();
	mountinfo_init(&m, fd);
	while ((r = mountinfo_next(&m, &n, &e)) > 0) {
		if (strlen(n.root) >= sizeof(n.root) ||
		    strlen(n.mountpoint) >= sizeof(n.mountpoint) ||
		    strlen(n.options) >= sizeof(n.options) ||
		    strlen(n.fstype) >= sizeof(n.fstype) ||
		    strlen(n.super) >= sizeof(n.super))
			abort();
	}
	if ((r < 0) != (e.code != 0))
		abort();
	close(fd);
	return 0;
}
