/* SPDX-License-Identifier: MIT */
/* inih.c -- what libinih.a asks of libc beyond the rest of wherry: memory for
 * one line, and the functions of its file interface, which nobody calls.
 *
 * musl's bring 12 KB of malloc and stdio.  Left out where libseccomp needs
 * these in earnest. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* More than INI_MAX_LINE of any packaging (200). */
enum { LINE = 4096 };

static struct {
	_Alignas(max_align_t) char block[LINE];
	int taken;
} line;

/* One parse at a time has one line: the second block is refused. */
void *
malloc(size_t n)
{
	if (line.taken || n > LINE)
		return NULL;
	line.taken = 1;
	return line.block;
}

void *
realloc(void *p, size_t n)
{
	return p && n <= LINE ? p : NULL;
}

void
free(void *p)
{
	if (p)
		line.taken = 0;
}

/* Its name in what was compiled with glibc's headers. */
#undef fopen64
FILE *fopen64(const char *name, const char *mode);

FILE *
fopen64(const char *name, const char *mode)
{
	(void)name;
	(void)mode;
	return NULL;
}

FILE *
fopen(const char *name, const char *mode)
{
	return fopen64(name, mode);
}

char *
fgets(char *s, int n, FILE *f)
{
	(void)s;
	(void)n;
	(void)f;
	return NULL;
}

int
fclose(FILE *f)
{
	(void)f;
	return EOF;
}
