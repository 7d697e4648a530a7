/* SPDX-License-Identifier: MIT */
/* t_rdt.c -- groups of resctrl: what counts as the same schemata, what is made,
 * entered and removed.  The files are ordinary ones, which this fstatfs says
 * are a resctrl's: no test machine has the hardware. */
#include "rdt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "destroy.h"
#include "err.h"
#include "io.h"
#include "page.h"
#include "plan.h"
#include "procfs.h"
#include "tap.h"
#include "target.h"

static char top[] = "/tmp/wherry-t_rdt.XXXXXX";
static bool pretend;

int
fstatfs(int fd, struct statfs *fs)
{
	struct stat st, here;

	if (fstat(fd, &st) || stat(top, &here))
		return -1;
	memset(fs, 0, sizeof(*fs));
	fs->f_type = st.st_dev != here.st_dev ? 0x9fa0 :   /* procfs */
		pretend ? 0x7655821 : 0x01021994;
	return 0;
}

static const struct {
	const char *line, *file;
	bool same;
} texts[] = {
	{ "L3:0=ff;1=f\n", "    MB:0=100;1=100\n    L3:0=ff;1=f\n", true },
	{ "MB:0=20", "L3:0=ff\nMB:0=  20;1= 100\n", true },
	{ "L3:1=f", "L3:0=00ff;1=000F\n", true },
	{ "L3:1=f;0=ff", "L3:0=00ff;1=000F", true },
	{ "L3: 0 = 0 ", "L3:0=000", true },
	{ "L3:0=ff", "L3:0=fe\n", false },
	{ "L3:0=f", "L3:0=ff\n", false },
	{ "L3:0=ff", "L3:0=f\n", false },
	{ "L3:2=f", "L3:0=f;1=f\n", false },
	{ "L3:0=f;2=f", "L3:0=f;1=f\n", false },
	{ "L3:0=f", "L2:0=f\n", false },
	{ "L3CODE:0=f", "L3:0=f\n", false },
	{ "L3:0=f", "", false },
	{ "L3:0=f;", "L3:0=f\n", true },
	{ "L3:0=f;;0=e", "L3:0=f\n", false },
	{ "L3:0=", "L3:0=\n", false },
	{ "L3:", "L3:0=f\n", false },
	{ "L3", "L3:0=f\n", false },
	{ "", "L3:0=f\n", false },
	{ "nonsense", "nonsense", false },
};

static void
put(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write_all(fd, text, strlen(text)))
		abort();
	close(fd);
}

static const char *
get(const char *name)
{
	static char text[64];

	return read_small_at(AT_FDCWD, name, text, sizeof(text)) < 0 ?
		"" : text;
}

static bool
there(const char *name)
{
	return access(name, F_OK) == 0;
}

/* The error of entering, "" for none; what was made is undone then. */
static const char *
try(const struct rdt_plan *p)
{
	static struct err e;
	struct rdt r = { 0 };

	e = (struct err){ 0 };
	if (rdt_enter(&r, p, 4711, &e))
		rdt_undo(&r, p);
	return err_str(&e);
}

