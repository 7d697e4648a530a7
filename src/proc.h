/* SPDX-License-Identifier: MIT */
/* proc.h -- properties of the container's program that init sets on itself. */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct err;
struct plan;

/* A new session keyring, so that the container can't see the caller's (list
 * P25).  Kernels without CONFIG_KEYS have nothing to hide. */
int proc_keyring(const struct plan *p, struct err *e);

/* The host and domain name of the UTS namespace. */
int proc_names(const struct plan *p, struct err *e);

/* Brings lo up in a network namespace that was just created. */
int proc_loopback(struct err *e);

/* A session of its own, so that no terminal of the caller is reachable
 * (CVE-2016-10124), and the umask: the config's, else the given one. */
int proc_session(const struct plan *p, mode_t callers_umask, struct err *e);

/* In the container's root: what of 0, 1 and 2 is the host's null device becomes
 * the container's.  It is a file of the host, and its mode and owner can be
 * changed through a descriptor.  Where /dev/null is missing, or something else,
 * they stay (sec T30). */
int proc_null(const struct plan *p, struct err *e);

/* Makes process.cwd below root where it is missing, the umask being 0. */
int proc_make_cwd(const struct plan *p, int root, struct err *e);

/* Goes to process.cwd and proves that it is inside the new root
 * (CVE-2024-21626): the kernel reports a directory that is not as
 * "(unreachable)".  EACCES in e->code: root may not enter it, as on NFS with
 * root squashed; the container's user still may. */
int proc_cwd(const struct plan *p, struct err *e);

/* Proves it again for the directory where the process is: between create and
 * start it may have been moved. */
int proc_cwd_check(const struct plan *p, struct err *e);

/* The kernel's preference when memory is short (proc_pid_oom_score_adj(5)); pid
 * as in procfs.h, 0 is this process.  Who writes needs CAP_SYS_RESOURCE on the
 * host to lower it, and the file is root's once the process is not dumpable
 * (sec M6), so it comes before anything that changes either. */
int proc_oom_score(pid_t pid, const struct plan *p, struct err *e);

/* personality(2): what uname and the like tell the program. */
int proc_personality(const struct plan *p, struct err *e);

int proc_rlimits(const struct plan *p, struct err *e);

/* Finds the program of args[0] in the container by the PATH of its own
 * environment, as execvp would, and leaves its path in buf.  The texts are the
 * ones that Docker and podman look for (list W7, W8). */
int proc_lookup(const struct plan *p, char *buf, size_t size, struct err *e);

/* The text for a failed execve of path. */
int proc_exec_err(const char *path, struct err *e);

#endif
