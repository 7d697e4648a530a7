/* SPDX-License-Identifier: MIT */
/* cmd_seccomp.c -- seccomp: filters compiled, explained and taken apart. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "arena.h"
#include "cmd.h"
#include "conf.h"
#include "err.h"
#include "io.h"
#include "names.h"
#include "plan_seccomp.h"
#include "profile.h"
#include "spec.h"
#include "spec_decode.h"
#include "str.h"

enum { TEXT_SIZE = 1 << 20, ARGS = 6 };

struct work {
	struct ctx *x;
	const struct calls_arch *arch;
	struct str out;
};

/* Programs are in files as their machine has them. */
static bool
swapped(const struct calls_arch *arch)
{
	return arch->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

static void
swap(struct sock_filter *f, unsigned n)
{
	for (; n; n--, f++) {
		f->code = __builtin_bswap16(f->code);
		f->k = __builtin_bswap32(f->k);
	}
}

static int
parse_caps(const char *list, uint64_t *caps, struct err *e)
{
	char name[32];
	size_t len;
	int cap;

	for (; *list; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		cap = -1;
		if (len < sizeof(name)) {
			memcpy(name, list, len);
			name[len] = '\0';
			cap = cap_number(name);
		}
		if (cap < 0)
			return err_set(e, EINVAL, "--caps: unknown capability "
				"`%.*s`", (int)len, list);
		*caps |= UINT64_C(1) << cap;
	}
	return 0;
}

static int
find_arch(struct work *w, struct err *e)
{
	const char *name = w->x->opt->arch;

	w->arch = name ? calls_arch_named(name) : calls_native();
	return w->arch ? 0 : err_set(e, ENOTSUP, "%s: its system calls are not "
		"built in (SECCOMP_ARCHES)", name ? name : "this architecture");
}

static int
read_profile(struct work *w, struct spec_seccomp *s, struct err *e)
{
	const struct opts *o = w->x->opt;
	const char *path = w->x->args[1];
	struct profile_for whom = {
		.arch = w->arch->name, .spec = w->arch->spec,
	};
	struct utsname host;
	AUTO_FD(fd, open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));

	if (fd < 0)
		return err_sys(e, "%s", path);
	if (o->with_caps && parse_caps(o->with_caps, &whom.caps, e))
		return -1;
	if (uname(&host))
		return err_sys(e, "uname");
	if (profile_kernel(o->kernel ? o->kernel : host.release, whom.kernel))
		return err_set(e, EINVAL, "--kernel: `%s` is not like 6.1",
			o->kernel ? o->kernel : host.release);
	return profile_read(s, fd, path, &whom, w->x->arena, e);
}

static int
read_rules(struct work *w, struct seccomp_rules *rules, struct err *e)
{
	const struct conf *c = w->x->conf;
	struct seccomp_how how = {
		.native = w->arch, .enosys = c->seccomp_enosys == SWITCH_ON,
		.time64 = c->seccomp_time64 == SWITCH_ON,
	};
	struct spec_seccomp *s = NEW(w->x->arena, struct spec_seccomp, e);

	return !s || read_profile(w, s, e) ||
		seccomp_read(rules, s, &how, w->x->arena, e) ? -1 : 0;
}

/* --- compile -------------------------------------------------------------- */

static int
save(const char *path, const void *data, size_t size, struct err *e)
{
	AUTO_FD(fd, open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
		O_NOCTTY, 0644));
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return err_sys(e, "%s", path);
	if (write_all(fd, data, size) == 0)
		return 0;
	err_sys(e, "%s", path);
	/* /dev/full stays */
	if (S_ISREG(st.st_mode))
		unlink(path);
	return -1;
}

static int
compile(struct work *w, struct err *e)
{
	const char *path = w->x->opt->output;
	struct seccomp_rules rules;
	struct seccomp_prog prog;
	struct sock_filter *out;
	size_t size;

	if (read_rules(w, &rules, e) ||
	    seccomp_compile(&prog, &rules, w->x->arena, e))
		return -1;
	size = prog.n * sizeof(*out);
	out = NEWS(w->x->arena, struct sock_filter, prog.n, e);
	if (!out)
		return -1;
	memcpy(out, prog.insn, size);
	if (swapped(w->arch))
		swap(out, prog.n);
	if (path)
		return save(path, out, size, e);
	return write_all(STDOUT_FILENO, out, size) ?
		err_sys(e, "standard output") : 0;
}

/* --- dump ----------------------------------------------------------------- */

static void
say_action(struct work *w, uint32_t ret)
{
	const char *name = NULL;
	unsigned i;

	for (i = 0; i <= SECCOMP_ACT_ALLOW; i++) {
		if (((seccomp_action(i, true, 0) ^ ret) & 0xffff0000) == 0)
			name = names_text(&seccomp_action_names, i);
	}
	str_add(&w->out, "%s", name ? name : "?");
	if (ret & 0xffff)
		str_add(&w->out, " %u", ret & 0xffff);
}

