/* SPDX-License-Identifier: MIT */
/* t_spec_range.c -- the limits of a config.  Every integer takes what is in its
 * range and nothing else: each is tried with every boundary of all of them, and
 * with numbers that are no integers. */
#include "spec_text.h"

#define U16 "65535"
#define U32 "4294967295"
#define ID "4294967294"
#define I64 "9223372036854775807"
#define U64 "18446744073709551615"

/* @ stands for the number. */
#define RATES(k) \
	RESOURCES("'blockIO':{'" k "':[{'major':1,'minor':1,'rate':@}]}")
#define RATES_MAJOR(k) \
	RESOURCES("'blockIO':{'" k "':[{'major':@,'minor':1,'rate':1}]}")
#define RATES_MINOR(k) \
	RESOURCES("'blockIO':{'" k "':[{'major':1,'minor':@,'rate':1}]}")
#define IDMAP(wrap, k, c, h, s) wrap("'" k "':[{'containerID':" c \
	",'hostID':" h ",'size':" s "}]")
#define IDMAPS(wrap, k) \
	{ IDMAP(wrap, k, "@", "1", "1"), "0", ID }, \
	{ IDMAP(wrap, k, "1", "@", "1"), "0", ID }, \
	{ IDMAP(wrap, k, "1", "1", "@"), "1", U32 }
#define DEVICE(m) LINUX("'devices':[{'path':'/d','type':'c'," m "}]")
#define RULE(m) RESOURCES("'devices':[{'allow':false," m "}]")
#define WEIGHTS(m) RESOURCES("'blockIO':{'weightDevice':[{" m "}]}")
#define CALL(m) SECCOMP("'syscalls':[{'names':['a'],'action':'SCMP_ACT_LOG'," \
	m "}]")
#define CALL_ARG(i, v, w) CALL("'args':[{'op':'SCMP_CMP_EQ','index':" i \
	",'value':" v ",'valueTwo':" w "}]")
#define HOOK(k) TOP("'hooks':{'" k "':[{'path':'/h','timeout':@}]}")
#define SCHED(m) PROCESS("'scheduler':{'policy':'SCHED_OTHER'," m "}")

