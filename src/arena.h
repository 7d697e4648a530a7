/* SPDX-License-Identifier: MIT */
/* arena.h -- the only allocator: a bump pointer over one block given by main.
 *
 * Nothing is freed.  Who keeps what it allocates takes a struct arena *; who
 * needs scratch takes the arena by value, and returning is the free. */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

struct err;

struct arena {
	char *at, *end;
};

/* n zeroed objects of the given size, aligned for any type.  NULL with err set
 * (ENOMEM) when the block is full; the limit is ARENA_KB of config.mk. */
void *arena_alloc(struct arena *a, size_t n, size_t size, struct err *e);

/* One object of type T, or n of them. */
#define NEW(a, T, e) ((T *)arena_alloc((a), 1, sizeof(T), (e)))
#define NEWS(a, T, n, e) ((T *)arena_alloc((a), (n), sizeof(T), (e)))

/* A NUL-terminated copy of len bytes; the text form takes printf arguments. */
char *arena_dup(struct arena *a, const char *s, size_t len, struct err *e);
char *arena_fmt(struct arena *a, struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
