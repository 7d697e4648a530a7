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
#include "plan.h"
#include "str.h"
#include "words.h"

struct source {
	const char *file, *key; /* key NULL: the file is the number */
	const char *plus;       /* a second one to add; or NULL */
	unsigned scale;         /* 0: 1 */
};

/* A number; the lines of a file as members; its words as an array; pressure,
 * whose file is in v2 for any controllers (Linux 4.20, CONFIG_PSI). */
enum form { NUMBER, RAW, WORDS, PSI };

/* What can't be read is left out, and so is an object with nothing in it. */
static const struct row {
	const char *group, *sub, *name; /* sub NULL: directly in group */
	struct source v1, v2;
	unsigned char form;     /* enum form */
} rows[] = {
	{ "cpu", "usage", "total", { "cpuacct.usage", NULL, NULL, 0 },
		{ "cpu.stat", "usage_usec", NULL, 1000 }, NUMBER },
	{ "cpu", "usage", "kernel", { "cpuacct.usage_sys", NULL, NULL, 0 },
		{ "cpu.stat", "system_usec", NULL, 1000 }, NUMBER },
	{ "cpu", "usage", "user", { "cpuacct.usage_user", NULL, NULL, 0 },
		{ "cpu.stat", "user_usec", NULL, 1000 }, NUMBER },
	{ "cpu", "usage", "percpu",
		{ .file = "cpuacct.usage_percpu" }, { .file = NULL }, WORDS },
	{ "cpu", "usage", "percpu_kernel",
		{ .file = "cpuacct.usage_percpu_sys" }, { .file = NULL },
		WORDS },
	{ "cpu", "usage", "percpu_user",
		{ .file = "cpuacct.usage_percpu_user" }, { .file = NULL },
		WORDS },
	{ "cpu", "throttling", "periods",
		{ "cpu.stat", "nr_periods", NULL, 0 },
		{ "cpu.stat", "nr_periods", NULL, 0 }, NUMBER },
	{ "cpu", "throttling", "throttledPeriods",
		{ "cpu.stat", "nr_throttled", NULL, 0 },
		{ "cpu.stat", "nr_throttled", NULL, 0 }, NUMBER },
	{ "cpu", "throttling", "throttledTime",
		{ "cpu.stat", "throttled_time", NULL, 0 },
		{ "cpu.stat", "throttled_usec", NULL, 1000 }, NUMBER },
	{ "cpu", "psi", NULL, { .file = NULL }, { .file = "cpu.pressure" },
		PSI },
	{ "memory", NULL, "cache", { "memory.stat", "total_cache", NULL, 0 },
		{ "memory.stat", "file", NULL, 0 }, NUMBER },
	{ "memory", "usage", "limit",
		{ "memory.limit_in_bytes", NULL, NULL, 0 },
		{ "memory.max", NULL, NULL, 0 }, NUMBER },
	{ "memory", "usage", "usage",
		{ "memory.usage_in_bytes", NULL, NULL, 0 },
		{ "memory.current", NULL, NULL, 0 }, NUMBER },
	{ "memory", "usage", "max",
		{ "memory.max_usage_in_bytes", NULL, NULL, 0 },
		{ "memory.peak", NULL, NULL, 0 }, NUMBER },
	{ "memory", "usage", "failcnt", { "memory.failcnt", NULL, NULL, 0 },
		{ "memory.events", "max", NULL, 0 }, NUMBER },
	{ "memory", "swap", "limit",
		{ "memory.memsw.limit_in_bytes", NULL, NULL, 0 },
		{ "memory.swap.max", NULL, "memory.max", 0 }, NUMBER },
	{ "memory", "swap", "usage",
		{ "memory.memsw.usage_in_bytes", NULL, NULL, 0 },
		{ "memory.swap.current", NULL, "memory.current", 0 }, NUMBER },
	{ "memory", "swap", "max",
		{ "memory.memsw.max_usage_in_bytes", NULL, NULL, 0 },
		{ NULL, NULL, NULL, 0 }, NUMBER },
	{ "memory", "swap", "failcnt",
		{ "memory.memsw.failcnt", NULL, NULL, 0 },
		{ "memory.swap.events", "max", NULL, 0 }, NUMBER },
	{ "memory", "kernel", "usage",
		{ "memory.kmem.usage_in_bytes", NULL, NULL, 0 },
		{ "memory.stat", "kernel", NULL, 0 }, NUMBER },
	{ "memory", "kernelTCP", "usage",
		{ "memory.kmem.tcp.usage_in_bytes", NULL, NULL, 0 },
		{ "memory.stat", "sock", NULL, 0 }, NUMBER },
	{ "memory", "raw", NULL, { "memory.stat", NULL, NULL, 0 },
		{ "memory.stat", NULL, NULL, 0 }, RAW },
	{ "memory", "psi", NULL, { .file = NULL },
		{ .file = "memory.pressure" }, PSI },
	{ "pids", NULL, "current", { "pids.current", NULL, NULL, 0 },
		{ "pids.current", NULL, NULL, 0 }, NUMBER },
	{ "pids", NULL, "limit", { "pids.max", NULL, NULL, 0 },
		{ "pids.max", NULL, NULL, 0 }, NUMBER },
	{ "blkio", "psi", NULL, { .file = NULL }, { .file = "io.pressure" },
		PSI },
};

