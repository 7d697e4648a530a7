/* SPDX-License-Identifier: MIT */
/* plan_seccomp.c -- what a seccomp profile means for each system call. */
#include "plan_seccomp.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "log.h"
#include "plan.h"
#include "spec.h"

/* While a profile is read. */
struct reader {
	const struct spec_seccomp *spec;
	const struct seccomp_how *how;
	struct arena *arena;
	struct err *err;
	uint32_t otherwise;
	int *ids;               /* of all names of all rules, in order */
	bool *named;            /* by id */
	/* by id, each with 1 added: the call that shares its rules, and its row
	 * in muxes */
	struct also {
		uint16_t twin, mux;
	} *also;
	int mux_id[2];          /* of mux_names */
};

/* SECCOMP_RET_*, by enum spec_seccomp_action. */
static const uint32_t actions[] = {
	[SECCOMP_ACT_KILL_THREAD] = 0x00000000,
	[SECCOMP_ACT_KILL_PROCESS] = 0x80000000,
	[SECCOMP_ACT_TRAP] = 0x00030000,
	[SECCOMP_ACT_ERRNO] = 0x00050000,
	[SECCOMP_ACT_NOTIFY] = 0x7fc00000,
	[SECCOMP_ACT_TRACE] = 0x7ff00000,
	[SECCOMP_ACT_LOG] = 0x7ffc0000,
	[SECCOMP_ACT_ALLOW] = 0x7fff0000,
};

uint32_t
seccomp_action(unsigned action, bool has_errno, uint32_t errno_ret)
{
	uint32_t data = action == SECCOMP_ACT_ERRNO ||
		action == SECCOMP_ACT_TRACE ?
		has_errno ? errno_ret & 0xffff : EPERM : 0;

	return actions[action] | data;
}

static bool
lets_through(unsigned action)
{
	return action == SECCOMP_ACT_ALLOW || action == SECCOMP_ACT_LOG;
}

/* A forbidden call that is not known would be an allowed one (sec M16). */
static int
find_names(struct reader *r)
{
	const struct spec_seccomp *s = r->spec;
	unsigned i, j, n = 0;
	int id;

	for (i = 0; i < s->n_syscalls; i++)
		n += s->syscalls[i].n_names;
	r->ids = NEWS(r->arena, int, n, r->err);
	r->named = NEWS(r->arena, bool, calls_count, r->err);
	r->also = NEWS(r->arena, struct also, calls_count, r->err);
	if (!r->ids || !r->named || !r->also)
		return -1;
	for (i = n = 0; i < s->n_syscalls; i++) {
		const struct spec_seccomp_rule *rule = &s->syscalls[i];

		for (j = 0; j < rule->n_names; j++) {
			id = r->ids[n++] = calls_id(rule->names[j]);
			if (id >= 0)
				r->named[id] = true;
			else if (lets_through(s->default_action) &&
			    !lets_through(rule->action))
				return err_set(r->err, EINVAL, "linux.seccomp."
					"syscalls[%u].names[%u] `%s`: no such "
					"system call, and the default would "
					"allow it", i, j, rule->names[j]);
			else
				log_at(LEVEL_DEBUG, "linux.seccomp.syscalls[%u]"
					".names[%u] `%s`: unknown, ignored",
					i, j, rule->names[j]);
		}
	}
	return 0;
}

/* Adds a rule for a call, unless one without conditions is there already. */
static int
add(struct reader *r, struct seccomp_table *t, unsigned slot, unsigned id,
	struct seccomp_rule rule)
{
	struct seccomp_verdict *v = &t->call[slot];
	struct seccomp_rule *new;
	const struct seccomp_rule **at;

	if (v->used && !v->rules)
		return 0;
	v->id = id & 0x7fff;
	if (!rule.n_args) {
		*v = (struct seccomp_verdict) {
			.action = rule.action, .id = id & 0x7fff, .used = 1,
			.from = rule.from & 0xffff,
		};
		return 0;
	}
	new = NEW(r->arena, struct seccomp_rule, r->err);
	if (!new)
		return -1;
	*new = rule;
	new->next = NULL;
	v->used = 1;
	v->action = t->otherwise;
	for (at = &v->rules; *at; )
		at = &((struct seccomp_rule *)(uintptr_t)*at)->next;
	*at = new;
	return 0;
}

