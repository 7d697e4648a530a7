/* SPDX-License-Identifier: MIT */
/* feature.c -- the table of features, and what a kernel's configuration says of
 * it. */
#include "feature.h"

#include <errno.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "kconfig.h"

#define PREFIX "CONFIG_"
#define OR " or "

const struct feature_kind feature_kinds[F_COUNT] = {
#define X(id, name, option, without, effect, probe, arg) \
	{ without, probe },
	FEATURES(X)
#undef X
};

/* Four texts a row, one behind the other: no pointers, so no relocations. */
static const struct {
#define X(id, name, option, without, effect, probe, arg) \
	char id##1[sizeof(name)], id##2[sizeof(option)], \
		id##3[sizeof(effect)], id##4[sizeof(arg)];
	FEATURES(X)
#undef X
} texts = {
#define X(id, name, option, without, effect, probe, arg) \
	name, option, effect, arg,
	FEATURES(X)
#undef X
};

struct feature_text
feature_text(enum feature f)
{
	struct feature_text t = { .name = (const char *)&texts };
	unsigned skip = 4 * (unsigned)f;

	while (skip--)
		t.name += strlen(t.name) + 1;
	t.option = t.name + strlen(t.name) + 1;
	t.effect = t.option + strlen(t.option) + 1;
	t.arg = t.effect + strlen(t.effect) + 1;
	return t;
}

const char *
feature_option(const char **at, size_t *len)
{
	const char *name = *at;

	name += strncmp(name, OR, strlen(OR)) ? 0 : strlen(OR);
	if (strncmp(name, PREFIX, strlen(PREFIX)))
		return NULL;
	*len = strcspn(name, " ");
	*at = name + *len;
	return name;
}

enum { MAX_OPTIONS = 2 * F_COUNT };

/* Lists the options of all rows, in order. */
static unsigned
list_options(struct kconfig_option *o)
{
	unsigned f, n = 0;
	const char *at;
	size_t len;

	for (f = 0; f < F_COUNT; f++) {
		at = feature_text((enum feature)f).option;
		while (n < MAX_OPTIONS &&
		    (o[n].name = feature_option(&at, &len)))
			o[n++].n = (unsigned)len;
	}
	return n;
}

/* Of one row, whose options begin at *o; moves that behind them. */
static enum have
judge(enum feature f, const struct kconfig_option **o)
{
	const char *at = feature_text(f).option;
	enum kconfig_value best = KCONFIG_ABSENT;
	size_t len;

	if (!feature_option(&at, &len))
		return HAVE_UNKNOWN;
	do {
		if ((*o)->value > best)
			best = (*o)->value;
		++*o;
	} while (feature_option(&at, &len));
	return best == KCONFIG_YES ? HAVE_YES :
		best == KCONFIG_MODULE ? HAVE_MODULE : HAVE_NO;
}

int
feature_configured(enum have have[F_COUNT], const char *text, size_t n,
	struct arena scratch, struct err *e)
{
	struct kconfig_option *options = NEWS(&scratch, struct kconfig_option,
		MAX_OPTIONS, e);
	const struct kconfig_option *o = options;
	unsigned f;

	if (!o)
		return -1;
	if (!kconfig_scan(text, n, options, list_options(options)))
		return err_set(e, EINVAL, "not the configuration of a kernel: "
			"no line begins with " PREFIX);
	for (f = 0; f < F_COUNT; f++)
		have[f] = judge((enum feature)f, &o);
	have[F_NS_MOUNT] = HAVE_YES;
	return 0;
}
