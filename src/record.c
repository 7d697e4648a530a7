/* SPDX-License-Identifier: MIT */
/* record.c -- the members of state.json. */
#include "record.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "decode.h"
#include "diag.h"
#include "err.h"
#include "io.h"
#include "json.h"
#include "jsonw.h"
#include "life.h"
#include "log.h"
#include "plan.h"
#include "procfs.h"
#include "version.h"

/* A record and those members of the file that have another form in it. */
struct file {
	struct record r;
	const char *status;
	const char *version;    /* known, but of no use */
};

static const struct decode_field fields[] = {
	STR(file, version, "ociVersion", 0),
	STR(file, r.id, "id", 1),
	STR(file, status, "status", 1),
	STR(file, r.bundle, "bundle", 1),
	STR(file, r.rootfs, "rootfs", 1),
	STR(file, r.created, "created", 1),
	STR(file, r.boot_id, "bootId", 1),
	STR(file, r.bridge_ip, "bridgeIp", 0),
	STR(file, r.listener, "seccompListener", 0),
	STR(file, r.listener_metadata, "seccompListenerMetadata", 0),
	STR(file, r.resctrl, "resctrl", 0),
	STR(file, r.rdt_group, "rdtGroup", 0),
	NUM(int32_t, file, r.init.pid, "pid", 1, 0, INT32_MAX),
	NUM(uint64_t, file, r.init.start, "pidStartTime", 1, 0, UINT64_MAX),
	NUM(int32_t, file, r.creator.pid, "creatorPid", 1, 0, INT32_MAX),
	NUM(uint64_t, file, r.creator.start, "creatorStartTime", 1, 0,
		UINT64_MAX),
	NUM(uint64_t, file, r.owner, "ownerUid", 1, 0, UINT64_MAX),
	NUM(uint64_t, file, r.annotations_at, "annotationsAt", 0, 0,
		JSON_MAX_BYTES),
	NUM(uint64_t, file, r.annotations_len, "annotationsLength", 0, 0,
		JSON_MAX_BYTES),
	BOOL(file, r.rdt_ours, "rdtOurs", 0),
	BOOL(file, r.rdt_monitor, "rdtMonitor", 0),
	BOOL(file, r.poststart, "poststartHooks", 0),
	BOOL(file, r.poststop, "poststopHooks", 0),
	BOOL(file, r.no_keyring, "noNewKeyring", 0),
	BOOL(file, r.has_process, "hasProcess", 1),
	BOOL(file, r.private_pidns, "privatePidNamespace", 1),
};
static const struct decode_table table = TABLE(file, fields, 0);

int
record_init(struct record *r, struct arena *a, struct err *e)
{
	char *created = arena_alloc(a, TIME_TEXT, 1, e);
	char *boot_id = arena_alloc(a, BOOT_ID, 1, e);
	pid_t self = procfs_self();
	struct timespec now;

	*r = (struct record){ .status = STATUS_CREATING, .owner = geteuid() };
	if (!created || !boot_id)
		return -1;
	if (self < 0)
		return err_sys(e, "/proc/self");
	r->creator.pid = self;
	if (task_start_time(self, &r->creator.start, e) ||
	    boot_id_read(boot_id, e))
		return -1;
	clock_gettime(CLOCK_REALTIME, &now);
	time_text(created, &now, 9);
	r->created = created;
	r->boot_id = boot_id;
	return 0;
}

int
record_this_boot(const struct record *r, struct err *e)
{
	/* read once: the list of a thousand containers is of one boot */
	static char now[BOOT_ID];

	if (!*now && boot_id_read(now, e))
		return -1;
	return !strcmp(now, r->boot_id);
}

static void
put_str(struct jsonw *w, const char *key, const char *s)
{
	jsonw_key(w, key);
	jsonw_str(w, s);
}

static void
put_u64(struct jsonw *w, const char *key, uint64_t v)
{
	jsonw_key(w, key);
	jsonw_u64(w, v);
}

