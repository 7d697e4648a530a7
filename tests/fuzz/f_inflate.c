/* SPDX-License-Identifier: MIT */
/* f_inflate.c -- any bytes as a gzip file, and as the configuration of a
 * kernel: no crash, no more than there is room for, -1 and a reason or
 * neither. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "inflate.h"
#include "kconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
scan(const char *text, size_t n)
{
	struct kconfig_option o[] = {
		{ "CONFIG_UTS_NS", 13, KCONFIG_ABSENT },
		{ "CONFIG_", 7, KCONFIG_ABSENT },
	};

	if (!kconfig_scan(text, n, o, 2) && (o[0].value || o[1].value))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t rooms[] = { 0, 1, 300, 40000 };
	struct err e;
	uint8_t *out;
	ssize_t r;
	size_t i;

	for (i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		e = (struct err){ 0 };
		out = malloc(rooms[i] ? rooms[i] : 1);
		if (!out)
			abort();
		r = inflate_gzip(data, size, out, rooms[i], &e);
		if ((r < 0) != (e.code != 0) || (r < 0) != (*err_str(&e) != 0)
		    || (r >= 0 && (size_t)r > rooms[i]))
			abort();
		if (r >= 0)
			scan((const char *)out, (size_t)r);
		free(out);
	}
	scan((const char *)data, size);
	return 0;
}
