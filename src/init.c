/* SPDX-License-Identifier: MIT */
/* init.c -- init's steps and their runner.  The order is the plan's; a step
 * knows nothing of the others but the descriptors in struct work. */
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cgroup.h"
#include "cred.h"
#include "dev.h"
#include "err.h"
#include "filter.h"
#include "fmt.h"
#include "gate.h"
#include "home.h"
#include "hook.h"
#include "idmap.h"
#include "io.h"
#include "kopt.h"
#include "lsm.h"
#include "mask.h"
#include "mount.h"
#include "ns.h"
#include "page.h"
#include "plan.h"
#include "plan_order.h"
#include "proc.h"
#include "procfs.h"
#include "rootfs.h"
#include "schedule.h"
#include "spec.h"
#include "sync.h"
#include "sys.h"
#include "sysctl.h"
#include "timing.h"
#include "tty.h"

struct work {
	struct init *in;
	const struct plan *p;
	int root;               /* of the container, until it is "/" */
	int hold;               /* by page_hold */
	int tty;                /* until it is the session's, or -1 */
	int state;              /* for startContainer hooks, or -1 */
	mode_t umask;           /* the caller's */
	bool cwd_late;          /* only the container's user may enter it */
	int conn;               /* whoever opened the gate waits at its end */
	bool filtered;
	char home[PATH_MAX];
	char program[PATH_MAX];
	struct filter_handover handover;
};

/* Nobody in a namespace that we join or share may look into init or use its
 * descriptors (CVE-2016-9962).  The kernel resets both on a change of ids. */
static int
protect(struct err *e)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		return err_sys(e, "init: protect");
	return 0;
}

static int
step_user_ns(struct work *w, struct err *e)
{
	/* exec: create has done so, and /proc is out of reach */
	if (w->p->joins_user && w->p->has_process && !w->p->exec &&
	    idmap_check(w->p, e))
		return -1;
	return cred_userns_root(e) || protect(e) ? -1 : 0;
}

static int
step_time_ns(struct work *w, struct err *e)
{
	return ns_time(w->p, e);
}

static int
step_cgroup(struct work *w, struct err *e)
{
	return cgroup_enter(w->in->cgroup, e);
}

static int
step_cgroup_ns(struct work *w, struct err *e)
{
	(void)w;
	if (unshare(CLONE_NEWCGROUP) == 0)
		return 0;
	err_sys(e, "cgroup namespace");
	return err_hint(e, KOPT_CGROUPS ", Linux 4.6");
}

static int
step_keyring(struct work *w, struct err *e)
{
	return proc_keyring(w->p, e);
}

static int
step_key_label(struct work *w, struct err *e)
{
	return lsm_keys(&w->p->lsm, e);
}

static int
step_propagation(struct work *w, struct err *e)
{
	(void)w;
	return rootfs_isolate(e);
}

/* From here to the session step no mode is cut by the caller's umask. */
static int
step_rootfs(struct work *w, struct err *e)
{
	w->umask = umask(0);
	w->root = rootfs_attach(&w->in->ask, w->in->state_dir, e);
	return w->root < 0 ? -1 : 0;
}

static int
step_mounts(struct work *w, struct err *e)
{
	return mount_all(&w->in->ask, w->root, w->in->trees, e);
}

static int
step_devices(struct work *w, struct err *e)
{
	return dev_create(w->p, w->root, e);
}

static int
step_terminal(struct work *w, struct err *e)
{
	w->tty = tty_make(w->p, w->root, w->in->sync, e);
	return w->tty < 0 ? -1 : 0;
}

static int
step_hooks_runtime(struct work *w, struct err *e)
{
	int m = sync_send(w->in->sync, SYNC_HOOKS, e) ? -1 :
		sync_recv(w->in->sync, e);

	if (m < 0)
		return -1;
	return m == SYNC_HOOKED ? 0 :
		err_set(e, EPIPE, "the runtime is gone");
}

static int
step_hooks_container(struct work *w, struct err *e)
{
	struct hook_how how = {
		.kind = HOOK_CREATE_CONTAINER, .cwd = w->p->bundle,
		.cwd_may_fail = plan_has(w->p, STEP_USER_NS),
		.umask = w->umask,
	};

	return hook_run_from(w->p->hooks, &how, w->in->hooks, getpid(), e);
}

