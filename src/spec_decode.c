/* SPDX-License-Identifier: MIT */
/* spec_decode.c -- the tables of config.md (runtime-spec 1.3). */
#include "spec_decode.h"

#include <string.h>
#include <sys/resource.h>

#include "arena.h"
#include "decode.h"
#include "diag.h"
#include "err.h"
#include "io.h"
#include "json.h"
#include "log.h"
#include "names.h"
#include "spec.h"
#include "spec_tables.h"

static const struct decode_field root_fields[] = {
	STR(spec_root, path, "path", 1),
	BOOL(spec_root, readonly, "readonly", 0),
};
static const struct decode_table root_table = TABLE(spec_root, root_fields, 0);

/* config.md: a relative destination is deprecated but means "from /". */
static int
destination(struct decode *d, void *member)
{
	struct err e = { 0 };
	const char *s;
	int r = decode_str(d, &s);

	if (r <= 0)
		return r;
	if (*s != '/') {
		json_fail(d->json, &e, "`%s` is taken as `/%s`: relative "
			"destinations are deprecated", s, s);
		diag_say(d->diag, LEVEL_WARNING, err_str(&e));
		s = arena_fmt(d->arena, d->err, "/%s", s);
	}
	*(const char **)member = s;
	return s ? 1 : -1;
}

static const struct decode_field mount_fields[] = {
	CUSTOM(spec_mount, destination, "destination", 1, const char *,
		destination),
	STR(spec_mount, source, "source", 0),
	STR(spec_mount, type, "type", 0),
	STRS(spec_mount, options, "options", 0, 0),
	LIST(spec_mount, uid_mappings, "uidMappings", spec_idmap,
		spec_idmap_table),
	LIST(spec_mount, gid_mappings, "gidMappings", spec_idmap,
		spec_idmap_table),
};
static const struct decode_table mount_table =
	TABLE(spec_mount, mount_fields, SPEC_MAX_MOUNTS);

static const struct decode_field console_fields[] = {
	NUM(uint64_t, spec_console_size, height, "height", 1, 0, UINT64_MAX),
	NUM(uint64_t, spec_console_size, width, "width", 1, 0, UINT64_MAX),
};
static const struct decode_table console_table =
	TABLE(spec_console_size, console_fields, 0);

static const struct decode_field user_fields[] = {
	NUM(uint32_t, spec_user, uid, "uid", 1, 0, SPEC_MAX_ID),
	NUM(uint32_t, spec_user, gid, "gid", 1, 0, SPEC_MAX_ID),
	NUM_H(uint32_t, spec_user, umask, "umask", 0, 0777),
	NUMS(spec_user, additional_gids, "additionalGids", SPEC_MAX_ID),
	STR(spec_user, username, "username", 0),
};
static const struct decode_table user_table = TABLE(spec_user, user_fields, 0);

static int
add_cap(struct decode *d, void *arg, const char *text)
{
	uint64_t *set = arg;
	struct err e = { 0 };
	int n = text ? cap_number(text) : -1;

	if (n >= 0) {
		*set |= UINT64_C(1) << n;
	} else if (text) {
		/* config.md: MUST be logged, SHOULD NOT fail. */
		json_fail(d->json, &e, "unknown capability `%s` is not granted",
			text);
		diag_say(d->diag, LEVEL_WARNING, err_str(&e));
	}
	return 0;
}

static int
cap_set(struct decode *d, void *member)
{
	return decode_each(d, member, add_cap);
}

static const struct decode_field cap_fields[] = {
	CUSTOM(spec_capabilities, bounding, "bounding", 0, uint64_t, cap_set),
	CUSTOM(spec_capabilities, effective, "effective", 0, uint64_t, cap_set),
	CUSTOM(spec_capabilities, inheritable, "inheritable", 0, uint64_t,
		cap_set),
	CUSTOM(spec_capabilities, permitted, "permitted", 0, uint64_t, cap_set),
	CUSTOM(spec_capabilities, ambient, "ambient", 0, uint64_t, cap_set),
};
static const struct decode_table cap_table =
	TABLE(spec_capabilities, cap_fields, 0);

static const struct decode_field rlimit_fields[] = {
	ENUM(spec_rlimit, type, "type", 1, rlimit_names),
	NUM(uint64_t, spec_rlimit, soft, "soft", 1, 0, UINT64_MAX),
	NUM(uint64_t, spec_rlimit, hard, "hard", 1, 0, UINT64_MAX),
};
/* A type that is no limit, for elements that could not be read. */
static const struct spec_rlimit rlimit_blank = { .type = RLIM_NLIMITS };
static const struct decode_table rlimit_table = {
	rlimit_fields, COUNT(rlimit_fields), sizeof(struct spec_rlimit), 0,
	&rlimit_blank,
};