static const struct {
	const char *text, *min, *max;
} fields[] = {
	IDMAPS(LINUX, "uidMappings"), IDMAPS(LINUX, "gidMappings"),
	IDMAPS(MOUNT, "uidMappings"), IDMAPS(MOUNT, "gidMappings"),
	{ PROCESS("'consoleSize':{'height':@,'width':1}"), "0", U64 },
	{ PROCESS("'consoleSize':{'height':1,'width':@}"), "0", U64 },
	{ PROCESS("'user':{'uid':@,'gid':1}"), "0", ID },
	{ PROCESS("'user':{'uid':1,'gid':@}"), "0", ID },
	{ PROCESS("'user':{'uid':1,'gid':1,'umask':@}"), "0", "511" },
	{ PROCESS("'user':{'uid':1,'gid':1,'additionalGids':[@]}"), "0", ID },
	{ PROCESS("'rlimits':[{'type':'RLIMIT_AS','soft':@,'hard':1}]"), "0",
		U64 },
	{ PROCESS("'rlimits':[{'type':'RLIMIT_AS','soft':1,'hard':@}]"), "0",
		U64 },
	{ PROCESS("'oomScoreAdj':@"), "-1000", "1000" },
	{ SCHED("'nice':@"), "-20", "19" },
	{ SCHED("'priority':@"), "0", "99" },
	{ SCHED("'runtime':@"), "0", U64 },
	{ SCHED("'deadline':@"), "0", U64 },
	{ SCHED("'period':@"), "0", U64 },
	{ PROCESS("'ioPriority':{'class':'IOPRIO_CLASS_RT','priority':@}"),
		"0", "7" },
	{ HOOK("prestart"), "1", "2147483" },
	{ HOOK("createRuntime"), "1", "2147483" },
	{ HOOK("createContainer"), "1", "2147483" },
	{ HOOK("startContainer"), "1", "2147483" },
	{ HOOK("poststart"), "1", "2147483" },
	{ HOOK("poststop"), "1", "2147483" },
	{ LINUX("'timeOffsets':{'boottime':{'secs':@}}"),
		"-9223372036854775808", I64 },
	{ LINUX("'timeOffsets':{'monotonic':{'secs':@}}"),
		"-9223372036854775808", I64 },
	{ LINUX("'timeOffsets':{'monotonic':{'nanosecs':@}}"), "0",
		"999999999" },
	{ LINUX("'timeOffsets':{'boottime':{'nanosecs':@}}"), "0",
		"999999999" },
	{ DEVICE("'major':@"), "0", "4095" },
	{ DEVICE("'minor':@"), "0", "1048575" },
	{ DEVICE("'fileMode':@"), "0", "65535" },
	{ DEVICE("'uid':@"), "0", ID },
	{ DEVICE("'gid':@"), "0", ID },
	{ RULE("'major':@"), "-1", "4095" },
	{ RULE("'minor':@"), "-1", "1048575" },
	{ RESOURCES("'memory':{'limit':@}"), "-1", I64 },
	{ RESOURCES("'memory':{'reservation':@}"), "-1", I64 },
	{ RESOURCES("'memory':{'swap':@}"), "-1", I64 },
	{ RESOURCES("'memory':{'kernel':@}"), "-1", I64 },
	{ RESOURCES("'memory':{'kernelTCP':@}"), "-1", I64 },
	{ RESOURCES("'memory':{'swappiness':@}"), "0", "100" },
	{ RESOURCES("'cpu':{'shares':@}"), "0", U64 },
	{ RESOURCES("'cpu':{'quota':@}"), "-1", I64 },
	{ RESOURCES("'cpu':{'burst':@}"), "0", U64 },
	{ RESOURCES("'cpu':{'period':@}"), "0", U64 },
	{ RESOURCES("'cpu':{'realtimeRuntime':@}"), "-1", I64 },
	{ RESOURCES("'cpu':{'realtimePeriod':@}"), "0", U64 },
	{ RESOURCES("'cpu':{'idle':@}"), "0", "1" },
	{ RESOURCES("'pids':{'limit':@}"), "-1", I64 },
	{ RESOURCES("'blockIO':{'weight':@}"), "0", "1000" },
	{ RESOURCES("'blockIO':{'leafWeight':@}"), "0", "1000" },
	{ WEIGHTS("'major':@,'minor':1"), "0", "4095" },
	{ WEIGHTS("'major':1,'minor':@"), "0", "1048575" },
	{ WEIGHTS("'major':1,'minor':1,'weight':@"), "0", "1000" },
	{ WEIGHTS("'major':1,'minor':1,'leafWeight':@"), "0", "1000" },
	{ RATES("throttleReadBpsDevice"), "0", U64 },
	{ RATES("throttleWriteBpsDevice"), "0", U64 },
	{ RATES("throttleReadIOPSDevice"), "0", U64 },
	{ RATES("throttleWriteIOPSDevice"), "0", U64 },
	{ RATES_MAJOR("throttleReadBpsDevice"), "0", "4095" },
	{ RATES_MINOR("throttleWriteIOPSDevice"), "0", "1048575" },
	{ RESOURCES("'hugepageLimits':[{'pageSize':'2MB','limit':@}]"), "0",
		U64 },
	{ RESOURCES("'network':{'classID':@}"), "0", U32 },
	{ RESOURCES("'network':{'priorities':[{'name':'e','priority':@}]}"),
		"0", U32 },
	{ RESOURCES("'rdma':{'d':{'hcaHandles':@}}"), "0", U32 },
	{ RESOURCES("'rdma':{'d':{'hcaObjects':@}}"), "0", U32 },
	{ SECCOMP("'defaultErrnoRet':@"), "0", "4095" },
	{ CALL("'errnoRet':@"), "0", "4095" },
	{ CALL_ARG("@", "1", "1"), "0", "5" },
	{ CALL_ARG("1", "@", "1"), "0", U64 },
	{ CALL_ARG("1", "1", "@"), "0", U64 },
};

static const char *const numbers[] = {
	"-99999999999999999999", "-9223372036854775809",
	"-9223372036854775808", "-4294967296", "-2147483649", "-2147483648",
	"-1001", "-1000", "-999", "-21", "-20", "-19", "-2", "-1", "0", "1",
	"2", "4", "5", "6", "7", "8", "18", "19", "20", "98", "99", "100",
	"101", "510", "511", "512", "999", "1000", "1001", "4094", "4095",
	"4096", "65535", "65536", "1048574", "1048575", "1048576", "2147482",
	"2147483", "2147484", "2147483647", "2147483648", "999999998",
	"999999999", "1000000000", "4294967293", "4294967294", "4294967295",
	"4294967296", "9223372036854775806", "9223372036854775807",
	"9223372036854775808", "18446744073709551614",
	"18446744073709551615", "18446744073709551616",
	"340282366920938463463374607431768211456",
};

