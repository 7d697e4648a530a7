/* SPDX-License-Identifier: MIT */
/* hook_late.c -- poststart and poststop hooks from the frozen config. */
#include "hook_late.h"

#include <fcntl.h>
#include <stddef.h>

#include "diag.h"
#include "err.h"
#include "hook.h"
#include "io.h"
#include "record.h"
#include "report.h"
#include "spec.h"
#include "spec_decode.h"

/* Whatever there was to warn of, create has said. */
static void
quiet(void *arg, int level, const char *text)
{
	(void)arg;
	(void)level;
	(void)text;
}

static int
load(struct spec *s, int dir, struct arena *a, struct err *e)
{
	AUTO_FD(fd, openat(dir, "config.json", O_RDONLY | O_CLOEXEC |
		O_NOFOLLOW | O_NOCTTY));
	struct diag d = { .say = quiet };

	if (fd < 0)
		return err_sys(e, "config.json");
	return spec_decode(s, fd, "config.json", &d, a, e);
}

int
hook_late(const struct record *r, int dir, unsigned kind,
	struct arena scratch, struct err *e)
{
	struct hook_how how = {
		.kind = kind, .cwd = r->bundle, .umask = HOOK_UMASK,
	};
	AUTO_FD(state, -1);
	struct spec spec;

	if (!(kind == HOOK_POSTSTART ? r->poststart : r->poststop))
		return 0;
	if (load(&spec, dir, &scratch, e))
		return err_ctx(e, "hooks");
	if (!spec.hooks)
		return 0;
	state = report_file(r, report_hook_status(kind), dir, e);
	if (state < 0)
		return -1;
	how.state = state;
	return hook_run(spec.hooks, &how, e);
}
