/* SPDX-License-Identifier: MIT */
/* t_cgroup_view.c -- what a container sees of its cgroups, in a mount namespace
 * of this test; only root can. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "cgroup.h"
#include "cgroup_view.h"
#include "conf.h"
#include "err.h"
#include "host.h"
#include "io.h"
#include "mountinfo.h"
#include "plan.h"
#include "plan_cgroup.h"
#include "procfs.h"
#include "spec.h"
#include "tap.h"
#include "words.h"

static char block[1 << 18], base[64], top[] = "/tmp/t_cgroup_view.XXXXXX";
static struct arena arena = { block, block + sizeof(block) };
static struct err e;
static struct host host;
static struct spec spec;
static struct plan plan;
static struct cgroup cg;
static struct mount_op op = { .kind = MOUNT_CGROUP, .type = "cgroup" };

/* What one entry of mountinfo must be. */
struct want {
	bool fresh;             /* the cgroup namespace shows it as root */
	bool rw;                /* for v2 */
};

static bool
good_entry(const struct mountinfo_entry *n, const struct want *w)
{
	char own[80];
	bool v2 = !strcmp(n->fstype, "cgroup2");

	snprintf(own, sizeof(own), "/%s", w->fresh ? "" : base);
	if (!strcmp(n->fstype, "tmpfs"))
		return words_has(n->options, "nosuid");
	return !strcmp(n->root, own) &&
		words_has(n->options, v2 && w->rw ? "rw" : "ro") &&
		words_has(n->options, "nosuid") &&
		words_has(n->options, "nodev") &&
		words_has(n->options, "noexec");
}

/* Counts what is mounted below top; -1: one of them is wrong. */
static int
look(const struct want *w)
{
	static struct mountinfo_entry n;
	struct mountinfo m;
	int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	int r, count = 0;

	mountinfo_init(&m, fd);
	while ((r = mountinfo_next(&m, &n, &e)) > 0) {
		if (strncmp(n.mountpoint, top, strlen(top)))
			continue;
		count++;
		if (!good_entry(&n, w)) {
			printf("# wrong: %s %s %s %s\n", n.fstype, n.root,
				n.mountpoint, n.options);
			return -1;
		}
	}
	close(fd);
	return r ? -1 : count;
}

static bool
can_write(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s/x", top, name);
	if (mkdir(path, 0755))
		return false;
	rmdir(path);
	return true;
}

static unsigned
count_shown(bool *v2)
{
	unsigned i, n = 0;

	*v2 = false;
	for (i = 0; i < plan.cgroup.n_ops; i++) {
		const struct cgroup_op *o = &plan.cgroup.ops[i];

		*v2 = *v2 || o->kind == CGROUP_V2;
		n += o->kind == CGROUP_V2 || o->mount;
	}
	return n;
}

/* Each controller of a shared hierarchy has a name of its own. */
static bool
has_links(void)
{
	char path[256], word[64];
	const char *p;
	size_t len;
	unsigned i;

	for (i = 0; i < plan.cgroup.n_ops; i++) {
		p = plan.cgroup.ops[i].controllers;
		if (plan.cgroup.ops[i].kind != CGROUP_V1 || !strchr(p, ','))
			continue;
		for (; *p; p += len + (p[len] == ',')) {
			len = strcspn(p, ",");
			snprintf(word, sizeof(word), "%.*s", (int)len, p);
			snprintf(path, sizeof(path), "%s/%s/tasks", top, word);
			if (access(path, F_OK))
				return false;
		}
	}
	return true;
}

/* In the child: 0 good, else which check failed. */
static int
child(const struct want *w)
{
	bool v2;
	int dir, shown = (int)count_shown(&v2), want = shown + 1;

	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return 1;
	if (cgroup_enter(&cg, &e) || (cgroup_clone_fd(&cg) >= 0 &&
	    cgroup_attach(&cg, getpid(), &e)))
		return 2;
	if (w->fresh && unshare(CLONE_NEWCGROUP))
		return 77;
	dir = openat(AT_FDCWD, top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (cgroup_view(&plan, &op, -1, dir, &e)) {
		printf("# %s\n", err_str(&e));
		return 3;
	}
	if (v2 && shown == 1)
		want = 1;
	if (look(w) != want) {
		printf("# %d mounts\n", look(w));
		return 4;
	}
	if (v2 && can_write(want == 1 ? "" : "unified") != w->rw)
		return 5;
	if (can_write("pids") && !(v2 && shown == 1))
		return 6;
	return has_links() ? 0 : 7;
}

static int
view(unsigned long flags, bool ns, bool rw)
{
	struct want w = { ns, rw };
	int status;
	pid_t pid;

	op.flags = flags;
	plan.create_ns = ns ? CLONE_NEWCGROUP : 0;
	if (cgroup_create(&cg, &plan.cgroup, &e)) {
		printf("# %s\n", err_str(&e));
		return -1;
	}
	pid = fork();
	if (pid == 0)
		_exit(child(&w));
	waitpid(pid, &status, 0);
	cgroup_close(&cg);
	if (cgroup_remove(&plan.cgroup, &e))
		return -2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -3;
}

/* No cgroups at all: nothing of the host's is there. */
static int
no_cgroups(void)
{
	struct want w = { false, false };
	struct plan none = { .id = base };
	int status, dir;
	pid_t pid = fork();

	if (pid == 0) {
		if (unshare(CLONE_NEWNS) ||
		    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
			_exit(1);
		dir = openat(AT_FDCWD, top, O_PATH | O_DIRECTORY | O_CLOEXEC);
		op.flags = 0;
		if (cgroup_view(&none, &op, -1, dir, &e))
			_exit(2);
		_exit(look(&w) != 1 || can_write("") ? 3 : 0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -3;
}

int
main(void)
{
	struct plan_args args = { .id = base };
	int r;

	snprintf(base, sizeof(base), "t_view.%d", (int)getpid());
	if (geteuid()) {
		SKIP(1, "needs root");
		return done();
	}
	if (!mkdtemp(top) || host_probe(&host, &arena, &e) ||
	    plan_cgroup(&plan.cgroup, &spec, &host, &args, &arena, &e)) {
		printf("# %s\n", err_str(&e));
		SKIP(1, "no usable cgroups here");
		return done();
	}
	op.dest = top;
	IS_INT(view(MS_RDONLY, false, false), 0);
	IS_INT(view(0, false, false), 0);
	r = view(MS_RDONLY, true, false);
	if (r == 77) {
		SKIP(2, "no cgroup namespaces");
	} else {
		IS_INT(r, 0);
		IS_INT(view(0, true, true), 0);
	}
	/* the host's own mounts did not become read-only */
	IS_INT(view(MS_RDONLY, false, false), 0);
	IS_INT(no_cgroups(), 0);
	op.data = "x=y";
	OK(cgroup_view(&plan, &op, -1, AT_FDCWD, &e) == -1);
	IS(err_str(&e), "option x=y: not for cgroups");
	rmdir(top);
	return done();
}
