/* SPDX-License-Identifier: MIT */
/* floor.c -- the least that a container costs: the kernel's work for the
 * standard bundle (tests/live/bundle.sh) with every value written down here.
 * No config is read, nothing is checked, nothing protects the host from the
 * container or from this program's own file.
 *   floor [OPTION...] run|create --bundle DIR ID, start|state|delete ID, list,
 *         kill ID SIGNAL, exec ID PROGRAM
 *   --root DIR          where the state is
 *   --v2 DIR, --v1 DIR  mounts of the cgroup hierarchies; --v1 once for each
 *   --filter FILE       a seccomp program to load
 *   --mounts N          more bind mounts, to /mnt/m000 and so on
 *   --memory BYTES      memory.limit_in_bytes
 * The program is `true`. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../compat/nr.h"

enum {
	MAX_HIER = 32, LAST_CAP = 40,
	RO = 1, NOSUID = 2, NODEV = 4, NOEXEC = 8, STRICTATIME = 0x20,
	TREE_CLONE = 1, RECURSIVE = 0x8000, EMPTY_TARGET = 4,
	SET_FLAG = 0, SET_STRING = 1, CMD_CREATE = 6, FS_CLOEXEC = 1,
	RANGE_CLOEXEC = 4, KEEP = 1u << 5 | 1u << 10 | 1u << 29,
};
#define INTO_CGROUP 0x200000000ULL

static struct hier {
	const char *path;
	bool v2;
	int dir;
} hiers[MAX_HIER];
static unsigned n_hiers;
static const char *root = "/run/floor", *bundle = ".", *memory;
static unsigned n_mounts;
static struct { unsigned short len; void *insn; } filter;

static void
die(const char *what)
{
	dprintf(2, "floor: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static int
ok(long r, const char *what)
{
	if (r < 0)
		die(what);
	return (int)r;
}

static const char *
at(const char *dir, const char *name)
{
	static char path[4][512];
	static unsigned i;
	char *p = path[i++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s", dir, name);
	return p;
}

static void
put(int dir, const char *file, const char *text)
{
	int fd = ok(openat(dir, file, O_WRONLY | O_CLOEXEC), file);

	ok(write(fd, text, strlen(text)), file);
	close(fd);
}

static bool
is(const struct hier *h, const char *name)
{
	return !strcmp(strrchr(h->path, '/') + 1, name);
}

/* --- cgroups -------------------------------------------------------------- */

static void
allow_devices(int dir)
{
	static const char *const rules[] = { "c *:* m", "b *:* m", "c 1:3 rwm",
		"c 1:8 rwm", "c 1:7 rwm", "c 5:0 rwm", "c 1:5 rwm",
		"c 1:9 rwm", "c 136:* rwm", "c 5:2 rwm" };
	int fd;

	put(dir, "devices.deny", "a");
	fd = ok(openat(dir, "devices.allow", O_WRONLY | O_CLOEXEC), "devices");
	for (unsigned i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		ok(write(fd, rules[i], strlen(rules[i])), "devices.allow");
	close(fd);
}

/* A new cpuset is empty. */
static void
inherit(const struct hier *h, const char *file)
{
	char text[128];
	int fd = ok(open(at(h->path, file), O_RDONLY | O_CLOEXEC), file);
	ssize_t n = ok(read(fd, text, sizeof(text) - 1), file);

	close(fd);
	text[n] = '\0';
	put(h->dir, file, text);
}

/* The directory of the v2 cgroup, or -1. */
static int
make_cgroups(const char *id)
{
	int v2 = -1;

	for (unsigned i = 0; i < n_hiers; i++) {
		struct hier *h = &hiers[i];
		const char *path = at(h->path, id);

		ok(mkdir(path, 0755), path);
		h->dir = ok(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), path);
		if (h->v2)
			v2 = h->dir;
		else if (is(h, "devices"))
			allow_devices(h->dir);
		else if (is(h, "cpuset")) {
			inherit(h, "cpuset.cpus");
			inherit(h, "cpuset.mems");
		} else if (memory && is(h, "memory"))
			put(h->dir, "memory.limit_in_bytes", memory);
	}
	return v2;
}

