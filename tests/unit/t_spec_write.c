/* SPDX-License-Identifier: MIT */
/* t_spec_write.c -- tests of spec_write.h: what it writes passes our own checks
 * without a word.  Also what other runtimes' `spec` writes, and the place of
 * spec_check's messages in a file. */
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "spec_text.h"
#include "spec_write.h"

static char file[] = "/tmp/t_spec_write.XXXXXX";
static int fd;
static bool all;

/* Decodes and checks the file; returns the error or "". */
static const char *
judge(void)
{
	struct diag d = { .say = spec_say, .all = all };

	spec_arena = (struct arena){ spec_memory,
		spec_memory + sizeof(spec_memory) };
	spec_err = (struct err){ 0 };
	spec_said[0] = '\0';
	if (!spec_decode(&spec, fd, "f", &d, &spec_arena, &spec_err))
		spec_check(&spec, &d, spec_arena, &spec_err);
	return err_str(&spec_err);
}

static bool
has_ns(unsigned type)
{
	unsigned i;

	for (i = 0; i < spec.linux.n_namespaces; i++) {
		if (spec.linux.namespaces[i].type == type)
			return true;
	}
	return false;
}

static bool
has_mount(const char *destination)
{
	unsigned i;

	for (i = 0; i < spec.n_mounts; i++) {
		if (!strcmp(spec.mounts[i].destination, destination))
			return true;
	}
	return false;
}

/* The options of /dev/pts have it. */
static bool
pts_has(const char *word)
{
	const struct spec_mount *m = &spec.mounts[2];
	unsigned i;

	for (i = 0; i < m->n_options; i++) {
		if (!strcmp(m->options[i], word))
			return !strcmp(m->destination, "/dev/pts");
	}
	return false;
}

static void
test_template(unsigned bits)
{
	struct spec_template t = {
		.rootless = bits & 1, .uid = 1000, .gid = 4294967294,
		.mqueue = bits & 2, .cgroup_ns = bits & 4,
	};
	struct err e = { 0 };

	OK(!ftruncate(fd, 0) && lseek(fd, 0, SEEK_SET) == 0 &&
		!spec_write(&t, fd, &e));
	if (t.rootless && !FEAT_USERNS)
		OK(strstr(judge(), ": linux.namespaces: built without USERNS"));
	else
		IS(judge(), "");
	IS(spec_said, "");
	OK(spec.process->terminal == FEAT_PTY &&
		spec.process->no_new_privileges && spec.root->readonly);
	IS(spec.process->args[0], "sh");
	IS_INT(spec.process->capabilities->bounding, 0x20000420);
	IS_INT(spec.n_mounts, t.mqueue ? 7 : 6);
	OK(has_mount("/dev/mqueue") == t.mqueue);
	OK(pts_has("newinstance") && pts_has("gid=5") == !t.rootless);
	OK(has_ns(CLONE_NEWCGROUP) == t.cgroup_ns);
	OK(has_ns(CLONE_NEWUSER) == t.rootless);
	OK(has_ns(CLONE_NEWNET) == !t.rootless);
	OK(!spec.linux.resources == t.rootless);
	IS_INT(spec.linux.n_uid_mappings, t.rootless);
	IS_INT(spec.linux.n_masked_paths, 10);
	IS_INT(spec.linux.n_readonly_paths, 5);
	if (t.rootless)
		OK(spec.linux.uid_mappings[0].host_id == 1000 &&
			spec.linux.gid_mappings[0].host_id == 4294967294 &&
			spec.linux.uid_mappings[0].size == 1);
}

/* A full disk is an error. */
static void
test_full(void)
{
	struct spec_template t = { 0 };
	struct err e = { 0 };
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	if (full < 0) {
		SKIP(2, "no /dev/full");
		return;
	}
	IS_INT(spec_write(&t, full, &e), -1);
	IS(err_str(&e), "write: no space left on device");
	close(full);
}

#define CAPS "['CAP_AUDIT_WRITE','CAP_KILL','CAP_NET_BIND_SERVICE']"

/* runc 1.1 and crun 1.8, but for the white space, with terminal set to false:
 * the ambient set is without an inheritable one there. */
