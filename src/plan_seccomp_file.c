/* SPDX-License-Identifier: MIT */
/* plan_seccomp_file.c -- a filter that was made into a program before.
 *
 * The file is the bare program, as libseccomp exports it and bubblewrap takes
 * it: nothing in it says for which machine it was made.  So it is read by its
 * meaning; what is left open is refused. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "plan_seccomp.h"
#include "spec.h"

enum { ARCH_AT = 4, DATA_SIZE = 64 };

/* What the compilers of filters make.  The kernel takes a little more (scratch
 * memory, a computed return), which could not be judged. */
static bool
sound(const struct sock_filter *f, unsigned left)
{
	switch (f->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return f->k % 4 == 0 && f->k < DATA_SIZE;
	case BPF_ALU | BPF_AND | BPF_K:
	case BPF_RET | BPF_K:
		return true;
	case BPF_JMP | BPF_JA:
		return f->k < left;
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_K:
		return f->jt < left && f->jf < left;
	default:
		return false;
	}
}

static bool
jumps(const struct sock_filter *f, uint32_t a)
{
	switch (BPF_OP(f->code)) {
	case BPF_JEQ:
		return a == f->k;
	case BPF_JGT:
		return a > f->k;
	case BPF_JGE:
		return a >= f->k;
	default:
		return a & f->k;
	}
}

/* Whether the architecture alone decides about a call; *ret is how. */
static bool
decided(const struct sock_filter *f, uint32_t arch, uint32_t *ret)
{
	uint32_t a = 0;

	for (;; f++) {
		switch (BPF_CLASS(f->code)) {
		case BPF_LD:
			if (f->k != ARCH_AT)
				return false;
			a = arch;
			break;
		case BPF_ALU:
			a &= f->k;
			break;
		case BPF_RET:
			*ret = f->k;
			return true;
		default:
			f += BPF_OP(f->code) == BPF_JA ? f->k :
				jumps(f, a) ? f->jt : f->jf;
		}
	}
}

int
seccomp_check(const struct seccomp_prog *prog, const struct calls_arch *arch,
	struct err *e)
{
	uint32_t ret;
	unsigned i;

	for (i = 0; i < prog->n; i++) {
		if (!sound(&prog->insn[i], prog->n - i - 1))
			return err_set(e, EINVAL, "instruction %u: not one of "
				"a filter for this byte order", i);
	}
	if (prog->insn[prog->n - 1].code != (BPF_RET | BPF_K))
		return err_set(e, EINVAL, "does not end with a return");
	/* an architecture that there is not */
	if (!decided(prog->insn, 0, &ret) ||
	    !seccomp_stricter(ret, seccomp_action(SECCOMP_ACT_NOTIFY, 0, 0)))
		return err_set(e, EINVAL, "does not refuse calls of other "
			"architectures");
	if (!arch || decided(prog->insn, arch->audit, &ret))
		return err_set(e, EINVAL, "was not made for %s",
			arch ? arch->name : "this architecture");
	return 0;
}

static int
read_program(struct seccomp_prog *prog, int fd, struct arena *a, struct err *e)
{
	struct sock_filter *insn;
	struct stat st;
	size_t size;

	if (fstat(fd, &st))
		return err_sys(e, "fstat");
	if (!S_ISREG(st.st_mode))
		return err_set(e, EINVAL, "not a regular file");
	if (st.st_size <= 0 || st.st_size % sizeof(*insn) ||
	    st.st_size > (off_t)(BPF_MAXINSNS * sizeof(*insn)))
		return err_set(e, EINVAL, "%lld bytes: not a program of 1 to "
			"%d instructions", (long long)st.st_size, BPF_MAXINSNS);
	size = (size_t)st.st_size;
	insn = NEWS(a, struct sock_filter, size / sizeof(*insn), e);
	if (!insn)
		return -1;
	if (read_full(fd, insn, size) != (ssize_t)size)
		return err_set(e, EIO, "became shorter");
	prog->insn = insn;
	prog->n = (unsigned)(size / sizeof(*insn));
	return 0;
}

int
seccomp_fetch(struct seccomp_prog *prog, int dir, const char *path,
	struct arena *a, struct err *e)
{
	AUTO_FD(fd, openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
		O_NOCTTY));

	if (fd < 0)
		return err_sys(e, "seccomp program %s", path);
	return read_program(prog, fd, a, e) ?
		err_ctx(e, "seccomp program %s", path) : 0;
}

unsigned
seccomp_used(const struct seccomp_prog *prog)
{
	unsigned i, action, used = 0;

	for (i = 0; i < prog->n; i++) {
		if (prog->insn[i].code != (BPF_RET | BPF_K))
			continue;
		for (action = 0; action <= SECCOMP_ACT_ALLOW; action++) {
			if (((prog->insn[i].k ^ seccomp_action(action, true, 0))
			    & 0xffff0000) == 0)
				used |= 1u << action;
		}
	}
	return used;
}
