/* SPDX-License-Identifier: MIT */
/* t_mount_new.c -- how the options of mount(2) become those of fsconfig(2).
 * The system calls of compat/ are noted down here and not made. */
#include "mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "mask.h"
#include "nr.h"
#include "plan.h"
#include "sys.h"
#include "tap.h"

static char seen[512];

long
syscall(long nr, ...)
{
	const char *key, *value;
	unsigned cmd;
	va_list ap;

	if (nr == NR_FSOPEN || nr == NR_FSMOUNT)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (nr == NR_MOVE_MOUNT)
		return 0;
	if (nr != NR_FSCONFIG) {
		errno = ENOSYS;
		return -1;
	}
	va_start(ap, nr);
	(void)va_arg(ap, int);
	cmd = va_arg(ap, unsigned);
	key = va_arg(ap, const char *);
	value = va_arg(ap, const char *);
	va_end(ap);
	if (cmd != FSCONFIG_CMD_CREATE && strcmp(key, "source") != 0)
		snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen),
			"<%s>%s", key, cmd == FSCONFIG_SET_STRING ? value : "");
	return 0;
}

static const char *
options(const char *data)
{
	int fd;

	seen[0] = '\0';
	fd = mount_new("tmpfs", "tmpfs", 0, data);
	if (fd < 0)
		return errno == ENOSYS ? "mount(2)" : "?";
	close(fd);
	return seen;
}

/* A masked directory gets the label, in every case behind a comma or none. */
static void
masked(void)
{
	static const char *const paths[] = { "/d" };
	struct plan p = {
		.masked = paths, .n_masked = 1,
		.lsm.mount = "a:b:c:s0:c1,c2",
	};
	char top[] = "/tmp/wherry-t_mount_new.XXXXXX";
	struct err e = { 0 };

	if (!mkdtemp(top))
		abort();
	AUTO_FD(root, open(top, O_PATH | O_DIRECTORY | O_CLOEXEC));
	OK(mkdirat(root, "d", 0700) == 0);
	seen[0] = '\0';
	OK(mask_paths(&p, root, -1, &e) == 0);
	IS(err_str(&e), "");
	IS(seen, "<ro><nr_blocks>1<nr_inodes>1<context>a:b:c:s0:c1,c2");
	p.lsm.mount = NULL;
	seen[0] = '\0';
	OK(mask_paths(&p, root, -1, &e) == 0);
	IS(seen, "<ro><nr_blocks>1<nr_inodes>1");
	OK(unlinkat(root, "d", AT_REMOVEDIR) == 0 && rmdir(top) == 0);
}

int
main(void)
{
	IS(options(NULL), "");
	IS(options("size=1m,mode=755"), "<size>1m<mode>755");
	IS(options("newinstance,,gid=5,"), "<newinstance><gid>5");
	IS(options("context=\"a:s0:c1,c2\",mode=700"),
		"<context>a:s0:c1,c2<mode>700");
	IS(options("mode=700,context=\"a\""), "<mode>700<context>a");
	IS(options("context=\"\""), "<context>");
	/* who knows what these mean */
	IS(options("mpol=bind:0,2,size=1m"), "mount(2)");
	IS(options("lowerdir=a\\,b"), "mount(2)");
	IS(options("context=\"a"), "mount(2)");
	IS(options("context=\""), "mount(2)");
	IS(options("context=a\"b\""), "mount(2)");
	masked();
	return done();
}