struct stats {
	struct jsonw *w;
	const struct cgroup_plan *plan;
	int dir[CGROUP_MAX];
	const char *group, *sub; /* the objects that are open */
};

/* The v1 hierarchy that has the file's controller, else or with NULL the v2
 * one; -1: there is none. */
static int
find(const struct stats *s, const char *v1_file, bool *v2)
{
	size_t len = v1_file ? strcspn(v1_file, ".") : 0;
	const struct cgroup_op *op;
	int found = -1;
	unsigned i;

	for (i = 0; i < s->plan->n_ops; i++) {
		op = &s->plan->ops[i];
		if (op->kind == CGROUP_V1 && len &&
		    words_have(op->controllers, v1_file, len)) {
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
put_words(struct stats *s, const struct row *r, int dir, const char *file)
{
	unsigned long long v;
	char text[16384], *line = text, *p;

	if (!file || read_small_at(dir, file, text, sizeof(text)) <= 0)
		return;
	text[strcspn(text, "\n")] = '\0';
	enter(s, r->group, r->sub);
	jsonw_key(s->w, r->name);
	jsonw_arr(s->w);
	while ((p = word(&line))) {
		if (!parse_u64(p, UINT64_MAX, &v))
			jsonw_u64(s->w, v);
	}
	jsonw_end(s->w);
}

/* "avg10=1.50": a number with two decimals; "total=9": one without. */
static void
put_pressure(struct jsonw *w, char *name)
{
	unsigned long long whole, hundredths = 0;
	char *value = strchr(name, '='), *dot;

	if (!value)
		return;
	*value++ = '\0';
	dot = strchr(value, '.');
	if (dot)
		*dot++ = '\0';
	if (parse_u64(value, UINT64_MAX, &whole) ||
	    (dot && (strlen(dot) != 2 || parse_u64(dot, 99, &hundredths))))
		return;
	jsonw_key(w, name);
	if (dot)
		jsonw_hundredths(w, whole, (unsigned)hundredths);
	else
		jsonw_u64(w, whole);
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=0", and so for "full", which
 * the CPUs have since Linux 5.13.  Booted without psi: EOPNOTSUPP. */
static void
put_psi(struct stats *s, const struct row *r, int dir, const char *file)
{
	char text[512], *line = text, *end, *p;

	if (read_small_at(dir, file, text, sizeof(text)) <= 0)
		return;
	enter(s, r->group, r->sub);
	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		p = word(&line);
		if (!p)
			continue;
		jsonw_key(s->w, p);
		jsonw_obj(s->w);
		while ((p = word(&line)))
			put_pressure(s->w, p);
		jsonw_end(s->w);
	}
}

static void
put_row(struct stats *s, const struct row *r)
{
	static void (*const forms[])(struct stats *s, const struct row *r,
		int dir, const char *file) = {
		[RAW] = put_raw, [WORDS] = put_words, [PSI] = put_psi,
	};
	const struct source *src;
	bool v2 = false;
	int dir = find(s, r->v1.file, &v2);
	uint64_t v;

	src = v2 ? &r->v2 : &r->v1;
	if (dir < 0)
		return;
	if (r->form != NUMBER) {
		forms[r->form](s, r, dir, src->file);
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
	for (i = 0; i < COUNT(rows); i++)
		put_row(&s, &rows[i]);
	put_io_list(&s, "ioServiceBytesRecursive",
		"blkio.throttle.io_service_bytes_recursive", "bytes");
	put_io_list(&s, "ioServicedRecursive",
		"blkio.throttle.io_serviced_recursive", "ios");
	put_hugetlb(&s);
	enter(&s, NULL, NULL);
	for (i = 0; i < plan->n_ops; i++)
		fd_drop(&s.dir[i]);
}
