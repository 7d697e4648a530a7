/* SPDX-License-Identifier: MIT */
/* t_conf.c -- wherry.conf. */
#include "conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "arena.h"
#include "cmd.h"
#include "err.h"
#include "io.h"
#include "log.h"
#include "settings.h"
#include "tap.h"

static char block[1 << 18];
static char path[] = "/tmp/wherry-t_conf.XXXXXX";
static struct conf conf;

/* Reads a file with this content; the error without its path. */
static const char *
read_len(const char *text, size_t len)
{
	static struct err e;
	struct arena a = { block, block + sizeof(block) };
	int fd = open(path, O_WRONLY | O_TRUNC);

	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		return "can't write the test file";
	close(fd);
	e = (struct err){ 0 };
	if (conf_init(&conf, NULL, &a, &e))
		return "conf_init";
	if (!conf_read(&conf, path, &a, &e))
		return e.code ? "0 with an error" : "";
	if (strncmp(err_str(&e), path, strlen(path)))
		return err_str(&e);
	return err_str(&e) + strlen(path);
}

static const char *
try(const char *text)
{
	return read_len(text, strlen(text));
}

static void
defaults(void)
{
	struct arena a = { block, block + sizeof(block) };
	struct conf c;
	struct err e = { 0 };

	IS_INT(conf_init(&c, NULL, &a, &e), 0);
	OK(!c.state_dir);
	IS(c.log, NULL);
	IS(conf_text(&c, CONF_LOG), "");
	IS_INT(c.log_level, LEVEL_ERROR);
	IS_INT(c.log_format, FORMAT_TEXT);
	OK(c.devices_cgroup == POLICY_REQUIRE && c.lsm == POLICY_REQUIRE &&
		c.keyring == POLICY_REQUIRE);
	IS_INT(c.cgroup_manager, MANAGER_CGROUPFS);
	IS_INT(conf_init(&c, "/run/user/7", &a, &e), 0);
	IS(c.state_dir, "/run/user/7/wherry");
	IS_INT(c.origin[CONF_STATE_DIR].from, FROM_ENVIRONMENT);
	for (int i = 0; i < CONF_COUNT; i++)
		IS_INT(conf_find(conf_name((enum conf_key)i)), i);
	IS_INT(conf_find("nope"), -1);
	a.end = a.at;
	IS_INT(conf_init(&c, "/run/user/7", &a, &e), -1);
}

static void
good(void)
{
	IS(try("# a comment\n"
		"state_dir = /var/wherry\n"
		"log=/var/log/w ; said twice\n"
		"log_format: json\n\n"
		"log_level = debug\r\n"
		"cgroup_manager = disabled\n"
		"devices_cgroup = warn\n"
		"lsm = off\n"
		"keyring = require"), "");
	IS(conf.state_dir, "/var/wherry");
	IS(conf.log, "/var/log/w");
	IS_INT(conf.log_format, FORMAT_JSON);
	IS_INT(conf.log_level, LEVEL_DEBUG);
	IS_INT(conf.cgroup_manager, MANAGER_DISABLED);
	IS_INT(conf.devices_cgroup, POLICY_WARN);
	IS_INT(conf.lsm, POLICY_OFF);
	IS(conf_text(&conf, CONF_LSM), "off");
	IS_INT(conf.keyring, POLICY_REQUIRE);
	IS_INT(conf.origin[CONF_STATE_DIR].from, FROM_FILE);
	IS_INT(conf.origin[CONF_STATE_DIR].line, 2);
	IS_INT(conf.origin[CONF_KEYRING].line, 10);
	IS(conf.file, path);
	IS(try(""), "");
	IS(try("\xef\xbb\xbflsm = warn\n"), "");
	IS_INT(conf.lsm, POLICY_WARN);
}

