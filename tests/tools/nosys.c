/* SPDX-License-Identifier: MIT */
/* nosys -e ENOSYS|EPERM|EAGAIN|EINVAL|NUMBER -s SET[,SET|NUMBER...] [--] CMD...
 * nosys -l
 *
 * Runs a command, and all it starts, as if the kernel lacked some system calls
 * (ENOSYS) or an old filter forbade them (EPERM).  What pointers point to, such
 * as the flags of clone3, can't be told apart. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../../compat/nr.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define ARCH AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__arm__)
#define ARCH AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#elif defined(__s390x__)
#define ARCH AUDIT_ARCH_S390X
#elif defined(__mips__) && defined(__MIPSEL__)
#define ARCH AUDIT_ARCH_MIPSEL
#elif defined(__mips__)
#define ARCH AUDIT_ARCH_MIPS
#else
#error which AUDIT_ARCH is this?
#endif

#if defined(__mips__)
enum { PEER = 0x20005441 };             /* TIOCGPTPEER */
#else
enum { PEER = 0x5441 };
#endif
enum { OPS_MAX = 512, FACCESSAT2 = NR(439) };

/* Calls first to last; with arg only those whose argument, cut by mask, is
 * value.  code is what such a kernel says then, whatever -e wants; 0: -e. */
static const struct rule {
	const char *set;
	uint32_t first, last;
	unsigned arg;
	uint32_t mask, value;
	uint32_t code;
} rules[] = {
#define CALLS(set, first, last) { set, first, last, 0, 0, 0, 0 }
#define BITS(set, nr, arg, bits) { set, nr, nr, arg, bits, bits, EINVAL }
#define VALUE(set, nr, arg, value, code) \
	{ set, nr, nr, arg, UINT32_MAX, value, code }
	CALLS("openat2", NR(437), NR(437)),
	CALLS("mountapi", NR(428), NR(433)),
	CALLS("mountapi", NR(442), NR(442)),
	CALLS("open_tree", NR(428), NR(428)),
	CALLS("mount_setattr", NR(442), NR(442)),
	CALLS("closerange", NR(436), NR(436)),
	BITS("closerange-flags", NR(436), 3, 4),
	CALLS("pidfd", NR(424), NR(424)),
	CALLS("pidfd", NR(434), NR(434)),
	CALLS("pidfd", NR(438), NR(438)),
	BITS("setns-pidfd", SYS_setns, 2, 0x20020000),
	VALUE("pidfd-info", SYS_ioctl, 2, 0xc040ff0b, EINVAL),
	CALLS("clone3", NR(435), NR(435)),
	CALLS("memfd", SYS_memfd_create, SYS_memfd_create),
	BITS("memfd-exec", SYS_memfd_create, 2, 0x10),
	CALLS("statx", SYS_statx, SYS_statx),
	CALLS("execveat", SYS_execveat, SYS_execveat),
	CALLS("sched_setattr", SYS_sched_setattr, SYS_sched_setattr),
	CALLS("ioprio_set", SYS_ioprio_set, SYS_ioprio_set),
	CALLS("personality", SYS_personality, SYS_personality),
	CALLS("set_mempolicy", SYS_set_mempolicy, SYS_set_mempolicy),
	CALLS("keyctl", SYS_keyctl, SYS_keyctl),
	CALLS("flock", SYS_flock, SYS_flock),
	CALLS("getrandom", SYS_getrandom, SYS_getrandom),
	CALLS("signalfd", SYS_signalfd4, SYS_signalfd4),
	CALLS("socketpair", SYS_socketpair, SYS_socketpair),
	CALLS("fchmodat2", NR(452), NR(452)),
	CALLS("faccessat2", FACCESSAT2, FACCESSAT2),
	CALLS("seccomp", SYS_seccomp, SYS_seccomp),
	/* What came after 4.9.  The 64-bit times of 32-bit ports (403 to 423)
	 * stay: libc falls back on ENOSYS alone. */
	CALLS("all49", SYS_statx, SYS_statx),
	CALLS("all49", NR(424), NR(600)),
	/* ... and after 4.4: calls, flags and operations.  The order is that of
	 * their versions. */
	CALLS("all44", SYS_copy_file_range, SYS_copy_file_range),
	CALLS("all44", SYS_preadv2, SYS_pwritev2),
	BITS("all44", SYS_clone, 1, 0x02000000), /* CLONE_NEWCGROUP */
	BITS("all44", SYS_unshare, 1, 0x02000000),
	BITS("all44", SYS_setns, 2, 0x02000000),
	CALLS("all44", SYS_pkey_mprotect, SYS_pkey_free),
	BITS("all44", SYS_bpf, 1, 8),           /* BPF_PROG_ATTACH and on */
	BITS("all44", SYS_bpf, 1, 16),
	VALUE("all44", SYS_ioctl, 2, 0xb701, ENOTTY), /* NS_GET_USERNS */
	VALUE("all44", SYS_ioctl, 2, 0xb702, ENOTTY),
	CALLS("all44", SYS_statx, SYS_statx),
	VALUE("all44", SYS_ioctl, 2, 0xb703, ENOTTY), /* NS_GET_NSTYPE */
	VALUE("all44", SYS_ioctl, 2, 0xb704, ENOTTY),
	VALUE("all44", SYS_ioctl, 2, PEER, ENOTTY),
	BITS("all44", SYS_seccomp, 1, 2),       /* GET_ACTION_AVAIL, NOTIF */
	BITS("all44", SYS_seccomp, 2, 2),       /* FILTER_FLAG_LOG */
	BITS("all44", SYS_seccomp, 2, 4),
	BITS("all44", SYS_seccomp, 2, 8),
	BITS("all44", SYS_unshare, 1, 0x80),    /* NEWTIME */
	BITS("all44", SYS_setns, 2, 0x80),
	BITS("all44", SYS_memfd_create, 2, 0x18),
	CALLS("all44", NR(424), NR(600)),
};