static const struct name policy_list[] = {
	{ "OTHER", 0 }, { "FIFO", 1 }, { "RR", 2 }, { "BATCH", 3 },
	{ "ISO", 4 }, { "IDLE", 5 }, { "DEADLINE", 6 },
};
static const struct names policy_names =
	NAMES("policy", "SCHED_", policy_list);

static const struct name sched_flag_list[] = {
	{ "RESET_ON_FORK", 0x01 }, { "RECLAIM", 0x02 }, { "DL_OVERRUN", 0x04 },
	{ "KEEP_POLICY", 0x08 }, { "KEEP_PARAMS", 0x10 },
	{ "UTIL_CLAMP_MIN", 0x20 }, { "UTIL_CLAMP_MAX", 0x40 },
};
static const struct names sched_flag_names =
	NAMES("flag", "SCHED_FLAG_", sched_flag_list);

static const struct decode_field scheduler_fields[] = {
	ENUM(spec_scheduler, policy, "policy", 1, policy_names),
	NUM(int32_t, spec_scheduler, nice, "nice", 0, -20, 19),
	NUM(int32_t, spec_scheduler, priority, "priority", 0, 0, 99),
	FLAGS(spec_scheduler, flags, "flags", sched_flag_names),
	NUM(uint64_t, spec_scheduler, runtime, "runtime", 0, 0, UINT64_MAX),
	NUM(uint64_t, spec_scheduler, deadline, "deadline", 0, 0, UINT64_MAX),
	NUM(uint64_t, spec_scheduler, period, "period", 0, 0, UINT64_MAX),
};
static const struct decode_table scheduler_table =
	TABLE(spec_scheduler, scheduler_fields, 0);

static const struct name io_class_list[] = {
	{ "RT", 1 }, { "BE", 2 }, { "IDLE", 3 },
};
static const struct names io_class_names =
	NAMES("class", "IOPRIO_CLASS_", io_class_list);

static const struct decode_field io_priority_fields[] = {
	ENUM(spec_io_priority, class, "class", 1, io_class_names),
	NUM(uint32_t, spec_io_priority, priority, "priority", 1, 0, 7),
};
static const struct decode_table io_priority_table =
	TABLE(spec_io_priority, io_priority_fields, 0);

static const struct decode_field affinity_fields[] = {
	STR(spec_exec_cpu_affinity, initial, "initial", 0),
	STR(spec_exec_cpu_affinity, final, "final", 0),
};
static const struct decode_table affinity_table =
	TABLE(spec_exec_cpu_affinity, affinity_fields, 0);

static const struct decode_field process_fields[] = {
	BOOL(spec_process, terminal, "terminal", 0),
	PTR(spec_process, console_size, "consoleSize", spec_console_size,
		console_table),
	STR(spec_process, cwd, "cwd", 1),
	STRS(spec_process, env, "env", 0, SPEC_MAX_ARGS),
	STRS(spec_process, args, "args", 0, SPEC_MAX_ARGS),
	LIST(spec_process, rlimits, "rlimits", spec_rlimit, rlimit_table),
	STR(spec_process, apparmor_profile, "apparmorProfile", 0),
	PTR(spec_process, capabilities, "capabilities", spec_capabilities,
		cap_table),
	BOOL_H(spec_process, no_new_privileges, "noNewPrivileges"),
	NUM_H(int32_t, spec_process, oom_score_adj, "oomScoreAdj", -1000, 1000),
	PTR(spec_process, scheduler, "scheduler", spec_scheduler,
		scheduler_table),
	STR(spec_process, selinux_label, "selinuxLabel", 0),
	PTR(spec_process, io_priority, "ioPriority", spec_io_priority,
		io_priority_table),
	PTR(spec_process, exec_cpu_affinity, "execCPUAffinity",
		spec_exec_cpu_affinity, affinity_table),
	OBJ_H(spec_process, user, "user", spec_user, user_table),
};
static const struct decode_table process_table =
	TABLE(spec_process, process_fields, 0);

/* Seconds that still fit an int in milliseconds, as poll(2) wants them. */
enum { MAX_TIMEOUT = INT32_MAX / 1000 };

static const struct decode_field hook_fields[] = {
	STR(spec_hook, path, "path", 1),
	STRS(spec_hook, args, "args", 0, SPEC_MAX_ARGS),
	STRS(spec_hook, env, "env", 0, SPEC_MAX_ARGS),
	NUM_H(uint32_t, spec_hook, timeout, "timeout", 1, MAX_TIMEOUT),
};
static const struct decode_table hook_table = TABLE(spec_hook, hook_fields, 0);

static const struct name hook_list[] = {
	{ "prestart", HOOK_PRESTART },
	{ "createRuntime", HOOK_CREATE_RUNTIME },
	{ "createContainer", HOOK_CREATE_CONTAINER },
	{ "startContainer", HOOK_START_CONTAINER },
	{ "poststart", HOOK_POSTSTART },
	{ "poststop", HOOK_POSTSTOP },
};
const struct names hook_names = NAMES("hook", "", hook_list);