/* Calls that some architectures have behind socketcall(2) and ipc(2) as well
 * (<linux/net.h>, <linux/ipc.h>), by the number that the first argument is
 * there. */
static const struct mux {
	char name[14];
	uint8_t call;           /* index in mux_names */
	uint8_t number;
} muxes[] = {
	{ "socket", 0, 1 }, { "bind", 0, 2 }, { "connect", 0, 3 },
	{ "listen", 0, 4 }, { "accept", 0, 5 }, { "getsockname", 0, 6 },
	{ "getpeername", 0, 7 }, { "socketpair", 0, 8 }, { "send", 0, 9 },
	{ "recv", 0, 10 }, { "sendto", 0, 11 }, { "recvfrom", 0, 12 },
	{ "shutdown", 0, 13 }, { "setsockopt", 0, 14 },
	{ "getsockopt", 0, 15 }, { "sendmsg", 0, 16 }, { "recvmsg", 0, 17 },
	{ "accept4", 0, 18 }, { "recvmmsg", 0, 19 }, { "sendmmsg", 0, 20 },
	{ "semop", 1, 1 }, { "semget", 1, 2 }, { "semctl", 1, 3 },
	{ "semtimedop", 1, 4 }, { "msgsnd", 1, 11 }, { "msgrcv", 1, 12 },
	{ "msgget", 1, 13 }, { "msgctl", 1, 14 }, { "shmat", 1, 21 },
	{ "shmdt", 1, 22 }, { "shmget", 1, 23 }, { "shmctl", 1, 24 },
};
static const char mux_names[][12] = { "socketcall", "ipc" };

int
seccomp_mux(const char *name)
{
	for (size_t i = 0; i < COUNT(muxes); i++) {
		if (!strcmp(muxes[i].name, name))
			return calls_id(mux_names[muxes[i].call]);
	}
	return -1;
}

bool
seccomp_holds(const struct spec_seccomp_arg *c, bool narrow, uint64_t x)
{
	uint64_t bits = narrow ? UINT32_MAX : UINT64_MAX, v = c->value & bits;

	x &= bits;
	switch (c->op) {
	case SECCOMP_OP_NE: return x != v;
	case SECCOMP_OP_LT: return x < v;
	case SECCOMP_OP_LE: return x <= v;
	case SECCOMP_OP_EQ: return x == v;
	case SECCOMP_OP_GE: return x >= v;
	case SECCOMP_OP_GT: return x > v;
	default: return (x & v) == (c->value_two & v);
	}
}

/* The data is of no account. */
bool
seccomp_stricter(uint32_t a, uint32_t b)
{
	return (int32_t)(a & 0xffff0000) < (int32_t)(b & 0xffff0000);
}

/* ipc(2) has a version of its ABI above bit 16: 0 for every libc there is. */
static int
add_mux(struct reader *r, struct seccomp_table *t, const struct mux *m,
	struct seccomp_rule rule)
{
	unsigned id = (unsigned)r->mux_id[m->call];
	unsigned slot = calls_slot(t->arch, id);
	struct spec_seccomp_arg *arg;

	if (slot == CALLS_NONE ||
	    (rule.n_args && !seccomp_stricter(rule.action, t->otherwise)))
		return 0;
	arg = NEW(r->arena, struct spec_seccomp_arg, r->err);
	if (!arg)
		return -1;
	*arg = (struct spec_seccomp_arg) {
		.op = SECCOMP_OP_EQ, .value = m->number,
	};
	rule.args = arg;
	rule.n_args = 1;
	return add(r, t, slot, id, rule);
}

static int
add_twin(struct reader *r, struct seccomp_table *t, unsigned id,
	struct seccomp_rule rule)
{
	char name[CALLS_NAME];

	if (r->named[id])
		return 0;
	log_at(LEVEL_INFO, "linux.seccomp: %s: %s is not listed and follows "
		"its form with 32-bit times", t->arch->name,
		calls_name(id, name));
	return add(r, t, calls_slot(t->arch, id), id, rule);
}

/* Linux 5.1 gave 32-bit architectures 403 .. 423: the calls with 64-bit times,
 * called NAME64 or NAME_time64. */