/* One thread that moves itself: no global lock, no grace period of RCU. */
static void
enter_v1(void)
{
	for (unsigned i = 0; i < n_hiers; i++) {
		if (!hiers[i].v2)
			put(hiers[i].dir, "tasks", "0");
	}
}

static void
remove_cgroups(const char *id)
{
	for (unsigned i = n_hiers; i-- > 0; ) {
		const char *path = at(hiers[i].path, id);

		for (int k = 0; rmdir(path) && errno == EBUSY && k < 5000; k++)
			usleep(200);
	}
}

/* --- mounts --------------------------------------------------------------- */

static void
attach(int fd, const char *to)
{
	ok(syscall(NR_MOVE_MOUNT, fd, "", AT_FDCWD, to, EMPTY_TARGET), to);
	close(fd);
}

static void
set(int fd, const char *path, unsigned flags, uint64_t attr)
{
	uint64_t how[4] = { attr, 0, 0, 0 };

	ok(syscall(NR_MOUNT_SETATTR, fd, path, flags, how, sizeof(how)), path);
}

static int
tree(const char *path, unsigned flags)
{
	return (int)syscall(NR_OPEN_TREE, AT_FDCWD, path, flags | TREE_CLONE |
		O_CLOEXEC);
}

/* options: "key=value,key". */
static void
fresh(const char *type, const char *source, unsigned attr, const char *options,
	const char *to)
{
	int fs = ok(syscall(NR_FSOPEN, type, FS_CLOEXEC), type);
	char text[128], *key, *value, *rest = text;

	ok(syscall(NR_FSCONFIG, fs, SET_STRING, "source", source, 0), type);
	strcpy(text, options);
	while ((key = strsep(&rest, ",")) && *key) {
		value = strchr(key, '=');
		if (value)
			*value++ = '\0';
		ok(syscall(NR_FSCONFIG, fs, value ? SET_STRING : SET_FLAG, key,
			value, 0), key);
	}
	ok(syscall(NR_FSCONFIG, fs, CMD_CREATE, NULL, NULL, 0), type);
	attach(ok(syscall(NR_FSMOUNT, fs, FS_CLOEXEC, attr), type), to);
	close(fs);
}

static void
mount_all(void)
{
	const unsigned safe = NOSUID | NOEXEC | NODEV;

	fresh("proc", "proc", 0, "", "proc");
	fresh("tmpfs", "tmpfs", NOSUID | STRICTATIME, "mode=755,size=65536k",
		"dev");
	mkdir("dev/pts", 0755);
	mkdir("dev/shm", 0755);
	mkdir("dev/mqueue", 0755);
	fresh("devpts", "devpts", NOSUID | NOEXEC,
		"newinstance,ptmxmode=0666,mode=0620,gid=5", "dev/pts");
	fresh("tmpfs", "shm", safe, "mode=1777,size=65536k", "dev/shm");
	fresh("mqueue", "mqueue", safe, "", "dev/mqueue");
	fresh("sysfs", "sysfs", safe | RO, "", "sys");
}

static void
mount_cgroups(const char *id)
{
	const unsigned safe = NOSUID | NOEXEC | NODEV | RO;

	fresh("tmpfs", "cgroup", safe & ~RO, "mode=755", "sys/fs/cgroup");
	for (unsigned i = 0; i < n_hiers; i++) {
		const struct hier *h = &hiers[i];
		const char *to = at("sys/fs/cgroup", strrchr(h->path, '/') + 1);
		int fd;

		ok(mkdir(to, 0755), to);
		fd = ok(tree(at(h->path, id), 0), "cgroup");
		set(fd, "", AT_EMPTY_PATH, safe);
		attach(fd, to);
	}
	set(AT_FDCWD, "sys/fs/cgroup", 0, safe);
}

