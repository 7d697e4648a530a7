/* SPDX-License-Identifier: MIT */
/* host.c -- asks the kernel once for everything that a plan depends on. */
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "mountinfo.h"
#include "procfs.h"
#include "str.h"
#include "words.h"

/* What a v1 hierarchy shows beside its controllers and its name
 * (cgroup1_show_options in the kernel, and the mount options of LSMs). */
static const char v1_options[][16] = {
	"rw", "ro", "none", "noprefix", "xattr", "cpuset_v2_mode",
	"clone_children", "favordynmods", "seclabel", "release_agent=",
	"context=", "fscontext=", "defcontext=", "rootcontext=",
};

static bool
is_v1_option(const char *word, size_t len)
{
	const char *o;
	size_t i, n;

	for (i = 0; i < COUNT(v1_options); i++) {
		o = v1_options[i];
		n = strlen(o);
		if (n <= len && !memcmp(o, word, n) &&
		    (n == len || word[n - 1] == '='))
			return true;
	}
	return false;
}

/* The controllers and the name out of the options of a v1 hierarchy. */
static const char *
v1_controllers(const char *super, struct arena *a, struct err *e)
{
	char *text = arena_dup(a, super, strlen(super), e);
	const char *word = super;
	size_t len, used = 0;

	for (; text && *word; word += len + (word[len] == ',')) {
		len = strcspn(word, ",");
		if (!len || is_v1_option(word, len))
			continue;
		if (used)
			text[used++] = ',';
		memmove(text + used, word, len);
		used += len;
	}
	if (text)
		text[used] = '\0';
	return text;
}

/* The controllers that cgroups below a v2 mount can have. */
static const char *
v2_controllers(const char *mount, struct arena *a, struct err *e)
{
	const char *file = arena_fmt(a, e, "%s/cgroup.controllers", mount);
	char text[512];
	ssize_t n = -1;

	if (!file)
		return NULL;
	n = read_small_at(AT_FDCWD, file, text, sizeof(text));
	while (n > 0 && text[n - 1] == '\n')
		n--;
	return arena_dup(a, text, n > 0 ? (size_t)n : 0, e);
}

static struct host_hier *
find_hier(struct host *h, bool v2, const char *controllers)
{
	unsigned i;

	for (i = 0; i < h->n_hier; i++) {
		if (h->hier[i].v2 == v2 &&
		    (v2 || !strcmp(h->hier[i].controllers, controllers)))
			return &h->hier[i];
	}
	return NULL;
}

/* Root may write unless the mount is read-only; others are asked for. */
static bool
is_writable(const struct host *h, const struct mountinfo_entry *n)
{
	if (words_has(n->options, "ro"))
		return false;
	return (!h->uid && !h->in_userns) ||
		!faccessat(AT_FDCWD, n->mountpoint, W_OK | X_OK, AT_EACCESS);
}

/* A hierarchy can be mounted more than once: what shows all of it is better
 * than a part. */
static int
add_hier(struct host *h, const struct mountinfo_entry *n, struct arena *a,
	struct err *e)
{
	bool v2 = !strcmp(n->fstype, "cgroup2");
	struct host_hier *hier, next = { .v2 = v2, .controllers = "" };

	if (!v2 && !(next.controllers = v1_controllers(n->super, a, e)))
		return -1;
	hier = find_hier(h, v2, next.controllers);
	if (hier && (!strcmp(hier->root, "/") || strcmp(n->root, "/")))
		return 0;
	if (!hier && h->n_hier == HOST_MAX_HIER)
		return err_set(e, E2BIG, "%s: more than %d cgroup hierarchies",
			n->mountpoint, HOST_MAX_HIER);
	next.mount = arena_dup(a, n->mountpoint, strlen(n->mountpoint), e);
	next.root = arena_dup(a, n->root, strlen(n->root), e);
	if (v2)
		next.controllers = v2_controllers(n->mountpoint, a, e);
	if (!next.mount || !next.root || !next.controllers)
		return -1;
	next.writable = is_writable(h, n);
	*(hier ? hier : &h->hier[h->n_hier++]) = next;
	return 0;
}

static int
add_resctrl(struct host *h, const struct mountinfo_entry *n, struct arena *a,
	struct err *e)
{
	if (h->resctrl || strcmp(n->root, "/"))
		return 0;
	h->resctrl = arena_dup(a, n->mountpoint, strlen(n->mountpoint), e);
	return h->resctrl ? 0 : -1;
}

static int
probe_mounts(struct host *h, struct arena *a, struct err *e)
{
	AUTO_FD(fd, -1);
	struct mountinfo m;
	struct mountinfo_entry n;
	char path[32];
	bool covered = false, absolute = false;
	int r;

	fmt_to(path, sizeof(path), "%d/mountinfo", (int)h->self);
	fd = procfs_openat(path, O_RDONLY, e);
	if (fd < 0)
		return -1;
	mountinfo_init(&m, fd);
	while ((r = mountinfo_next(&m, &n, e)) > 0) {
		if (!strcmp(n.mountpoint, "/"))
			*(n.id == n.parent ? &absolute : &covered) = true;
		if ((!strcmp(n.fstype, "cgroup") ||
		     !strcmp(n.fstype, "cgroup2")) && !n.path_cut &&
		    add_hier(h, &n, a, e))
			return -1;
		if (!strcmp(n.fstype, "resctrl") && !n.path_cut &&
		    add_resctrl(h, &n, a, e))
			return -1;
	}
	h->root_absolute = absolute && !covered;
	return r;
}

