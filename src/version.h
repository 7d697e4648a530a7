/* SPDX-License-Identifier: MIT */
/* version.h -- the versions that are printed; WHERRY_VERSION and WHERRY_COMMIT
 * come from the Makefile. */
#ifndef VERSION_H
#define VERSION_H

/* Of the runtime-spec that is implemented: the only one that goes out, in the
 * state, to hooks, in new configs and in features. */
#define OCI_VERSION "1.3.0"
enum { OCI_MAJOR = 1, OCI_MINOR = 3 };

#endif
