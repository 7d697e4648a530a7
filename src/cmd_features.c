/* SPDX-License-Identifier: MIT */
/* cmd_features.c -- features: what this build can do, whatever the kernel
 * (features.md; list section 23).  A member that is false or empty is known
 * and not supported. */
#include <unistd.h>

#include "cmd.h"
#include "jsonw.h"
#include "mountopt.h"
#include "names.h"
#include "spec.h"
#include "spec_decode.h"
#include "str.h"
#include "version.h"

static void
put(struct jsonw *w, const char *key, const char *value)
{
	jsonw_key(w, key);
	jsonw_str(w, value);
}

static void
put_bool(struct jsonw *w, const char *key, bool v)
{
	jsonw_key(w, key);
	jsonw_bool(w, v);
}

static void
put_names(struct jsonw *w, const char *key, const struct names *set)
{
	char name[sizeof(set->list->text) + 16];
	struct str s;
	unsigned i;

	jsonw_key(w, key);
	jsonw_arr(w);
	for (i = 0; i < set->n; i++) {
		str_init(&s, name, sizeof(name));
		str_add(&s, "%s%s", set->prefix, set->list[i].text);
		jsonw_str(w, name);
	}
	jsonw_end(w);
}

/* An object of one member, "enabled". */
static void
put_enabled(struct jsonw *w, const char *key, bool enabled)
{
	jsonw_key(w, key);
	jsonw_obj(w);
	put_bool(w, "enabled", enabled);
	jsonw_end(w);
}

static void
put_empty(struct jsonw *w, const char *key)
{
	jsonw_key(w, key);
	jsonw_arr(w);
	jsonw_end(w);
}

static void
put_mount_options(struct jsonw *w)
{
	const char *word;
	unsigned i;

	jsonw_key(w, "mountOptions");
	jsonw_arr(w);
	for (i = 0; (word = mountopt_word(i)); i++)
		jsonw_str(w, word);
	jsonw_end(w);
}

/* All that the config can say; not what the kernel or the tables have. */
static void
put_seccomp(struct jsonw *w)
{
	jsonw_key(w, "seccomp");
	jsonw_obj(w);
	put_bool(w, "enabled", FEAT_SECCOMP);
	if (FEAT_SECCOMP) {
		put_names(w, "actions", &seccomp_action_names);
		put_names(w, "operators", &seccomp_op_names);
		put_names(w, "archs", &seccomp_arch_names);
		put_names(w, "knownFlags", &seccomp_flag_names);
		put_names(w, "supportedFlags", &seccomp_flag_names);
	}
	jsonw_end(w);
}

static void
put_linux(struct jsonw *w)
{
	put_names(w, "namespaces", &ns_names);
	put_names(w, "capabilities", &cap_names);
	jsonw_key(w, "cgroup");
	jsonw_obj(w);
	put_bool(w, "v1", FEAT_CGROUP_V1);
	put_bool(w, "v2", FEAT_CGROUP_V2);
	put_bool(w, "systemd", false);
	put_bool(w, "systemdUser", false);
	put_bool(w, "rdma", true);
	jsonw_end(w);
	put_seccomp(w);
	put_enabled(w, "apparmor", FEAT_LSM);
	put_enabled(w, "selinux", FEAT_LSM);
	jsonw_key(w, "intelRdt");
	jsonw_obj(w);
	put_bool(w, "enabled", true);
	put_bool(w, "schemata", true);
	put_bool(w, "monitoring", true);
	jsonw_end(w);
	jsonw_key(w, "memoryPolicy");
	jsonw_obj(w);
	put_names(w, "modes", &numa_mode_names);
	put_names(w, "flags", &numa_flag_names);
	jsonw_end(w);
	jsonw_key(w, "mountExtensions");
	jsonw_obj(w);
	put_enabled(w, "idmap", true);
	jsonw_end(w);
	put_enabled(w, "netDevices", true);
}

int
cmd_features(struct ctx *c, struct err *e)
{
	struct jsonw w;

	(void)c;
	jsonw_init(&w, STDOUT_FILENO, true);
	jsonw_obj(&w);
	put(&w, "ociVersionMin", "1.0.0");
	put(&w, "ociVersionMax", OCI_VERSION);
	if (FEAT_HOOKS)
		put_names(&w, "hooks", &hook_names);
	else
		put_empty(&w, "hooks");
	put_mount_options(&w);
	jsonw_key(&w, "linux");
	jsonw_obj(&w);
	put_linux(&w);
	jsonw_end(&w);
	jsonw_key(&w, "annotations");
	jsonw_obj(&w);
	put(&w, "wherry.version", WHERRY_VERSION);
	put(&w, "wherry.commit", WHERRY_COMMIT);
	put(&w, "org.opencontainers.runc.checkpoint.enabled", "false");
	jsonw_end(&w);
	jsonw_key(&w, "potentiallyUnsafeConfigAnnotations");
	jsonw_arr(&w);
	jsonw_str(&w, SPEC_FILTER_KEY);
	jsonw_end(&w);
	jsonw_end(&w);
	return jsonw_finish(&w, e);
}
