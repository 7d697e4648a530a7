/* SPDX-License-Identifier: MIT */
/* feature_probe.c -- asks the kernel that runs, by calls that it must refuse
 * and by files that it shows.  Never by its version: distributions move
 * features between versions, filters take calls away. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "feature.h"
#include "fmt.h"
#include "host.h"
#include "io.h"
#include "kconfig.h"
#include "mountinfo.h"
#include "nr.h"
#include "procfs.h"
#include "state_root.h"
#include "str.h"
#include "sys.h"

enum { TEXT = 8192, ANY = -1 };

/* What is read once. */
struct facts {
	struct host host;       /* all zero where it can't be read */
	bool proc;              /* there is a procfs */
	const char *filesystems, *cgroups; /* of /proc; NULL: can't tell */
	const char *own;        /* of our v2 cgroup: its path; or NULL */
	const char *state_dir;
	bool modules;           /* the kernel can load some, or we can't tell */
};

static enum have
yes(bool v)
{
	return v ? HAVE_YES : HAVE_NO;
}

static char *
read_proc(const char *name, struct arena *a, struct err *e)
{
	AUTO_FD(fd, procfs_open_path(name, O_RDONLY));
	char *text = fd < 0 ? NULL : NEWS(a, char, TEXT, e);

	return text && read_full(fd, text, TEXT - 1) >= 0 ? text : NULL;
}

/* --- Calls ---------------------------------------------------------------- */

/* Calls that no kernel carries out, because an argument is invalid that it
 * looks at before anything else, rights included.  So ENOSYS says that it is
 * not there, and EPERM that a filter has taken it away. */
static const struct {
	uint8_t feature;
	int nr;
	long args[5];
} calls[] = {
	{ F_CLONE3, NR_CLONE3, { 0, 0 } },
	{ F_CLOSE_RANGE, NR_CLOSE_RANGE, { -1, 0, 0 } },
	{ F_EXECVEAT, SYS_execveat, { -1, 0, 0, 0, ANY } },
	{ F_FLOCK, SYS_flock, { -1, LOCK_SH } },
	{ F_INOTIFY, SYS_inotify_init1, { ANY } },
	{ F_IOPRIO, SYS_ioprio_set, { ANY, 0, 0 } },
	{ F_MEMFD, SYS_memfd_create, { 0, ANY } },
	{ F_MEMPOLICY, SYS_set_mempolicy, { 0xff, 0, 0 } },
	{ F_MOUNT_API, NR_OPEN_TREE, { -1, 0, ANY } },
	{ F_MOUNT_API, NR_FSCONFIG, { -1, ANY, 0, 0, 0 } },
	{ F_MOUNT_SETATTR, NR_MOUNT_SETATTR, { -1, 0, ANY, 0, 0 } },
	{ F_OPENAT2, NR_OPENAT2, { -1, 0, 0, 0 } },
	{ F_PIDFD, NR_PIDFD_OPEN, { 0, ANY } },
	{ F_PIDFD, NR_PIDFD_SEND_SIGNAL, { -1, 0, 0, ANY } },
	{ F_SIGNALFD, SYS_signalfd4, { -1, 0, 0, ANY } },
	{ F_STATX, SYS_statx, { -1, 0, ANY, 0, 0 } },
};

static bool
failed_absent(long r)
{
	return r < 0 && sys_absent(errno);
}

/* A cgroup that can't be: EINVAL where the flag is known (5.7), else E2BIG,
 * since what is not zero stands behind the structure of older kernels. */
static enum have
clone3_cgroup(void)
{
	enum { CLONE_INTO_CGROUP = 0x2, WORDS = 11 };
	const uint64_t args[WORDS] = {
		(uint64_t)CLONE_INTO_CGROUP << 32, [WORDS - 1] = UINT64_MAX,
	};

	return yes(syscall(NR_CLONE3, args, sizeof(args)) < 0 &&
		errno == EINVAL);
}

static enum have
by_call(enum feature f)
{
	const long *x;
	size_t i;

	if (f == F_CLONE3_CGROUP)
		return clone3_cgroup();
	for (i = 0; i < COUNT(calls); i++) {
		x = calls[i].args;
		if (calls[i].feature == f && failed_absent(syscall(
		    calls[i].nr, x[0], x[1], x[2], x[3], x[4])))
			return HAVE_NO;
	}
	return HAVE_YES;
}

static enum have
by_socket(int family, int type)
{
	AUTO_FD(fd, socket(family, type | SOCK_CLOEXEC, 0));

	return fd >= 0 ? HAVE_YES : errno == EAFNOSUPPORT || errno == ENOSYS ?
		HAVE_NO : HAVE_UNKNOWN;
}

