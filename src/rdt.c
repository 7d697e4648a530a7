/* SPDX-License-Identifier: MIT */
/* rdt.c -- makes, enters and removes groups of resctrl by descriptor. */
#include "rdt.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "log.h"
#include "plan.h"

enum { RESCTRL_MAGIC = 0x7655821 };     /* linux/magic.h, 4.10 */

struct span {
	const char *at;
	size_t n;
};

static struct span
span_of(const char *s)
{
	return (struct span){ s, strlen(s) };
}

/* Takes the text up to sep from the front, without blanks around it. */
static struct span
cut(struct span *rest, char sep)
{
	const char *end = memchr(rest->at, sep, rest->n);
	struct span s = { rest->at, end ? (size_t)(end - rest->at) : rest->n };
	size_t used = s.n + (end != NULL);

	rest->at += used;
	rest->n -= used;
	for (; s.n && *s.at == ' '; s.n--)
		s.at++;
	while (s.n && s.at[s.n - 1] == ' ')
		s.n--;
	return s;
}

static bool
is_same(struct span a, struct span b)
{
	for (; a.n > 1 && *a.at == '0'; a.n--)
		a.at++;
	for (; b.n > 1 && *b.at == '0'; b.n--)
		b.at++;
	return a.n && a.n == b.n && !strncasecmp(a.at, b.at, a.n);
}

/* Whether the entries "0=ff;1=f" give this domain this value. */
static bool
has_entry(struct span entries, struct span domain, struct span value)
{
	struct span entry;

	while (entries.n) {
		entry = cut(&entries, ';');
		if (is_same(cut(&entry, '='), domain))
			return is_same(cut(&entry, '='), value);
	}
	return false;
}

bool
rdt_match(const char *line, const char *schemata)
{
	struct span want = span_of(line), all = span_of(schemata);
	struct span resource, have = { "", 0 }, entry, domain;

	want = cut(&want, '\n');
	resource = cut(&want, ':');
	while (all.n) {
		have = cut(&all, '\n');
		if (is_same(cut(&have, ':'), resource))
			break;
		have.n = 0;
	}
	if (!want.n)
		return false;
	while (want.n) {
		entry = cut(&want, ';');
		domain = cut(&entry, '=');
		if (!has_entry(have, domain, cut(&entry, '=')))
			return false;
	}
	return true;
}

static int
open_root(const struct rdt_plan *p, struct err *e)
{
	AUTO_FD(fd, open(p->mount, O_PATH | O_DIRECTORY | O_CLOEXEC));
	struct statfs st;

	if (fd < 0 || fstatfs(fd, &st))
		return err_sys(e, "%s", p->mount);
	if (st.f_type != RESCTRL_MAGIC)
		return err_set(e, ENODEV, "%s: not a resctrl", p->mount);
	return fd_take(&fd);
}

