/* SPDX-License-Identifier: MIT */
/* t_exec.c -- the process of an exec: --user, process.json, options. */
#include "exec.h"

#include <errno.h>
#include <string.h>

#include "arena.h"
#include "cli.h"
#include "cmd.h"
#include "err.h"
#include "spec.h"
#include "tap.h"

static char block[256 * 1024];
static struct arena arena;
static struct err e;

/* --user, to a user 7:8 with a group; "-" where it is refused. */
static const char *
user(const char *text)
{
	static char out[96];
	uint32_t group = 9;
	struct spec_user u = { .uid = 7, .gid = 8, .has_umask = true,
		.umask = 022, .additional_gids = &group,
		.n_additional_gids = 1 };

	err_clear(&e);
	if (exec_user(text, &u, &e)) {
		/* refused: nothing has changed */
		OK(u.uid == 7 && u.gid == 8 && u.n_additional_gids == 1);
		OK(e.code != 0);
		return "-";
	}
	OK(!u.n_additional_gids && u.has_umask && u.umask == 022);
	snprintf(out, sizeof(out), "%u:%u", (unsigned)u.uid, (unsigned)u.gid);
	return out;
}

/* sec T05 */
static void
users(void)
{
	static const char *const bad[] = {
		"", ":", "1:", ":2", "1:2:3", "0x1", " 1", "1 ", "-1", "+1",
		"1a", "a", "root", "1:root", "4294967295", "4294967296",
		"1:4294967295", "18446744073709551616", "1:-1", "1.0", "1e3",
		"00000000000000000001",
	};

	IS(user("1"), "1:8");
	IS(user("0"), "0:8");
	IS(user("1:2"), "1:2");
	IS(user("0:0"), "0:0");
	IS(user("4294967294:4294967294"), "4294967294:4294967294");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		IS(user(bad[i]), "-");
}

static struct spec_capabilities caps = {
	.bounding = 1, .effective = 1, .permitted = 1, .inheritable = 1,
	.ambient = 1,
};
static uint32_t groups[] = { 30, 31 };
static struct spec_rlimit limits[] = { { 7, 10, 20 } };
static const char *const env[] = { "A=1", "PATH=/bin", "AB=2", NULL };
static const char *const args[] = { "own", NULL };
static const struct spec_process container = {
	.terminal = true, .cwd = "/srv", .env = env, .n_env = 3,
	.args = args, .n_args = 1, .capabilities = &caps,
	.rlimits = limits, .n_rlimits = 1, .no_new_privileges = true,
	.has_oom_score_adj = true, .oom_score_adj = 5,
	.apparmor_profile = "box", .selinux_label = "label",
	.has_user = true, .user = { .uid = 7, .gid = 8,
		.additional_gids = groups, .n_additional_gids = 2 },
};

/* The process that comes of it, or NULL. */
static const struct spec_process *
make(const char *json, const struct opts *o, const char *const *argv)
{
	static struct spec_process p;
	struct exec_from from = {
		.container = &container, .name = "p.json", .text = json,
		.len = json ? strlen(json) : 0, .args = argv,
	};

	arena = (struct arena){ block, block + sizeof(block) };
	err_clear(&e);
	while (argv && argv[from.n_args])
		from.n_args++;
	return exec_process(&p, &from, o, &arena, &e) ? NULL : &p;
}

static const struct opts none;
static const char *const ls[] = { "ls", "-l", NULL };