/* Without keys there is nothing to hide; those that a filter keeps us from may
 * still be within the container's reach. */
static enum have
keyctl_but(int code)
{
	return yes(syscall(SYS_keyctl, ANY) >= 0 || errno != code);
}

/* A filter that is nowhere: EFAULT, but not where filters are unknown. */
static enum have
seccomp(void)
{
	long r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL);

	if (failed_absent(r))
		r = prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0);
	return yes(r < 0 && errno == EFAULT);
}

static enum have
seccomp_notify(void)
{
	enum { GET_NOTIF_SIZES = 3 };
	uint16_t sizes[3];

	return yes(!syscall(SYS_seccomp, GET_NOTIF_SIZES, 0, sizes));
}

static enum have
multiuser(void)
{
	uid_t r, e, s;

	return yes(!getresuid(&r, &e, &s));
}

/* --- Files ---------------------------------------------------------------- */

/* A /proc that shows processes only (subset=pid) lacks the folder as well. */
static enum have
by_proc(const struct facts *x, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct stat st;
	char dir[64];

	if (!x->proc)
		return HAVE_UNKNOWN;
	if (fstatat(procfs_fd(), path, &st, 0) == 0)
		return HAVE_YES;
	if (errno != ENOENT)
		return HAVE_UNKNOWN;
	fmt_to(dir, sizeof(dir), "%.*s", slash ? (int)(slash - path) : 11,
		slash ? path : "filesystems");
	return fstatat(procfs_fd(), dir, &st, 0) ? HAVE_UNKNOWN : HAVE_NO;
}

