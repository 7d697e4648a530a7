/* SPDX-License-Identifier: MIT */
/* calls.h -- the kernel's system calls: names, and numbers per architecture.
 *
 * A call is known by its id, its place in the sorted list of names; the list is
 * src/calls/list, SECCOMP_ARCHES says whose numbers are built in. */
#ifndef CALLS_H
#define CALLS_H

#include <stdbool.h>
#include <stdint.h>

/* Room for the longest name and its NUL. */
enum { CALLS_NAME = 32 };

/* Columns of the list. */
enum {
	CALLS_X86_64, CALLS_I386, CALLS_X32, CALLS_ARM, CALLS_AARCH64,
	CALLS_RISCV64, CALLS_MIPS, CALLS_PPC64LE, CALLS_S390X,
	CALLS_LOONGARCH64, CALLS_COLUMNS,
};

/* What a number is, in ten bits: the number itself; but 0x3f0 + n stands for
 * 0xf0000 + n, the private calls of arm. */
enum { CALLS_NONE = 0x3ff, CALLS_PRIVATE = 0x3f0, CALLS_SLOTS = 0x400 };

struct calls_arch {
	char name[12];          /* "x86_64", as SECCOMP_ARCHES has it */
	uint8_t spec;           /* enum spec_seccomp_arch */
	uint8_t column;
	bool narrow;            /* arguments have 32 bits */
	bool big_endian;
	uint32_t audit;         /* AUDIT_ARCH_* in struct seccomp_data */
	uint32_t base;          /* of its numbers */
};

/* The architecture of that kind (enum spec_seccomp_arch) or name, or NULL where
 * the build has no numbers for it. */
const struct calls_arch *calls_arch(unsigned spec);
const struct calls_arch *calls_arch_named(const char *name);

/* The one this program runs on; NULL where the list has none for it. */
const struct calls_arch *calls_native(void);

/* The id of a name, or -1. */
int calls_id(const char *name);

/* The name of an id below calls_count.  Returns buf. */
const char *calls_name(unsigned id, char buf[CALLS_NAME]);

/* Its number in ten bits, or CALLS_NONE. */
unsigned calls_slot(const struct calls_arch *arch, unsigned id);

/* The number that the kernel knows such a slot by. */
static inline uint32_t
calls_number(const struct calls_arch *arch, unsigned slot)
{
	return slot >= CALLS_PRIVATE ? 0xf0000 + slot - CALLS_PRIVATE :
		arch->base + slot;
}

/* The data, for calls.c only; pack.awk tells its form. */
extern const unsigned calls_count;
extern const uint8_t calls_names[], calls_numbers[];
extern const uint16_t calls_blocks[];
extern const int8_t calls_rows[CALLS_COLUMNS];

#if defined(__x86_64__)
#define CALLS_NATIVE "x86_64"
#elif defined(__i386__)
#define CALLS_NATIVE "i386"
#elif defined(__arm__)
#define CALLS_NATIVE "arm"
#elif defined(__aarch64__)
#define CALLS_NATIVE "aarch64"
#elif defined(__riscv) && __riscv_xlen == 64
#define CALLS_NATIVE "riscv64"
#elif defined(__mips__) && defined(__MIPSEL__) && !defined(__mips64)
#define CALLS_NATIVE "mipsel"
#elif defined(__mips__) && !defined(__mips64)
#define CALLS_NATIVE "mips"
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define CALLS_NATIVE "ppc64le"
#elif defined(__s390x__)
#define CALLS_NATIVE "s390x"
#elif defined(__loongarch64)
#define CALLS_NATIVE "loongarch64"
#else
#define CALLS_NATIVE ""
#endif

#endif