/* Whether /proc/NAME has this text; no file, no text. */
static bool
proc_has(const char *name, const char *want)
{
	AUTO_FD(fd, procfs_open_path(name, O_RDONLY));
	char text[4096];
	ssize_t n = fd < 0 ? -1 : read_kernel(fd, text, sizeof(text) - 1);

	if (n < 0)
		return false;
	text[n] = '\0';
	return str_find(text, want) != NULL;
}

/* The initial user namespace has a fixed number (PROC_USER_INIT_INO); its map
 * proves nothing, as a child may map everything too.  No link: no user
 * namespaces in this kernel. */
static bool
probe_userns(pid_t self)
{
	char name[32], text[32];
	ssize_t n;

	fmt_to(name, sizeof(name), "%d/ns/user", (int)self);
	n = readlinkat(procfs_fd(), name, text, sizeof(text) - 1);
	if (n < 0)
		return false;
	text[n] = '\0';
	return strcmp(text, "user:[4026531837]") != 0;
}

/* A user namespace of ours takes any map from who has both. */
static bool
lacks_setid(void)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = { { 0 } };
	const uint32_t want = 1u << CAP_SETUID | 1u << CAP_SETGID;

	return syscall(SYS_capget, &h, d) || (d[0].effective & want) != want;
}

static bool
groups_denied(void)
{
	AUTO_FD(fd, procfs_self_openat("setgroups", O_RDONLY));
	char text[4];

	return fd >= 0 && read_full(fd, text, sizeof(text)) == 4 &&
		!memcmp(text, "deny", 4);
}

/* The highest capability: PR_CAPBSET_READ is EINVAL beyond it, and unlike
 * /proc/sys/kernel/cap_last_cap (3.2) is there in every /proc. */
static uint64_t
probe_cap_last(void)
{
	unsigned long low = 0, high = 64, mid = CAP_LAST_CAP;

	/* it mostly is the last that our headers know */
	while (high - low > 1) {
		if (prctl(PR_CAPBSET_READ, mid, 0, 0, 0) < 0)
			high = mid;
		else
			low = mid;
		mid = low == CAP_LAST_CAP && mid == low ? mid + 1 :
			(low + high) / 2;
	}
	return low;
}

/* A program that says nothing is refused by the verifier (EACCES), but only
 * where the type of program exists (EINVAL).  Nothing is loaded. */
bool
host_device_bpf(void)
{
	static const struct bpf_insn nothing = {
		.code = BPF_JMP | BPF_EXIT,
	};
	union bpf_attr attr;
	long fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (uintptr_t)&nothing;
	attr.insn_cnt = 1;
	attr.license = (uintptr_t)"MIT";
	fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	if (fd >= 0)
		close((int)fd);
	return fd >= 0 || errno == EACCES;
}

/* One that is mounted says so itself. */
static bool
knows(const struct host *h, bool v2)
{
	unsigned i;

	for (i = 0; i < h->n_hier; i++) {
		if (h->hier[i].v2 == v2)
			return true;
	}
	return proc_has("filesystems", v2 ? "\tcgroup2\n" : "\tcgroup\n");
}

static bool
has_v1_devices(const struct host *h)
{
	unsigned i;

	for (i = 0; i < h->n_hier; i++) {
		if (!h->hier[i].v2 &&
		    words_has(h->hier[i].controllers, "devices"))
			return true;
	}
	return false;
}

void
host_probe_process(struct host *h)
{
	memset(h, 0, sizeof(*h));
	h->uid = geteuid();
	h->gid = getegid();
	h->no_setid = lacks_setid();
	h->self = procfs_self();
	h->in_userns = probe_userns(h->self);
	/* the initial one has a map from the start: too late to deny it */
	h->groups_denied = h->in_userns && groups_denied();
	h->cap_last = probe_cap_last();
}

int
host_probe(struct host *h, struct arena *a, struct err *e)
{
	if (procfs_open(e))
		return -1;
	host_probe_process(h);
	h->hier = NEWS(a, struct host_hier, HOST_MAX_HIER, e);
	if (!h->hier)
		return -1;
	h->no_proc = procfs_private();
	if (probe_mounts(h, a, e))
		return -1;
	h->cgroup2 = knows(h, true);
	h->cgroup1 = knows(h, false);
	if (!h->uid && !h->in_userns && !has_v1_devices(h)) {
		h->device_bpf = host_device_bpf();
		h->device_v1 = proc_has("cgroups", "\ndevices\t");
	}
	return 0;
}