static void
say_load(struct work *w, uint32_t at)
{
	static const char first[][6] = { "nr", "arch", "ip", "ip+4" };

	if (at < 16)
		str_add(&w->out, "ld %s", first[at / 4]);
	else
		str_add(&w->out, "ld arg%u%s", (at - 16) / 8,
			(at % 8 == 4) != w->arch->big_endian ? ".high" : "");
}

static void
say_insn(struct work *w, const struct sock_filter *f, unsigned i)
{
	static const char tests[][5] = { "ja", "jeq", "jgt", "jge", "jset" };

	str_add(&w->out, "%4u ", i++);
	switch (f->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		say_load(w, f->k);
		break;
	case BPF_ALU | BPF_AND | BPF_K:
		str_add(&w->out, "and %#x", f->k);
		break;
	case BPF_JMP | BPF_JA:
		str_add(&w->out, "ja %u", i + f->k);
		break;
	case BPF_RET | BPF_K:
		str_add(&w->out, "ret ");
		say_action(w, f->k);
		break;
	default:                /* seccomp_check took nothing else */
		str_add(&w->out, "%s %#x, %u, %u", tests[BPF_OP(f->code) >> 4],
			f->k, i + f->jt, i + f->jf);
	}
	str_char(&w->out, '\n');
}

