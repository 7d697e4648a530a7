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
#include "numlist.h"
#include "plan.h"
#include "str.h"
#include "words.h"

/* A file of the cgroup, the member of its lines that is meant (NULL: the file
 * is the number), and a second file whose number is added. */
struct source {
	const char *file, *key, *plus;
	unsigned scale;
};

/* What can't be read is left out, and so is an object with nothing in it. */
struct row {
	char form;
	const char *group, *sub, *name; /* sub NULL: directly in group */
	struct source v1, v2;
};

/* Form, group, sub, name; file and key in v1; file, key and plus in v2.  Forms:
 * n a number, i one that may be below 0, u one that is microseconds in v2, r
 * the lines of a file as members, w its words as an array, l the numbers of a
 * list such as 0-3,7, p pressure (v2 since Linux 4.20, CONFIG_PSI; its file is
 * there for any controllers). */
#define ROW(form, group, sub, name, f1, k1, f2, k2, plus) \
	form "\0" group "\0" sub "\0" name "\0" f1 "\0" k1 "\0" \
	f2 "\0" k2 "\0" plus "\0"

static const char rows[] =
	ROW("u", "cpu", "usage", "total",
		"cpuacct.usage", "", "cpu.stat", "usage_usec", "")
	ROW("u", "cpu", "usage", "kernel",
		"cpuacct.usage_sys", "", "cpu.stat", "system_usec", "")
	ROW("u", "cpu", "usage", "user",
		"cpuacct.usage_user", "", "cpu.stat", "user_usec", "")
	ROW("w", "cpu", "usage", "percpu",
		"cpuacct.usage_percpu", "", "", "", "")
	ROW("w", "cpu", "usage", "percpu_kernel",
		"cpuacct.usage_percpu_sys", "", "", "", "")
	ROW("w", "cpu", "usage", "percpu_user",
		"cpuacct.usage_percpu_user", "", "", "", "")
	ROW("n", "cpu", "throttling", "periods",
		"cpu.stat", "nr_periods", "cpu.stat", "nr_periods", "")
	ROW("n", "cpu", "throttling", "throttledPeriods",
		"cpu.stat", "nr_throttled", "cpu.stat", "nr_throttled", "")
	ROW("u", "cpu", "throttling", "throttledTime",
		"cpu.stat", "throttled_time", "cpu.stat", "throttled_usec", "")
	ROW("p", "cpu", "psi", "", "", "", "cpu.pressure", "", "")
	ROW("l", "cpuset", "", "cpus",
		"cpuset.cpus", "", "cpuset.cpus.effective", "", "")
	ROW("n", "cpuset", "", "cpu_exclusive",
		"cpuset.cpu_exclusive", "", "", "", "")
	ROW("l", "cpuset", "", "mems",
		"cpuset.mems", "", "cpuset.mems.effective", "", "")
	ROW("n", "cpuset", "", "mem_hardwall",
		"cpuset.mem_hardwall", "", "", "", "")
	ROW("n", "cpuset", "", "mem_exclusive",
		"cpuset.mem_exclusive", "", "", "", "")
	ROW("n", "cpuset", "", "memory_migrate",
		"cpuset.memory_migrate", "", "", "", "")
	ROW("n", "cpuset", "", "memory_spread_page",
		"cpuset.memory_spread_page", "", "", "", "")
	ROW("n", "cpuset", "", "memory_spread_slab",
		"cpuset.memory_spread_slab", "", "", "", "")
	ROW("n", "cpuset", "", "memory_pressure",
		"cpuset.memory_pressure", "", "", "", "")
	ROW("n", "cpuset", "", "sched_load_balance",
		"cpuset.sched_load_balance", "", "", "", "")
	ROW("i", "cpuset", "", "sched_relax_domain_level",
		"cpuset.sched_relax_domain_level", "", "", "", "")
	ROW("n", "memory", "", "cache",
		"memory.stat", "total_cache", "memory.stat", "file", "")
	ROW("n", "memory", "usage", "limit",
		"memory.limit_in_bytes", "", "memory.max", "", "")
	ROW("n", "memory", "usage", "usage",
		"memory.usage_in_bytes", "", "memory.current", "", "")
	ROW("n", "memory", "usage", "max",
		"memory.max_usage_in_bytes", "", "memory.peak", "", "")
	ROW("n", "memory", "usage", "failcnt",
		"memory.failcnt", "", "memory.events", "max", "")
	ROW("n", "memory", "swap", "limit",
		"memory.memsw.limit_in_bytes", "",
		"memory.swap.max", "", "memory.max")
	ROW("n", "memory", "swap", "usage",
		"memory.memsw.usage_in_bytes", "",
		"memory.swap.current", "", "memory.current")
	ROW("n", "memory", "swap", "max",
		"memory.memsw.max_usage_in_bytes", "", "", "", "")
	ROW("n", "memory", "swap", "failcnt",
		"memory.memsw.failcnt", "", "memory.swap.events", "max", "")
	ROW("n", "memory", "kernel", "usage",
		"memory.kmem.usage_in_bytes", "", "memory.stat", "kernel", "")
	ROW("n", "memory", "kernelTCP", "usage",
		"memory.kmem.tcp.usage_in_bytes", "", "memory.stat", "sock", "")
	ROW("r", "memory", "raw", "", "memory.stat", "", "memory.stat", "", "")
	ROW("p", "memory", "psi", "", "", "", "memory.pressure", "", "")
	ROW("n", "pids", "", "current",
		"pids.current", "", "pids.current", "", "")
	ROW("n", "pids", "", "limit", "pids.max", "", "pids.max", "", "")
	ROW("p", "blkio", "psi", "", "", "", "io.pressure", "", "");

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

	if (!(src->key ? cgroup_key(dir, src->file, src->key, v) :
	    cgroup_number(dir, src->file, v)))
		return false;
	if (src->plus && cgroup_number(dir, src->plus, &more) &&
	    __builtin_add_overflow(*v, more, v))
		*v = UINT64_MAX;
	*v *= src->scale;
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

