/* SPDX-License-Identifier: MIT */
/* report.c -- runtime-spec, runtime.md, "State". */
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "io.h"
#include "jsonw.h"
#include "life.h"
#include "record.h"
#include "spec.h"
#include "str.h"
#include "sys.h"
#include "version.h"

void
report_owner(char buf[static OWNER_TEXT], const struct record *r)
{
	struct str s;

	/* No look into passwd: libc's reader can't be bounded (sec T20). */
	str_init(&s, buf, OWNER_TEXT);
	if (r->owner)
		str_add(&s, "#%llu", (unsigned long long)r->owner);
	else
		str_add(&s, "root");
}

static void
put(struct jsonw *w, const char *key, const char *value)
{
	jsonw_key(w, key);
	jsonw_str(w, value);
}

/* Not any more: a delete has just removed the config, or the power failed
 * before it was on the disk.  Such a container can still be told of, and must
 * not keep `list` from the others. */
static bool
lost_annotations(const struct record *r, int config)
{
	struct stat st;

	return config < 0 ? errno == ENOENT : !fstat(config, &st) &&
		(uint64_t)st.st_size < r->annotations_at + r->annotations_len;
}

static void
put_annotations(struct jsonw *w, const struct record *r, int dir)
{
	AUTO_FD(ours, -1);
	int config = r->annotations_fd;

	if (!r->annotations_len)
		return;
	if (!config) {
		config = ours = openat(dir, "config.json", O_RDONLY |
			O_CLOEXEC);
		if (lost_annotations(r, config))
			return;
	}
	jsonw_key(w, "annotations");
	jsonw_copy(w, config, r->annotations_at, r->annotations_len);
}

void
report_json(struct jsonw *w, const struct record *r, int status, int dir)
{
	const bool lives = status != STATUS_STOPPED;
	char owner[OWNER_TEXT];

	report_owner(owner, r);
	jsonw_obj(w);
	put(w, "ociVersion", OCI_VERSION);
	put(w, "id", r->id);
	put(w, "status", status_name((enum status)status));
	jsonw_key(w, "pid");
	jsonw_i64(w, lives ? r->init.pid : 0);
	put(w, "bundle", r->bundle);
	put_annotations(w, r, dir);
	put(w, "rootfs", r->rootfs);
	put(w, "created", r->created);
	put(w, "owner", owner);
	if (lives && r->init.start) {
		jsonw_key(w, "pidStartTime");
		jsonw_u64(w, r->init.start);
	}
	if (r->oom_killed) {
		jsonw_key(w, "oomKilled");
		jsonw_bool(w, true);
	}
	if (r->bridge_ip)
		put(w, "bridgeIp", r->bridge_ip);
	jsonw_end(w);
}

int
report_hook_status(unsigned kind)
{
	static const unsigned char words[HOOK_KINDS] = {
		[HOOK_PRESTART] = STATUS_CREATING,
		[HOOK_CREATE_RUNTIME] = STATUS_CREATING,
		[HOOK_CREATE_CONTAINER] = STATUS_CREATING,
		[HOOK_START_CONTAINER] = STATUS_CREATED,
		[HOOK_POSTSTART] = STATUS_RUNNING,
		[HOOK_POSTSTOP] = STATUS_STOPPED,
	};

	return words[kind];
}

/* Readers must not be able to change what others read after them. */
static int
unnamed_file(int dir, int *reader)
{
	static const char name[] = ".report";
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW |
		O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	*reader = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	unlinkat(dir, name, 0);
	return fd;
}

int
report_file(const struct record *r, int status, int dir, struct err *e)
{
	AUTO_FD(fd, sys_memfd_create("state"));
	AUTO_FD(reader, -1);
	struct jsonw w;

	if (fd < 0)
		fd = unnamed_file(dir, &reader);
	else
		reader = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0 || reader < 0)
		return err_sys(e, "state: file");
	jsonw_init(&w, fd, false);
	report_json(&w, r, status, dir);
	if (jsonw_finish(&w, e))
		return -1;
	fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW |
		F_SEAL_WRITE);
	return lseek(reader, 0, SEEK_SET) < 0 ? err_sys(e, "state: file") :
		fd_take(&reader);
}