/* No text has a NUL, and each instruction has one in its code. */
static bool
is_program(const char *path)
{
	AUTO_FD(fd, open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
	char head[2];

	return fd >= 0 && read_full(fd, head, 2) == 2 && (!head[0] || !head[1]);
}

static int
load(struct work *w, struct seccomp_prog *prog, struct err *e)
{
	const char *path = w->x->args[1];

	if (seccomp_fetch(prog, AT_FDCWD, path, w->x->arena, e))
		return -1;
	if (swapped(w->arch))
		swap((struct sock_filter *)(uintptr_t)prog->insn, prog->n);
	return seccomp_check(prog, w->arch, e) ? err_ctx(e, "%s", path) : 0;
}

static int
dump(struct work *w, struct err *e)
{
	struct seccomp_rules rules;
	struct seccomp_prog prog;
	unsigned i;

	if (is_program(w->x->args[1]) ? load(w, &prog, e) :
	    read_rules(w, &rules, e) ||
	    seccomp_compile(&prog, &rules, w->x->arena, e))
		return -1;
	for (i = 0; i < prog.n; i++)
		say_insn(w, &prog.insn[i], i);
	return 0;
}

/* --- explain -------------------------------------------------------------- */

struct question {
	int id;                 /* -1: every call */
	unsigned n_args;
	uint64_t args[ARGS];    /* 0 where not given */
};

static void
say_condition(struct work *w, const struct spec_seccomp_arg *c)
{
	static const char ops[][3] = {
		[SECCOMP_OP_NE] = "!=", [SECCOMP_OP_LT] = "<",
		[SECCOMP_OP_LE] = "<=", [SECCOMP_OP_EQ] = "==",
		[SECCOMP_OP_GE] = ">=", [SECCOMP_OP_GT] = ">",
	};
	unsigned long long value = c->value;

	str_add(&w->out, "arg%u ", c->index);
	if (c->op == SECCOMP_OP_MASKED_EQ)
		str_add(&w->out, "& %#llx == %#llx", value,
			(unsigned long long)(c->value_two & c->value));
	else
		str_add(&w->out, "%s %#llx", ops[c->op], value);
}

/* "ALLOW: syscalls[3]: arg0 == 0x8" */
static void
say_rule(struct work *w, const struct seccomp_rule *r)
{
	unsigned i;

	say_action(w, r->action);
	str_add(&w->out, ": syscalls[%u]", r->from);
	for (i = 0; i < r->n_args; i++) {
		str_add(&w->out, i ? " && " : ": ");
		say_condition(w, &r->args[i]);
	}
}

static bool
rule_holds(const struct seccomp_rule *r, const struct calls_arch *arch,
	const uint64_t *args)
{
	unsigned i;

	for (i = 0; i < r->n_args; i++) {
		if (!seccomp_holds(&r->args[i], arch->narrow,
		    args[r->args[i].index]))
			return false;
	}
	return true;
}

static void
say_head(struct work *w, const struct seccomp_table *t, unsigned id)
{
	char name[CALLS_NAME];
	unsigned slot = calls_slot(t->arch, id);

	str_add(&w->out, "%s %s", t->arch->name, calls_name(id, name));
	if (slot == CALLS_NONE)
		str_add(&w->out, " -: no such call\n");
	else
		str_add(&w->out, " %u: ", calls_number(t->arch, slot));
}

static void
explain_call(struct work *w, const struct seccomp_table *t, unsigned id,
	const struct question *q)
{
	unsigned slot = calls_slot(t->arch, id);
	const struct seccomp_verdict *v = &t->call[slot];
	const struct seccomp_rule *r;
	bool above = t->newest != CALLS_NONE && slot > t->newest;

	if (q->id < 0 && (slot == CALLS_NONE || !v->used))
		return;
	for (r = slot == CALLS_NONE ? NULL : v->rules; r; r = r->next) {
		if (q->n_args && !rule_holds(r, t->arch, q->args))
			continue;
		say_head(w, t, id);
		say_rule(w, r);
		str_char(&w->out, '\n');
		if (q->n_args)
			return;
	}
	say_head(w, t, id);
	if (slot == CALLS_NONE)
		return;
	say_action(w, v->used ? v->action : above ? t->above : t->otherwise);
	if (v->used && !v->rules)
		str_add(&w->out, ": syscalls[%u]\n", v->from);
	else
		str_add(&w->out, ": %s\n", above && !v->used ?
			"above the newest call of the profile" : "default");
}

static void
explain_rest(struct work *w, const struct seccomp_table *t)
{
	str_add(&w->out, "%s others: ", t->arch->name);
	say_action(w, t->otherwise);
	str_char(&w->out, '\n');
	if (t->newest == CALLS_NONE)
		return;
	str_add(&w->out, "%s above %u: ", t->arch->name,
		calls_number(t->arch, t->newest));
	say_action(w, t->above);
	str_char(&w->out, '\n');
}

/* As C writes it: 10, 0xa or 012. */
static bool
parse_c_number(const char *s, uint64_t *v)
{
	static const char digits[] = "0123456789abcdef";
	unsigned base = *s != '0' ? 10 : (s[1] | 0x20) == 'x' ? 16 : 8;
	const char *d;

	s += base == 16 ? 2 : 0;
	*v = 0;
	do {
		d = memchr(digits, *s < 'A' ? *s : *s | 0x20, base);
		if (!d || __builtin_mul_overflow(*v, base, v) ||
		    __builtin_add_overflow(*v, (uint64_t)(d - digits), v))
			return false;
	} while (*++s);
	return true;
}

static int
parse_question(const struct ctx *x, struct question *q, struct err *e)
{
	unsigned i;

	*q = (struct question) { .id = -1 };
	if (x->n_args < 3)
		return 0;
	q->id = calls_id(x->args[2]);
	if (q->id < 0)
		return err_set(e, EINVAL, "`%s`: no such system call",
			x->args[2]);
	q->n_args = x->n_args - 3;
	for (i = 0; i < q->n_args; i++) {
		const char *text = x->args[3 + i];

		if (!parse_c_number(text, &q->args[i]))
			return err_set(e, EINVAL, "argument %u: `%s` is not a "
				"number", i, text);
	}
	return 0;
}

static int
explain(struct work *w, struct err *e)
{
	struct seccomp_rules rules;
	struct question q;
	unsigned i, id;

	if (parse_question(w->x, &q, e) || read_rules(w, &rules, e))
		return -1;
	for (i = 0; i < rules.n; i++) {
		const struct seccomp_table *t = rules.table[i];

		if (q.id >= 0) {
			explain_call(w, t, (unsigned)q.id, &q);
			continue;
		}
		for (id = 0; id < calls_count; id++)
			explain_call(w, t, id, &q);
		explain_rest(w, t);
	}
	return 0;
}

int
cmd_seccomp(struct ctx *x, struct err *e)
{
	static const struct {
		char name[8];
		unsigned max;   /* arguments behind the file */
		int (*run)(struct work *w, struct err *e);
	} verbs[] = {
		{ "compile", 0, compile }, { "explain", 1 + ARGS, explain },
		{ "dump", 0, dump },
	};
	struct work w = { .x = x };
	char *text = NEWS(x->arena, char, TEXT_SIZE, e);
	size_t i;

	for (i = 0; i < COUNT(verbs) && strcmp(verbs[i].name, x->args[0]); )
		i++;
	if (i == COUNT(verbs))
		return err_set(e, EINVAL, "`%s`: compile, explain or dump",
			x->args[0]);
	if (x->n_args > 2 + verbs[i].max)
		return err_set(e, EINVAL, "%s: `%s` is one argument too many",
			x->args[0], x->args[2 + verbs[i].max]);
	if (x->opt->output && verbs[i].run != compile)
		return err_set(e, EINVAL, "--output is for compile");
	if (!text)
		return -1;
	str_init(&w.out, text, TEXT_SIZE);
	if (find_arch(&w, e) || verbs[i].run(&w, e))
		return -1;
	return w.out.cut ? err_set(e, EFBIG, "output") :
		w.out.len ? cmd_print(text, e) : 0;
}
