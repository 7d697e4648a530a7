/* SPDX-License-Identifier: MIT */
/* cmd_events.c -- events and stats: what a container uses, and when it runs out
 * of memory. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "cmd.h"
#include "conf.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "jsonw.h"
#include "plan.h"
#include "procfs.h"
#include "target.h"
#include "task.h"

enum { INTERVAL_S = 5, INTERVAL_MAX_S = 1000 * 1000, STEP_MS = 200 };

/* "  eth0: 1 2 3 ..." of /proc/PID/net/dev, 8 numbers received and 8 sent; the
 * name can't have blanks, and may have colons. */
static void
put_interface(struct jsonw *w, char *line)
{
	static const struct {
		char name[12];
		unsigned char column;
	} counts[] = {
		{ "RxBytes", 0 }, { "RxPackets", 1 }, { "RxErrors", 2 },
		{ "RxDropped", 3 }, { "TxBytes", 8 }, { "TxPackets", 9 },
		{ "TxErrors", 10 }, { "TxDropped", 11 },
	};
	unsigned long long v[16];
	char *name = line + strspn(line, " "), *p = strrchr(name, ':');
	size_t i, len;

	if (!p)
		return;
	*p++ = '\0';
	for (i = 0; i < COUNT(v); i++) {
		p += strspn(p, " ");
		len = strcspn(p, " ");
		if (p[len])
			p[len++] = '\0';
		if (parse_u64(p, UINT64_MAX, &v[i]))
			return;
		p += len;
	}
	jsonw_obj(w);
	jsonw_key(w, "Name");
	jsonw_str(w, name);
	for (i = 0; i < COUNT(counts); i++) {
		jsonw_key(w, counts[i].name);
		jsonw_u64(w, v[counts[i].column]);
	}
	jsonw_end(w);
}

/* Whether init has a network namespace of its own. */
static bool
own_network(pid_t pid)
{
	struct stat ours, theirs;
	char path[40];

	fmt_to(path, sizeof(path), "%d/ns/net", (int)pid);
	return !fstatat(procfs_fd(), "self/ns/net", &ours, 0) &&
		!fstatat(procfs_fd(), path, &theirs, 0) &&
		(ours.st_ino != theirs.st_ino || ours.st_dev != theirs.st_dev);
}

/* The interfaces of the container's own network namespace; those of the host
 * say nothing about it. */
static void
put_network(struct jsonw *w, const struct task_id *init)
{
	char path[40], text[16384], *line = text, *end;
	bool own = own_network(init->pid);
	ssize_t n;

	fmt_to(path, sizeof(path), "%d/net/dev", (int)init->pid);
	AUTO_FD(fd, procfs_open_path(path, O_RDONLY | O_CLOEXEC));
	n = own && fd >= 0 ? read_full(fd, text, sizeof(text)) : -1;
	/* half a list is none, and the number may be that of another process
	 * by now */
	if (n < 0 || (size_t)n == sizeof(text) || !task_alive(init, NULL))
		return;
	text[n] = '\0';
	jsonw_key(w, "network_interfaces");
	jsonw_arr(w);
	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		put_interface(w, line);
	}
	jsonw_end(w);
}

/* stats NULL: an event without data. */
static int
print_event(const char *type, const struct target *t,
	const struct cgroup_plan *stats, struct err *e)
{
	struct jsonw w;

	jsonw_init(&w, STDOUT_FILENO, false);
	jsonw_obj(&w);
	jsonw_key(&w, "type");
	jsonw_str(&w, type);
	jsonw_key(&w, "id");
	jsonw_str(&w, t->state.id);
	if (stats) {
		jsonw_key(&w, "data");
		jsonw_obj(&w);
		cgroup_stats(stats, &w);
		put_network(&w, &t->record.init);
		jsonw_end(&w);
	}
	jsonw_end(&w);
	return jsonw_finish(&w, e);
}

/* "5", "5s" or "500ms", as Go tools write times. */
static int
parse_interval(const char *text, int *ms, struct err *e)
{
	size_t n = strspn(text, "0123456789");
	const bool milli = !strcmp(text + n, "ms");
	unsigned long long v;
	char number[16];

	if (n < sizeof(number) &&
	    (milli || !text[n] || !strcmp(text + n, "s"))) {
		memcpy(number, text, n);
		number[n] = '\0';
		if (!parse_u64(number, INTERVAL_MAX_S, &v)) {
			*ms = (int)v * (milli ? 1 : 1000);
			return v ? 0 : err_set(e, EINVAL,
				"--interval: must be greater than 0");
		}
	}
	return err_set(e, EINVAL, "--interval: `%s` is no time such as 5s",
		text);
}

/* Ends with the container. */
static int
follow(const struct target *t, const struct cgroup_plan *cgroups, int interval,
	struct err *e)
{
	struct cgroup_memory m = { 0 };
	uint64_t kills = 0;
	AUTO_FD(pidfd, -1);
	int waited, r = 0;

	if (task_open(&t->record.init, &pidfd, e))
		return -1;
	if (cgroup_memory(cgroups, &m))
		kills = m.oom_kills;
	while (!r) {
		if (print_event("stats", t, cgroups, e))
			return -1;
		for (waited = 0; waited < interval && !r; waited += STEP_MS) {
			r = task_wait(&t->record.init, pidfd,
				interval - waited < STEP_MS ?
				interval - waited : STEP_MS, e);
			if (r < 0)
				return -1;
			if (!cgroup_memory(cgroups, &m) ||
			    m.oom_kills <= kills)
				continue;
			kills = m.oom_kills;
			if (print_event("oom", t, NULL, e))
				return -1;
		}
	}
	return 0;
}

static int
events(struct ctx *c, bool once, int interval, struct err *e)
{
	struct cgroup_plan cgroups;
	struct target t;
	int r;

	if (target_open(&t, c->conf->state_dir, c->args[0], OP_EVENTS,
	    c->arena, e))
		return -1;
	r = cgroup_load(&cgroups, t.state.dir, "cg", c->arena, e);
	if (!r && !cgroups.n_ops)
		r = err_set(e, ENOTSUP, "the container has no cgroup");
	if (!r)
		r = once ? print_event("stats", &t, &cgroups, e) :
			follow(&t, &cgroups, interval, e);
	target_close(&t);
	return r;
}

int
cmd_events(struct ctx *c, struct err *e)
{
	int interval = INTERVAL_S * 1000;

	if (c->opt->interval && parse_interval(c->opt->interval, &interval, e))
		return -1;
	return events(c, c->opt->stats, interval, e);
}

int
cmd_stats(struct ctx *c, struct err *e)
{
	return events(c, true, 0, e);
}
