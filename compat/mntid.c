/* SPDX-License-Identifier: MIT */
/* mntid.c -- which mount a descriptor is on.  A file's device can't tell: bind
 * mounts of one file system share it. */
#include "sys.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fmt.h"
#include "io.h"
#include "nr.h"
#include "procfs.h"
#include "str.h"

enum { WANT_MNT_ID = 0x1000 };

/* struct statx of <linux/stat.h>, which collides with glibc's <sys/stat.h>. */
struct statx_reply {
	uint32_t mask, blksize;
	uint64_t before[17];
	uint64_t mnt_id;
	uint64_t after[13];
};
_Static_assert(sizeof(struct statx_reply) == 256, "kernel ABI");

static int
by_statx(int fd, uint64_t *id)
{
	struct statx_reply r = { 0 };

	if (syscall(SYS_statx, fd, "", 0x1000 /* AT_EMPTY_PATH */, WANT_MNT_ID,
	    &r))
		return -1;
	if (!(r.mask & WANT_MNT_ID)) {          /* before 5.8 */
		errno = ENOSYS;
		return -1;
	}
	*id = r.mnt_id;
	return 0;
}

static int
by_fdinfo(int fd, uint64_t *id)
{
	char name[32], text[1024], *p, *end;
	unsigned long long v;
	ssize_t n;

	fmt_to(name, sizeof(name), "fdinfo/%d", fd);
	AUTO_FD(info, procfs_self_openat(name, O_RDONLY));
	n = info < 0 ? -1 : read_full(info, text, sizeof(text) - 1);
	if (n < 0)
		return -1;
	text[n] = '\0';
	errno = ENODATA;
	p = str_find(text, "mnt_id:\t");
	if (!p)
		return -1;
	p += strlen("mnt_id:\t");
	end = strchr(p, '\n');
	if (!end)
		return -1;
	*end = '\0';
	if (parse_u64(p, UINT64_MAX, &v))
		return -1;
	*id = v;
	return 0;
}

int
sys_mnt_id(int fd, uint64_t *id)
{
	if (by_statx(fd, id) == 0)
		return 0;
	if (errno == EBADF)
		return -1;
	if (by_fdinfo(fd, id) == 0)
		return 0;
	errno = ENODATA;
	return -1;
}
