/* SPDX-License-Identifier: MIT */
/* cgroup_stats.c -- what a container has used, with the names that readers of
 * runc's events know (list U8); times are in nanoseconds. */
#include <fcntl.h>
#include <string.h>

#include "cgroup.h"
#include "cgroup_backend.h"
#include "dir.h"
#include "err.h"
#include "io.h"
#include "jsonw.h"
#include "mountinfo.h"
#include "plan.h"
#include "str.h"

struct source {
	const char *file, *key; /* key NULL: the file is the number */
	const char *plus;       /* a second one to add; or NULL */
	unsigned scale;         /* 0: 1 */
};

/* What can't be read is left out, and so is an object with nothing in it. */
static const struct row {
	const char *group, *sub, *name; /* sub NULL: directly in group */
	struct source v1, v2;
} rows[] = {
	{ "cpu", "usage", "total", { "cpuacct.usage", NULL, NULL, 0 },
		{ "cpu.stat", "usage_usec", NULL, 1000 } },
	{ "cpu", "usage", "kernel", { "cpuacct.usage_sys", NULL, NULL, 0 },
		{ "cpu.stat", "system_usec", NULL, 1000 } },
	{ "cpu", "usage", "user", { "cpuacct.usage_user", NULL, NULL, 0 },
		{ "cpu.stat", "user_usec", NULL, 1000 } },
	{ "cpu", "throttling", "periods",
		{ "cpu.stat", "nr_periods", NULL, 0 },
		{ "cpu.stat", "nr_periods", NULL, 0 } },
	{ "cpu", "throttling", "throttledPeriods",
		{ "cpu.stat", "nr_throttled", NULL, 0 },
		{ "cpu.stat", "nr_throttled", NULL, 0 } },
	{ "cpu", "throttling", "throttledTime",
		{ "cpu.stat", "throttled_time", NULL, 0 },
		{ "cpu.stat", "throttled_usec", NULL, 1000 } },
	{ "memory", NULL, "cache", { "memory.stat", "total_cache", NULL, 0 },
		{ "memory.stat", "file", NULL, 0 } },
	{ "memory", "usage", "limit",
		{ "memory.limit_in_bytes", NULL, NULL, 0 },
		{ "memory.max", NULL, NULL, 0 } },
	{ "memory", "usage", "usage",
		{ "memory.usage_in_bytes", NULL, NULL, 0 },
		{ "memory.current", NULL, NULL, 0 } },
	{ "memory", "usage", "max",
		{ "memory.max_usage_in_bytes", NULL, NULL, 0 },
		{ "memory.peak", NULL, NULL, 0 } },
	{ "memory", "usage", "failcnt", { "memory.failcnt", NULL, NULL, 0 },
		{ "memory.events", "max", NULL, 0 } },
	{ "memory", "swap", "limit",
		{ "memory.memsw.limit_in_bytes", NULL, NULL, 0 },
		{ "memory.swap.max", NULL, "memory.max", 0 } },
	{ "memory", "swap", "usage",
		{ "memory.memsw.usage_in_bytes", NULL, NULL, 0 },
		{ "memory.swap.current", NULL, "memory.current", 0 } },
	{ "memory", "swap", "max",
		{ "memory.memsw.max_usage_in_bytes", NULL, NULL, 0 },
		{ NULL, NULL, NULL, 0 } },
	{ "memory", "swap", "failcnt",
		{ "memory.memsw.failcnt", NULL, NULL, 0 },
		{ "memory.swap.events", "max", NULL, 0 } },
	{ "memory", "kernel", "usage",
		{ "memory.kmem.usage_in_bytes", NULL, NULL, 0 },
		{ "memory.stat", "kernel", NULL, 0 } },
	{ "memory", "kernelTCP", "usage",
		{ "memory.kmem.tcp.usage_in_bytes", NULL, NULL, 0 },
		{ "memory.stat", "sock", NULL, 0 } },
	{ "memory", "raw", NULL, { "memory.stat", NULL, NULL, 0 },
		{ "memory.stat", NULL, NULL, 0 } },
	{ "pids", NULL, "current", { "pids.current", NULL, NULL, 0 },
		{ "pids.current", NULL, NULL, 0 } },
	{ "pids", NULL, "limit", { "pids.max", NULL, NULL, 0 },
		{ "pids.max", NULL, NULL, 0 } },
};