static int
step_readonly_paths(struct work *w, struct err *e)
{
	return mask_readonly(w->p, w->root, e);
}

static int
step_masked_paths(struct work *w, struct err *e)
{
	AUTO_FD(null, mask_null(w->root, e));

	return null < 0 ? -1 : mask_paths(w->p, w->root, null, e);
}

static int
step_make_cwd(struct work *w, struct err *e)
{
	return proc_make_cwd(w->p, w->root, e);
}

static int
step_late_ro(struct work *w, struct err *e)
{
	return mount_late_ro(w->p, w->in->trees, e);
}

static int
step_sysctl(struct work *w, struct err *e)
{
	return sysctl_write(w->p, e);
}

static int
step_root(struct work *w, struct err *e)
{
	if (rootfs_enter(w->p, w->root, e))
		return -1;
	close(w->root);
	w->root = -1;
	return 0;
}

static int
step_root_readonly(struct work *w, struct err *e)
{
	(void)w;
	return rootfs_readonly(e);
}

static int
step_hostname(struct work *w, struct err *e)
{
	return proc_names(w->p, e);
}

static int
step_loopback(struct work *w, struct err *e)
{
	(void)w;
	return proc_loopback(e);
}

static int
step_session(struct work *w, struct err *e)
{
	if (proc_session(w->p, w->umask, e))
		return -1;
	return w->tty >= 0 ? tty_take(w->tty, e) : proc_null(w->p, e);
}

static int
step_cwd(struct work *w, struct err *e)
{
	if (proc_cwd(w->p, e) == 0)
		return 0;
	if (e->code != EACCES || !w->p->uid)
		return -1;
	err_clear(e);
	w->cwd_late = true;
	return 0;
}

static int
step_home(struct work *w, struct err *e)
{
	(void)e;
	home_env(w->p->uid, w->home, sizeof(w->home));
	*w->p->home = w->home;
	return 0;
}

static int
step_label(struct work *w, struct err *e)
{
	return lsm_exec(&w->p->lsm, e);
}

static int
step_lookup(struct work *w, struct err *e)
{
	char *out = w->in->page->program;
	int n;

	if (proc_lookup(w->p, w->program, sizeof(w->program), e))
		return -1;
	n = fmt_to(out, sizeof(w->in->page->program), "%s%s%s",
		*w->program == '/' ? "" : w->p->cwd,
		*w->program == '/' ? "" : "/", w->program);
	if (n < 0 || (size_t)n >= sizeof(w->in->page->program))
		*out = '\0';
	return 0;
}

/* Closes every descriptor above the container's but those of keep, which may be
 * -1.  First out of the way, if they are in it, then down to their places. */
static int
keep_only(struct work *w, int *const keep[], int n, struct err *e)
{
	int base = 3 + (int)w->p->preserve_fds, to = base, i, fd;

	for (i = 0; i < n; i++) {
		if (*keep[i] < 0 || *keep[i] >= base + n)
			continue;
		*keep[i] = fcntl(*keep[i], F_DUPFD_CLOEXEC, base + n);
		if (*keep[i] < 0)
			return err_sys(e, "descriptors");
	}
	for (i = 0; i < n; i++) {
		if (*keep[i] < 0)
			continue;
		fd = dup3(*keep[i], to++, O_CLOEXEC);
		if (fd < 0)
			return err_sys(e, "descriptors");
		*keep[i] = fd;
	}
	return sys_close_range((unsigned)to, FD_CLOSE) ?
		err_sys(e, "close descriptors") : 0;
}

static int
step_memory_policy(struct work *w, struct err *e)
{
	return schedule_memory(w->p, e);
}

static int
step_personality(struct work *w, struct err *e)
{
	return proc_personality(w->p, e);
}

/* The runtime does it, with rights that init may not have. */
static int
step_of_runtime(struct work *w, struct err *e)
{
	(void)w;
	(void)e;
	return 0;
}

/* A waiting init keeps no more than its conversation: descriptors of the host's
 * directories can be stolen (CVE-2016-8649), and the runtime's lock would stay
 * locked through a copy. */
