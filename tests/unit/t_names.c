/* SPDX-License-Identifier: MIT */
/* t_names.c -- tests of names.h. */
#include "names.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>

#include "tap.h"

static void
test_signals(void)
{
	static const struct { const char *text; int want; } t[] = {
		{ "TERM", SIGTERM }, { "SIGTERM", SIGTERM },
		{ "sigterm", SIGTERM }, { "Term", SIGTERM }, { "15", 15 },
		{ "0", 0 }, { "9", 9 }, { "KILL", SIGKILL }, { "64", 64 },
		{ "999", -1 }, { "4294967305", -1 },
		{ "", -1 }, { "SIG", -1 }, { "-9", -1 }, { "+9", -1 },
		{ " 9", -1 }, { "9 ", -1 }, { "0x9", -1 }, { "9a", -1 },
		{ "SIGSIGTERM", -1 }, { "TERMINATE", -1 }, { "TER", -1 },
		{ "CHLD", SIGCHLD }, { "CLD", SIGCHLD }, { "IOT", SIGABRT },
		{ "POLL", SIGIO }, { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 },
		{ "WINCH", SIGWINCH }, { "SYS", SIGSYS }, { "PWR", SIGPWR },
		{ "RTMIN", 34 }, { "SIGRTMIN", 34 }, { "rtmin+3", 37 },
		{ "SIGRTMIN+3", 37 }, { "RTMIN+", -1 }, { "RTMIN-1", -1 },
		{ "RTMIN+999", -1 }, { "RTMAX", _NSIG - 1 },
		{ "SIGRTMAX-30", _NSIG - 31 }, { "RTMAX-", -1 },
		{ "RTMAX+1", -1 }, { "RTMIN+4294967296", -1 },
	};
	char number[12];
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		if (!IS_INT(signal_number(t[i].text), t[i].want))
			printf("#   of '%s'\n", t[i].text);
	}
	snprintf(number, sizeof(number), "%d", _NSIG - 1);
	IS_INT(signal_number(number), _NSIG - 1);
	snprintf(number, sizeof(number), "%d", _NSIG);
	IS_INT(signal_number(number), -1);
	snprintf(number, sizeof(number), "RTMIN+%d", _NSIG - 34);
	IS_INT(signal_number(number), -1);
}

static void
test_caps(void)
{
	IS_INT(cap_names.n, 41);
	IS_INT(cap_number("CAP_CHOWN"), 0);
	IS_INT(cap_number("CHOWN"), 0);
	IS_INT(cap_number("cap_kill"), 5);
	IS_INT(cap_number("CAP_SYS_ADMIN"), 21);
	IS_INT(cap_number("CAP_CHECKPOINT_RESTORE"), 40);
	IS_INT(cap_number("CAP_"), -1);
	IS_INT(cap_number(""), -1);
	IS_INT(cap_number("CAP_CAP_KILL"), -1);
	IS_INT(cap_number("CAP_NOTHING"), -1);
	for (unsigned i = 0; i < cap_names.n; i++)
		IS_INT(cap_number(cap_names.list[i].text), i);
	IS(names_text(&cap_names, 5), "KILL");
	IS(names_text(&cap_names, 41), NULL);
}

static void
test_tables(void)
{
	uint32_t v = 77;

	IS_INT(ns_names.n, 8);
	OK(names_value(&ns_names, "pid", &v) && v == CLONE_NEWPID);
	OK(names_value(&ns_names, "mount", &v) && v == CLONE_NEWNS);
	OK(names_value(&ns_names, "time", &v) && v == CLONE_NEWTIME);
	OK(!names_value(&ns_names, "PID", &v) && v == CLONE_NEWTIME);
	OK(!names_value(&ns_names, "", &v));
	OK(!names_value(&ns_names, "pi", &v));
	IS(names_text(&ns_names, CLONE_NEWNET), "network");
	IS(names_text(&ns_names, 0), NULL);
	IS_INT(rlimit_names.n, 16);
	OK(names_value(&rlimit_names, "RLIMIT_NOFILE", &v) &&
		v == RLIMIT_NOFILE);
	OK(!names_value(&rlimit_names, "NOFILE", &v));
	OK(!names_value(&rlimit_names, "RLIMIT_", &v));
	OK(!names_value(&rlimit_names, "RLIMIT_nofile", &v));
	IS(names_text(&rlimit_names, RLIMIT_AS), "AS");
}

int
main(void)
{
	test_signals();
	test_caps();
	test_tables();
	return done();
}
