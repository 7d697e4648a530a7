/* SPDX-License-Identifier: MIT */
/* cmd_check_host.c -- check --host and --kconfig: the table of features, and
 * whether what is needed is there. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "bundle.h"
#include "cmd.h"
#include "cmd_check.h"
#include "conf.h"
#include "diag.h"
#include "err.h"
#include "feature.h"
#include "fmt.h"
#include "host.h"
#include "io.h"
#include "jsonw.h"
#include "kconfig.h"
#include "str.h"

enum { LINE = 512, MAX_ROWS = F_COUNT + FEATURE_TYPES };

static const char haves[][8] = {
	[HAVE_NO] = "no", [HAVE_YES] = "yes", [HAVE_MODULE] = "module",
	[HAVE_UNKNOWN] = "unknown",
};
static const char withouts[][12] = {
	[FALLBACK] = "fallback", [WEAKER] = "weaker", [REFUSED] = "refused",
};

struct row {
	struct feature_text text;
	enum have have;
	enum without without;
	bool needed;
};

struct table {
	const char *kernel;     /* the file; NULL: the one that runs */
	struct row rows[MAX_ROWS];
	unsigned n;
};

/* --- What is there, what is needed ---------------------------------------- */

/* As for create: a filter is made by root of the host. */
static struct feature_rules
rules_of(const struct ctx *x)
{
	const struct conf *c = x->conf;
	const bool cgroups = c->cgroup_manager != MANAGER_DISABLED;
	const char *rootless = x->opt->rootless ? x->opt->rootless : "auto";
	struct err ignored = { 0 };
	struct host h = { .uid = geteuid() };
	bool root;

	if (!x->opt->kconfig && host_probe(&h, x->arena, &ignored))
		h.in_userns = false;
	root = x->opt->kconfig ? strcmp(rootless, "true") != 0 :
		strcmp(rootless, "auto") ? !strcmp(rootless, "false") :
		!h.uid && !h.in_userns;
	return (struct feature_rules){
		.devices = root && cgroups &&
			c->devices_cgroup == POLICY_REQUIRE,
		.cgroups = cgroups,
		.lsm = FEAT_LSM && c->lsm == POLICY_REQUIRE,
		.keyring = c->keyring == POLICY_REQUIRE,
	};
}

static int
read_config(enum have have[F_COUNT], const char *name, struct arena scratch,
	struct err *e)
{
	AUTO_FD(fd, open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY));
	const char *text;
	size_t n;

	if (fd < 0)
		return err_sys(e, "%s", name);
	text = kconfig_read(fd, name, &n, &scratch, e);
	if (!text)
		return -1;
	return feature_configured(have, text, n, scratch, e) ?
		err_ctx(e, "%s", name) : 0;
}

static void
add_row(struct table *t, struct feature_text text, enum without without,
	enum have have, bool needed)
{
	t->rows[t->n++] = (struct row){ text, have, without, needed };
}

/* Of the machine nothing is known where a file stands for its kernel. */
static int
fill(struct table *t, const enum have have[F_COUNT],
	const struct feature_needs *need, const struct ctx *x, struct err *e)
{
	struct feature_text text = { .option = "", .effect = "its mount" };
	enum have one = HAVE_UNKNOWN;
	unsigned i;

	for (i = 0; i < F_COUNT; i++) {
		if (!t->kernel || feature_kinds[i].probe != P_HOST)
			add_row(t, feature_text((enum feature)i),
				(enum without)feature_kinds[i].without,
				have[i], need->of[i]);
	}
	for (i = 0; i < need->n_types; i++) {
		text.name = arena_fmt(x->arena, e, "fs-%s", need->types[i]);
		if (!text.name || (!t->kernel && feature_probe_type(&one,
		    need->types[i], *x->arena, e)))
			return -1;
		add_row(t, text, REFUSED, one, true);
	}
	return 0;
}

/* --- Output --------------------------------------------------------------- */

static int
print_line(const char *text, const struct feature_text *t, const char *have,
	const char *needed, const char *without, struct err *e)
{
	char line[LINE];
	struct str s;

	str_init(&s, line, sizeof(line) - 1);
	str_add(&s, "%-20s %-8s %-7s %-26s %s%s", text, have, needed,
		t->option, without, t->effect);
	return cmd_print_row(line, s.len, e);
}

/* "missing: ns-time cgroup-pids"; nothing where nothing is. */
static int
print_list(const struct table *t, const char *title, enum have have,
	struct err *e)
{
	const struct row *r;
	bool any = false;

	for (r = t->rows; r < t->rows + t->n; r++) {
		if (!r->needed || r->have != have)
			continue;
		if ((!any && cmd_print(title, e)) || cmd_print(" ", e) ||
		    cmd_print(r->text.name, e))
			return -1;
		any = true;
	}
	return any ? cmd_print("\n", e) : 0;
}

