/* SPDX-License-Identifier: MIT */
/* conf.c -- the table of settings and the words they take. */
#include "conf.h"

#include <errno.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "log.h"
#include "str.h"

static const char *const formats[] = {
	[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", NULL
};
static const char *const levels[] = {
	[LEVEL_ERROR] = "error", [LEVEL_WARNING] = "warning",
	[LEVEL_INFO] = "info", [LEVEL_DEBUG] = "debug", NULL
};
static const char *const managers[] = {
	[MANAGER_CGROUPFS] = "cgroupfs", [MANAGER_DISABLED] = "disabled", NULL
};
static const char *const policies[] = {
	[POLICY_REQUIRE] = "require", [POLICY_WARN] = "warn",
	[POLICY_OFF] = "off", NULL
};

static const char *const switches[] = {
	[SWITCH_ON] = "on", [SWITCH_OFF] = "off", NULL
};

static const struct setting {
	char name[16];
	const char *const *words; /* NULL: a path */
	size_t off;
} settings[CONF_COUNT] = {
#define PATH(m) { #m, NULL, offsetof(struct conf, m) }
#define WORD(m, words) { #m, words, offsetof(struct conf, m) }
	[CONF_STATE_DIR] = PATH(state_dir),
	[CONF_LOG] = PATH(log),
	[CONF_LOG_FORMAT] = WORD(log_format, formats),
	[CONF_LOG_LEVEL] = WORD(log_level, levels),
	[CONF_CGROUP_MANAGER] = WORD(cgroup_manager, managers),
	[CONF_DEVICES_CGROUP] = WORD(devices_cgroup, policies),
	[CONF_LSM] = WORD(lsm, policies),
	[CONF_KEYRING] = WORD(keyring, policies),
	[CONF_SECCOMP_ENOSYS] = WORD(seccomp_enosys, switches),
	[CONF_SECCOMP_TIME64] = WORD(seccomp_time64, switches),
#undef PATH
#undef WORD
};

int
conf_init(struct conf *c, const char *runtime_dir, struct arena *a,
	struct err *e)
{
	*c = (struct conf){ .log_level = LEVEL_ERROR };
	if (!runtime_dir)
		return 0;
	c->state_dir = arena_fmt(a, e, "%s/wherry", runtime_dir);
	c->origin[CONF_STATE_DIR].from = FROM_ENVIRONMENT;
	return c->state_dir ? 0 : -1;
}

/* "require, warn or off" */
static int
bad_word(const struct setting *s, const char *value, struct err *e)
{
	char list[128];
	struct str t;

	str_init(&t, list, sizeof(list));
	for (size_t i = 0; s->words[i]; i++)
		str_add(&t, "%s%s", !i ? "" : s->words[i + 1] ? ", " : " or ",
			s->words[i]);
	return err_set(e, EINVAL, "%s: `%s` is not %s", s->name, value, list);
}

int
conf_set(struct conf *c, enum conf_key key, const char *value,
	struct conf_origin origin, struct err *e)
{
	const struct setting *s = &settings[key];
	void *member = (char *)c + s->off;
	int i;

	if (!s->words) {
		if (!*value)
			return err_set(e, EINVAL, "%s is empty", s->name);
		if (origin.from == FROM_FILE && *value != '/')
			return err_set(e, EINVAL,
				"%s: `%s` is not an absolute path", s->name,
				value);
		*(const char **)member = value;
	} else {
		for (i = 0; s->words[i] && strcmp(s->words[i], value); i++)
			;
		if (!s->words[i])
			return bad_word(s, value, e);
		*(int *)member = i;
	}
	c->origin[key] = origin;
	return 0;
}

int
conf_find(const char *name)
{
	for (int i = 0; i < CONF_COUNT; i++) {
		if (!strcmp(settings[i].name, name))
			return i;
	}
	return -1;
}

const char *
conf_name(enum conf_key key)
{
	return settings[key].name;
}

const char *
conf_text(const struct conf *c, enum conf_key key)
{
	const struct setting *s = &settings[key];
	const void *member = (const char *)c + s->off;
	const char *path;

	if (s->words)
		return s->words[*(const int *)member];
	path = *(const char *const *)member;
	return path ? path : "";
}