static void
make_devices(void)
{
	static const struct { const char *name; int major, minor; } devs[] = {
		{ "null", 1, 3 }, { "zero", 1, 5 }, { "full", 1, 7 },
		{ "tty", 5, 0 }, { "random", 1, 8 }, { "urandom", 1, 9 },
	};
	static const char *const links[][2] = { { "/proc/self/fd", "fd" },
		{ "/proc/self/fd/0", "stdin" }, { "/proc/self/fd/1", "stdout" },
		{ "/proc/self/fd/2", "stderr" }, { "pts/ptmx", "ptmx" } };
	int dir = ok(open("dev", O_PATH | O_DIRECTORY | O_CLOEXEC), "dev");

	for (unsigned i = 0; i < sizeof(devs) / sizeof(*devs); i++)
		ok(mknodat(dir, devs[i].name, S_IFCHR | 0666,
			makedev(devs[i].major, devs[i].minor)), devs[i].name);
	for (unsigned i = 0; i < sizeof(links) / sizeof(*links); i++)
		ok(symlinkat(links[i][0], dir, links[i][1]), links[i][1]);
	close(dir);
}

static void
hide_paths(void)
{
	static const char *const masked[] = { "proc/acpi", "proc/asound",
		"proc/kcore", "proc/keys", "proc/latency_stats",
		"proc/timer_list", "proc/timer_stats", "proc/sched_debug",
		"sys/firmware", "proc/scsi" };
	static const char *const readonly[] = { "proc/bus", "proc/fs",
		"proc/irq", "proc/sys", "proc/sysrq-trigger" };
	struct stat st;
	int fd;

	for (unsigned i = 0; i < sizeof(masked) / sizeof(*masked); i++) {
		if (stat(masked[i], &st))
			continue;
		if (S_ISDIR(st.st_mode))
			fresh("tmpfs", "tmpfs", RO, "", masked[i]);
		else
			attach(ok(tree("/dev/null", 0), "null"), masked[i]);
	}
	for (unsigned i = 0; i < sizeof(readonly) / sizeof(*readonly); i++) {
		fd = tree(readonly[i], RECURSIVE);
		if (fd < 0)
			continue;
		set(fd, "", AT_EMPTY_PATH | RECURSIVE, RO);
		attach(fd, readonly[i]);
	}
}

static void
bind_more(void)
{
	char to[32];
	int fd;

	for (unsigned i = 0; i < n_mounts; i++) {
		snprintf(to, sizeof(to), "mnt/m%03u", i);
		fd = ok(tree("/mnt", 0), "/mnt");
		set(fd, "", AT_EMPTY_PATH, NOSUID | NODEV);
		attach(fd, to);
	}
}

static void
enter_root(const char *id)
{
	const char *path = at(bundle, "rootfs");
	int fd;

	ok(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "propagation");
	fd = ok(tree(path, RECURSIVE), path);
	ok(syscall(NR_MOVE_MOUNT, fd, "", AT_FDCWD, path, EMPTY_TARGET), path);
	ok(fchdir(fd), path);
	close(fd);
	umask(0);
	mount_all();
	if (n_hiers)
		mount_cgroups(id);
	make_devices();
	hide_paths();
	bind_more();
	ok(syscall(SYS_pivot_root, ".", "."), "pivot_root");
	ok(umount2(".", MNT_DETACH), "umount");
	ok(chdir("/"), "/");
	set(AT_FDCWD, "/", 0, RO);
	umask(022);
}

/* --- the process ---------------------------------------------------------- */

static void
confine(void)
{
	static const uint32_t head[2] = { 0x20080522, 0 };
	static const uint32_t caps[6] = { KEEP, KEEP, KEEP };
	static const struct rlimit files = { 1024, 1024 };

	setrlimit(RLIMIT_NOFILE, &files);
	for (int c = 0; c <= LAST_CAP; c++) {
		if (c > 31 || !(KEEP & 1u << c))
			prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
	}
	setgroups(0, NULL);
	syscall(SYS_setresgid, 0, 0, 0);
	syscall(SYS_setresuid, 0, 0, 0);
	ok(syscall(SYS_capset, head, caps), "capset");
	for (int c = 0; c < 32; c++) {
		if (KEEP & 1u << c)
			prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, c, 0, 0);
	}
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	syscall(NR_CLOSE_RANGE, 3, ~0u, RANGE_CLOEXEC);
	if (filter.len)
		ok(syscall(SYS_seccomp, 1, 0, &filter), "seccomp");
}

static void
execute(void)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:"
		"/usr/bin:/sbin:/bin", term[] = "TERM=xterm", name[] = "true";
	static char *const env[] = { path, term, NULL };
	static char *const args[] = { name, NULL };

	execve("/bin/true", args, env);
	die("execve");
}

