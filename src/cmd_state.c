/* SPDX-License-Identifier: MIT */
/* cmd_state.c -- wherry state. */
#include "cmd.h"

#include <unistd.h>

#include "conf.h"
#include "err.h"
#include "jsonw.h"
#include "report.h"
#include "target.h"

int
cmd_state(struct ctx *c, struct err *e)
{
	struct target t;
	struct jsonw w;

	if (target_open(&t, c->conf->state_dir, c->args[0], OP_STATE,
	    c->arena, e))
		return -1;
	jsonw_init(&w, STDOUT_FILENO, true);
	report_json(&w, &t.record, (int)t.status, t.state.dir);
	target_close(&t);
	return jsonw_finish(&w, e);
}
