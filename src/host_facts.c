/* SPDX-License-Identifier: MIT */
/* host_facts.c -- the facts about a host as a file. */
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>

#include "decode.h"
#include "diag.h"
#include "err.h"
#include "io.h"
#include "json.h"
#include "jsonw.h"

static const struct decode_field hier_fields[] = {
	BOOL(host_hier, v2, "v2", 1),
	STR(host_hier, controllers, "controllers", 1),
	STR(host_hier, mount, "mount", 1),
	STR(host_hier, root, "root", 1),
	BOOL(host_hier, writable, "writable", 1),
};
static const struct decode_table hier_table =
	TABLE(host_hier, hier_fields, HOST_MAX_HIER);

static const struct decode_field host_fields[] = {
	NUM(uint64_t, host, uid, "uid", 1, 0, UINT32_MAX),
	NUM(uint64_t, host, gid, "gid", 0, 0, UINT32_MAX),
	BOOL(host, in_userns, "in_userns", 1),
	BOOL(host, no_setid, "no_setid", 0),
	BOOL(host, groups_denied, "groups_denied", 0),
	BOOL(host, root_absolute, "root_absolute", 1),
	BOOL(host, no_proc, "no_proc", 0),
	NUM(uint64_t, host, cap_last, "cap_last", 1, 0, 63),
	BOOL(host, cgroup1, "cgroup1", 1),
	BOOL(host, cgroup2, "cgroup2", 1),
	BOOL(host, device_bpf, "device_bpf", 1),
	BOOL(host, device_v1, "device_v1", 1),
	BOOL(host, apparmor, "apparmor", 0),
	BOOL(host, selinux, "selinux", 0),
	STR(host, resctrl, "resctrl", 0),
	LIST(host, hier, "hierarchies", host_hier, hier_table),
};
static const struct decode_table host_table = TABLE(host, host_fields, 0);

int
host_load(struct host *h, const char *file, struct arena *a, struct err *e)
{
	AUTO_FD(fd, openat(AT_FDCWD, file, O_RDONLY | O_CLOEXEC | O_NOCTTY));
	struct json j;
	struct diag diag = { .fd = -1, .err = e };
	struct decode d = { &j, a, &diag, e };
	unsigned i;

	if (fd < 0)
		return err_sys(e, "%s", file);
	if (json_open_fd(&j, fd, file, a, e) ||
	    decode_object(&d, &host_table, h) || json_end(&j, e))
		return -1;
	if (h->resctrl && h->resctrl[0] != '/')
		return err_set(e, EINVAL, "%s: resctrl: not an absolute path",
			file);
	for (i = 0; i < h->n_hier; i++) {
		if (h->hier[i].mount[0] != '/')
			return err_set(e, EINVAL, "%s: hierarchies[%u].mount: "
				"not an absolute path", file, i);
	}
	return 0;
}

static void
put_bool(struct jsonw *w, const char *key, bool v)
{
	jsonw_key(w, key);
	jsonw_bool(w, v);
}

static void
put_str(struct jsonw *w, const char *key, const char *v)
{
	jsonw_key(w, key);
	jsonw_str(w, v);
}

static void
put_u64(struct jsonw *w, const char *key, uint64_t v)
{
	jsonw_key(w, key);
	jsonw_u64(w, v);
}

int
host_print(const struct host *h, int fd, struct err *e)
{
	const struct host_hier *x;
	struct jsonw w;

	jsonw_init(&w, fd, true);
	jsonw_obj(&w);
	put_u64(&w, "uid", h->uid);
	put_u64(&w, "gid", h->gid);
	put_bool(&w, "in_userns", h->in_userns);
	put_bool(&w, "no_setid", h->no_setid);
	put_bool(&w, "groups_denied", h->groups_denied);
	put_bool(&w, "root_absolute", h->root_absolute);
	put_bool(&w, "no_proc", h->no_proc);
	put_u64(&w, "cap_last", h->cap_last);
	put_bool(&w, "cgroup1", h->cgroup1);
	put_bool(&w, "cgroup2", h->cgroup2);
	put_bool(&w, "device_bpf", h->device_bpf);
	put_bool(&w, "device_v1", h->device_v1);
	put_bool(&w, "apparmor", h->apparmor);
	put_bool(&w, "selinux", h->selinux);
	if (h->resctrl)
		put_str(&w, "resctrl", h->resctrl);
	jsonw_key(&w, "hierarchies");
	jsonw_arr(&w);
	for (x = h->hier; x < h->hier + h->n_hier; x++) {
		jsonw_obj(&w);
		put_bool(&w, "v2", x->v2);
		put_str(&w, "controllers", x->controllers);
		put_str(&w, "mount", x->mount);
		put_str(&w, "root", x->root);
		put_bool(&w, "writable", x->writable);
		jsonw_end(&w);
	}
	jsonw_end(&w);
	jsonw_end(&w);
	return jsonw_finish(&w, e);
}
