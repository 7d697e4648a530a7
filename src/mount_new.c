/* SPDX-License-Identifier: MIT */
/* mount_new.c -- file systems by fsopen (Linux 5.2): the only way to hold a new
 * mount without looking for it by its path. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "io.h"
#include "mount.h"
#include "sys.h"

enum { VALUE = 256 };           /* fsconfig(2) takes no longer ones */

static const struct {
	unsigned ms;
	char word[9];
} words[] = {
	{ MS_RDONLY, "ro" }, { MS_SYNCHRONOUS, "sync" },
	{ MS_DIRSYNC, "dirsync" }, { MS_LAZYTIME, "lazytime" },
};

/* One option, "size=1m" or "newinstance", of len characters. */
static int
set_option(int fs, const char *text, size_t len)
{
	char key[VALUE];
	char *value;
	size_t end;

	if (len >= sizeof(key)) {
		errno = ENOSYS;
		return -1;
	}
	memcpy(key, text, len);
	key[len] = '\0';
	value = strchr(key, '=');
	if (!value)
		return sys_fsconfig(fs, FSCONFIG_SET_FLAG, key, NULL, 0);
	*value++ = '\0';
	end = strlen(value);
	if (end > 1 && *value == '"' && value[end - 1] == '"') {
		value[end - 1] = '\0';
		value++;
	}
	if (strchr(value, '"')) {
		errno = ENOSYS;
		return -1;
	}
	return sys_fsconfig(fs, FSCONFIG_SET_STRING, key, value, 0);
}

/* Up to the comma that ends an option.  Security modules read quotes out of
 * the data of mount(2), around labels with commas; fsconfig(2) wants those
 * without. */
static size_t
option_len(const char *s)
{
	bool quoted = false;
	size_t n;

	for (n = 0; s[n] && (s[n] != ',' || quoted); n++)
		quoted ^= s[n] == '"';
	return n;
}

/* mount(2) lets each file system part its options as it likes: with
 * backslashes, and no comma before a digit for the lists of nodes. */
static int
set_options(int fs, const char *data)
{
	size_t len;

	for (; *data; data += len + (data[len] == ',')) {
		len = option_len(data);
		if (memchr(data, '\\', len) ||
		    (data[len] && data[len + 1] >= '0' &&
		    data[len + 1] <= '9')) {
			errno = ENOSYS;
			return -1;
		}
		if (len && set_option(fs, data, len))
			return -1;
	}
	return 0;
}

static unsigned
attrs_of(unsigned long flags)
{
	return (flags & MS_RDONLY ? MOUNT_ATTR_RDONLY : 0) |
		(flags & MS_NOSUID ? MOUNT_ATTR_NOSUID : 0) |
		(flags & MS_NODEV ? MOUNT_ATTR_NODEV : 0) |
		(flags & MS_NOEXEC ? MOUNT_ATTR_NOEXEC : 0) |
		(flags & MS_NODIRATIME ? MOUNT_ATTR_NODIRATIME : 0) |
		(flags & MS_NOSYMFOLLOW ? MOUNT_ATTR_NOSYMFOLLOW : 0) |
		(flags & MS_STRICTATIME ? MOUNT_ATTR_STRICTATIME :
		flags & MS_NOATIME ? MOUNT_ATTR_NOATIME : 0);
}

int
mount_new(const char *type, const char *source, unsigned long flags,
	const char *data)
{
	AUTO_FD(fs, -1);
	size_t i;

	/* nobody but mount(2) knows these */
	if (flags & (MS_I_VERSION | MS_MANDLOCK | MS_SILENT)) {
		errno = ENOSYS;
		return -1;
	}
	fs = sys_fsopen(type);
	if (fs < 0 || sys_fsconfig(fs, FSCONFIG_SET_STRING, "source", source,
	    0))
		return -1;
	for (i = 0; i < COUNT(words); i++) {
		if (flags & words[i].ms && sys_fsconfig(fs, FSCONFIG_SET_FLAG,
		    words[i].word, NULL, 0))
			return -1;
	}
	if ((data && set_options(fs, data)) ||
	    sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	return sys_fsmount(fs, attrs_of(flags));
}
