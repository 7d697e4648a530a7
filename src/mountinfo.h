/* SPDX-License-Identifier: MIT */
/* mountinfo.h -- reader of /proc/PID/mountinfo (proc(5)), an entry at a time.
 *
 * Memory is bounded whatever a line holds: each field has its own room, and
 * what does not fit is cut and marked. */
#ifndef MOUNTINFO_H
#define MOUNTINFO_H

#include <stdbool.h>
#include <stdint.h>

struct err;

enum {
	MOUNTINFO_PATH = 4096,          /* PATH_MAX, with the NUL */
	MOUNTINFO_CHUNK = 1024,
};

/* One mount.  Octal escapes are decoded. */
struct mountinfo_entry {
	uint32_t id, parent;
	char root[MOUNTINFO_PATH];      /* of the mount in its file system */
	char mountpoint[MOUNTINFO_PATH]; /* as seen from this process's root */
	char options[128];              /* of the mount */
	char fstype[64];
	char super[1024];               /* options of the file system */
	bool path_cut;                  /* root or mountpoint are not whole */
	bool text_cut;                  /* one of the others is not */
};

/* All members are private to mountinfo.c. */
struct mountinfo {
	int fd;
	unsigned line;
	unsigned pos, len;              /* of chunk */
	char chunk[MOUNTINFO_CHUNK];
};

/* Starts reading at the file position of fd, which the caller keeps. */
void mountinfo_init(struct mountinfo *m, int fd);

/* The next mount: 1 there is one, 0 the end, -1 error.  A line that is not in
 * the format is an error, as is a last line without an end. */
int mountinfo_next(struct mountinfo *m, struct mountinfo_entry *n,
	struct err *e);

/* Decodes the kernel's \ooo in place; other backslashes stay. */
void mountinfo_unescape(char *s);

#endif
