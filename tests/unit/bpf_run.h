/* SPDX-License-Identifier: MIT */
/* bpf_run.h -- classic BPF as the kernel takes and runs it for seccomp. */
#ifndef BPF_RUN_H
#define BPF_RUN_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

/* struct seccomp_data, independent of this machine's byte order. */
struct call {
	uint32_t nr, arch;
	uint64_t args[6];
	bool big_endian;
};

static inline uint32_t
bpf_load(const struct call *c, uint32_t at)
{
	unsigned arg = (at - 16) / 8;
	bool high = (at % 8 == 4) != c->big_endian;

	if (at == 0)
		return c->nr;
	if (at == 4)
		return c->arch;
	if (at < 16)
		return 0;
	return (uint32_t)(high ? c->args[arg] >> 32 : c->args[arg]);
}

/* seccomp_check_filter and bpf_check_classic, for what we may produce. */
static inline bool
bpf_valid(const struct sock_filter *f, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		unsigned left = n - i - 1;

		switch (f[i].code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (f[i].k % 4 || f[i].k >= 64)
				return false;
			break;
		case BPF_ALU | BPF_AND | BPF_K:
		case BPF_RET | BPF_K:
			break;
		case BPF_JMP | BPF_JA:
			if (f[i].k >= left)
				return false;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_K:
			if (f[i].jt >= left || f[i].jf >= left)
				return false;
			break;
		default:
			return false;
		}
	}
	return n && n <= BPF_MAXINSNS && f[n - 1].code == (BPF_RET | BPF_K);
}

/* The result; *steps, unless NULL, is the number of instructions that ran. */
static inline uint32_t
bpf_run(const struct sock_filter *f, const struct call *c, unsigned *steps)
{
	unsigned count = 0;
	uint32_t a = 0;
	bool yes;

	for (;; f++) {
		count++;
		switch (f->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			a = bpf_load(c, f->k);
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= f->k;
			continue;
		case BPF_JMP | BPF_JA:
			f += f->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			yes = a == f->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			yes = a > f->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			yes = a >= f->k;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			yes = (a & f->k) != 0;
			break;
		default:                /* BPF_RET | BPF_K */
			if (steps)
				*steps = count;
			return f->k;
		}
		f += yes ? f->jt : f->jf;
	}
}

#endif
