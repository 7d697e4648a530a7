/* SPDX-License-Identifier: MIT */
/* real.h -- seccomp profiles that are in use: Docker's and Podman's where they
 * are installed, and lists as systemd makes them. */
#ifndef REAL_H
#define REAL_H

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../src/profile.c"
#include "random.h"

static const struct real {
	const char *name, *path, *text;
} reals[] = {
	{ "Docker's", "/usr/share/gocode/src/github.com/docker/docker/profiles/"
		"seccomp/default.json", NULL },
	{ "Podman's", "/usr/share/containers/seccomp.json", NULL },
	/* SystemCallFilter=~@mount @module @raw-io @reboot @swap @clock */
	{ "a deny list", NULL, "{'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{"
		"'names':['chroot','fsconfig','fsmount','fsopen','fspick',"
		"'mount','mount_setattr','move_mount','open_tree','pivot_root',"
		"'umount','umount2','delete_module','finit_module',"
		"'init_module','ioperm','iopl','pciconfig_iobase',"
		"'pciconfig_read','pciconfig_write','s390_pci_mmio_read',"
		"'s390_pci_mmio_write','kexec_file_load','kexec_load','reboot',"
		"'swapoff','swapon','adjtimex','clock_adjtime',"
		"'clock_adjtime64','clock_settime','clock_settime64',"
		"'settimeofday','stime'],'action':'SCMP_ACT_ERRNO'}]}" },
	/* MemoryDenyWriteExecute=, RestrictNamespaces=, RestrictRealtime=,
	 * RestrictSUIDSGID=, LockPersonality=, RestrictAddressFamilies= */
	{ "deny rules with conditions", NULL, "{'defaultAction':"
		"'SCMP_ACT_ALLOW','architectures':['SCMP_ARCH_X86',"
		"'SCMP_ARCH_ARM','SCMP_ARCH_S390X'],'syscalls':["
		"{'names':['mmap','mmap2'],'action':'SCMP_ACT_ERRNO','args':["
		"{'index':2,'op':'SCMP_CMP_MASKED_EQ','value':6,"
		"'valueTwo':6}]},"
		"{'names':['mprotect','pkey_mprotect'],'action':"
		"'SCMP_ACT_ERRNO','args':[{'index':2,'op':"
		"'SCMP_CMP_MASKED_EQ','value':4,'valueTwo':4}]},"
		"{'names':['shmat'],'action':'SCMP_ACT_ERRNO','args':["
		"{'index':2,'op':'SCMP_CMP_MASKED_EQ','value':32768,"
		"'valueTwo':32768}]},"
		"{'names':['unshare','clone'],'action':'SCMP_ACT_ERRNO','args':"
		"[{'index':0,'op':'SCMP_CMP_MASKED_EQ','value':268435456,"
		"'valueTwo':268435456}]},"
		"{'names':['unshare','clone'],'action':'SCMP_ACT_ERRNO','args':"
		"[{'index':0,'op':'SCMP_CMP_MASKED_EQ','value':1073741824,"
		"'valueTwo':1073741824}]},"
		"{'names':['clone3'],'action':'SCMP_ACT_ERRNO','errnoRet':38},"
		"{'names':['setns'],'action':'SCMP_ACT_ERRNO','args':"
		"[{'index':1,'op':'SCMP_CMP_EQ','value':0}]},"
		"{'names':['sched_setscheduler'],'action':'SCMP_ACT_ERRNO',"
		"'args':[{'index':1,'op':'SCMP_CMP_GT','value':0}]},"
		"{'names':['personality'],'action':'SCMP_ACT_ERRNO','args':"
		"[{'index':0,'op':'SCMP_CMP_NE','value':8}]},"
		"{'names':['socket'],'action':'SCMP_ACT_ERRNO','errnoRet':97,"
		"'args':[{'index':0,'op':'SCMP_CMP_GT','value':16}]},"
		"{'names':['chmod','fchmod'],'action':'SCMP_ACT_ERRNO','args':"
		"[{'index':1,'op':'SCMP_CMP_MASKED_EQ','value':2048,"
		"'valueTwo':2048}]}]}" },
	/* SystemCallFilter=@basic-io @process, SystemCallErrorNumber=kill */
	{ "an allow list that kills", NULL, "{'defaultAction':"
		"'SCMP_ACT_KILL_PROCESS','architectures':['SCMP_ARCH_X86',"
		"'SCMP_ARCH_X32'],'syscalls':[{'names':['_llseek','close',"
		"'close_range','dup','dup2','dup3','lseek','pread64','preadv',"
		"'preadv2','pwrite64','pwritev','pwritev2','read','readv',"
		"'write','writev','capget','clone','clone3','execveat','fork',"
		"'getrusage','kill','pidfd_open','pidfd_send_signal','prctl',"
		"'rt_sigqueueinfo','rt_tgsigqueueinfo','setns','swapcontext',"
		"'tgkill','times','tkill','unshare','vfork','wait4','waitid',"
		"'waitpid','execve','exit','exit_group','futex',"
		"'clock_gettime','clock_nanosleep','nanosleep','ppoll'],"
		"'action':'SCMP_ACT_ALLOW'}]}" },
};

/* 1, 0: not installed, -1: why has the error. */
static int
real_read(const struct real *r, struct spec_seccomp *s,
	const struct profile_for *whom, struct arena *a)
{
	int fd, status;
	size_t i;

	if (r->path && access(r->path, R_OK))
		return 0;
	fd = r->path ? open(r->path, O_RDONLY | O_CLOEXEC) :
		memfd_create("profile", MFD_CLOEXEC);
	for (i = 0; r->text && r->text[i]; i++) {
		char c = r->text[i] == '\'' ? '"' : r->text[i];

		if (write(fd, &c, 1) != 1)
			return -1;
	}
	status = profile_read(s, fd, r->name, whom, a, &why);
	close(fd);
	return status ? -1 : 1;
}

/* Every number with every edge in all arguments, and one by one. */
static inline bool
agree_on_edges(const struct seccomp_prog *prog, const struct spec_seccomp *s,
	const struct seccomp_how *how, uint32_t audit, bool big_endian)
{
	static struct naive_set set;
	struct call c = { .arch = audit, .big_endian = big_endian };
	bool good = true;
	uint32_t base;
	size_t x, i;

	naive_set_load(&set, s, how, audit);
	base = set.n && set.one[0].arch->base < 0x40000000 ?
		set.one[0].arch->base : 0;
	for (c.nr = base; c.nr < base + 600; c.nr++) {
		for (x = 0; x < COUNT(edges); x++) {
			for (i = 0; i < 6; i++)
				c.args[i] = edges[x];
			good = agree(prog, &set, &c) && good;
		}
		for (x = 0; x < 6; x++) {
			memset(c.args, 0, sizeof(c.args));
			c.args[x] = random_edge();
			good = agree(prog, &set, &c) && good;
		}
	}
	return good && agree_everywhere(prog, s, how, 6);
}

#endif
