/* SPDX-License-Identifier: MIT */
/* report.c -- runtime-spec, runtime.md, "State". */
#include "report.h"

#include <fcntl.h>

#include "io.h"
#include "jsonw.h"
#include "life.h"
#include "record.h"
#include "str.h"
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

void
report_json(struct jsonw *w, const struct record *r, int status, int dir)
{
	const bool lives = status != STATUS_STOPPED;
	AUTO_FD(config, -1);
	char owner[OWNER_TEXT];

	report_owner(owner, r);
	jsonw_obj(w);
	put(w, "ociVersion", OCI_VERSION);
	put(w, "id", r->id);
	put(w, "status", status_name((enum status)status));
	jsonw_key(w, "pid");
	jsonw_i64(w, lives ? r->init.pid : 0);
	put(w, "bundle", r->bundle);
	if (r->annotations_len) {
		config = openat(dir, "config.json", O_RDONLY | O_CLOEXEC);
		jsonw_key(w, "annotations");
		jsonw_copy(w, config, r->annotations_at, r->annotations_len);
	}
	put(w, "rootfs", r->rootfs);
	put(w, "created", r->created);
	put(w, "owner", owner);
	if (lives && r->init.pid) {
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