/* ready: told when all is done, or -1; fifo: waits for its reader. */
static void
init(const char *id, int ready, int fifo)
{
	struct ifreq lo = { .ifr_name = "lo" };
	char path[32];
	int s;

	enter_v1();
	enter_root(id);
	ok(sethostname("floor", 5), "hostname");
	s = ok(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
	lo.ifr_flags = IFF_UP | IFF_RUNNING;
	ok(ioctl(s, SIOCSIFFLAGS, &lo), "lo");
	close(s);
	setsid();
	confine();
	if (fifo >= 0) {
		ok(write(ready, "r", 1), "ready");
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fifo);
		close(ok(open(path, O_WRONLY | O_CLOEXEC), "fifo"));
	}
	execute();
}

static pid_t
clone_into(int cgroup, uint64_t flags)
{
	uint64_t args[11] = { flags, [4] = SIGCHLD };

	if (cgroup >= 0) {
		args[0] |= INTO_CGROUP;
		args[10] = (uint64_t)cgroup;
	}
	return ok(syscall(NR_CLONE3, args, sizeof(args)), "clone3");
}

/* --- state ---------------------------------------------------------------- */

struct known {
	int pid;
	unsigned long long start;
	const char *status;
	char bundle[256];
};

/* Field 22 of /proc/PID/stat; 0 where there is no such process. */
static unsigned long long
start_time(int pid)
{
	char text[512], *p;
	ssize_t n;
	int fd;

	snprintf(text, sizeof(text), "/proc/%d/stat", pid);
	fd = open(text, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	p = strrchr(text, ')');
	if (!p || p[2] == 'Z')
		return 0;
	for (int i = 0; p && i < 20; i++)
		p = strchr(p + 1, ' ');
	return p ? strtoull(p, NULL, 10) : 0;
}

static void
save(const char *id, int pid)
{
	const char *dir = at(root, id);
	char text[512];
	int n, fd = ok(open(at(dir, "new"), O_WRONLY | O_CREAT | O_CLOEXEC,
		0600), "state");

	n = snprintf(text, sizeof(text), "%d %llu %s\n", pid, start_time(pid),
		bundle);
	ok(write(fd, text, (size_t)n), "state");
	close(fd);
	ok(rename(at(dir, "new"), at(dir, "state")), "state");
}

static void
forget(const char *id)
{
	unlink(at(at(root, id), "state"));
	unlink(at(at(root, id), "fifo"));
	rmdir(at(root, id));
}

static int
load(const char *id, struct known *k)
{
	char text[512];
	int fd = open(at(at(root, id), "state"), O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	if (sscanf(text, "%d %llu %255s", &k->pid, &k->start, k->bundle) != 3)
		return -1;
	k->status = start_time(k->pid) != k->start ? "stopped" :
		access(at(at(root, id), "fifo"), F_OK) ? "running" : "created";
	return 0;
}

/* --- commands ------------------------------------------------------------- */

static int
code(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int
create(const char *id, bool gate)
{
	int ready[2] = { -1, -1 }, fifo = -1, v2, status;
	char byte;
	pid_t pid;

	mkdir(root, 0700);
	ok(mkdir(at(root, id), 0700), id);
	if (gate) {
		const char *path = at(at(root, id), "fifo");

		ok(mkfifo(path, 0600), path);
		fifo = ok(open(path, O_PATH | O_CLOEXEC), path);
		ok(pipe2(ready, O_CLOEXEC), "pipe");
	}
	v2 = make_cgroups(id);
	pid = clone_into(v2, CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
		CLONE_NEWUTS | CLONE_NEWNET);
	if (pid == 0)
		init(id, ready[1], fifo);
	save(id, pid);
	if (gate) {
		close(ready[1]);
		return read(ready[0], &byte, 1) == 1 ? 0 : 1;
	}
	waitpid(pid, &status, 0);
	remove_cgroups(id);
	forget(id);
	return code(status);
}

static int
start(const char *id)
{
	const char *path = at(at(root, id), "fifo");

	/* the writer is behind its open, or will be as soon as we are */
	close(ok(open(path, O_RDONLY | O_CLOEXEC), path));
	unlink(path);
	return 0;
}

/* The pid is the first in its namespace: all its namespaces at once. */
static int
exec(const char *id)
{
	struct known k;
	int status, fd, v2 = -1;
	pid_t pid;

	if (load(id, &k))
		return 1;
	fd = ok(syscall(NR_PIDFD_OPEN, k.pid, 0), "pidfd");
	for (unsigned i = 0; i < n_hiers; i++) {
		hiers[i].dir = ok(open(at(hiers[i].path, id), O_PATH |
			O_DIRECTORY | O_CLOEXEC), "cgroup");
		if (hiers[i].v2)
			v2 = hiers[i].dir;
	}
	ok(setns(fd, CLONE_NEWPID), "setns");
	pid = clone_into(v2, 0);
	if (pid == 0) {
		enter_v1();
		ok(setns(fd, CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS |
			CLONE_NEWNET), "setns");
		setsid();
		confine();
		execute();
	}
	waitpid(pid, &status, 0);
	return code(status);
}

static int
state(const char *id)
{
	struct known k;

	if (load(id, &k))
		return 1;
	dprintf(1, "{\"ociVersion\":\"1.3.0\",\"id\":\"%s\",\"status\":\"%s\","
		"\"pid\":%d,\"bundle\":\"%s\"}\n", id, k.status, k.pid,
		k.bundle);
	return 0;
}

static int
list(void)
{
	DIR *d = opendir(root);
	struct dirent *entry;
	struct known k;

	while (d && (entry = readdir(d))) {
		if (*entry->d_name != '.' && !load(entry->d_name, &k))
			printf("%s %d %s %s\n", entry->d_name, k.pid, k.status,
				k.bundle);
	}
	return fflush(stdout);
}

static int
delete(const char *id)
{
	struct known k;

	if (load(id, &k))
		return 1;
	if (*k.status != 's')
		kill(k.pid, SIGKILL);
	remove_cgroups(id);
	forget(id);
	return 0;
}

static void
load_filter(const char *file)
{
	int fd = ok(open(file, O_RDONLY | O_CLOEXEC), file);
	off_t size = lseek(fd, 0, SEEK_END);

	filter.insn = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
	filter.len = (unsigned short)(size / 8);
	close(fd);
}

static char **
add_hier(char **arg)
{
	if (n_hiers < MAX_HIER)
		hiers[n_hiers++] = (struct hier) { arg[1],
			(*arg)[3] == '2', -1 };
	return arg + 1;
}

static char **
options(char **arg)
{
	for (; *arg && !strncmp(*arg, "--", 2); arg++) {
		if (!strcmp(*arg, "--force"))
			continue;
		else if (!arg[1])
			return arg + 1;
		else if (!strcmp(*arg, "--v1") || !strcmp(*arg, "--v2"))
			arg = add_hier(arg);
		else if (!strcmp(*arg, "--root"))
			root = *++arg;
		else if (!strcmp(*arg, "--bundle"))
			bundle = *++arg;
		else if (!strcmp(*arg, "--filter"))
			load_filter(*++arg);
		else if (!strcmp(*arg, "--mounts"))
			n_mounts = (unsigned)strtoul(*++arg, NULL, 10);
		else if (!strcmp(*arg, "--memory"))
			memory = *++arg;
	}
	return arg;
}

int
main(int argc, char **argv)
{
	char **arg = options(argv + 1);
	const char *cmd = argc > 1 && *arg ? *arg++ : "";
	struct known k;

	if (!strcmp(cmd, "list"))
		return list();
	arg = options(arg);
	if (!*arg)
		return 2;
	if (!strcmp(cmd, "run") || !strcmp(cmd, "create"))
		return create(*arg, *cmd == 'c');
	if (!strcmp(cmd, "start"))
		return start(*arg);
	if (!strcmp(cmd, "state"))
		return state(*arg);
	if (!strcmp(cmd, "exec"))
		return exec(*arg);
	if (!strcmp(cmd, "delete"))
		return delete(*arg);
	if (!strcmp(cmd, "kill"))
		return load(*arg, &k) || kill(k.pid, SIGKILL);
	return 2;
}
