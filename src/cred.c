/* SPDX-License-Identifier: MIT */
/* cred.c -- changes of credentials. */
#include "cred.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "err.h"
#include "plan.h"
#include "sys.h"

int
cred_bounding(const struct plan *p, struct err *e)
{
	unsigned cap;

	for (cap = 0; cap <= p->cap_last; cap++) {
		if (p->cap_bounding >> cap & 1)
			continue;
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) && errno != EINVAL)
			return err_sys(e, "process.capabilities.bounding");
	}
	return 0;
}

int
cred_userns_root(struct err *e)
{
	if (sys_setgids(0) || sys_setuids(0))
		return err_sys(e, "user namespace: become root");
	return 0;
}

int
cred_ids(const struct plan *p, struct err *e)
{
	/* they go where nobody is root any more */
	if (p->uid && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
		return err_sys(e, "keep capabilities");
	/* always, so that none of the caller's groups come along; where the map
	 * denies it there is nothing to be had from it either */
	if (!p->groups_denied && sys_setgroups(p->n_groups, p->groups) &&
	    (errno != EPERM || p->n_groups || !p->joins_user))
		return err_sys(e, "process.user.additionalGids");
	if (sys_setgids(p->gid))
		return err_sys(e, "process.user.gid %u", (unsigned)p->gid);
	if (sys_setuids(p->uid))
		return err_sys(e, "process.user.uid %u", (unsigned)p->uid);
	return 0;
}

static int
cap_set(uint64_t effective, uint64_t permitted, uint64_t inheritable)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = {
		{ (uint32_t)effective, (uint32_t)permitted,
			(uint32_t)inheritable },
		{ (uint32_t)(effective >> 32), (uint32_t)(permitted >> 32),
			(uint32_t)(inheritable >> 32) },
	};

	return (int)syscall(SYS_capset, &h, d);
}

static int
cap_held(uint64_t *permitted, struct err *e)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = { { 0 } };

	if (syscall(SYS_capget, &h, d))
		return err_sys(e, "capget");
	*permitted = d[0].permitted | (uint64_t)d[1].permitted << 32;
	return 0;
}

/* What can't be granted is left out (config.md; spec_check warns of what the
 * config itself can't have).  Permitted is what we hold and may pass on;
 * inheritable must be in the bounding set as well. */
int
cred_caps(const struct plan *p, struct err *e)
{
	uint64_t held = 0, permitted, effective, inheritable;
	unsigned cap;

	if (cap_held(&held, e))
		return -1;
	permitted = p->cap_permitted & held;
	effective = p->cap_effective & permitted;
	inheritable = p->cap_inheritable & p->cap_bounding & held;
	if (cap_set(effective, permitted, inheritable))
		return err_sys(e, "process.capabilities");
	/* Linux < 4.3 has no ambient set, so nothing to clear either */
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) &&
	    errno != EINVAL)
		return err_sys(e, "process.capabilities.ambient");
	for (cap = 0; cap <= p->cap_last; cap++) {
		if (p->cap_ambient & permitted & inheritable &
		    UINT64_C(1) << cap &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) &&
		    errno != EINVAL)
			return err_sys(e, "process.capabilities.ambient");
	}
	return p->uid && prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) ?
		err_sys(e, "keep capabilities") : 0;
}

int
cred_no_new_privs(struct err *e)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ?
		err_sys(e, "process.noNewPrivileges") : 0;
}
