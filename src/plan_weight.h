/* SPDX-License-Identifier: MIT */
/* plan_weight.h -- weights of cgroup v1 in the scale of v2. */
#ifndef PLAN_WEIGHT_H
#define PLAN_WEIGHT_H

#include <stdint.h>

/* cpu.shares (2 to 262144, cut to that) as cpu.weight (1 to 10000), so that
 * either default is the other's: 1024 is 100. */
unsigned weight_of_shares(uint64_t shares);

/* blkio.weight (10 to 1000) as io.weight (1 to 10000), in a straight line. */
unsigned weight_of_blkio(unsigned weight);

#endif
