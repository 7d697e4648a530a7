/* SPDX-License-Identifier: MIT */
/* container.c -- the order of operations that every crash can be recovered from
 * (sec 3.1): the id is claimed and what will be made is written down before
 * anything is made. */
#include "container.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cgroup.h"
#include "cmd.h"
#include "conf.h"
#include "diag.h"
#include "err.h"
#include "host.h"
#include "io.h"
#include "life.h"
#include "log.h"
#include "notify.h"
#include "pidfile.h"
#include "plan_lsm.h"
#include "plan_seccomp.h"
#include "report.h"
#include "sanitize.h"
#include "spec.h"
#include "state_root.h"
#include "timing.h"

struct plan_args
container_plan_args(const struct ctx *x, const struct bundle *b,
	const char *id)
{
	const char *word = x->opt->rootless ? x->opt->rootless : "";

	return (struct plan_args) {
		.rootless = !strcmp(word, "true") ? ROOTLESS_TRUE :
			!strcmp(word, "false") ? ROOTLESS_FALSE :
			ROOTLESS_AUTO,
		.id = id, .bundle = b->path, .rootfs = b->rootfs,
		.no_pivot = x->opt->no_pivot,
		.no_keyring = x->opt->no_new_keyring,
		.preserve_fds = (unsigned)x->opt->preserve_fds,
		.listen_fds = x->opt->listen_fds,
		.listen_names = x->opt->listen_names,
		.cgroups_off = x->conf->cgroup_manager == MANAGER_DISABLED,
		.systemd_cgroup = x->opt->systemd_cgroup,
		.devices_cgroup = x->conf->devices_cgroup,
		.keyring = x->conf->keyring, .lsm = x->conf->lsm,
		.no_enosys = x->conf->seccomp_enosys != SWITCH_ON,
		.no_time64 = x->conf->seccomp_time64 != SWITCH_ON,
	};
}

int
container_filter(struct plan_args *args, const struct ctx *x,
	const struct bundle *b, int dir, struct err *e)
{
	const char *noted = b->spec.annotations.filter;
	const char *given = x->opt->seccomp_bpf;
	struct seccomp_prog *prog;

	if (!given && !noted)
		return 0;
	if (given && noted)
		return err_set(e, EINVAL, "--seccomp-bpf: the annotation "
			SPEC_FILTER_KEY " names a filter as well");
	prog = NEW(x->arena, struct seccomp_prog, e);
	args->filter = prog;
	return prog ? seccomp_fetch(prog, given ? dir : AT_FDCWD,
		given ? given : noted, x->arena, e) : -1;
}

static int
make_plan(struct container *c, const struct ctx *x, struct err *e)
{
	struct plan_args args = container_plan_args(x, &c->bundle, x->args[0]);
	struct host host;

	timing_phase(x->timing, PHASE_CONFIG);
	if (container_filter(&args, x, &c->bundle, c->cwd, e) ||
	    host_probe(&host, x->arena, e))
		return -1;
	if (spec_has_labels(&c->bundle.spec))
		host_probe_lsm(&host);
	if (plan_make(&c->plan, &c->bundle.spec, &host, &args, x->arena, e))
		return -1;
	timing_phase(x->timing, PHASE_PLAN);
	if (args.systemd_cgroup && c->plan.cgroup.n_ops)
		log_at(LEVEL_DEBUG, "--systemd-cgroup: no systemd is asked, "
			"the cgroup is %s", c->plan.cgroup.ops[0].path);
	return 0;
}