#define HOOK(kind, k) LIST(spec_hooks, list[kind], k, spec_hook, hook_table)
static const struct decode_field hooks_fields[] = {
	HOOK(HOOK_PRESTART, "prestart"),
	HOOK(HOOK_CREATE_RUNTIME, "createRuntime"),
	HOOK(HOOK_CREATE_CONTAINER, "createContainer"),
	HOOK(HOOK_START_CONTAINER, "startContainer"),
	HOOK(HOOK_POSTSTART, "poststart"),
	HOOK(HOOK_POSTSTOP, "poststop"),
};
static const struct decode_table hooks_table =
	TABLE(spec_hooks, hooks_fields, 0);

/* One annotation: checked, and not kept unless it is for us. */
static int
annotation(struct decode *d, struct spec_annotations *a)
{
	char key[sizeof(SPEC_FILTER_KEY) + 1];
	int r;

	if (json_key(d->json, key, sizeof(key), d->err))
		return -1;
	if (!*key) {
		json_fail(d->json, d->err, "an empty key");
		if (diag_take(d->diag, d->err))
			return -1;
	}
	if (!strcmp(key, SPEC_FILTER_KEY))
		return decode_str(d, &a->filter);
	r = decode_kind(d, JSON_STRING);
	if (r > 0)
		r = json_skip(d->json, NULL, NULL, d->err);
	return r;
}

static int
annotations(struct decode *d, void *member)
{
	struct spec_annotations *a = member;
	int r = decode_kind(d, JSON_OBJECT);

	if (r <= 0)
		return r;
	a->at = json_at(d->json);
	if (json_enter(d->json, '{', d->err))
		return -1;
	while ((r = json_more(d->json, d->err)) > 0) {
		if (annotation(d, a) < 0)
			return -1;
		a->n++;
	}
	a->len = json_at(d->json) - a->at;
	return r < 0 ? -1 : 1;
}

static const struct decode_field spec_fields[] = {
	STR(spec, oci_version, "ociVersion", 1),
	PTR(spec, root, "root", spec_root, root_table),
	LIST(spec, mounts, "mounts", spec_mount, mount_table),
	PTR(spec, process, "process", spec_process, process_table),
	STR(spec, hostname, "hostname", 0),
	STR(spec, domainname, "domainname", 0),
	PTR(spec, hooks, "hooks", spec_hooks, hooks_table),
	CUSTOM(spec, annotations, "annotations", 0, struct spec_annotations,
		annotations),
	OBJ(spec, linux, "linux", spec_linux, spec_linux_table),
};
static const struct decode_table spec_table = TABLE(spec, spec_fields, 0);

static int
decode_all(struct spec *s, struct json *j, struct diag *d, struct arena *a,
	struct err *e)
{
	struct decode all = { j, a, d, e };
	int r;

	memset(s, 0, sizeof(*s));
	r = decode_kind(&all, JSON_OBJECT);
	if (r > 0)
		r = decode_object(&all, &spec_table, s);
	if (r < 0)
		return -1;
	return json_end(j, e);
}

int
spec_decode(struct spec *s, int fd, const char *name, struct diag *d,
	struct arena *a, struct err *e)
{
	struct json j;

	diag_open(d, fd, name, a);
	if (json_open_fd(&j, fd, name, a, e))
		return -1;
	return decode_all(s, &j, d, a, e);
}

int
spec_decode_text(struct spec *s, const char *text, size_t len,
	struct diag *d, struct arena *a, struct err *e)
{
	struct json j;

	diag_open(d, -1, d->name, a);
	if (json_open_text(&j, text, len, d->name, a, e))
		return -1;
	return decode_all(s, &j, d, a, e);
}

/* One object alone, of a text that is called d->diag->name. */
static int
decode_part(struct decode *d, const struct decode_table *t, void *obj,
	const char *text, size_t len)
{
	struct json j;
	int r;

	d->json = &j;
	diag_open(d->diag, -1, d->diag->name, d->arena);
	r = json_open_text(&j, text, len, d->diag->name, d->arena, d->err) ?
		-1 : decode_kind(d, JSON_OBJECT);
	if (r > 0)
		r = decode_object(d, t, obj);
	r = r < 0 ? -1 : json_end(&j, d->err);
	d->json = NULL;
	return r;
}

int
spec_decode_resources(struct spec *s, const char *text, size_t len,
	struct diag *d, struct arena *a, struct err *e)
{
	struct decode part = { NULL, a, d, e };

	memset(s, 0, sizeof(*s));
	s->linux.resources = NEW(a, struct spec_resources, e);
	return s->linux.resources ? decode_part(&part, &spec_resources_table,
		s->linux.resources, text, len) : -1;
}

int
spec_decode_process(struct spec_process *p, const char *text, size_t len,
	struct diag *d, struct arena *a, struct err *e)
{
	struct decode part = { NULL, a, d, e };

	return decode_part(&part, &process_table, p, text, len);
}