static void
by_options(void)
{
	struct cli_list e2 = { "B=4", NULL }, e1 = { "A=3", &e2 };
	struct cli_list c2 = { "chown", NULL }, c1 = { "CAP_KILL", &c2 };
	struct cli_list g1 = { "40", NULL };
	struct opts o = {
		.cwd = "/tmp", .env = &e1, .caps = &c1, .gids = &g1,
		.apparmor = "other", .process_label = "l2", .tty = true,
	};
	const struct spec_process *p = make(NULL, &none, ls);

	OK(p && !p->terminal && p->args == ls && p->n_args == 2);
	IS(p->cwd, "/srv");
	OK(p->user.uid == 7 && p->user.n_additional_gids == 2 &&
		p->no_new_privileges && p->capabilities == &caps);

	p = make(NULL, &o, ls);
	IS(p->cwd, "/tmp");
	IS(p->apparmor_profile, "other");
	IS(p->selinux_label, "l2");
	OK(p->terminal && p->no_new_privileges);
	IS_INT(p->n_env, 4);
	IS(p->env[0], "A=3");
	IS(p->env[1], "PATH=/bin");
	IS(p->env[2], "AB=2");
	IS(p->env[3], "B=4");
	OK(!p->env[4]);
	IS_INT(p->capabilities->bounding, 0x21);
	IS_INT(p->capabilities->permitted, 0x21);
	IS_INT(p->capabilities->effective, 0x21);
	IS_INT(p->capabilities->inheritable, 1);
	IS_INT(p->capabilities->ambient, 1);
	IS_INT(caps.bounding, 1);
	IS_INT(p->user.n_additional_gids, 3);
	IS_INT(p->user.additional_gids[2], 40);

	o.user = "5:6";         /* further groups were the other user's */
	p = make(NULL, &o, ls);
	OK(p->user.uid == 5 && p->user.gid == 6);
	IS_INT(p->user.n_additional_gids, 1);
	IS_INT(p->user.additional_gids[0], 40);

	OK(!make(NULL, &none, NULL));
	IS(err_str(&e), "argument missing: COMMAND");
	c1.text = "CAP_NONE";
	OK(!make(NULL, &o, ls));
	IS(err_str(&e), "--cap: unknown capability `CAP_NONE`");
	c1.text = "CAP_KILL";
	e2.text = "novalue";
	OK(!make(NULL, &o, ls));
	IS(err_str(&e), "--env: `novalue` is not NAME=VALUE");
	e2.text = "=x";
	OK(!make(NULL, &o, ls));
	e2.text = "B=4";
	g1.text = "wheel";
	OK(!make(NULL, &o, ls));
}

static void
by_file(void)
{
	struct opts o = { .no_new_privs = true };
	const struct spec_process *p;

	/* what it does not have is the container's */
	p = make("{\"cwd\":\"/\",\"args\":[\"a\",\"b\"]}", &none, NULL);
	OK(p && p->n_args == 2 && !p->terminal);
	IS(p->cwd, "/");
	OK(p->user.uid == 7 && p->user.gid == 8 &&
		p->user.n_additional_gids == 2);
	OK(p->env == env && p->n_env == 3 && p->capabilities == &caps &&
		p->rlimits == limits && p->no_new_privileges);
	OK(p->has_oom_score_adj && p->oom_score_adj == 5);
	IS(p->apparmor_profile, "box");
	IS(p->selinux_label, "label");

	/* what it has is its own, and whole */
	p = make("{\"cwd\":\"/\",\"args\":[\"a\"],\"terminal\":true,"
		"\"user\":{\"uid\":1,\"gid\":2},\"env\":[],"
		"\"capabilities\":{},\"oomScoreAdj\":0,"
		"\"noNewPrivileges\":false,\"apparmorProfile\":\"\"}",
		&none, NULL);
	OK(p && p->terminal);
	OK(p->user.uid == 1 && p->user.gid == 2 &&
		!p->user.n_additional_gids);
	OK(p->env && !p->n_env && p->capabilities &&
		!p->capabilities->bounding);
	OK(p->has_oom_score_adj && !p->oom_score_adj);
	OK(!p->no_new_privileges);
	IS(p->apparmor_profile, "");

	/* options on top of it */
	p = make("{\"cwd\":\"/\",\"args\":[\"a\"],\"noNewPrivileges\":false}",
		&o, ls);
	OK(p && p->no_new_privileges && p->args == ls);

	OK(!make("{\"cwd\":\"/\"", &none, NULL));
	OK(!make("{\"args\":[\"a\"]}", &none, NULL));
	OK(strstr(err_str(&e), "cwd") != NULL);
	OK(!make("[]", &none, NULL));
	OK(!make("{\"cwd\":\"/\",\"user\":{\"uid\":4294967295,\"gid\":0}}",
		&none, NULL));
	OK(!make("{\"cwd\":\"/\",\"cwd\":\"/\"}", &none, NULL));
}

/* Nobody's user is not root. */
static void
no_process(void)
{
	struct exec_from from = { .args = ls, .n_args = 2 };
	struct spec_process p;
	static const char file[] = "{\"cwd\":\"/\",\"args\":[\"a\"]}";

	err_clear(&e);
	OK(exec_process(&p, &from, &none, &arena, &e));
	OK(strstr(err_str(&e), "--process is needed") != NULL);
	from.name = "p.json";
	from.text = file;
	from.len = sizeof(file) - 1;
	err_clear(&e);
	OK(exec_process(&p, &from, &none, &arena, &e));
	OK(strstr(err_str(&e), "user: missing") != NULL);
}

int
main(void)
{
	users();
	by_options();
	by_file();
	no_process();
	return done();
}