static int
shed(struct work *w, struct err *e)
{
	int *keep[] = { &w->in->sync, &w->hold, &w->in->gate, &w->state };

	if (plan_has(w->p, STEP_HOOKS_START)) {
		w->state = w->in->hooks->open(w->in->hooks->arg,
			HOOK_START_CONTAINER, getpid(), e);
		if (w->state < 0)
			return -1;
	}
	return keep_only(w, keep, 4, e);
}

/* Until the commit init dies with the runtime; from then on it is on its own,
 * and says so before the runtime may leave. */
static int
step_gate(struct work *w, struct err *e)
{
	struct init *in = w->in;
	int m;

	if (shed(w, e))
		return -1;
	atomic_store(&in->page->stage, PAGE_GATE);
	if (sync_send(in->sync, SYNC_READY, e))
		return -1;
	m = sync_recv(in->sync, e);
	if (m < 0)
		return -1;
	if (m != SYNC_GO && m != SYNC_COMMIT)
		return err_set(e, EPIPE, "the runtime is gone");
	if (prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0))
		return err_sys(e, "init");
	if (m == SYNC_GO) {
		w->conn = in->sync;
	} else {
		if (sync_send(in->sync, SYNC_ACK, e))
			return -1;
		close(in->sync);
		w->conn = gate_wait(in->gate, e);
	}
	if (w->conn < 0)
		return -1;
	atomic_store(&in->page->stage, PAGE_RELEASED);
	return 0;
}

static int
step_rlimits(struct work *w, struct err *e)
{
	/* here, as a filter that comes early may deny getcwd */
	if (!w->cwd_late && proc_cwd_check(w->p, e))
		return -1;
	return proc_rlimits(w->p, e);
}

static int
step_cap_bounding(struct work *w, struct err *e)
{
	return cred_bounding(w->p, e);
}

static int
step_ids(struct work *w, struct err *e)
{
	if (cred_ids(w->p, e))
		return -1;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return err_sys(e, "init: protect");
	return w->cwd_late ? proc_cwd(w->p, e) : 0;
}

static int
step_caps(struct work *w, struct err *e)
{
	return cred_caps(w->p, e);
}

static int
step_no_new_privs(struct work *w, struct err *e)
{
	(void)w;
	return cred_no_new_privs(e);
}

/* A real close: before Linux 4.10 execve made the process dumpable first and
 * closed descriptors afterwards.  Only the connection stays, whose end of file
 * is the news of execve; it leads to no file of the host. */
static int
step_close_fds(struct work *w, struct err *e)
{
	int keep = 3 + (int)w->p->preserve_fds;
	int *with_hooks[] = { &w->conn, &w->hold, &w->state };

	/* the status is "created" while they run */
	if (w->state >= 0)
		return keep_only(w, with_hooks, 3, e);
	if (w->conn != keep) {
		if (dup3(w->conn, keep, O_CLOEXEC) < 0)
			return err_sys(e, "descriptors");
		w->conn = keep;
	}
	return sys_close_range((unsigned)keep + 1, FD_CLOSE) ?
		err_sys(e, "close descriptors") : 0;
}

static int
step_seccomp(struct work *w, struct err *e)
{
	const struct seccomp_plan *s = &w->p->seccomp;

	/* an error behind the load is told and left by the same way */
	w->filtered = true;
	return s->listener ? filter_listen(s, w->conn, &w->handover, e) :
		filter_load(s, e);
}

static int
step_hooks_start(struct work *w, struct err *e)
{
	struct hook_how how = {
		.kind = HOOK_START_CONTAINER, .state = w->state,
		.umask = HOOK_UMASK,
	};

	atomic_store(&w->in->page->stage, PAGE_HOOKS);
	if (hook_run(w->p->hooks, &how, e))
		return -1;
	close(w->state);
	close(w->hold);
	return 0;
}

static int
step_exec(struct work *w, struct err *e)
{
	atomic_store(&w->in->page->stage, PAGE_EXEC);
	execve(w->program, (char *const *)(uintptr_t)w->p->args,
		(char *const *)(uintptr_t)w->p->env);
	return proc_exec_err(w->program, e);
}