struct stats {
	struct jsonw *w;
	const struct cgroup_plan *plan;
	int dir[CGROUP_MAX];
	const char *group, *sub; /* the objects that are open */
};

/* The v1 hierarchy that has the file's controller, else the v2 one; -1: there
 * is none. */
static int
find(const struct stats *s, const char *v1_file, bool *v2)
{
	size_t len = strcspn(v1_file, ".");
	const struct cgroup_op *op;
	char name[16] = "";
	int found = -1;
	unsigned i;

	if (len < sizeof(name))
		memcpy(name, v1_file, len);
	for (i = 0; i < s->plan->n_ops; i++) {
		op = &s->plan->ops[i];
		if (op->kind == CGROUP_V1 &&
		    mountinfo_has(op->controllers, name)) {
			*v2 = false;
			return s->dir[i];
		}
		if (op->kind == CGROUP_V2) {
			found = s->dir[i];
			*v2 = true;
		}
	}
	return found;
}

static bool
read_source(int dir, const struct source *src, uint64_t *v)
{
	uint64_t more;

	if (!src->file || !(src->key ?
	    cgroup_key(dir, src->file, src->key, v) :
	    cgroup_number(dir, src->file, v)))
		return false;
	if (src->plus && cgroup_number(dir, src->plus, &more) &&
	    __builtin_add_overflow(*v, more, v))
		*v = UINT64_MAX;
	*v *= src->scale ? src->scale : 1;
	return true;
}

static bool
same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* Closes and opens objects so that the next key is in group and sub. */
static void
enter(struct stats *s, const char *group, const char *sub)
{
	bool other = !same(s->group, group);

	if (s->sub && (other || !same(s->sub, sub))) {
		jsonw_end(s->w);
		s->sub = NULL;
	}
	if (other && s->group)
		jsonw_end(s->w);
	if (other && group) {
		jsonw_key(s->w, group);
		jsonw_obj(s->w);
	}
	if (sub && !s->sub) {
		jsonw_key(s->w, sub);
		jsonw_obj(s->w);
	}
	s->group = group;
	s->sub = sub;
}

/* Lines of "NAME N" as members. */
static void
put_raw(struct stats *s, const struct row *r, int dir, const char *file)
{
	unsigned long long v;
	char text[16384], *line = text, *end, *value;

	if (read_small_at(dir, file, text, sizeof(text)) <= 0)
		return;
	enter(s, r->group, r->sub);
	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		value = strchr(line, ' ');
		if (!value)
			continue;
		*value++ = '\0';
		if (parse_u64(value, UINT64_MAX, &v))
			continue;
		jsonw_key(s->w, line);
		jsonw_u64(s->w, v);
	}
}

static void
put_row(struct stats *s, const struct row *r)
{
	const struct source *src;
	bool v2 = false;
	int dir = find(s, r->v1.file, &v2);
	uint64_t v;

	src = v2 ? &r->v2 : &r->v1;
	if (dir < 0)
		return;
	if (!r->name) {
		put_raw(s, r, dir, src->file);
		return;
	}
	if (!read_source(dir, src, &v))
		return;
	/* no limit, as runc has it */
	if (!strcmp(r->group, "pids") && v == UINT64_MAX)
		v = 0;
	enter(s, r->group, r->sub);
	jsonw_key(s->w, r->name);
	jsonw_u64(s->w, v);
}

static void
put_io(struct jsonw *w, const char *dev, const char *op, const char *value)
{
	char number[24];
	unsigned long long major, minor, v;
	const char *colon = strchr(dev, ':');
	size_t len = colon ? (size_t)(colon - dev) : sizeof(number);

	if (len >= sizeof(number))
		return;
	memcpy(number, dev, len);
	number[len] = '\0';
	if (parse_u64(number, UINT32_MAX, &major) ||
	    parse_u64(colon + 1, UINT32_MAX, &minor) ||
	    parse_u64(value, UINT64_MAX, &v))
		return;
	jsonw_obj(w);
	jsonw_key(w, "major");
	jsonw_u64(w, major);
	jsonw_key(w, "minor");
	jsonw_u64(w, minor);
	jsonw_key(w, "op");
	jsonw_str(w, op);
	jsonw_key(w, "value");
	jsonw_u64(w, v);
	jsonw_end(w);
}

/* The next word of a line, cut off; NULL at its end. */
static char *
word(char **line)
{
	char *start = *line + strspn(*line, " ");

	*line = start + strcspn(start, " ");
	if (**line)
		*(*line)++ = '\0';
	return *start ? start : NULL;
}