static void
groups(void)
{
	const char *const lines[] = { "L3:0=ff\n" };
	struct rdt_plan p = {
		.mount = top, .group = "web", .lines = lines, .n_lines = 1,
		.how = RDT_OURS,
	};
	const struct rdt none = { 0 }, both = { true, true };
	struct err e = { 0 };

	/* not a resctrl: nothing is looked at */
	pretend = false;
	OK(strstr(try(&p), "not a resctrl") != NULL);
	OK(!there("web"));
	pretend = true;

	/* an ordinary directory has no schemata: made, failed, removed */
	OK(strstr(try(&p), "group web: schemata L3:0=ff: ") != NULL);
	OK(!there("web"));
	/* what the kernel has against it, in its own words */
	mkdir("info", 0700);
	put("info/last_cmd_status", "Unknown schema\n");
	OK(strstr(try(&p), "web: Unknown schema: schemata L3:0=ff: ") != NULL);
	OK(!there("web"));
	OK(unlink("info/last_cmd_status") == 0 && rmdir("info") == 0);
	p.n_lines = 0;
	OK(strstr(try(&p), "tasks") != NULL);
	OK(!there("web"));
	p.how = RDT_THERE;
	OK(strstr(try(&p), "group web: open: no such file") != NULL);

	/* one that is there: never ours, entered where it matches */
	mkdir("web", 0700);
	p.how = RDT_OURS;
	OK(strstr(try(&p), "mkdir: file exists") != NULL);
	OK(there("web"));
	put("web/schemata", "L3:0=0f\n");
	put("web/tasks", "");
	p.how = RDT_SHARED;
	p.n_lines = 1;
	OK(strstr(try(&p), "exists, and not with L3:0=ff") != NULL);
	IS(get("web/tasks"), "");
	IS(get("web/schemata"), "L3:0=0f\n");
	put("web/schemata", "L3:0=0ff\n");
	IS(try(&p), "");
	IS(get("web/tasks"), "4711");
	IS(get("web/schemata"), "L3:0=0ff\n");

	/* monitoring: made at create, entered by exec, removed at delete */
	p.monitor = "c1";
	OK(strstr(try(&p), "mon_groups: no such file") != NULL);
	mkdir("web/mon_groups", 0700);
	OK(strstr(try(&p), "mon_groups/c1: tasks") != NULL);
	OK(!there("web/mon_groups/c1"));
	mkdir("web/mon_groups/c1", 0700);
	OK(strstr(try(&p), "mon_groups/c1: file exists") != NULL);
	put("web/mon_groups/c1/tasks", "");
	p.how = RDT_JOIN;
	IS(try(&p), "");
	IS(get("web/mon_groups/c1/tasks"), "4711");
	unlink("web/mon_groups/c1/tasks");
	p.how = RDT_THERE;
	OK(rdt_remove(&none, &p, &e) == 0 && there("web/mon_groups/c1"));
	OK(rdt_remove(&both, &p, &e) == 0 && !there("web/mon_groups/c1"));
	OK(there("web"));

	/* a link is no group */
	OK(symlink("web", "link") == 0);
	p = (struct rdt_plan){ .mount = top, .group = "link",
		.how = RDT_THERE };
	OK(strstr(try(&p), "group link: open: ") != NULL);
	unlink("link");

	unlink("web/tasks");
	unlink("web/schemata");
	rmdir("web/mon_groups");
	p.group = "web";
	p.how = RDT_OURS;
	OK(rdt_remove(&none, &p, &e) == 0 && there("web"));
	p.how = RDT_SHARED;
	OK(rdt_remove(&both, &p, &e) == 0 && there("web"));
	p.how = RDT_OURS;
	OK(rdt_remove(&both, &p, &e) == 0 && !there("web"));
	OK(rdt_remove(&both, &p, &e) == 0);
	p.mount = NULL;
	OK(rdt_remove(&both, &p, &e) == 0);
}

