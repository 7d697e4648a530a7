/* SPDX-License-Identifier: MIT */
/* procfs.h -- the one /proc of this process, proved to be procfs before
 * anything else is looked at (sec M3, CVE-2025-52881).
 *
 * The descriptor is the file-level state of procfs.c: opened once by main,
 * inherited by init, where it still shows the host's /proc. */
#ifndef PROCFS_H
#define PROCFS_H

#include <stdbool.h>
#include <sys/types.h>

struct err;

/* First act of main.  Opens /proc, or where there is none an instance of our
 * own, which nobody else sees (CAP_SYS_ADMIN).  Again: does nothing. */
int procfs_open(struct err *e);

/* Whether it is one of our own: nothing is at the path /proc. */
bool procfs_private(void);

/* Closes it: before a PID namespace is joined, whose processes must not find a
 * directory of the host in ours.  procfs_open then opens the /proc that is
 * there. */
void procfs_close(void);

/* O_PATH on the root of procfs; -1 before procfs_open. */
int procfs_fd(void);

/* This process' number as procfs shows it: in a new PID namespace getpid()
 * is another one.  -1 with errno. */
pid_t procfs_self(void);

/* Opens a path relative to /proc.  No symbolic link, magic link or mount on the
 * way is crossed, so write the number (procfs_self) instead of "self".  -1 with
 * errno. */
int procfs_open_path(const char *rel, int oflags);

/* The same with err set: "/proc/REL: cause". */
int procfs_openat(const char *rel, int oflags, struct err *e);

/* Opens /proc/SELF/NAME by a plain lookup and checks that it is procfs: for the
 * fallbacks of compat/, on which procfs_open_path stands.  -1 with errno. */
int procfs_self_openat(const char *name, int oflags);

/* O_PATH on /proc/SELF.  -1 with errno. */
int procfs_self_dir(void);

/* Opens what this process' magic link NAME ("exe", "fd/7") leads to.  -1 with
 * errno. */
int procfs_self_link(const char *name, int oflags);

/* Writes text to an existing file, at once: a value that is cut would be
 * another value. */
int procfs_put(const char *rel, const char *text, struct err *e);

/* Writes text to /proc/PID/NAME, pid as in procfs_self; 0 is this process. */
int procfs_write(pid_t pid, const char *name, const char *text, struct err *e);

/* Text for system calls that only take a path: "/proc/self/fd/N".  Valid while
 * the /proc of procfs_open is still at /proc, so before the root is changed. */
enum { PROCFS_FD_PATH = 32 };
const char *procfs_fd_path(int fd, char buf[PROCFS_FD_PATH]);

/* Opens again what fd refers to (an O_PATH descriptor, say) with other flags,
 * through its magic link.  -1 with errno. */
int procfs_reopen(int fd, int oflags);

#endif