static const char others[] =
"{'ociVersion':'1.0.2-dev','process':{'terminal':false,'user':{'uid':0,"
"'gid':0},'args':['sh'],'env':['PATH=/usr/local/sbin:/usr/local/bin:"
"/usr/sbin:/usr/bin:/sbin:/bin','TERM=xterm'],'cwd':'/','capabilities':"
"{'bounding':" CAPS ",'effective':" CAPS ",'inheritable':[],'permitted':" CAPS
",'ambient':" CAPS "},'rlimits':[{'type':'RLIMIT_NOFILE','hard':1024,"
"'soft':1024}],'noNewPrivileges':true},'root':{'path':'rootfs','readonly':"
"true},'hostname':'runc','mounts':[{'destination':'/proc','type':'proc',"
"'source':'proc'},{'destination':'/dev','type':'tmpfs','source':'tmpfs',"
"'options':['nosuid','strictatime','mode=755','size=65536k']},"
"{'destination':'/dev/pts','type':'devpts','source':'devpts','options':"
"['nosuid','noexec','newinstance','ptmxmode=0666','mode=0620','gid=5']},"
"{'destination':'/dev/shm','type':'tmpfs','source':'shm','options':['nosuid',"
"'noexec','nodev','mode=1777','size=65536k']},{'destination':'/dev/mqueue',"
"'type':'mqueue','source':'mqueue','options':['nosuid','noexec','nodev']},"
"{'destination':'/sys','type':'sysfs','source':'sysfs','options':['nosuid',"
"'noexec','nodev','ro']},{'destination':'/sys/fs/cgroup','type':'cgroup',"
"'source':'cgroup','options':['nosuid','noexec','nodev','relatime','ro']}],"
"'linux':{'resources':{'devices':[{'allow':false,'access':'rwm'}]},"
"'namespaces':[{'type':'pid'},{'type':'network'},{'type':'ipc'},{'type':"
"'uts'},{'type':'mount'},{'type':'cgroup'}],'maskedPaths':['/proc/acpi',"
"'/proc/asound','/proc/kcore','/proc/keys','/proc/latency_stats',"
"'/proc/timer_list','/proc/timer_stats','/proc/sched_debug','/sys/firmware',"
"'/proc/scsi'],'readonlyPaths':['/proc/bus','/proc/fs','/proc/irq',"
"'/proc/sys','/proc/sysrq-trigger']}}";

static void
test_others(void)
{
	IS(spec_try(others, true, false), "");
	IS(spec_said, "1 c: process.capabilities.ambient: not granted, being "
		"not permitted and inheritable: CAP_KILL CAP_NET_BIND_SERVICE "
		"CAP_AUDIT_WRITE\n");
}

static void
test_place(void)
{
	static const char text[] = "{\n \"ociVersion\": \"1.3.0\",\n"
		" \"root\": {\"path\": \"r\"},\n \"linux\": {\n"
		"  \"sysctl\": {\"a\": \"b\"}\n }\n}\n";

	OK(!ftruncate(fd, 0) && pwrite(fd, text, sizeof(text) - 1, 0) ==
		(ssize_t)sizeof(text) - 1);
	IS(judge(), "f:5:19: linux.sysctl[\"a\"]: belongs to no namespace: "
		"it would change the host");
}

/* Looking for the place of one error must not spoil what the next is about. */
static void
test_all_places(void)
{
	static const char text[] = "{ \"ociVersion\": \"1.3.0\",\n"
		"\"root\": { \"path\": \"r\" },\n"
		"\"linux\": { \"namespaces\": [ { \"type\": \"mount\" } ] },\n"
		"\"mounts\": [ {\n"
		"  \"destination\": \"/a/../proc//self\",\n"
		"  \"options\": [ \"rbind\", \"tmpcopyup\", \"mode=755\" ]\n"
		"} ] }\n";

	OK(!ftruncate(fd, 0) && pwrite(fd, text, sizeof(text) - 1, 0) ==
		(ssize_t)sizeof(text) - 1);
	all = true;
	IS(judge(), "f: 3 errors");
	IS(spec_said, "0 f:6:14: mounts[0].options: `tmpcopyup`: for tmpfs "
		"only\n"
		"1 f:6:14: mounts[0].options: `mode=755`: of a file system: a "
		"bind mount has none\n"
		"0 f:5:18: mounts[0].destination: `/a/../proc//self`: nothing "
		"may be mounted below /proc but the files of lxcfs\n"
		"0 f:4:13: mounts[0].source: a bind mount needs one\n");
}

int
main(void)
{
	unsigned bits;

	fd = mkstemp(file);
	if (fd < 0 || unlink(file)) {
		puts("Bail out! no temporary file");
		return 1;
	}
	for (bits = 0; bits < 8; bits++)
		test_template(bits);
	test_full();
	test_others();
	test_place();
	test_all_places();
	return done();
}