/* update: the container's own group alone, whole lines, and back again. */
static void
updates(void)
{
	const char *const lines[] = { "L3:0=0f;1=1\n", "MB:0=20;1=70\n" };
	struct rdt_plan p = {
		.group = "web", .lines = lines, .n_lines = 1, .how = RDT_OURS,
	};
	char was[RDT_TEXT];
	struct err e = { 0 };

	OK(rdt_update(&p, was, &e) == -1);
	OK(strstr(err_str(&e), "not in the container's config") != NULL);
	err_clear(&e);
	p.mount = top;
	OK(rdt_update(&p, was, &e) == -1);
	OK(strstr(err_str(&e), "linux.intelRdt: group web: open: no") != NULL);
	err_clear(&e);
	mkdir("web", 0700);
	OK(rdt_update(&p, was, &e) == -1);
	OK(strstr(err_str(&e), "group web: schemata: no such") != NULL);
	err_clear(&e);
	put("web/schemata", "L3:0=ff;1=f\n");
	p.how = RDT_THERE;
	OK(rdt_update(&p, was, &e) == -1);
	OK(strstr(err_str(&e), "web is not the container's alone") != NULL);
	err_clear(&e);
	IS(get("web/schemata"), "L3:0=ff;1=f\n");
	p.how = RDT_OURS;
	OK(rdt_update(&p, was, &e) == 0);
	IS(get("web/schemata"), lines[0]);
	IS(was, "L3:0=ff;1=f\n");
	rdt_restore(&p, was);
	IS(get("web/schemata"), was);
	/* a kernel's file takes line by line: the last is what is seen here */
	p.n_lines = 2;
	put("web/schemata", "");
	OK(rdt_update(&p, was, &e) == 0);
	IS(get("web/schemata"), lines[1]);
	pretend = false;
	OK(rdt_update(&p, was, &e) == -1);
	OK(strstr(err_str(&e), "not a resctrl") != NULL);
	pretend = true;
	unlink("web/schemata");
	rmdir("web");
}

/* How far a create comes before it is killed. */
enum kill_at { AT_RECORD, AT_HALF_PAGE, AT_PAGE, AT_ENTER };

/* A create of group "web" in the state directory, killed there.  The child
 * shares no memory with us but what is in files. */
static void
create_killed(int dir, enum kill_at at)
{
	struct rdt_plan p = {
		.mount = top, .group = "web", .how = RDT_OURS,
	};
	struct err e = { 0 };
	struct page *page;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (at == AT_HALF_PAGE)
			close(openat(dir, "init", O_WRONLY | O_CREAT |
				O_CLOEXEC, 0600));
		page = at < AT_PAGE ? NULL : page_create(dir, &e);
		/* an ordinary directory has no tasks: made, but not entered */
		if (at == AT_ENTER)
			rdt_enter(&page->rdt, &p, 4711, &e);
		kill(getpid(), SIGKILL);
	}
	OK(pid > 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
}

/* `delete --force` of what such a create has left. */
static void
destroy_killed(enum kill_at at)
{
	static char block[1 << 18];
	struct arena a = { block, block + sizeof(block) };
	struct target t = TARGET_NONE;
	struct err e = { 0 };

	mkdir("state", 0700);
	t.root = open("state", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	t.status = STATUS_CREATING;
	OK(state_claim(&t.state, t.root, "c1", &e) == 0);
	OK(record_init(&t.record, &a, &e) == 0);
	t.record.id = "c1";
	record_keep_rdt(&t.record, &(struct rdt_plan) {
		.mount = top, .group = "web", .how = RDT_OURS });
	create_killed(t.state.dir, at);
	OK(destroy(&t, true, &a, &e) == 0);
	IS(err_str(&e), "");
	OK(!there("state/c1"));
	state_close(&t.state);
	close(t.root);
	rmdir("state");
}

/* A group that create has not made is left alone, whenever it appeared. */
static void
killed(void)
{
	static const enum kill_at all[] = { AT_RECORD, AT_HALF_PAGE, AT_PAGE,
		AT_ENTER };
	size_t i;

	for (i = 0; i < COUNT(all); i++) {
		OK(mkdir("web", 0700) == 0);
		destroy_killed(all[i]);
		OK(there("web") && rmdir("web") == 0);
		destroy_killed(all[i]);
		OK(!there("web"));
	}
}

int
main(void)
{
	struct err e = { 0 };
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		if (rdt_match(texts[i].line, texts[i].file) != texts[i].same)
			printf("# %s\n", texts[i].line);
		OK(rdt_match(texts[i].line, texts[i].file) == texts[i].same);
	}
	if (!mkdtemp(top) || chdir(top))
		abort();
	groups();
	updates();
	OK(procfs_open(&e) == 0);
	killed();
	OK(chdir("/") == 0 && rmdir(top) == 0);
	return done();
}