/* For exec: a copy, since the file may change. */
static int
keep_filter(const struct container *c, struct err *e)
{
	const struct seccomp_plan *s = &c->plan.seccomp;

	if (!s->made)
		return 0;
	AUTO_FD(fd, openat(c->state.dir, SECCOMP_COPY, O_WRONLY | O_CREAT |
		O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
	return fd < 0 || write_all(fd, s->insn, s->n * sizeof(*s->insn)) ?
		err_sys(e, SECCOMP_COPY) : 0;
}

static int
claim(struct container *c, const struct ctx *x, struct err *e)
{
	const struct spec *spec = &c->bundle.spec;

	if (state_claim(&c->state, c->root, x->args[0], e) ||
	    record_init(&c->record, x->arena, e))
		return -1;
	c->record.id = x->args[0];
	c->record.bundle = c->bundle.path;
	c->record.rootfs = c->bundle.rootfs;
	c->record.annotations_at = spec->annotations.at;
	c->record.annotations_len = spec->annotations.len;
	c->record.listener = c->plan.seccomp.listener;
	c->record.listener_metadata = c->plan.seccomp.metadata;
	record_keep_rdt(&c->record, &c->plan.rdt);
	c->record.poststart = plan_has(&c->plan, STEP_HOOKS_POSTSTART);
	c->record.poststop = plan_has(&c->plan, STEP_HOOKS_POSTSTOP);
	c->record.no_keyring = x->opt->no_new_keyring;
	c->record.has_process = c->plan.has_process;
	c->record.private_pidns = c->plan.create_ns & CLONE_NEWPID;
	if (cgroup_save(&c->plan.cgroup, c->state.dir, "cg", e) ||
	    bundle_freeze(&c->bundle, c->state.dir, e) || keep_filter(c, e) ||
	    (x->opt->notify && notify_make(c->state.dir, e)))
		return -1;
	return state_save(&c->state, &c->record, e);
}

/* The root, and that no other one, which was the first choice when there was no
 * /run yet, has a container of this name. */
static int
open_root(struct container *c, const struct ctx *x, struct err *e)
{
	int twin;

	c->root = state_root(x->conf->state_dir, e);
	if (c->root < 0)
		return -1;
	twin = state_root_twin(x->conf->state_dir, c->root, x->args[0], e);
	return twin <= 0 ? twin :
		life_check(OP_CREATE, STATUS_CREATED, x->args[0], e);
}

/* struct hook_source: also called in init, which has a copy of everything. */
static int
hook_state(void *arg, unsigned kind, pid_t pid, struct err *e)
{
	const struct container *c = arg;
	struct record r = c->record;

	r.init.pid = pid;
	r.annotations_fd = c->bundle.config;
	return report_file(&r, report_hook_status(kind), c->state.dir, e);
}

int
container_hooks(const struct container *c, unsigned kind, struct err *e)
{
	struct hook_how how = {
		.kind = kind, .cwd = c->plan.bundle, .umask = HOOK_UMASK,
	};

	/* a build without HOOKS refuses to run any, not to run none */
	if (!c->plan.hooks || !c->plan.hooks->n_list[kind])
		return 0;
	return hook_run_from(c->plan.hooks, &how, &c->hooks,
		c->launch.init.pid, e);
}

static int
finish(struct container *c, const struct ctx *x, struct err *e)
{
	c->record.status = STATUS_CREATED;
	c->record.init = c->launch.init;
	if (state_save(&c->state, &c->record, e))
		return -1;
	if (x->opt->pidfd_socket && pidfile_send(x->opt->pidfd_socket,
	    c->launch.child.pidfd, e))
		return -1;
	if (!x->opt->pid_file)
		return 0;
	if (pidfile_write(c->cwd, x->opt->pid_file, c->record.init.pid, e))
		return -1;
	c->pid_file = x->opt->pid_file;
	return 0;
}

static int
build(struct container *c, const struct ctx *x, bool gate, struct err *e)
{
	if (claim(c, x, e)) {
		container_undo(c);
		return -1;
	}
	timing_phase(x->timing, PHASE_CLAIM);
	c->launch.hooks = &c->hooks;
	c->launch.timing = x->timing;
	if (launch_create(&c->launch, &c->plan, c->state.dir, gate, x->arena,
	    e)) {
		c->launch.plan = NULL;
		container_undo(c);
		return -1;
	}
	if (finish(c, x, e)) {
		container_undo(c);
		return -1;
	}
	timing_phase(x->timing, PHASE_RECORD);
	return 0;
}

int
container_create(struct container *c, const struct ctx *x, bool gate,
	struct err *e)
{
	const char *dir = x->opt->bundle ? x->opt->bundle :
		x->n_args > 1 ? x->args[1] : ".";
	const char *config = x->opt->config ? x->opt->config : "config.json";
	struct diag d = { 0 };

	*c = (struct container) {
		.bundle = BUNDLE_NONE, .root = -1, .state = STATE_NONE,
		.hooks = { hook_state, c }, .launch = { .console = -1 },
		.cwd = openat(AT_FDCWD, ".", O_PATH | O_DIRECTORY | O_CLOEXEC),
	};
	if (c->cwd < 0)
		return err_sys(e, "working directory");
	if (state_id_check(x->args[0], e))
		goto fail;
	/* before the bundle becomes the working directory */
	if (open_root(c, x, e) ||
	    bundle_load(&c->bundle, dir, config, &d, x->arena, e) ||
	    notify_spec(&c->bundle.spec, x->opt->notify, c->root, x->args[0],
	    x->arena, e) || make_plan(c, x, e) ||
	    launch_console(&c->launch, &c->plan, x->opt->console_socket,
	    !gate && !x->opt->detach, e) ||
	    build(c, x, gate, e))
		goto fail;
	return 0;
fail:
	container_close(c);
	return -1;
}

void
container_undo(struct container *c)
{
	struct err ignored = { 0 };

	if (c->launch.plan)
		launch_undo(&c->launch);
	if (c->pid_file)
		unlinkat(c->cwd, c->pid_file, 0);
	/* there was an init: hooks of create may have done what these undo */
	if (c->launch.init.pid && container_hooks(c, HOOK_POSTSTOP, &ignored)) {
		log_at(LEVEL_WARNING, "%s", err_str(&ignored));
		err_clear(&ignored);
	}
	if (c->state.dir >= 0 && state_remove(&c->state, &ignored))
		log_at(LEVEL_WARNING, "%s", err_str(&ignored));
}

void
container_close(struct container *c)
{
	if (c->launch.plan)
		launch_close(&c->launch);
	state_close(&c->state);
	fd_drop(&c->launch.console);
	fd_drop(&c->cwd);
	fd_drop(&c->root);
	c->cwd = c->root = c->launch.console = -1;
	bundle_close(&c->bundle);
}