static enum have
by_ns(const struct facts *x, const char *name)
{
	char path[48];
	struct stat st;

	if (!x->proc)
		return HAVE_UNKNOWN;
	fmt_to(path, sizeof(path), "%d/ns/%s", (int)procfs_self(), name);
	if (fstatat(procfs_fd(), path, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return HAVE_YES;
	return errno == ENOENT ? HAVE_NO : HAVE_UNKNOWN;
}

/* Lines are "nodev\tproc" and "\text4". */
static enum have
by_type(const struct facts *x, const char *type, bool module)
{
	const char *at = x->filesystems, *end;
	size_t len = strlen(type);

	for (; at && (at = strchr(at, '\t')); at = end) {
		at++;
		end = at + strcspn(at, "\n");
		if ((size_t)(end - at) == len && !memcmp(at, type, len))
			return HAVE_YES;
	}
	return !x->filesystems || (module && x->modules) ? HAVE_UNKNOWN :
		HAVE_NO;
}

/* A tmpfs without CONFIG_TMPFS is listed as well, but takes no options. */
static enum have
tmpfs(const struct facts *x)
{
	enum have listed = by_type(x, "tmpfs", false);
	AUTO_FD(fs, listed == HAVE_YES ? sys_fsopen("tmpfs") : -1);

	if (listed == HAVE_NO)
		return HAVE_NO;
	return fs < 0 ? HAVE_UNKNOWN : yes(!sys_fsconfig(fs,
		FSCONFIG_SET_STRING, "size", "4k", 0));
}

/* --- Cgroups -------------------------------------------------------------- */

/* "memory\t4\t57\t1": the last one says that it was not turned off at boot. */
static bool
in_proc(const struct facts *x, const char *name, size_t len)
{
	const char *at = x->cgroups, *end;

	for (; at && *at; at = *end ? end + 1 : end) {
		end = at + strcspn(at, "\n");
		if (!strncmp(at, name, len) && at[len] == '\t')
			return end[-1] == '1';
	}
	return false;
}

static bool
has_word(const char *list, const char *word, size_t len)
{
	for (; *list; list += strspn(list, " ")) {
		if (strcspn(list, " ") == len && !memcmp(list, word, len))
			return true;
		list += strcspn(list, " ");
	}
	return false;
}

/* The v2 hierarchy seen from its top: there nothing is held back. */
static const struct host_hier *
v2_top(const struct facts *x)
{
	const struct host_hier *h = x->host.hier;
	char path[PATH_MAX];

	for (; h && h < x->host.hier + x->host.n_hier; h++) {
		if (!h->v2)
			continue;
		fmt_to(path, sizeof(path), "%s/cgroup.type", h->mount);
		return faccessat(AT_FDCWD, path, F_OK, 0) && errno == ENOENT ?
			h : NULL;
	}
	return NULL;
}

static bool
in_v2(const struct facts *x, const char *name, size_t len)
{
	const struct host_hier *h = x->host.hier;

	for (; h && h < x->host.hier + x->host.n_hier; h++) {
		if (h->v2 && has_word(h->controllers, name, len))
			return true;
	}
	return false;
}

/* /proc/cgroups lists every controller but those that v1 has not (memory and
 * cpuset can be such since Linux 6.12); v2 those that no v1 hierarchy has. */
static enum have
by_controller(const struct facts *x, const char *names)
{
	size_t len;

	if (!x->cgroups)
		return by_proc(x, "cgroups") == HAVE_NO ? HAVE_NO :
			HAVE_UNKNOWN;
	for (; *names; names += strspn(names, " ")) {
		len = strcspn(names, " ");
		if (in_proc(x, names, len) || in_v2(x, names, len))
			return HAVE_YES;
		names += len;
	}
	return v2_top(x) ? HAVE_NO : HAVE_UNKNOWN;
}

static bool
is_there(const char *dir, const char *own, const char *name, size_t len)
{
	char path[PATH_MAX];

	return fmt_to(path, sizeof(path), "%s%s/%.*s", dir, own, (int)len,
		name) < (int)sizeof(path) &&
		!faccessat(AT_FDCWD, path, F_OK, 0);
}

/* A file that most hierarchies can't show at their top: where it is nowhere,
 * that proves nothing. */
static enum have
by_cgroup_file(const struct facts *x, const char *names)
{
	const struct host_hier *h = x->host.hier;
	const char *at;
	size_t len;

	for (; h && h < x->host.hier + x->host.n_hier; h++) {
		for (at = names; *at; at += len + (at[len] == ' ')) {
			len = strcspn(at, " ");
			if (is_there(h->mount, "", at, len) || (h->v2 &&
			    x->own && is_there(h->mount, x->own, at, len)))
				return HAVE_YES;
		}
	}
	return HAVE_UNKNOWN;
}

/* By v1 for everybody; to ask for programs takes rights. */
static enum have
devices(const struct facts *x)
{
	if (x->cgroups && in_proc(x, "devices", strlen("devices")))
		return HAVE_YES;
	if (host_device_bpf())
		return HAVE_YES;
	return errno == EPERM || !x->cgroups ? HAVE_UNKNOWN : HAVE_NO;
}

/* --- The machine ---------------------------------------------------------- */

static enum have
dev_null(void)
{
	struct stat st;

	return yes(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode) &&
		st.st_rdev == makedev(1, 3));
}

static enum have
entropy(void)
{
	char byte;

	if (getrandom(&byte, 1, GRND_NONBLOCK) == 1)
		return HAVE_YES;
	return errno == EAGAIN ? HAVE_NO : HAVE_UNKNOWN;
}

/* Whether /proc/NAME is this digit.  No file: no, as before Linux 4.9 and in
 * kernels that have no such switch. */
static bool
proc_is(const char *name, char digit)
{
	AUTO_FD(fd, procfs_open_path(name, O_RDONLY));
	char text[4];

	return fd >= 0 && read_full(fd, text, sizeof(text)) == 2 &&
		*text == digit;
}

static enum have
may_unshare(const struct facts *x)
{
	if (!x->proc)
		return HAVE_UNKNOWN;
	if (proc_is("sys/user/max_user_namespaces", '0'))
		return HAVE_NO;
	if (!x->host.uid)
		return HAVE_YES;
	if (proc_is("sys/kernel/unprivileged_userns_clone", '0'))
		return HAVE_NO;
	/* a profile can allow it to us */
	return proc_is("sys/kernel/apparmor_restrict_unprivileged_userns",
		'1') ? HAVE_UNKNOWN : HAVE_YES;
}

static enum have
lsm(const struct facts *x, bool runs)
{
	return !FEAT_LSM || !x->proc ? HAVE_UNKNOWN : yes(runs);
}

static enum have
by_itself(const struct facts *x, enum feature f)
{
	enum { YEAR_2020 = 1577836800 };

	switch (f) {
	case F_CG_DEVICES: return devices(x);
	case F_FS_TMPFS: return tmpfs(x);
	case F_HOST_CLOCK: return yes(time(NULL) >= YEAR_2020);
	case F_HOST_DEV: return dev_null();
	case F_HOST_ENTROPY: return entropy();
	case F_HOST_KEYRING: return keyctl_but(EPERM);
	case F_HOST_PIVOT: return x->host.hier ?
		yes(!x->host.root_absolute) : HAVE_UNKNOWN;
	case F_HOST_PROC: return yes(x->proc);
	case F_HOST_STATE: return yes(state_root_usable(x->state_dir));
	case F_HOST_USERNS: return may_unshare(x);
	case F_APPARMOR: return lsm(x, x->host.apparmor);
	case F_SELINUX: return lsm(x, x->host.selinux);
	case F_KEYCTL: return keyctl_but(ENOSYS);
	case F_MULTIUSER: return multiuser();
	case F_NET_INET: return by_socket(AF_INET, SOCK_DGRAM);
	case F_NET_LINK: return by_socket(AF_NETLINK, SOCK_RAW);
	case F_NET_UNIX: return by_socket(AF_UNIX, SOCK_SEQPACKET);
	case F_RESCTRL: return x->host.hier ? yes(x->host.resctrl) :
		HAVE_UNKNOWN;
	case F_SECCOMP: return seccomp();
	case F_SECCOMP_NOTIFY: return seccomp_notify();
	default: return HAVE_UNKNOWN;
	}
}

static enum have
ask(const struct facts *x, enum feature f)
{
	const char *arg = feature_text(f).arg;

	switch ((enum probe)feature_kinds[f].probe) {
	case P_CALL: return by_call(f);
	case P_NS: return by_ns(x, arg);
	case P_FS: return by_type(x, arg, false);
	case P_MODULE: return by_type(x, arg, true);
	case P_CGROUP: return by_controller(x, arg);
	case P_CGROUP_FILE: return by_cgroup_file(x, arg);
	case P_PROC: return by_proc(x, arg);
	case P_OTHER:
	case P_HOST: break;
	}
	return by_itself(x, f);
}

/* --- All of it ------------------------------------------------------------ */

/* The configuration of the kernel that runs, where it is kept; -1: nowhere. */
static int
open_config(void)
{
	struct utsname u;
	char path[sizeof(u.release) + 16];
	int fd = procfs_fd() < 0 ? -1 : procfs_open_path("config.gz", O_RDONLY);

	if (fd >= 0 || uname(&u))
		return fd;
	fmt_to(path, sizeof(path), "/boot/config-%s", u.release);
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

/* Fills in what could not be told.  A file that is no configuration does not
 * matter.  What is built in and not there all the same stays unknown. */
static void
fill_in(enum have *have, struct arena scratch)
{
	AUTO_FD(fd, open_config());
	enum have built[F_COUNT];
	struct err ignored = { 0 };
	const char *text;
	size_t n;
	unsigned f;

	text = fd < 0 ? NULL : kconfig_read(fd, "config", &n, &scratch,
		&ignored);
	if (!text || feature_configured(built, text, n, scratch, &ignored))
		return;
	for (f = 0; f < F_COUNT; f++) {
		if (have[f] == HAVE_UNKNOWN && (built[f] != HAVE_YES ||
		    feature_kinds[f].probe != P_MODULE))
			have[f] = built[f];
	}
}

/* "0::/path" of /proc/self/cgroup. */
static const char *
own_cgroup(struct arena *a, struct err *e)
{
	char name[32], *text, *at;

	fmt_to(name, sizeof(name), "%d/cgroup", (int)procfs_self());
	text = read_proc(name, a, e);
	at = !text ? NULL : !strncmp(text, "0::/", 4) ? text :
		str_find(text, "\n0::/");
	if (!at)
		return NULL;
	at = strchr(at, '/');
	at[strcspn(at, "\n")] = '\0';
	return at;
}

static int
read_facts(struct facts *x, struct arena *a, struct err *e)
{
	struct err ignored = { 0 };

	x->modules = true;
	x->proc = procfs_open(&ignored) == 0;
	if (!x->proc)
		return 0;
	if (host_probe(&x->host, a, &ignored))
		memset(&x->host, 0, sizeof(x->host));
	host_probe_lsm(&x->host);
	x->filesystems = read_proc("filesystems", a, e);
	x->cgroups = read_proc("cgroups", a, e);
	x->own = own_cgroup(a, e);
	x->modules = by_proc(x, "modules") != HAVE_NO;
	return e->code ? -1 : 0;
}

int
feature_probe(enum have have[F_COUNT], const char *dir, struct arena scratch,
	struct err *e)
{
	struct facts x = { .state_dir = dir };
	unsigned f;

	if (read_facts(&x, &scratch, e))
		return -1;
	for (f = 0; f < F_COUNT; f++)
		have[f] = ask(&x, (enum feature)f);
	fill_in(have, scratch);
	return 0;
}

int
feature_probe_type(enum have *have, const char *type, struct arena scratch,
	struct err *e)
{
	struct facts x = { .state_dir = "" };

	if (read_facts(&x, &scratch, e))
		return -1;
	*have = by_type(&x, type, true);
	return 0;
}