static void
note_twins(struct reader *r, const struct calls_arch *arch)
{
	char name[CALLS_NAME], *end;
	unsigned id, slot;
	int old;

	memset(r->also, 0, calls_count * sizeof(*r->also));
	for (id = 0; r->how->time64 && arch->narrow && id < calls_count; id++) {
		slot = calls_slot(arch, id);
		if (slot < 403 || slot > 423)
			continue;
		calls_name(id, name);
		end = name + strlen(name) - 2;
		if (end - name > 5 && !memcmp(end - 5, "_time", 5))
			end -= 5;
		*end = '\0';
		old = calls_id(name);
		if (old >= 0)
			r->also[old].twin = (uint16_t)(id + 1);
	}
}

static void
note_muxes(struct reader *r, const struct calls_arch *arch)
{
	size_t i;
	int id;

	for (i = 0; i < COUNT(mux_names); i++)
		r->mux_id[i] = calls_id(mux_names[i]);
	if (calls_slot(arch, (unsigned)r->mux_id[0]) == CALLS_NONE)
		return;
	for (i = 0; i < COUNT(muxes); i++) {
		id = calls_id(muxes[i].name);
		if (id >= 0)
			r->also[id].mux = (uint16_t)(i + 1);
	}
}

static void
note_newest(struct seccomp_table *t, unsigned slot)
{
	if (slot < CALLS_PRIVATE &&
	    (t->newest == CALLS_NONE || slot > t->newest))
		t->newest = slot;
}

static int
add_names(struct reader *r, struct seccomp_table *t,
	unsigned from, const int *ids)
{
	const struct spec_seccomp_rule *s = &r->spec->syscalls[from];
	struct seccomp_rule rule = {
		.args = s->args, .n_args = s->n_args,
		.action = seccomp_action(s->action, s->has_errno_ret,
			s->errno_ret),
		.from = from,
	};
	struct also also;
	unsigned i, slot;

	for (i = 0; i < s->n_names; i++) {
		if (ids[i] < 0)
			continue;
		also = r->also[ids[i]];
		slot = calls_slot(t->arch, (unsigned)ids[i]);
		note_newest(t, slot);
		if (also.mux)
			note_newest(t, calls_slot(t->arch, (unsigned)
				r->mux_id[muxes[also.mux - 1].call]));
		if (rule.action == r->otherwise)
			continue;
		if (slot != CALLS_NONE &&
		    add(r, t, slot, (unsigned)ids[i], rule))
			return -1;
		if (also.mux && add_mux(r, t, &muxes[also.mux - 1], rule))
			return -1;
		if (also.twin && add_twin(r, t, also.twin - 1u, rule))
			return -1;
	}
	return 0;
}

static const struct seccomp_table *
read_table(struct reader *r, const struct calls_arch *arch)
{
	struct seccomp_table *t = NEW(r->arena, struct seccomp_table, r->err);
	const struct spec_seccomp *s = r->spec;
	const int *ids = r->ids;
	unsigned i, act = s->default_action;

	if (!t)
		return NULL;
	t->arch = arch;
	t->otherwise = t->above = r->otherwise;
	t->newest = CALLS_NONE;
	note_twins(r, arch);
	note_muxes(r, arch);
	for (i = 0; i < s->n_syscalls; i++) {
		if (add_names(r, t, i, ids))
			return NULL;
		ids += s->syscalls[i].n_names;
	}
	if (r->how->enosys && t->newest != CALLS_NONE &&
	    (act == SECCOMP_ACT_ERRNO || act == SECCOMP_ACT_KILL_THREAD ||
	    act == SECCOMP_ACT_KILL_PROCESS))
		t->above = actions[SECCOMP_ACT_ERRNO] | ENOSYS;
	else
		t->newest = CALLS_NONE;
	t->zero_above = arch->column == CALLS_S390X && !t->call[0].used &&
		t->newest != CALLS_NONE;
	return t;
}

