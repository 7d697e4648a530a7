/* SPDX-License-Identifier: MIT */
/* calls.c -- looks into the packed list of system calls. */
#include "calls.h"

#include <stddef.h>
#include <string.h>

#include "io.h"
#include "spec.h"

enum { BLOCK = 16, LAST = 0x80 };

/* AUDIT_ARCH_* by value: <linux/audit.h> may be older than the architecture. */
static const struct calls_arch arches[] = {
	{ "x86_64", SECCOMP_ARCH_X86_64, CALLS_X86_64, false, false,
		0xc000003e, 0 },
	{ "i386", SECCOMP_ARCH_X86, CALLS_I386, true, false, 0x40000003, 0 },
	/* its calls take the registers of x86_64, all 64 bits of them */
	{ "x32", SECCOMP_ARCH_X32, CALLS_X32, false, false,
		0xc000003e, 0x40000000 },
	{ "arm", SECCOMP_ARCH_ARM, CALLS_ARM, true, false, 0x40000028, 0 },
	{ "aarch64", SECCOMP_ARCH_AARCH64, CALLS_AARCH64, false, false,
		0xc00000b7, 0 },
	{ "riscv64", SECCOMP_ARCH_RISCV64, CALLS_RISCV64, false, false,
		0xc00000f3, 0 },
	{ "mips", SECCOMP_ARCH_MIPS, CALLS_MIPS, true, true, 8, 4000 },
	{ "mipsel", SECCOMP_ARCH_MIPSEL, CALLS_MIPS, true, false,
		0x40000008, 4000 },
	{ "ppc64le", SECCOMP_ARCH_PPC64LE, CALLS_PPC64LE, false, false,
		0xc0000015, 0 },
	{ "s390x", SECCOMP_ARCH_S390X, CALLS_S390X, false, true,
		0x80000016, 0 },
	{ "loongarch64", SECCOMP_ARCH_LOONGARCH64, CALLS_LOONGARCH64, false,
		false, 0xc0000102, 0 },
};

const struct calls_arch *
calls_arch(unsigned spec)
{
	for (size_t i = 0; i < COUNT(arches); i++) {
		if (arches[i].spec == spec)
			return calls_rows[arches[i].column] < 0 ? NULL :
				&arches[i];
	}
	return NULL;
}

const struct calls_arch *
calls_arch_named(const char *name)
{
	for (size_t i = 0; i < COUNT(arches); i++) {
		if (!strcmp(arches[i].name, name))
			return calls_arch(arches[i].spec);
	}
	return NULL;
}

const struct calls_arch *
calls_native(void)
{
	return calls_arch_named(CALLS_NATIVE);
}

/* Makes a name out of the one before; returns the entry that follows. */
static const uint8_t *
step(const uint8_t *p, char *name)
{
	size_t n = *p++;

	do
		name[n++] = (char)(*p & ~LAST);
	while (!(*p++ & LAST));
	name[n] = '\0';
	return p;
}

int
calls_id(const char *name)
{
	unsigned lo = 0, hi = (calls_count + BLOCK - 1) / BLOCK, id, end;
	const uint8_t *p;
	char buf[CALLS_NAME];
	int cmp = 0;

	/* the last block whose first name is not behind */
	while (hi - lo > 1) {
		unsigned mid = (lo + hi) / 2;

		step(calls_names + calls_blocks[mid], buf);
		if (strcmp(buf, name) <= 0)
			lo = mid;
		else
			hi = mid;
	}
	id = lo * BLOCK;
	end = id + BLOCK < calls_count ? id + BLOCK : calls_count;
	p = calls_names + calls_blocks[lo];
	for (; id < end; id++) {
		p = step(p, buf);
		cmp = strcmp(buf, name);
		if (cmp >= 0)
			break;
	}
	return id < end && !cmp ? (int)id : -1;
}

const char *
calls_name(unsigned id, char buf[CALLS_NAME])
{
	const uint8_t *p = calls_names + calls_blocks[id / BLOCK];
	unsigned i;

	for (i = 0; i <= id % BLOCK; i++)
		p = step(p, buf);
	return buf;
}

unsigned
calls_slot(const struct calls_arch *arch, unsigned id)
{
	unsigned low = calls_count, size = low + (low + 3) / 4;
	const uint8_t *row = calls_numbers +
		(size_t)calls_rows[arch->column] * size;

	return row[id] | (row[low + id / 4] >> id % 4 * 2 & 3u) << 8;
}
