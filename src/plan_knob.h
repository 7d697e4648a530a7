/* SPDX-License-Identifier: MIT */
/* plan_knob.h -- linux.resources, but for the devices, as values for the files
 * of the container's cgroups.
 *
 * What a value means is config-linux.md's; the files and the conversions are
 * those of list §16.  0 and an empty text are "not set" but where they have a
 * meaning: tools write them for what they leave alone. */
#ifndef PLAN_KNOB_H
#define PLAN_KNOB_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct cgroup_op;
struct cgroup_plan;
struct cgroup_write;
struct err;
struct host;
struct spec_resources;

/* What is being made; a new cgroup in c, or what holds now for one. */
struct knobs {
	struct cgroup_plan *c;
	const struct spec_resources *r;
	struct arena *a;
	struct err *e;

	/* For a new cgroup: where hierarchies that nobody has mounted come
	 * from, as further ops with this path; NULL: from nowhere.  ops has
	 * room for KNOB_OWN of them. */
	const struct host *host;
	const char *path;
	const char *why_none;   /* why there are no ops; NULL: not known */

	/* For an update, where the other half of a pair is not given:
	 * memory.max, -1: none, 0: not known; the quota in cpu.max. */
	bool update;
	int64_t now_limit;
	const char *now_quota;

	struct cgroup_write **tail; /* private: where the next one goes */
};
enum { KNOB_OWN = 12 };

/* Fills c->writes; marks in c->ops which controllers are to be passed on.  A
 * value that no hierarchy here can express is an error. */
int plan_knobs(struct knobs *k);

/* The rest is between plan_knob.c and plan_knob_list.c. */

/* A file of either kind of hierarchy, NULL where it has none, whose name begins
 * with the controller's. */
struct knob_file {
	const char *member, *v1, *v2, *option;
};

/* The hierarchy for it.  1 and *op is set; 0 there is none and, as may_lack
 * says, none is needed; -1 error. */
int knob_find(struct knobs *k, const struct knob_file *f, bool may_lack,
	unsigned *op);
bool knob_is_v2(const struct knobs *k, unsigned op);

/* Appends a copy of w. */
int knob_add(struct knobs *k, const struct cgroup_write *w);

int knob_block_weights(struct knobs *k);
int knob_throttles(struct knobs *k);
int knob_hugepages(struct knobs *k);
int knob_priorities(struct knobs *k);
int knob_rdma(struct knobs *k);
int knob_unified(struct knobs *k);

#endif
