/* SPDX-License-Identifier: MIT */
/* profile.c -- the three forms of a seccomp profile by one table. */
#include "profile.h"

#include <errno.h>
#include <string.h>

#include "arena.h"
#include "decode.h"
#include "diag.h"
#include "err.h"
#include "io.h"
#include "json.h"
#include "names.h"
#include "spec.h"
#include "spec_decode.h"
#include "spec_rules.h"
#include "spec_tables.h"

struct when {
	const char *const *caps, *const *arches;
	unsigned n_caps, n_arches;
	const char *min_kernel;
};

struct rule {
	const char *name, *const *names;
	unsigned n_names;
	unsigned action;
	bool has_errno_ret, has_errno_name;
	uint32_t errno_ret;
	unsigned errno_name;
	struct spec_seccomp_arg *args;
	unsigned n_args;
	struct when includes, excludes;
};

struct arch_map {
	unsigned architecture, sub; /* 1 << enum spec_seccomp_arch */
};

struct file {
	struct spec_seccomp s;  /* but syscalls */
	bool has_default, has_flags, has_default_errno_ret;
	bool has_default_errno;
	unsigned default_action, flags, default_errno;
	uint32_t default_errno_ret;
	struct arch_map *maps;
	unsigned n_maps;
	struct rule *rules;
	unsigned n_rules;
	struct linux_part {
		struct spec_seccomp *seccomp;
	} *linux;
};

/* Podman says it by name as well; these it uses. */
static const struct name errno_list[] = {
	{ "PERM", EPERM }, { "ACCES", EACCES }, { "INVAL", EINVAL },
	{ "NOSYS", ENOSYS },
};
static const struct names errno_names = NAMES("errno", "E", errno_list);

static const struct decode_field when_fields[] = {
	STRS(when, caps, "caps", 0, 0),
	STRS(when, arches, "arches", 0, 0),
	STR(when, min_kernel, "minKernel", 0),
};
static const struct decode_table when_table = TABLE(when, when_fields, 0);

static const struct decode_field rule_fields[] = {
	STR(rule, name, "name", 0),
	STRS(rule, names, "names", 0, 0),
	ENUM(rule, action, "action", 1, seccomp_action_names),
	NUM_H(uint32_t, rule, errno_ret, "errnoRet", 0, 4095),
	FIELD("errno", D_ENUM, 0, AT(rule, errno_name, unsigned),
		AUX(rule, has_errno_name, bool), 0, .names = &errno_names),
	LIST(rule, args, "args", spec_seccomp_arg, spec_seccomp_arg_table),
	OBJ(rule, includes, "includes", when, when_table),
	OBJ(rule, excludes, "excludes", when, when_table),
};
static const struct decode_table rule_table = TABLE(rule, rule_fields, 0);

static const struct decode_field map_fields[] = {
	ENUM(arch_map, architecture, "architecture", 1, seccomp_arch_names),
	FLAGS(arch_map, sub, "subArchitectures", seccomp_arch_names),
};
static const struct decode_table map_table = TABLE(arch_map, map_fields, 0);

static const struct decode_field linux_fields[] = {
	PTR(linux_part, seccomp, "seccomp", spec_seccomp, spec_seccomp_table),
};
static const struct decode_table linux_table =
	TABLE(linux_part, linux_fields, 0);

static const struct decode_field file_fields[] = {
	FIELD("defaultAction", D_ENUM, 0, AT(file, default_action, unsigned),
		AUX(file, has_default, bool), 0,
		.names = &seccomp_action_names),
	NUM_H(uint32_t, file, default_errno_ret, "defaultErrnoRet", 0, 4095),
	FIELD("defaultErrno", D_ENUM, 0, AT(file, default_errno, unsigned),
		AUX(file, has_default_errno, bool), 0, .names = &errno_names),
	FLAGS(file, s.architectures, "architectures", seccomp_arch_names),
	LIST(file, maps, "archMap", arch_map, map_table),
	FLAGS_H(file, flags, "flags", seccomp_flag_names),
	STR(file, s.listener_path, "listenerPath", 0),
	STR(file, s.listener_metadata, "listenerMetadata", 0),
	LIST(file, rules, "syscalls", rule, rule_table),
	PTR(file, linux, "linux", linux_part, linux_table),
};
static const struct decode_table file_table = TABLE(file, file_fields, 0);

/* What Go calls an architecture, where that is not our word. */
static const struct {
	char ours[8], go[8];
} go_names[] = {
	{ "x86_64", "amd64" }, { "i386", "x86" }, { "i386", "386" },
	{ "aarch64", "arm64" }, { "mipsel", "mipsle" },
};

static bool
is_arch(const char *ours, const char *text)
{
	for (size_t i = 0; i < COUNT(go_names); i++) {
		if (!strcmp(go_names[i].ours, ours) &&
		    !strcmp(go_names[i].go, text))
			return true;
	}
	return !strcmp(ours, text);
}

int
profile_kernel(const char *text, unsigned kernel[2])
{
	unsigned i, digits;

	for (i = 0; i < 2; i++) {
		kernel[i] = 0;
		for (digits = 0; *text >= '0' && *text <= '9'; digits++)
			kernel[i] = kernel[i] * 10 + (unsigned)(*text++ - '0');
		if (!digits || digits > 4 || (!i && *text++ != '.'))
			return -1;
	}
	return 0;
}