int
seccomp_read(struct seccomp_rules *rules, const struct spec_seccomp *spec,
	const struct seccomp_how *how, struct arena *a, struct err *e)
{
	struct reader r = {
		.spec = spec, .how = how, .arena = a, .err = e,
		.otherwise = seccomp_action(spec->default_action,
			spec->has_default_errno_ret, spec->default_errno_ret),
	};
	const struct seccomp_table **table;
	const struct calls_arch *arch;
	unsigned i;

	if (!how->native)
		return err_set(e, ENOTSUP, "linux.seccomp: no system calls of "
			"this architecture are known");
	table = NEWS(a, const struct seccomp_table *, 32, e);
	if (!table || find_names(&r))
		return -1;
	*rules = (struct seccomp_rules) { .table = table };
	for (i = 0; i <= 32; i++) {
		arch = i ? calls_arch(i - 1) : how->native;
		if (i && (!(spec->architectures >> (i - 1) & 1) ||
		    i - 1 == how->native->spec))
			continue;
		if (!arch) {
			log_at(LEVEL_INFO, "linux.seccomp.architectures: one "
				"is not built in: its processes are killed");
			continue;
		}
		table[rules->n] = read_table(&r, arch);
		if (!table[rules->n++])
			return -1;
	}
	return 0;
}

int
plan_seccomp(struct seccomp_prog *prog, const struct spec_seccomp *spec,
	const struct seccomp_how *how, struct arena *a, struct err *e)
{
	struct seccomp_rules rules;

	return seccomp_read(&rules, spec, how, a, e) ||
		seccomp_compile(prog, &rules, a, e) ? -1 : 0;
}

/* What kernels from 4.17 on would do to every program with a filter against
 * speculation bugs, at a high price; from 5.16 on it is their own default to
 * leave it out.  Others leave it out where flags is absent (list X9). */
enum { FLAG_TSYNC = 1, FLAG_SPEC_ALLOW = 4, FLAG_NEW_LISTENER = 8 };

static unsigned
used_actions(const struct spec_seccomp *s)
{
	unsigned i, used = 1u << s->default_action;

	for (i = 0; i < s->n_syscalls; i++)
		used |= 1u << s->syscalls[i].action;
	return used;
}

/* A container gets what its config asks for or nothing: where there are both,
 * nobody could tell which one is meant to hold. */
static int
plan_made(struct plan *p, const struct spec_seccomp *s,
	const struct seccomp_prog *prog, struct err *e)
{
	if (s)
		return err_set(e, EINVAL, "linux.seccomp: there is a compiled "
			"filter as well");
	if (seccomp_check(prog, calls_native(), e))
		return err_ctx(e, "seccomp program");
	if (seccomp_used(prog) & 1u << SECCOMP_ACT_NOTIFY)
		return err_set(e, EINVAL, "seccomp program: notifications need "
			"linux.seccomp, which says where they go");
	if (p->has_process)
		p->seccomp = (struct seccomp_plan) {
			.insn = prog->insn, .n = prog->n, .made = true,
			.flags = FLAG_SPEC_ALLOW,
			/* before 4.14 a kill is one of the thread: that will
			 * do for what is not for this architecture */
			.actions = seccomp_used(prog) &
				~(1u << SECCOMP_ACT_KILL_PROCESS),
		};
	return 0;
}

int
plan_filter(struct plan *p, const struct spec *spec,
	const struct plan_args *args, struct arena *a, struct err *e)
{
	const struct spec_seccomp *s = spec->linux.seccomp;
	struct seccomp_how how = {
		.native = calls_native(), .enosys = !args->no_enosys,
		.time64 = !args->no_time64,
	};
	struct seccomp_prog prog;

	if (args->filter)
		return plan_made(p, s, args->filter, e);
	if (!s || !p->has_process)
		return 0;
	if (plan_seccomp(&prog, s, &how, a, e))
		return -1;
	p->seccomp = (struct seccomp_plan) {
		.insn = prog.insn, .n = prog.n, .flags_given = s->has_flags,
		.flags = s->has_flags ? s->flags : FLAG_SPEC_ALLOW,
		.actions = used_actions(s),
	};
	/* there is one thread, or one more that must stay out (filter.h);
	 * kernels before 3.17 have no such flag */
	p->seccomp.flags &= ~(unsigned)FLAG_TSYNC;
	/* listenerPath without notifications is ignored (list X16) */
	if (p->seccomp.actions & 1u << SECCOMP_ACT_NOTIFY) {
		p->seccomp.listener = s->listener_path;
		p->seccomp.metadata = s->listener_metadata;
		p->seccomp.flags |= FLAG_NEW_LISTENER;
	}
	return 0;
}