struct filter {
	struct sock_filter op[OPS_MAX];
	unsigned short len;
};

static void
die(const char *what, const char *name)
{
	fprintf(stderr, "nosys: %s: %s\n", what, name);
	exit(125);
}

static void
emit(struct filter *f, uint16_t code, uint32_t k, unsigned jt, unsigned jf)
{
	if (f->len == OPS_MAX)
		die("too many rules", "-s");
	f->op[f->len++] = (struct sock_filter){ code, (uint8_t)jt, (uint8_t)jf,
		k };
}

/* Each rule loads what it looks at, so that jumps stay within the rule. */
static void
emit_rule(struct filter *f, const struct rule *r, uint32_t answer)
{
	uint32_t arg = (uint32_t)(offsetof(struct seccomp_data, args) +
		8 * (r->arg - 1));
	unsigned more = r->arg ? 3 : 0;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	arg += 4;
#endif
	if (r->code)
		answer = SECCOMP_RET_ERRNO | r->code;
	emit(f, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr),
		0, 0);
	emit(f, BPF_JMP | BPF_JGE | BPF_K, r->first, 0, 2 + more);
	emit(f, BPF_JMP | BPF_JGT | BPF_K, r->last, 1 + more, 0);
	if (r->arg) {
		emit(f, BPF_LD | BPF_W | BPF_ABS, arg, 0, 0);
		emit(f, BPF_ALU | BPF_AND | BPF_K, r->mask, 0, 0);
		emit(f, BPF_JMP | BPF_JEQ | BPF_K, r->value, 0, 1);
	}
	emit(f, BPF_RET | BPF_K, answer, 0, 0);
}

static void
emit_set(struct filter *f, const char *name, uint32_t answer)
{
	struct rule one = CALLS(name, 0, 0);
	size_t i, found = 0;
	char *end;

	one.first = one.last = (uint32_t)strtoul(name, &end, 10);
	if (*name && !*end) {
		emit_rule(f, &one, answer);
		return;
	}
	/* glibc's faccessat, and with it every "test -x", takes only ENOSYS for
	 * absent. */
	if (strncmp(name, "all4", 4) == 0 &&
	    answer != (SECCOMP_RET_ERRNO | ENOSYS)) {
		one.first = one.last = FACCESSAT2;
		emit_rule(f, &one, SECCOMP_RET_ERRNO | ENOSYS);
	}
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (strcmp(rules[i].set, name) == 0) {
			emit_rule(f, &rules[i], answer);
			found++;
		}
	}
	if (!found)
		die("no such set", name);
}

static uint32_t
errno_of(const char *s)
{
	char *end;
	unsigned long n = strtoul(s, &end, 10);

	if (strcmp(s, "ENOSYS") == 0)
		return ENOSYS;
	if (strcmp(s, "EPERM") == 0)
		return EPERM;
	if (strcmp(s, "EAGAIN") == 0)
		return EAGAIN;
	if (strcmp(s, "EINVAL") == 0)
		return EINVAL;
	if (!*s || *end || n == 0 || n > 4095)
		die("no such errno", s);
	return (uint32_t)n;
}

static void
list(void)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (i == 0 || strcmp(rules[i].set, rules[i - 1].set) != 0)
			puts(rules[i].set);
	}
}

static void
load(struct filter *f)
{
	struct sock_fprog prog = { f->len, f->op };

	/* Root keeps the right to gain privileges: setuid must still work. */
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0)
		return;
	if (errno == EACCES && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0)
		return;
	die("seccomp", strerror(errno));
}

int
main(int argc, char **argv)
{
	static struct filter f;
	uint32_t answer = SECCOMP_RET_ERRNO | ENOSYS;
	char *sets = NULL, *s;
	int c;

	while ((c = getopt(argc, argv, "+e:s:l")) != -1) {
		if (c == 'e')
			answer = SECCOMP_RET_ERRNO | errno_of(optarg);
		else if (c == 's')
			sets = optarg;
		else if (c == 'l')
			return list(), 0;
		else
			return 125;
	}
	if (!sets || optind == argc)
		die("usage", "nosys -e ERRNO -s SET[,SET] COMMAND...");
	emit(&f, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch),
		0, 0);
	emit(&f, BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
	emit(&f, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	for (s = strtok(sets, ","); s; s = strtok(NULL, ","))
		emit_set(&f, s, answer);
	emit(&f, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	load(&f);
	execvp(argv[optind], argv + optind);
	die(argv[optind], strerror(errno));
}
