/* SPDX-License-Identifier: MIT */
/* ns.h -- namespaces: the steps before the clone, and the clone itself. */
#ifndef NS_H
#define NS_H

#include <stdbool.h>
#include <sys/types.h>

struct err;
struct page;
struct plan;

/* Opens the files of the namespaces to join, in the runtime's own mount
 * namespace, before anything is entered, and checks that each is of the type
 * that the config says (NS_GET_NSTYPE, Linux 4.11; before, nsfs and the link's
 * text).  fds has PLAN_MAX_NS entries, -1 where there is nothing to join. */
int ns_open(const struct plan *p, int *fds, struct err *e);

/* Opens what only the host's privileges reach; called by whoever clones, right
 * before it gives any of them up. */
typedef int ns_before(void *arg, struct err *e);

/* Joins namespaces by their files; fds[i] -1: not that one. */
struct plan_ns;
int ns_join(const struct plan_ns *ns, unsigned n, const int *fds,
	struct err *e);

struct ns_request {
	const struct plan *plan;
	const int *fds;         /* by ns_open */
	int cgroup_fd;          /* v2 cgroup to start in, or -1 */
	struct page *page;
	ns_before *before;
	void *arg;
};

struct ns_child {
	pid_t pid;              /* 0 in the child itself */
	int pidfd;              /* -1: this kernel has none */
	bool in_cgroup;         /* the v2 cgroup was entered by the clone */
};

/* Whether a stage process stands between the runtime and init. */
bool ns_has_stage(const struct plan *p);

/* Starts init in the namespaces of the plan: one clone3 with all of them, or,
 * where the plan has a stage, a short-lived process that enters what init is to
 * inherit and makes init its sibling (CLONE_PARENT).  Returns in the caller and
 * in init, as fork does. */
int ns_clone(const struct ns_request *r, struct ns_child *c, struct err *e);

/* In init: a new time namespace with the offsets of the plan.  After the user
 * namespace, which must own it where the host's root is not asked. */
int ns_time(const struct plan *p, struct err *e);

#endif
