/* SPDX-License-Identifier: MIT */
/* sys.h -- system calls that an old kernel, or a seccomp filter around us, may
 * not give: each does the best that is there.
 *
 * Nothing is remembered between calls: a filter can come in between, and a
 * child may stand under another one.  All report by errno; ENOSYS and EPERM are
 * taken for "absent", and where the fallback fails too the first errno is kept
 * unless it is ENOSYS, which says nothing.  Every descriptor is close-on-exec.
 * Fallbacks that need /proc use the one of procfs.h and fail without it.
 *
 * Do not include <linux/mount.h> beside this: it collides with libc's. */
#ifndef SYS_H
#define SYS_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/types.h>

/* fork into new namespaces; returns 0 in the child, its pid in the parent.
 * flags are CLONE_NEW* (not CLONE_NEWTIME, which wants unshare first: EINVAL),
 * CLONE_PARENT and CLONE_FILES.  *pidfd, unless NULL, is the child's, or -1
 * where the kernel has none.  With cgroup_fd >= 0 (a cgroup v2 directory) the
 * child starts in there if that is possible; *in_cgroup says so, else the
 * caller attaches it.
 * clone3 (5.3), CLONE_INTO_CGROUP (5.7); else clone with CLONE_PIDFD (5.2);
 * else clone and pidfd_open (5.3).
 * EINVAL: a kind of namespace that this kernel lacks.  EBUSY, EOPNOTSUPP,
 * EACCES: the cgroup takes no process.
 * Like _Fork, it runs no atfork handlers and libc does not learn the child's
 * thread id: the child must not use raise, abort or threads. */
pid_t sys_clone(uint64_t flags, int cgroup_fd, int *pidfd, bool *in_cgroup);

/* Closes every descriptor >= first, or marks it close-on-exec.
 * close_range (5.9; CLOEXEC 5.11), else a walk over /proc/self/fd, else a loop
 * up to RLIMIT_NOFILE, at most 65536. */
enum fd_fate { FD_CLOSE, FD_MARK_CLOEXEC };
int sys_close_range(unsigned first, enum fd_fate fate);

/* As open, for a path below the directory root that cannot lead out of it.
 * resolve is RESOLVE_IN_ROOT ("/" and ".." end at root, as chroot would) or
 * RESOLVE_BENEATH (leaving is EXDEV), with any of RESOLVE_NO_SYMLINKS (ELOOP)
 * and RESOLVE_NO_XDEV (EXDEV); magic links are never followed.  No O_CREAT.
 * openat2 (5.6), else a walk in user space (openat2.c) which can't follow more
 * than 255 components deep.  EAGAIN: what was found has been moved away. */
int sys_open_below(int root, const char *path, int oflags, unsigned resolve);
#ifndef RESOLVE_NO_XDEV
#define RESOLVE_NO_XDEV 0x01
#define RESOLVE_NO_MAGICLINKS 0x02
#define RESOLVE_NO_SYMLINKS 0x04
#define RESOLVE_BENEATH 0x08
#define RESOLVE_IN_ROOT 0x10
#endif

/* The walk behind sys_open_below.  With make it also creates what is missing:
 * directories on the way and, as last component, a directory or an empty
 * regular file of the given mode; a dangling symbolic link is followed and its
 * target made.  Returns an O_PATH descriptor when it made the last one. */
enum walk_make { WALK_ONLY, WALK_MAKE_DIR, WALK_MAKE_FILE };
struct walk_end {
	int dir;                /* or -1 */
	char name[256];
};
struct walk_how {
	int oflags;
	unsigned resolve;
	enum walk_make make;
	mode_t mode;
	struct walk_end *end;   /* gets where a component can't be had: NULL */
};
int sys_walk(int root, const char *path, const struct walk_how *how);

/* Identity of the mount a descriptor is on, unique while the mount lives.
 * statx (5.8), else fdinfo.  ENODATA where neither is to be had. */
int sys_mnt_id(int fd, uint64_t *id);

/* An anonymous file that may be executed and sealed (3.17).  EACCES: forbidden
 * by vm.memfd_noexec = 2. */
int sys_memfd_create(const char *name);
#ifndef F_ADD_SEALS
#define F_ADD_SEALS 1033
#define F_GET_SEALS 1034
#define F_SEAL_SEAL 0x01
#define F_SEAL_SHRINK 0x02
#define F_SEAL_GROW 0x04
#define F_SEAL_WRITE 0x08
#endif
#ifndef F_SEAL_EXEC
#define F_SEAL_EXEC 0x20        /* 6.3 */
#endif

