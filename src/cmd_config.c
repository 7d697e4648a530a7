/* SPDX-License-Identifier: MIT */
/* cmd_config.c -- wherry config: prints a valid wherry.conf. */
#include "cmd.h"

#include "conf.h"
#include "err.h"
#include "str.h"

static void
add(struct str *s, const struct conf *c, enum conf_key key)
{
	static const char from[][13] = {
		[FROM_DEFAULT] = "default", [FROM_ENVIRONMENT] = "environment",
		[FROM_COMMAND_LINE] = "command line",
	};
	const char *value = conf_text(c, key);

	/* A key without a value would be an error in the file. */
	str_add(s, "%s%s = %s ; ", *value ? "" : "; ", conf_name(key), value);
	if (c->origin[key].from == FROM_FILE)
		str_add(s, "%s:%u\n", c->file, c->origin[key].line);
	else
		str_add(s, "%s\n", from[c->origin[key].from]);
}

int
cmd_config(struct ctx *c, struct err *e)
{
	char text[16 * 1024];
	struct str s;

	str_init(&s, text, sizeof(text));
	for (int key = 0; key < CONF_COUNT; key++)
		add(&s, c->conf, (enum conf_key)key);
	return cmd_print(text, e);
}