/* The row's member, or with no name its object, is to be written. */
static struct jsonw *
member(struct stats *s, const struct row *r)
{
	enter(s, r->group, r->sub);
	if (r->name)
		jsonw_key(s->w, r->name);
	return s->w;
}

/* Lines of "NAME N" as members. */
static void
put_raw(struct stats *s, const struct row *r, char *line)
{
	struct jsonw *w = member(s, r);
	unsigned long long v;
	char *end, *value;

	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		value = strchr(line, ' ');
		if (!value)
			continue;
		*value++ = '\0';
		if (parse_u64(value, UINT64_MAX, &v))
			continue;
		jsonw_key(w, line);
		jsonw_u64(w, v);
	}
}

static void
put_words(struct stats *s, const struct row *r, char *line)
{
	struct jsonw *w = member(s, r);
	unsigned long long v;
	char *p;

	line[strcspn(line, "\n")] = '\0';
	jsonw_arr(w);
	while ((p = word(&line))) {
		if (!parse_u64(p, UINT64_MAX, &v))
			jsonw_u64(w, v);
	}
	jsonw_end(w);
}

static void
put_signed(struct stats *s, const struct row *r, char *line)
{
	unsigned long long v;
	bool below = *line == '-';

	line[strcspn(line, "\n")] = '\0';
	if (!parse_u64(line + below, INT64_MAX, &v))
		jsonw_i64(member(s, r), below ? -(int64_t)v : (int64_t)v);
}

static void
put_list(struct stats *s, const struct row *r, char *line)
{
	enum { BITS = 8 * (int)sizeof(long) };
	unsigned long mask[NUMLIST_WORDS];
	struct jsonw *w;
	unsigned i;

	line[strcspn(line, "\n")] = '\0';
	if (numlist_parse(line, mask))
		return;
	w = member(s, r);
	jsonw_arr(w);
	for (i = 0; i < NUMLIST_BITS; i++) {
		if (mask[i / BITS] >> i % BITS & 1)
			jsonw_u64(w, i);
	}
	jsonw_end(w);
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
put_psi(struct stats *s, const struct row *r, char *line)
{
	struct jsonw *w = member(s, r);
	char *end, *p;

	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		p = word(&line);
		if (!p)
			continue;
		jsonw_key(w, p);
		jsonw_obj(w);
		while ((p = word(&line)))
			put_pressure(w, p);
		jsonw_end(w);
	}
}

/* The forms that take a file as it is. */
static const struct {
	char form;
	void (*put)(struct stats *s, const struct row *r, char *text);
} texts[] = {
	{ 'i', put_signed },
	{ 'l', put_list },
	{ 'p', put_psi },
	{ 'r', put_raw },
	{ 'w', put_words },
};

static bool
put_text(struct stats *s, const struct row *r, int dir, const char *file)
{
	char text[16384];
	size_t i = 0;

	while (i < COUNT(texts) && texts[i].form != r->form)
		i++;
	if (i == COUNT(texts))
		return false;
	if (read_small_at(dir, file, text, sizeof(text)) > 0)
		texts[i].put(s, r, text);
	return true;
}

static void
put_row(struct stats *s, const struct row *r)
{
	const struct source *src;
	bool v2 = false;
	int dir = find(s, r->v1.file, &v2);
	uint64_t v;

	src = v2 ? &r->v2 : &r->v1;
	if (dir < 0 || !src->file || put_text(s, r, dir, src->file) ||
	    !read_source(dir, src, &v))
		return;
	/* no limit, as runc has it */
	if (!strcmp(r->group, "pids") && v == UINT64_MAX)
		v = 0;
	jsonw_u64(member(s, r), v);
}

/* The row at *at, which moves to the next. */
static struct row
take(const char **at)
{
	struct row r;

	r.form = *str_take(at);
	r.group = str_take(at);
	r.sub = str_take(at);
	r.name = str_take(at);
	r.v1.file = str_take(at);
	r.v1.key = str_take(at);
	r.v1.plus = NULL;
	r.v1.scale = 1;
	r.v2.file = str_take(at);
	r.v2.key = str_take(at);
	r.v2.plus = str_take(at);
	r.v2.scale = r.form == 'u' ? 1000 : 1;
	return r;
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
		struct source src = { file, v2 ? files[i].key : NULL, NULL, 1 };
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
	const char *at = rows;
	unsigned i;

	for (i = 0; i < plan->n_ops; i++) {
		s.dir[i] = cgroup_open(&plan->ops[i], &ignored);
		err_clear(&ignored);
	}
	while (*at) {
		struct row r = take(&at);

		put_row(&s, &r);
	}
	put_io_list(&s, "ioServiceBytesRecursive",
		"blkio.throttle.io_service_bytes_recursive", "bytes");
	put_io_list(&s, "ioServicedRecursive",
		"blkio.throttle.io_serviced_recursive", "ios");
	put_hugetlb(&s);
	enter(&s, NULL, NULL);
	for (i = 0; i < plan->n_ops; i++)
		fd_drop(&s.dir[i]);
}