/* Executes the file fd itself, not a path.  execveat (3.19), else its name
 * below /proc/self/fd.  Returns only on failure. */
int sys_execveat(int fd, char *const argv[], char *const envp[]);

int sys_pivot_root(const char *new_root, const char *put_old);

/* Real, effective and saved id at once, and the supplementary groups.  The
 * kernel's change one thread, and there is but one: libc's bring 2 KB to make
 * the others follow. */
int sys_setuids(uid_t id);
int sys_setgids(gid_t id);
int sys_setgroups(size_t n, const gid_t *list);

/* A stable handle for a process.  pidfd_open 5.3, pidfd_send_signal 5.1: no
 * fallback here, task.h has it.  ENOSYS also when built without PIDFD. */
int sys_pidfd_open(pid_t pid);
int sys_pidfd_send_signal(int pidfd, int sig);

/* The wait status of a process that was reaped by whomever, while the pidfd was
 * open (ioctl PIDFD_GET_INFO, 6.15).  -1: ENODATA it can't be known, EAGAIN it
 * was not reaped yet. */
int sys_pidfd_exit_status(int pidfd, int *status);

/* Whether sys_pidfd_exit_status will know how the process, which runs, ended.
 * Told by what came one release later: 6.15 says no. */
bool sys_pidfd_keeps_status(int pidfd);

/* The mount API (5.2; mount_setattr 5.12), as in the kernel; mount(2) is the
 * caller's fallback on sys_absent(errno).  fsmount's and open_tree's results
 * are close-on-exec whatever flags say. */
int sys_open_tree(int dir, const char *path, unsigned flags);
int sys_move_mount(int from, const char *from_path, int to,
	const char *to_path, unsigned flags);
int sys_fsopen(const char *type);
int sys_fsconfig(int fs, unsigned cmd, const char *key, const void *value,
	int aux);
int sys_fsmount(int fs, unsigned attrs);

/* A mount of that type, nosuid, nodev and noexec, that is attached nowhere: the
 * descriptor of its root keeps it.  options are words with commas between them,
 * or NULL.  Below Linux 5.2 a child makes it (CAP_SYS_ADMIN either way). */
int sys_mount_aside(const char *type, const char *options);

struct mnt_attr {
	uint64_t set, clear;    /* MOUNT_ATTR_* */
	uint64_t propagation;   /* MS_* or 0 */
	uint64_t userns_fd;
};
int sys_mount_setattr(int dir, const char *path, unsigned flags,
	const struct mnt_attr *attr);

/* The call is not there, or a filter from before it existed forbids it.  Ask
 * only for a call that can't fail with EPERM for a better reason, or when the
 * fallback will then say so. */
static inline bool
sys_absent(int code)
{
	return code == ENOSYS || code == EPERM;
}

/* For a call and its fallback that both failed: sets the errno to report, given
 * that of the first.  Returns -1. */
static inline int
sys_both_failed(int first)
{
	if (first != ENOSYS)
		errno = first;
	return -1;
}

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif
#ifndef MOVE_MOUNT_F_EMPTY_PATH
#define MOVE_MOUNT_F_EMPTY_PATH 0x04
#endif
#ifndef MOVE_MOUNT_T_EMPTY_PATH
#define MOVE_MOUNT_T_EMPTY_PATH 0x40
#endif
#ifndef FSCONFIG_SET_FLAG
#define FSCONFIG_SET_FLAG 0
#define FSCONFIG_SET_STRING 1
#define FSCONFIG_SET_FD 5
#define FSCONFIG_CMD_CREATE 6
#endif
#ifndef MOUNT_ATTR_RDONLY
#define MOUNT_ATTR_RDONLY 0x01
#define MOUNT_ATTR_NOSUID 0x02
#define MOUNT_ATTR_NODEV 0x04
#define MOUNT_ATTR_NOEXEC 0x08
#define MOUNT_ATTR__ATIME 0x70
#define MOUNT_ATTR_RELATIME 0x00
#define MOUNT_ATTR_NOATIME 0x10
#define MOUNT_ATTR_STRICTATIME 0x20
#define MOUNT_ATTR_NODIRATIME 0x80
#endif
#ifndef MOUNT_ATTR_IDMAP
#define MOUNT_ATTR_IDMAP 0x100000
#endif
#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW 0x200000
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

#endif