static const char *const no_integers[] = {
	"1.0", "1e0", "1E+1", "0.5", "'1'", "true", "[1]", "{}",
};

/* The order of two decimal numbers. */
static int
compare(const char *a, const char *b)
{
	bool a_neg = *a == '-', b_neg = *b == '-';
	size_t a_len = strlen(a), b_len = strlen(b);
	int r;

	if (a_neg != b_neg)
		return a_neg ? -1 : 1;
	r = a_len != b_len ? (a_len < b_len ? -1 : 1) : strcmp(a, b);
	return a_neg ? -r : r;
}

static bool
takes(const char *text, const char *number)
{
	char full[1024];
	size_t n = strcspn(text, "@");

	snprintf(full, sizeof(full), "%.*s%s%s", (int)n, text, number,
		text + n + 1);
	return !*spec_try(full, false, false);
}

static void
test_field(const char *text, const char *min, const char *max)
{
	bool good = true, want;
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		want = compare(numbers[i], min) >= 0 &&
			compare(numbers[i], max) <= 0;
		if (takes(text, numbers[i]) != want) {
			printf("# %s with %s: %s\n", text, numbers[i],
				want ? err_str(&spec_err) : "taken");
			good = false;
		}
	}
	for (i = 0; i < sizeof(no_integers) / sizeof(no_integers[0]); i++) {
		if (takes(text, no_integers[i])) {
			printf("# %s with %s: taken\n", text, no_integers[i]);
			good = false;
		}
	}
	OK(good);
}

/* The limits on numbers of things. */
static void
test_limits(void)
{
	static char text[1 << 20];
	size_t n, i;

	n = (size_t)sprintf(text, "%s", "{'ociVersion':'1.3.0','mounts':[");
	for (i = 0; i < SPEC_MAX_MOUNTS; i++)
		n += (size_t)sprintf(text + n, "{'destination':'/a'},");
	sprintf(text + n - 1, "]}");
	OK(spec_good(text) && spec.n_mounts == SPEC_MAX_MOUNTS);
	sprintf(text + n - 1, ",{'destination':'/a'}]}");
	OK(strstr(spec_try(text, false, false),
		"mounts[4096]: more than 4096 elements"));

	n = (size_t)sprintf(text, "%s", "{'ociVersion':'1.3.0','root':{'path':"
		"'r'},'process':{'cwd':'/','env':['A=1'],'args':[");
	for (i = 0; i < SPEC_MAX_ARGS - 1; i++)
		n += (size_t)sprintf(text + n, "'a',");
	sprintf(text + n - 1, "]}}");
	IS(spec_try(text, true, false), "");
	sprintf(text + n - 1, ",'a']}}");
	IS(spec_try(text, true, false), "c: process.args: more than 16384 "
		"entries together with env");

	n = (size_t)sprintf(text, "%s", "{'ociVersion':'1.3.0','hostname':'");
	memset(text + n, 'a', 131071);
	strcpy(text + n + 131071, "'}");
	OK(spec_good(text) && strlen(spec.hostname) == 131071);
	strcpy(text + n + 131071, "a'}");
	OK(strstr(spec_try(text, false, false),
		"hostname: a string of more than 131071 bytes"));
}

/* Every prefix of a good file fails, by whatever mode, and none crashes. */
static void
test_prefixes(void)
{
	static const char text[] = NS("{'type':'pid'},{'type':'mount'}",
		"},'annotations':{'a':'b'},'mounts':[{'destination':'/a',"
		"'type':'x','options':['ro']}],'process':{'cwd':'/','args':"
		"['a'],'capabilities':{'bounding':['CAP_KILL']}},'z':{");
	char cut[sizeof(text)];
	size_t i, bad = 0;

	OK(spec_good(text));
	for (i = 0; i < sizeof(text) - 1; i++) {
		snprintf(cut, sizeof(cut), "%.*s", (int)i, text);
		bad += !*spec_try(cut, true, false);
		bad += !*spec_try(cut, true, true);
	}
	IS_INT(bad, 0);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		test_field(fields[i].text, fields[i].min, fields[i].max);
	test_limits();
	test_prefixes();
	return done();
}