static void
bad(void)
{
	char longer[600], big[70 * 1024];

	IS(try("\nroot = /x\n"), ":2: unknown key `root`");
	IS(try("LSM = off\n"), ":1: unknown key `LSM`");
	IS(try("lsm = off\n[main]\nkeyring = off\n"),
		":3: unknown section [main]");
	IS(try("lsm = maybe\n"),
		":1: lsm: `maybe` is not require, warn or off");
	IS(try("lsm =\n"), ":1: lsm: `` is not require, warn or off");
	IS(try("lsm = Off\n"), ":1: lsm: `Off` is not require, warn or off");
	IS(try("log_format = xml\n"),
		":1: log_format: `xml` is not text or json");
	IS(try("log_level = loud\n"), ":1: log_level: `loud` is not error, "
		"warning, info or debug");
	IS(try("cgroup_manager = systemd\n"), ":1: cgroup_manager: `systemd` "
		"is not cgroupfs or disabled");
	IS(try("state_dir = run\n"),
		":1: state_dir: `run` is not an absolute path");
	IS(try("state_dir =\n"), ":1: state_dir is empty");
	IS(try("lsm = off\n\nlsm = warn\n"), ":3: lsm is set twice");
	IS(try("lsm = off\n warn\n"), ":2: lsm is set twice");
	IS(try("# x\nlsm\n"), ":2: expected KEY = VALUE");
	IS(try("[main\n"), ":1: expected KEY = VALUE");
	/* the first error is the one that is told */
	IS(try("nope = 1\nlsm\n"), ":1: unknown key `nope`");
	IS(try("lsm\nnope = 1\n"), ":1: expected KEY = VALUE");
	IS(read_len("lsm = off\nkey\0ring = off\n", 25), ":2: NUL byte");
	memset(longer, 'x', sizeof(longer));
	memcpy(longer, "log = /", 7);
	longer[sizeof(longer) - 1] = '\0';
	IS(try(longer), ":1: line too long");
	memset(big, '\n', sizeof(big));
	IS(read_len(big, sizeof(big)), ":65536: file too large");
	IS_INT(conf.origin[CONF_LSM].from, FROM_DEFAULT);
}

static void
files(void)
{
	struct arena a = { block, block + sizeof(block) };
	struct err e = { 0 };

	IS_INT(conf_read(&conf, "/nonexistent/c", &a, &e), -1);
	IS(err_str(&e), "/nonexistent/c: no such file or directory");
	err_clear(&e);
	IS_INT(conf_read(&conf, "/", &a, &e), -1);
	IS(err_str(&e), "/: is a directory");
	/* without an end: no more than the limit is read */
	err_clear(&e);
	alarm(10);
	IS_INT(conf_read(&conf, "/dev/zero", &a, &e), -1);
	IS(err_str(&e), "/dev/zero:1: NUL byte");
	alarm(0);
	if (access(CONF_FILE, F_OK)) {
		err_clear(&e);
		conf_init(&conf, NULL, &a, &e);
		IS_INT(conf_read(&conf, NULL, &a, &e), 0);
		IS(conf.file, NULL);
	} else {
		SKIP(2, CONF_FILE " is there");
	}
}

static void
set(void)
{
	struct conf_origin line = { FROM_COMMAND_LINE, 0 };
	struct err e = { 0 };

	IS(try("state_dir = /a\nlog_level = info\n"), "");
	IS_INT(conf_set(&conf, CONF_STATE_DIR, "rel/b", line, &e), 0);
	IS(conf.state_dir, "rel/b");
	IS_INT(conf.origin[CONF_STATE_DIR].from, FROM_COMMAND_LINE);
	IS_INT(conf_set(&conf, CONF_LOG_LEVEL, "x", line, &e), -1);
	IS_INT(conf.log_level, LEVEL_INFO);
	IS_INT(conf.origin[CONF_LOG_LEVEL].line, 2);
}

/* sec 2.3: 0 to 1024, whatever wraps around to that. */
static void
listen_fds(void)
{
	static const struct {
		const char *text;
		int want;       /* -1: an error */
	} t[] = {
		{ "0", 0 }, { "1", 1 }, { "1023", 1023 }, { "1024", 1024 },
		{ "1025", -1 }, { "-1", -1 }, { "", -1 }, { "1x", -1 },
		{ " 1", -1 }, { "+1", -1 }, { "2147483647", -1 },
		{ "2147483648", -1 }, { "4294967295", -1 },
		{ "4294967296", -1 }, { "4294967297", -1 },
		{ "9223372036854775807", -1 }, { "9223372036854775808", -1 },
		{ "18446744073709551615", -1 }, { "18446744073709551616", -1 },
		{ "18446744073709551617", -1 },
	};
	char pid[16];
	size_t i;

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	for (i = 0; i < COUNT(t); i++) {
		struct opts o = { 0 };
		struct err e = { 0 };
		int r;

		setenv("LISTEN_FDS", t[i].text, 1);
		r = settings_listen(&o, &e);
		if (!OK(t[i].want < 0 ? r == -1 && e.code == EINVAL :
		    r == 0 && o.listen_fds == (unsigned)t[i].want))
			printf("#   of '%s'\n", t[i].text);
	}
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
}

int
main(void)
{
	int fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	defaults();
	good();
	bad();
	files();
	set();
	listen_fds();
	unlink(path);
	return done();
}
