/* SPDX-License-Identifier: MIT */
/* cmd_list.c -- wherry list. */
#include "cmd.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "conf.h"
#include "dir.h"
#include "err.h"
#include "io.h"
#include "jsonw.h"
#include "life.h"
#include "log.h"
#include "record.h"
#include "report.h"
#include "state.h"
#include "state_root.h"
#include "str.h"

enum form { TABLE_FORM, JSON_FORM, QUIET_FORM };
enum { LINE = 8192 };

struct list {
	enum form form;
	int root;
	struct arena *arena;
	struct jsonw w;         /* JSON_FORM */
};

#define COLUMNS "%-20s %-8s %-9s %-30s %-30s %s"

static int
choose(enum form *form, const struct opts *o, struct err *e)
{
	*form = o->quiet ? QUIET_FORM : TABLE_FORM;
	if (o->quiet || !o->format || !strcmp(o->format, "table"))
		return 0;
	*form = JSON_FORM;
	if (!strcmp(o->format, "json"))
		return 0;
	return err_set(e, EINVAL, "--format: `%s` is not table or json",
		o->format);
}

static int
print_row(const struct record *r, int status, struct err *e)
{
	char line[LINE], owner[OWNER_TEXT], pid[16];
	struct str s, p;

	report_owner(owner, r);
	str_init(&p, pid, sizeof(pid));
	str_add(&p, "%d", status == STATUS_STOPPED ? 0 : (int)r->init.pid);
	str_init(&s, line, sizeof(line) - 1);
	str_add(&s, COLUMNS, r->id, pid, status_name((enum status)status),
		r->bundle, r->created, owner);
	return cmd_print_row(line, s.len, e);
}

static int
print_id(const char *id, struct err *e)
{
	return cmd_print(id, e) || cmd_print("\n", e) ? -1 : 0;
}

/* One container; what can't be read is passed over with a warning, and what is
 * being removed right now without. */
static int
entry(struct list *l, const char *id, struct err *e)
{
	struct arena scratch = *l->arena;
	struct err bad = { 0 };
	struct state s = STATE_NONE;
	struct record r;
	int status = -1, ret = 0;

	if (!state_open(&s, l->root, id, &bad) &&
	    !state_load(&s, &r, &scratch, &bad))
		status = state_status(&s, &r, scratch, &bad);
	if (status < 0) {
		if (bad.code != ENOENT)
			log_at(LEVEL_WARNING, "list: %s", err_str(&bad));
	} else if (l->form == JSON_FORM) {
		report_json(&l->w, &r, status, s.dir);
	} else if (l->form == TABLE_FORM) {
		ret = print_row(&r, status, e);
	} else {
		ret = print_id(id, e);
	}
	state_close(&s);
	return ret;
}

static int
entries(struct list *l, struct err *e)
{
	const char *name;
	struct dir d;

	if (dir_start(&d, l->root, e))
		return -1;
	while ((name = dir_next(&d, e))) {
		if (*name != '.' && entry(l, name, e))
			return -1;
	}
	return e->code ? -1 : 0;
}

static int
begin(struct list *l, struct err *e)
{
	char head[128];
	struct str s;

	if (l->form == JSON_FORM) {
		jsonw_init(&l->w, STDOUT_FILENO, true);
		jsonw_arr(&l->w);
	}
	if (l->form != TABLE_FORM)
		return 0;
	str_init(&s, head, sizeof(head));
	str_add(&s, COLUMNS "\n", "ID", "PID", "STATUS", "BUNDLE", "CREATED",
		"OWNER");
	return cmd_print(head, e);
}

static int
all_roots(struct list *l, const int roots[STATE_ROOTS], struct err *e)
{
	unsigned n;

	if (begin(l, e))
		return -1;
	for (n = 0; n < STATE_ROOTS; n++) {
		l->root = roots[n];
		if (roots[n] >= 0 && entries(l, e))
			return -1;
	}
	if (l->form != JSON_FORM)
		return 0;
	jsonw_end(&l->w);
	return jsonw_finish(&l->w, e);
}

int
cmd_list(struct ctx *c, struct err *e)
{
	struct list l = { .arena = c->arena };
	int roots[STATE_ROOTS], r;
	unsigned n, i;

	r = choose(&l.form, c->opt, e);
	for (n = 0; n < STATE_ROOTS && !r; n++) {
		roots[n] = state_root_at(c->conf->state_dir, n, e);
		if (roots[n] < 0 && e->code != ENOENT)
			r = -1;
		else
			err_clear(e);
	}
	if (!r)
		r = all_roots(&l, roots, e);
	for (i = 0; i < n; i++)
		fd_drop(&roots[i]);
	return r;
}