static int (*const steps[STEP_COUNT])(struct work *w, struct err *e) = {
	[STEP_USER_NS] = step_user_ns,
	[STEP_TIME_NS] = step_time_ns,
	[STEP_CGROUP] = step_cgroup,
	[STEP_CGROUP_NS] = step_cgroup_ns,
	[STEP_KEY_LABEL] = step_key_label,
	[STEP_KEYRING] = step_keyring,
	[STEP_PROPAGATION] = step_propagation,
	[STEP_ROOTFS] = step_rootfs,
	[STEP_MOUNTS] = step_mounts,
	[STEP_DEVICES] = step_devices,
	[STEP_TERMINAL] = step_terminal,
	[STEP_HOOKS_RUNTIME] = step_hooks_runtime,
	[STEP_HOOKS_CONTAINER] = step_hooks_container,
	[STEP_READONLY_PATHS] = step_readonly_paths,
	[STEP_MASKED_PATHS] = step_masked_paths,
	[STEP_MAKE_CWD] = step_make_cwd,
	[STEP_LATE_RO] = step_late_ro,
	[STEP_SYSCTL] = step_sysctl,
	[STEP_ROOT] = step_root,
	[STEP_ROOT_READONLY] = step_root_readonly,
	[STEP_HOSTNAME] = step_hostname,
	[STEP_LOOPBACK] = step_loopback,
	[STEP_SESSION] = step_session,
	[STEP_CWD] = step_cwd,
	[STEP_HOME] = step_home,
	[STEP_LOOKUP] = step_lookup,
	[STEP_MEMORY_POLICY] = step_memory_policy,
	[STEP_PERSONALITY] = step_personality,
	[STEP_SCHEDULER] = step_of_runtime,
	[STEP_LABEL] = step_label,
	[STEP_GATE] = step_gate,
	[STEP_RLIMITS] = step_rlimits,
	[STEP_CAP_BOUNDING] = step_cap_bounding,
	[STEP_IDS] = step_ids,
	[STEP_CAPS] = step_caps,
	[STEP_NO_NEW_PRIVS] = step_no_new_privs,
	[STEP_CLOSE_FDS] = step_close_fds,
	[STEP_SECCOMP] = step_seccomp,
	[STEP_HOOKS_START] = step_hooks_start,
	[STEP_EXEC] = step_exec,
};

static int
prepare(struct work *w, struct err *e)
{
	struct init *in = w->in;
	int m;

	if (w->p->listen_pid)
		fmt_to(w->p->listen_pid, LISTEN_PID_TEXT, "LISTEN_PID=%d",
			(int)getpid());
	/* who writes the maps of a user namespace may need it dumpable */
	if (in->wait ? prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) &&
	    err_sys(e, "init") : protect(e))
		return -1;
	/* held until execve or death: its descriptor is nowhere else */
	w->hold = w->p->exec ? -1 : page_hold(in->state_dir, e);
	if (w->hold < 0 && !w->p->exec)
		return -1;
	if (in->wait) {
		m = sync_recv(in->sync, e);
		if (m < 0)
			return -1;
		if (m != SYNC_MAPS)
			return err_set(e, EPIPE, "the runtime is gone");
	}
	if (w->p->exec) {
		w->umask = umask(0);
		/* the stage has closed the host's; who needs one says so */
		if (procfs_open(e))
			err_clear(e);
	}
	return in->wait ? protect(e) : 0;
}

int
init_main(struct init *in)
{
	/* 24 KiB, of which hardly any is used.  On the stack all of it would
	 * become memory of the waiting init: each page is probed. */
	static struct work w;
	struct err e = { 0 };
	unsigned i;

	w.in = in;
	w.p = in->plan;
	w.root = w.conn = w.tty = w.state = -1;
	if (prepare(&w, &e) == 0) {
		for (i = 0; i < w.p->n_order; i++) {
			enum step s = w.p->order[i];

			/* those up to the clone are behind us */
			if (s <= STEP_CLONE)
				continue;
			if (!steps[s])
				err_set(&e, ENOSYS, "step %d", (int)s);
			else
				steps[s](&w, &e);
			if (e.code)
				break;
			/* it may deny the clock, where that is a call */
			if (in->timing && !w.filtered)
				timing_phase(in->timing, plan_phase(s));
		}
	}
	if (w.filtered)
		err_hint(&e, "does the seccomp filter allow it?");
	page_fail(in->page, &e);
	/* It may not allow to exit either, and libc would try for ever. */
	if (w.filtered) {
		syscall(SYS_exit_group, 1);
		__builtin_trap();
	}
	return 1;
}