/* v1: "8:0 Read 5" a line; v2: "8:0 rbytes=5 wbytes=6 ...", of which one list
 * has those that end with "bytes" and the other those with "ios". */
static void
put_io_line(struct jsonw *w, char *line, const char *ending)
{
	static const char *const ops[][2] = {
		{ "r", "Read" }, { "w", "Write" }, { "d", "Discard" },
	};
	char *dev = word(&line), *p, *value;
	size_t i;

	while (dev && (p = word(&line))) {
		value = strchr(p, '=');
		if (!value) {
			value = word(&line);
			if (value)
				put_io(w, dev, p, value);
			continue;
		}
		*value++ = '\0';
		for (i = 0; i < COUNT(ops); i++) {
			if (*p == *ops[i][0] && !strcmp(p + 1, ending))
				put_io(w, dev, ops[i][1], value);
		}
	}
}

static void
put_io_list(struct stats *s, const char *name, const char *v1_file,
	const char *ending)
{
	char text[16384], *line = text, *end;
	bool v2 = false;
	int dir = find(s, "blkio.", &v2);

	if (dir < 0 || read_small_at(dir, v2 ? "io.stat" : v1_file, text,
	    sizeof(text)) < 0)
		return;
	enter(s, "blkio", NULL);
	jsonw_key(s->w, name);
	jsonw_arr(s->w);
	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		put_io_line(s->w, line, ending);
	}
	jsonw_end(s->w);
}

static void
put_hugepage(struct stats *s, int dir, const char *size, bool v2)
{
	static const struct {
		const char *name;
		const char *v1, *v2, *key;
	} files[] = {
		{ "usage", "usage_in_bytes", "current", NULL },
		{ "max", "max_usage_in_bytes", NULL, NULL },
		{ "failcnt", "failcnt", "events", "max" },
	};
	char file[64];
	uint64_t v;
	size_t i;
	int len = (int)strcspn(size, ".");

	for (i = 0; i < COUNT(files); i++) {
		const char *end = v2 ? files[i].v2 : files[i].v1;
		struct source src = { file, v2 ? files[i].key : NULL, NULL, 0 };
		struct str name;

		str_init(&name, file, sizeof(file));
		str_add(&name, "hugetlb.%.*s.%s", len, size, end ? end : "");
		if (!end || !read_source(dir, &src, &v))
			continue;
		jsonw_key(s->w, files[i].name);
		jsonw_u64(s->w, v);
	}
}

/* The sizes are those of the host: files tell them. */
static void
put_hugetlb(struct stats *s)
{
	bool v2 = false;
	int dir = find(s, "hugetlb.", &v2);
	struct err ignored = { 0 };
	const char *name, *end = NULL;
	char size[16];
	struct dir d;

	if (dir < 0 || dir_start(&d, dir, &ignored))
		return;
	while ((name = dir_next(&d, &ignored))) {
		if (strncmp(name, "hugetlb.", 8))
			continue;
		end = strchr(name + 8, '.');
		if (!end || (size_t)(end - name - 8) >= sizeof(size) ||
		    strcmp(end, v2 ? ".current" : ".usage_in_bytes"))
			continue;
		memcpy(size, name + 8, (size_t)(end - name - 8));
		size[end - name - 8] = '\0';
		enter(s, "hugetlb", size);
		put_hugepage(s, dir, size, v2);
		enter(s, "hugetlb", NULL);
	}
}

void
cgroup_stats(const struct cgroup_plan *plan, struct jsonw *w)
{
	struct stats s = { .w = w, .plan = plan };
	struct err ignored = { 0 };
	unsigned i;

	for (i = 0; i < plan->n_ops; i++) {
		s.dir[i] = cgroup_open(&plan->ops[i], &ignored);
		err_clear(&ignored);
	}
	jsonw_obj(w);
	for (i = 0; i < COUNT(rows); i++)
		put_row(&s, &rows[i]);
	put_io_list(&s, "ioServiceBytesRecursive",
		"blkio.throttle.io_service_bytes_recursive", "bytes");
	put_io_list(&s, "ioServicedRecursive",
		"blkio.throttle.io_serviced_recursive", "ios");
	put_hugetlb(&s);
	enter(&s, NULL, NULL);
	jsonw_end(w);
	for (i = 0; i < plan->n_ops; i++)
		fd_drop(&s.dir[i]);
}
