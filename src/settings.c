/* SPDX-License-Identifier: MIT */
/* settings.c -- who has a say in which setting. */
#include "settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "conf.h"
#include "err.h"
#include "io.h"
#include "log.h"
#include "notify.h"

enum { LISTEN_MAX = 1024 };

/* Options that are settings. */
static const struct {
	enum conf_key key;
	size_t off;
} merged[] = {
	{ CONF_STATE_DIR, offsetof(struct opts, root) },
	{ CONF_LOG, offsetof(struct opts, log) },
	{ CONF_LOG_FORMAT, offsetof(struct opts, log_format) },
	{ CONF_LOG_LEVEL, offsetof(struct opts, log_level) },
	{ CONF_CGROUP_MANAGER, offsetof(struct opts, cgroup_manager) },
};

/* Root of a user namespace can't use what belongs to the host's root. */
static bool
in_userns(void)
{
	char map[64], *p = map;

	if (read_small_at(AT_FDCWD, "/proc/self/uid_map", map,
	    sizeof(map)) < 0)
		return errno == EFBIG;  /* more than one line */
	for (const char *want = "0 0 4294967295"; *want; want++) {
		if (*want != ' ')
			p += strspn(p, " ");
		if (*p++ != *want)
			return true;
	}
	return false;
}

/* *dir is XDG_RUNTIME_DIR where it decides, else NULL. */
static int
runtime_dir(const struct opts *o, const char **dir, struct err *e)
{
	const char *word = o->rootless ? o->rootless : "auto";
	const char *env = getenv("XDG_RUNTIME_DIR");
	bool rootless = !strcmp(word, "true");

	*dir = NULL;
	if (!rootless && strcmp(word, "false") && strcmp(word, "auto"))
		return err_set(e, EINVAL,
			"--rootless: `%s` is not true, false or auto", word);
	if (!env || *env != '/' || !strcmp(word, "false"))
		return 0;
	if (rootless || geteuid() != 0 || in_userns())
		*dir = env;
	return 0;
}

static int
merge(struct conf *c, const struct opts *o, struct err *e)
{
	const struct conf_origin given = { FROM_COMMAND_LINE, 0 };
	const char *value;

	for (size_t i = 0; i < COUNT(merged); i++) {
		value = *(const char *const *)(const void *)
			((const char *)o + merged[i].off);
		if (value && conf_set(c, merged[i].key, value, given, e))
			return -1;
	}
	if (o->timing && c->log_level < LEVEL_INFO &&
	    conf_set(c, CONF_LOG_LEVEL, "info", given, e))
		return -1;
	if (o->debug)
		return conf_set(c, CONF_LOG_LEVEL, "debug", given, e);
	return 0;
}

int
settings_load(struct conf *c, const struct opts *o, struct arena *a,
	struct err *e)
{
	struct err first = { 0 };
	const char *dir;

	if (runtime_dir(o, &dir, &first))
		dir = NULL;
	if (conf_init(c, dir, a, e))
		return -1;
	if (!first.code)
		conf_read(c, o->config_file, a, &first);
	/* Even now: --log says where the error goes. */
	if (merge(c, o, e))
		return -1;
	if (!first.code)
		return 0;
	*e = first;
	return -1;
}

int
settings_listen(struct opts *o, struct err *e)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	unsigned long long n;

	if (!pid || !fds || parse_u64(pid, INT32_MAX, &n) ||
	    n != (unsigned long long)getpid())
		return 0;
	if (parse_u64(fds, LISTEN_MAX, &n))
		return err_set(e, EINVAL, "LISTEN_FDS: `%s` is not a number "
			"up to %d", fds, LISTEN_MAX);
	o->listen_fds = (unsigned)n;
	o->listen_names = getenv("LISTEN_FDNAMES");
	return 0;
}

int
settings_notify(struct opts *o, struct err *e)
{
	const char *host = getenv("NOTIFY_SOCKET");

	if (!host || !*host)
		return 0;
	o->notify = host;
	return notify_check(host, e);
}
