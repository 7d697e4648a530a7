/* SPDX-License-Identifier: MIT */
/* sysctl_key.h -- what the keys of linux.sysctl name, and whose it is. */
#ifndef SYSCTL_KEY_H
#define SYSCTL_KEY_H

enum { SYSCTL_PATH = 256 };

/* Leaves in path the file below /proc/sys that key names.  As in sysctl(8) the
 * first separator decides: behind a "/" all is as it stands, behind a "." the
 * two change places ("net.ipv4.conf.eth0/1.forwarding").  Returns the kind of
 * namespace that has a value of its own for it (CLONE_NEW*), 0 where the whole
 * host has but one, -1 where key is not the name of a sysctl: nothing in the
 * path leads up, or is empty. */
int sysctl_key(const char *key, char path[SYSCTL_PATH]);

#endif