static int
count_caps(const struct when *w, const struct profile_for *whom, unsigned *n,
	struct err *e)
{
	unsigned i;

	for (*n = i = 0; i < w->n_caps; i++) {
		int cap = cap_number(w->caps[i]);

		if (cap < 0)
			return err_set(e, EINVAL, "unknown capability `%s`",
				w->caps[i]);
		*n += whom->caps >> cap & 1;
	}
	return 0;
}

/* How many of the conditions that are there hold: all, some or none. */
struct tally {
	unsigned asked, held, caps;
};

static int
judge(struct tally *t, const struct when *w, const struct profile_for *whom,
	struct err *e)
{
	unsigned i, min[2];
	bool arch = false;

	*t = (struct tally) { 0 };
	if (count_caps(w, whom, &t->caps, e))
		return -1;
	if (w->n_arches) {
		for (i = 0; i < w->n_arches; i++)
			arch = arch || is_arch(whom->arch, w->arches[i]);
		t->asked++;
		t->held += arch;
	}
	if (w->min_kernel) {
		if (profile_kernel(w->min_kernel, min))
			return err_set(e, EINVAL, "minKernel `%s`",
				w->min_kernel);
		t->asked++;
		t->held += whom->kernel[0] != min[0] ?
			whom->kernel[0] > min[0] : whom->kernel[1] >= min[1];
	}
	return 0;
}

/* Every condition of includes, and none of excludes; of the capabilities in
 * includes all, in excludes any. */
static int
holds(const struct rule *r, const struct profile_for *whom, bool *yes,
	struct err *e)
{
	struct tally in, out;

	if (judge(&in, &r->includes, whom, e) ||
	    judge(&out, &r->excludes, whom, e))
		return -1;
	*yes = in.held == in.asked && in.caps == r->includes.n_caps &&
		!out.held && !out.caps;
	return 0;
}

static int
convert(struct spec_seccomp_rule *to, const struct rule *r,
	const struct profile_for *whom, struct arena *a, struct err *e)
{
	const char **one;
	bool yes;

	if (!r->name == !r->names)
		return err_set(e, EINVAL, "name or names: give one");
	if (holds(r, whom, &yes, e))
		return -1;
	*to = (struct spec_seccomp_rule) {
		.names = r->names, .n_names = r->n_names, .action = r->action,
		.has_errno_ret = r->has_errno_ret || r->has_errno_name,
		.errno_ret = r->has_errno_name ? r->errno_name : r->errno_ret,
		.args = r->args, .n_args = r->n_args,
	};
	if (!yes) {
		to->names = NULL;
		to->n_names = 0;
	} else if (r->name) {
		one = NEWS(a, const char *, 2, e);
		if (!one)
			return -1;
		*one = r->name;
		to->names = one;
		to->n_names = 1;
	}
	return 0;
}

static int
combine(struct spec_seccomp *s, const struct file *f,
	const struct profile_for *whom, struct arena *a, struct err *e)
{
	unsigned i;

	*s = f->s;
	if (f->n_maps && s->architectures)
		return err_set(e, EINVAL, "architectures and archMap: give "
			"one");
	for (i = 0; i < f->n_maps; i++) {
		if (f->maps[i].architecture == 1u << whom->spec)
			s->architectures = f->maps[i].sub;
	}
	s->default_action = f->default_action;
	s->has_default_errno_ret = f->has_default_errno_ret ||
		f->has_default_errno;
	s->default_errno_ret = f->has_default_errno ? f->default_errno :
		f->default_errno_ret;
	s->has_flags = f->has_flags;
	s->flags = f->flags;
	s->n_syscalls = f->n_rules;
	s->syscalls = NEWS(a, struct spec_seccomp_rule, f->n_rules, e);
	if (!s->syscalls)
		return -1;
	for (i = 0; i < f->n_rules; i++) {
		if (convert(&s->syscalls[i], &f->rules[i], whom, a, e))
			return err_ctx(e, "syscalls[%u]", i);
	}
	return 0;
}

static int
decode_file(struct file *f, int fd, const char *name, struct diag *d,
	struct arena *a, struct err *e)
{
	struct json j;
	struct decode all = { &j, a, d, e };

	diag_open(d, -1, name, a);
	if (json_open_fd(&j, fd, name, a, e) ||
	    decode_kind(&all, JSON_OBJECT) <= 0 ||
	    decode_object(&all, &file_table, f))
		return -1;
	return json_end(&j, e);
}

int
profile_read(struct spec_seccomp *s, int fd, const char *name,
	const struct profile_for *whom, struct arena *a, struct err *e)
{
	struct diag d = { .err = e };
	struct spec spec = { .linux = { .seccomp = s } };
	struct file f = { .has_default = false };

	if (decode_file(&f, fd, name, &d, a, e))
		return -1;
	if (f.linux && f.linux->seccomp)
		*s = *f.linux->seccomp;
	else if (!f.has_default)
		return err_set(e, EINVAL, "%s: neither linux.seccomp nor "
			"defaultAction", name);
	else if (combine(s, &f, whom, a, e))
		return err_ctx(e, "%s", name);
	check_seccomp(&spec, &d);
	return d.errors ? -1 : 0;
}