static int
print_table(const struct table *t, struct err *e)
{
	static const struct feature_text head = {
		.option = "OPTION", .effect = "WITHOUT IT",
	};
	const struct row *r;
	char without[16];
	struct str s;

	if (print_line("FEATURE", &head, "PRESENT", "NEEDED", "", e))
		return -1;
	for (r = t->rows; r < t->rows + t->n; r++) {
		str_init(&s, without, sizeof(without));
		str_add(&s, "%s: ", withouts[r->without]);
		if (print_line(r->text.name, &r->text, haves[r->have],
		    r->needed ? "yes" : "no", without, e))
			return -1;
	}
	return print_list(t, "missing:", HAVE_NO, e) ||
		print_list(t, "not known:", HAVE_UNKNOWN, e) ? -1 : 0;
}

static void
put(struct jsonw *w, const char *key, const char *text)
{
	jsonw_key(w, key);
	jsonw_str(w, text);
}

static void
put_list(struct jsonw *w, const char *key, const struct table *t,
	enum have have)
{
	const struct row *r;

	jsonw_key(w, key);
	jsonw_arr(w);
	for (r = t->rows; r < t->rows + t->n; r++) {
		if (r->needed && r->have == have)
			jsonw_str(w, r->text.name);
	}
	jsonw_end(w);
}

/* Of several options one is enough. */
static void
put_options(struct jsonw *w, const char *text)
{
	char name[64];
	const char *at = text, *option;
	size_t len;

	jsonw_key(w, "kconfig");
	jsonw_arr(w);
	while ((option = feature_option(&at, &len))) {
		fmt_to(name, sizeof(name), "%.*s", (int)len, option);
		jsonw_str(w, name);
	}
	jsonw_end(w);
}

static int
print_json(const struct table *t, struct err *e)
{
	const struct row *r;
	struct jsonw w;

	jsonw_init(&w, STDOUT_FILENO, true);
	jsonw_obj(&w);
	put(&w, "kernel", t->kernel ? t->kernel : "running");
	jsonw_key(&w, "features");
	jsonw_arr(&w);
	for (r = t->rows; r < t->rows + t->n; r++) {
		jsonw_obj(&w);
		put(&w, "name", r->text.name);
		put(&w, "present", haves[r->have]);
		jsonw_key(&w, "needed");
		jsonw_bool(&w, r->needed);
		put(&w, "option", r->text.option);
		put_options(&w, r->text.option);
		put(&w, "without", withouts[r->without]);
		put(&w, "effect", r->text.effect);
		jsonw_end(&w);
	}
	jsonw_end(&w);
	put_list(&w, "missing", t, HAVE_NO);
	put_list(&w, "unknown", t, HAVE_UNKNOWN);
	jsonw_end(&w);
	return jsonw_finish(&w, e);
}

/* --- The command ---------------------------------------------------------- */

static int
choose(const char *format, bool *json, struct err *e)
{
	*json = format && !strcmp(format, "json");
	if (*json || !format || !strcmp(format, "table"))
		return 0;
	return err_set(e, EINVAL, "--format: `%s` is not table or json",
		format);
}

static bool
is_missing(const struct table *t)
{
	const struct row *r;

	for (r = t->rows; r < t->rows + t->n; r++) {
		if (r->needed && r->have == HAVE_NO)
			return true;
	}
	return false;
}

/* Everything behind the reading of the bundle; b: NULL, there is none. */
static int
judge(struct ctx *x, const struct bundle *b, const enum have have[F_COUNT],
	bool json, struct err *e)
{
	const struct feature_rules rules = rules_of(x);
	struct feature_needs need = { .n_types = 0 };
	struct table *t = NEW(x->arena, struct table, e);
	enum root_rung rung;

	if (!t)
		return -1;
	t->kernel = x->opt->kconfig;
	feature_needs_all(&need, &rules);
	if ((b && feature_needs_of(&need, &b->spec, &rules, *x->arena, e)) ||
	    fill(t, have, &need, x, e) ||
	    (json ? print_json(t, e) : print_table(t, e)))
		return -1;
	x->status = is_missing(t);
	/* what is there can still be out of reach: not mounted, not ours */
	return b && !x->status && !t->kernel ? check_plan(x, b, &rung, e) : 0;
}

int
cmd_check_host(struct ctx *x, struct err *e)
{
	const struct opts *o = x->opt;
	const char *dir = o->bundle ? o->bundle : x->n_args ? x->args[0] :
		o->config ? "." : NULL;
	enum have *have = NEWS(x->arena, enum have, F_COUNT, e);
	struct bundle b = BUNDLE_NONE;
	struct diag d = { 0 };
	bool json;
	int r;

	/* The bundle becomes the working directory: all other paths first. */
	if (!have || choose(o->format, &json, e) ||
	    (o->kconfig ? read_config(have, o->kconfig, *x->arena, e) :
	     feature_probe(have, x->conf->state_dir, *x->arena, e)))
		return -1;
	if (!dir)
		return judge(x, NULL, have, json, e);
	if (bundle_load(&b, dir, o->config ? o->config : "config.json", &d,
	    x->arena, e))
		return -1;
	r = judge(x, &b, have, json, e);
	bundle_close(&b);
	return r;
}