static int
open_dir(int at, const char *name)
{
	return openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The errno says little: the kernel has it in words (Linux 4.16). */
static int
say_status(int root, const char *line, struct err *e)
{
	char text[256];
	ssize_t n;

	err_sys(e, "schemata %.*s", (int)strcspn(line, "\n"), line);
	n = read_small_at(root, "info/last_cmd_status", text, sizeof(text));
	if (n < 1)
		return -1;
	text[strcspn(text, "\n")] = '\0';
	return err_ctx(e, "%s", text);
}

static int
write_schemata(const struct rdt_plan *p, int root, int group, struct err *e)
{
	unsigned i;

	for (i = 0; i < p->n_lines; i++) {
		if (write_at(group, "schemata", p->lines[i]))
			return say_status(root, p->lines[i], e);
	}
	return 0;
}

/* A group that is there is also somebody else's, and never changed. */
static int
compare(const struct rdt_plan *p, int group, struct err *e)
{
	char text[RDT_TEXT];
	unsigned i;

	if (p->n_lines && read_small_at(group, "schemata", text,
	    sizeof(text)) < 0)
		return err_sys(e, "schemata");
	for (i = 0; i < p->n_lines; i++) {
		if (!rdt_match(p->lines[i], text))
			return err_set(e, EEXIST, "exists, and not with %.*s",
				(int)strcspn(p->lines[i], "\n"), p->lines[i]);
	}
	return 0;
}

static int
open_group(struct rdt *r, const struct rdt_plan *p, int root, struct err *e)
{
	AUTO_FD(group, -1);

	if (p->how == RDT_OURS || p->how == RDT_SHARED) {
		if (mkdirat(root, p->group, 0755) == 0)
			r->group = true;
		else if (errno != EEXIST || p->how == RDT_OURS)
			return err_sys(e, "mkdir");
	}
	group = open_dir(root, p->group);
	if (group < 0)
		return err_sys(e, "open");
	if (r->group ? write_schemata(p, root, group, e) :
	    compare(p, group, e))
		return -1;
	return fd_take(&group);
}

static int
enter(int group, pid_t pid, struct err *e)
{
	char text[16];

	fmt_to(text, sizeof(text), "%d", (int)pid);
	return write_at(group, "tasks", text) ? err_sys(e, "tasks") : 0;
}

static int
enter_monitor(struct rdt *r, const struct rdt_plan *p, int group, pid_t pid,
	struct err *e)
{
	AUTO_FD(all, open_dir(group, "mon_groups"));
	AUTO_FD(own, -1);

	if (all < 0)
		return err_sys(e, "mon_groups");
	if (p->how != RDT_JOIN) {
		if (mkdirat(all, p->monitor, 0755))
			return err_sys(e, "mon_groups/%s", p->monitor);
		r->monitor = true;
	}
	own = open_dir(all, p->monitor);
	if (own < 0)
		return err_sys(e, "mon_groups/%s", p->monitor);
	return enter(own, pid, e) ?
		err_ctx(e, "mon_groups/%s", p->monitor) : 0;
}

int
rdt_enter(struct rdt *r, const struct rdt_plan *p, pid_t pid, struct err *e)
{
	AUTO_FD(root, open_root(p, e));
	AUTO_FD(group, -1);

	if (root < 0)
		return err_ctx(e, "linux.intelRdt");
	group = open_group(r, p, root, e);
	/* a monitoring group takes only who is in the group above it */
	if (group < 0 || enter(group, pid, e) ||
	    (p->monitor && enter_monitor(r, p, group, pid, e)))
		return err_ctx(e, "linux.intelRdt: group %s", p->group);
	return 0;
}

static int
remove_dir(int at, const char *name, struct err *e)
{
	if (at < 0 || !unlinkat(at, name, AT_REMOVEDIR) || errno == ENOENT)
		return 0;
	return err_sys(e, "resctrl: rmdir %s", name);
}

static int
remove_made(const struct rdt *r, const struct rdt_plan *p, struct err *e)
{
	AUTO_FD(root, open_root(p, e));
	AUTO_FD(group, root < 0 ? -1 : open_dir(root, p->group));
	AUTO_FD(all, group < 0 ? -1 : open_dir(group, "mon_groups"));
	char text[16];

	/* who unmounts a resctrl removes all its groups */
	if (root < 0) {
		if (e->code != ENOENT && e->code != ENODEV)
			return -1;
		err_clear(e);
		return 0;
	}
	if (r->monitor && remove_dir(all, p->monitor, e))
		return -1;
	/* of a shared one another container may be part by now */
	if (!r->group || (p->how == RDT_SHARED &&
	    read_small_at(group, "tasks", text, sizeof(text)) != 0))
		return 0;
	return remove_dir(root, p->group, e);
}

void
rdt_undo(struct rdt *r, const struct rdt_plan *p)
{
	struct err ignored = { 0 };

	if ((r->group || r->monitor) && remove_made(r, p, &ignored))
		log_at(LEVEL_WARNING, "%s", err_str(&ignored));
	*r = (struct rdt){ 0 };
}

int
rdt_remove(const struct rdt *r, const struct rdt_plan *p, struct err *e)
{
	const struct rdt ours = { r->group && p->how == RDT_OURS, r->monitor };

	return p->mount && (ours.group || ours.monitor) ?
		remove_made(&ours, p, e) : 0;
}

static int
open_schemata(const struct rdt_plan *p, int *root, struct err *e)
{
	AUTO_FD(group, -1);

	*root = open_root(p, e);
	if (*root < 0)
		return -1;
	group = open_dir(*root, p->group);
	return group < 0 ? err_sys(e, "open") : fd_take(&group);
}

void
rdt_restore(const struct rdt_plan *p, const char *was)
{
	struct err ignored = { 0 };
	AUTO_FD(root, -1);
	AUTO_FD(group, open_schemata(p, &root, &ignored));

	if (group >= 0 && write_at(group, "schemata", was))
		say_status(root, was, &ignored);
	if (ignored.code)
		log_at(LEVEL_WARNING, "resctrl: group %s: %s", p->group,
			err_str(&ignored));
}

int
rdt_update(const struct rdt_plan *p, char was[RDT_TEXT], struct err *e)
{
	AUTO_FD(root, -1);
	AUTO_FD(group, -1);

	if (!p->mount)
		return err_set(e, EINVAL, "linux.intelRdt: not in the "
			"container's config, so there is no group to change");
	if (p->how != RDT_OURS)
		return err_set(e, EPERM, "linux.intelRdt: group %s is not the "
			"container's alone (write %s/%s/schemata)", p->group,
			p->mount, p->group);
	group = open_schemata(p, &root, e);
	if (group >= 0 && read_small_at(group, "schemata", was, RDT_TEXT) < 0)
		err_sys(e, "schemata");
	if (!e->code && write_schemata(p, root, group, e))
		rdt_restore(p, was);
	return e->code ? err_ctx(e, "linux.intelRdt: group %s", p->group) : 0;
}
