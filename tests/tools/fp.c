/* SPDX-License-Identifier: MIT */
/* fp DIR -- a fingerprint of a tree: everything but access times.  A file that
 * was created and removed shows in its directory's times. */
#define _XOPEN_SOURCE 700
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int
show(const char *path, const struct stat *st, int type, struct FTW *f)
{
	char link[256] = "";

	(void)f;
	if (type == FTW_SL && readlink(path, link, sizeof(link) - 1) < 0)
		link[0] = 0;
	printf("%s %o %u:%u %llu:%llu %llu %lld %lld.%09ld %lld.%09ld %s\n",
		path, (unsigned)st->st_mode, (unsigned)st->st_uid,
		(unsigned)st->st_gid, (unsigned long long)st->st_dev,
		(unsigned long long)st->st_ino,
		(unsigned long long)st->st_rdev, (long long)st->st_size,
		(long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
		(long long)st->st_ctim.tv_sec, st->st_ctim.tv_nsec, link);
	return 0;
}

int
main(int argc, char **argv)
{
	return argc == 2 ? nftw(argv[1], show, 16, FTW_PHYS) : 2;
}
