/* SPDX-License-Identifier: MIT */
/* spec_tables.h -- what the spec_decode*.c share. */
#ifndef SPEC_TABLES_H
#define SPEC_TABLES_H

struct decode_table;

/* setresuid and chown take -1 for "leave it as it is". */
#define SPEC_MAX_ID 0xfffffffe

/* A dev_t of the kernel has 12 and 20 bits. */
#define SPEC_MAX_MAJOR 0xfff
#define SPEC_MAX_MINOR 0xfffff

extern const struct decode_table spec_linux_table;      /* struct spec_linux */
extern const struct decode_table spec_idmap_table;      /* struct spec_idmap */
extern const struct decode_table spec_resources_table;
extern const struct decode_table spec_seccomp_table;
extern const struct decode_table spec_seccomp_arg_table;

#endif