static void
put_true(struct jsonw *w, const char *key, bool v)
{
	if (!v)
		return;
	jsonw_key(w, key);
	jsonw_bool(w, true);
}

void
record_keep_rdt(struct record *r, const struct rdt_plan *p)
{
	r->resctrl = p->mount;
	r->rdt_group = p->group;
	r->rdt_ours = p->mount && p->how == RDT_OURS;
	r->rdt_monitor = p->monitor;
}

void
record_rdt(const struct record *r, struct rdt_plan *p)
{
	*p = (struct rdt_plan) {
		.mount = r->resctrl, .group = r->rdt_group,
		.monitor = r->rdt_monitor ? r->id : NULL,
		.how = r->rdt_ours ? RDT_OURS : RDT_THERE,
	};
	/* half of it is nothing that could be trusted */
	if (!p->group)
		p->mount = NULL;
}

int
record_write(const struct record *r, int fd, struct err *e)
{
	struct jsonw w;

	jsonw_init(&w, fd, true);
	jsonw_obj(&w);
	put_str(&w, "ociVersion", OCI_VERSION);
	put_str(&w, "id", r->id);
	put_str(&w, "status", status_name((enum status)r->status));
	put_u64(&w, "pid", (uint64_t)r->init.pid);
	put_u64(&w, "pidStartTime", r->init.start);
	put_str(&w, "bundle", r->bundle);
	put_str(&w, "rootfs", r->rootfs);
	put_str(&w, "created", r->created);
	put_u64(&w, "ownerUid", r->owner);
	put_str(&w, "bootId", r->boot_id);
	put_u64(&w, "creatorPid", (uint64_t)r->creator.pid);
	put_u64(&w, "creatorStartTime", r->creator.start);
	if (r->annotations_len) {
		put_u64(&w, "annotationsAt", r->annotations_at);
		put_u64(&w, "annotationsLength", r->annotations_len);
	}
	if (r->bridge_ip)
		put_str(&w, "bridgeIp", r->bridge_ip);
	if (r->listener)
		put_str(&w, "seccompListener", r->listener);
	if (r->listener_metadata)
		put_str(&w, "seccompListenerMetadata", r->listener_metadata);
	if (r->resctrl) {
		put_str(&w, "resctrl", r->resctrl);
		put_str(&w, "rdtGroup", r->rdt_group);
	}
	put_true(&w, "rdtOurs", r->rdt_ours);
	put_true(&w, "rdtMonitor", r->rdt_monitor);
	put_true(&w, "poststartHooks", r->poststart);
	put_true(&w, "poststopHooks", r->poststop);
	put_true(&w, "noNewKeyring", r->no_keyring);
	jsonw_key(&w, "hasProcess");
	jsonw_bool(&w, r->has_process);
	jsonw_key(&w, "privatePidNamespace");
	jsonw_bool(&w, r->private_pidns);
	jsonw_end(&w);
	return jsonw_finish(&w, e);
}

static int
read_file(struct file *f, int fd, struct arena *a, struct err *e)
{
	struct json j;
	struct diag diag = { .fd = -1, .err = e };
	struct decode d = { &j, a, &diag, e };

	*f = (struct file){ 0 };
	if (json_open_fd(&j, fd, "state.json", a, e) ||
	    decode_object(&d, &table, f) || json_end(&j, e))
		return -1;
	f->r.status = status_find(f->status);
	if (f->r.status < 0)
		return err_set(e, EBADMSG, "state.json: status `%s`",
			f->status);
	return 0;
}

int
record_read(struct record *r, int fd, struct arena *a, struct err *e)
{
	struct file f;

	if (!read_file(&f, fd, a, e)) {
		*r = f.r;
		return 0;
	}
	/* Whatever is wrong with our own file: it was not written whole. */
	if (e->code != ENOMEM && e->code != EIO)
		e->code = EBADMSG;
	return err_ctx(e, "corrupt state");
}
