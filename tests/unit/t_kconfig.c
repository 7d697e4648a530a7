/* SPDX-License-Identifier: MIT */
/* t_kconfig.c -- lines of a .config, plain and packed; the table of features
 * and what a configuration says of it. */
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../src/kconfig.c"
#include "../../src/feature.c"
#include "tap.h"
#include "t_inflate.h"

static char block[4 << 20];
static struct err e;

static struct arena
fresh(void)
{
	e = (struct err){ 0 };
	return (struct arena){ block, block + sizeof(block) };
}

static int
file(const void *p, size_t n)
{
	int fd = memfd_create("t", 0);

	if (fd < 0 || write(fd, p, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET))
		exit(1);
	return fd;
}

/* --- Lines ---------------------------------------------------------------- */

/* "2: A=y" and so on: the number of lines, what is found of CONFIG_A. */
static const char *
scan_n(const char *text_, size_t n)
{
	static const char *const words[] = { "absent", "off", "m", "y" };
	static char out[32];
	struct kconfig_option o = { "CONFIG_A", 8, KCONFIG_ABSENT };
	unsigned lines = kconfig_scan(text_, n, &o, 1);

	snprintf(out, sizeof(out), "%u %s", lines, words[o.value]);
	return out;
}

static const char *
scan(const char *s)
{
	return scan_n(s, strlen(s));
}

static void
test_lines(void)
{
	IS(scan(""), "0 absent");
	IS(scan("\n\n#\n# x\n"), "0 absent");
	IS(scan("CONFIG_A=y\n"), "1 y");
	IS(scan("CONFIG_A=y"), "1 y");
	IS(scan("CONFIG_A=m\r\n"), "1 m");
	IS(scan("CONFIG_A=n\n"), "1 off");
	IS(scan("CONFIG_A=mm\n"), "1 y");
	IS(scan("CONFIG_A=0x10\n"), "1 y");
	IS(scan("CONFIG_A=\"\"\n"), "1 y");
	IS(scan("CONFIG_A=\n"), "0 absent");
	IS(scan("CONFIG_A\n"), "0 absent");
	IS(scan("CONFIG_A y\n"), "0 absent");
	IS(scan(" CONFIG_A=y\n"), "0 absent");
	IS(scan("# CONFIG_A is not set\n"), "1 off");
	IS(scan("# CONFIG_A is not set\r\n"), "1 off");
	IS(scan("# CONFIG_A is not set"), "1 off");
	IS(scan("# CONFIG_A is not se"), "0 absent");
	IS(scan("# CONFIG_A is not set!\n"), "0 absent");
	IS(scan("# CONFIG_A=y\n"), "0 absent");
	IS(scan("#CONFIG_A is not set\n"), "0 absent");
	IS(scan("# CONFIG_A"), "0 absent");
	IS(scan("# "), "0 absent");
	IS(scan("\r"), "0 absent");
	IS(scan("# \r"), "0 absent");
	IS(scan("CONFIG_AB=y\nCONFIG_=y\n"), "2 absent");
	IS(scan("CONFIG_A=y\n# CONFIG_A is not set\n"), "2 off");
	IS(scan("# CONFIG_A is not set\nCONFIG_A=m\nCONFIG_B=y\n"), "3 m");
	IS(scan_n("CONFIG_\0A=y\nCONFIG_A=y\n", 23), "2 y");
	/* the end is where n says, not a NUL */
	IS(scan_n("CONFIG_A=yes", 10), "1 y");
	IS(scan_n("CONFIG_A=y", 9), "0 absent");
}

static void
test_files(void)
{
	struct arena a = fresh();
	const char *p;
	uint8_t bad[sizeof(dynamic)];
	static char big[KCONFIG_MAX + 1];
	size_t n;
	int fd = file(text, strlen(text));

	p = kconfig_read(fd, "f", &n, &a, &e);
	OK(p && n == strlen(text) && !memcmp(p, text, n));
	close(fd);

	a = fresh();
	fd = file(dynamic, sizeof(dynamic));
	p = kconfig_read(fd, "f", &n, &a, &e);
	OK(p && n == strlen(text) && !memcmp(p, text, n));
	close(fd);

	a = fresh();
	memcpy(bad, dynamic, sizeof(bad));
	bad[sizeof(bad) - 5] ^= 1;
	fd = file(bad, sizeof(bad));
	OK(!kconfig_read(fd, "f", &n, &a, &e));
	IS(err_str(&e), "f: gzip: wrong checksum");
	close(fd);

	a = fresh();
	fd = file(big, sizeof(big));
	OK(!kconfig_read(fd, "f", &n, &a, &e));
	IS(err_str(&e), "f: more than 1048576 bytes");
	close(fd);

	a = fresh();
	OK(!kconfig_read(-1, "f", &n, &a, &e));
	IS(err_str(&e), "f: bad file descriptor");

	a = fresh();
	a.end = a.at + 1000;
	fd = file(text, strlen(text));
	OK(!kconfig_read(fd, "f", &n, &a, &e));
	IS_INT(e.code, ENOMEM);
	close(fd);
}

/* --- The table ------------------------------------------------------------ */

static void
test_table(void)
{
	struct feature_text t, before = { .name = "" };
	const char *at, *name;
	unsigned f, bad = 0, options = 0;
	size_t len;

	for (f = 0; f < F_COUNT; f++, before = t) {
		t = feature_text((enum feature)f);
		if (strcmp(before.name, t.name) >= 0 || !*t.option ||
		    !*t.effect || strlen(t.name) > 20 ||
		    strspn(t.name, "abcdefghijklmnopqrstuvwxyz0123456789-") !=
		    strlen(t.name)) {
			printf("# row %s\n", t.name);
			bad++;
		}
		/* an option is read whole, or the text is none of options */
		at = t.option;
		while ((name = feature_option(&at, &len))) {
			options++;
			if (len <= strlen("CONFIG_") || strspn(name,
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != len)
				bad++;
		}
		if ((*at && at != t.option) || (at == t.option &&
		    strstr(t.option, "CONFIG_")))
			bad++;
	}
	IS_INT(bad, 0);
	OK(options > 50 && options < MAX_OPTIONS);
	t = feature_text(F_SYSCTL);
	IS(t.name, "sysctl");
	IS(t.arg, "sys");
	IS_INT(F_SYSCTL, F_COUNT - 1);
}

static const char *
have(const char *config, enum feature f)
{
	static const char *const words[] = {
		[HAVE_NO] = "no", [HAVE_YES] = "yes", [HAVE_MODULE] = "module",
		[HAVE_UNKNOWN] = "unknown",
	};
	enum have all[F_COUNT];

	return feature_configured(all, config, strlen(config), fresh(), &e) ?
		err_str(&e) : words[all[f]];
}

static void
test_configured(void)
{
	IS(have("CONFIG_UTS_NS=y\n", F_NS_UTS), "yes");
	IS(have("CONFIG_UTS_NS=y\n", F_NS_IPC), "no");
	IS(have("# CONFIG_UTS_NS is not set\n", F_NS_UTS), "no");
	IS(have("CONFIG_OVERLAY_FS=m\n", F_FS_OVERLAY), "module");
	IS(have("CONFIG_UTS_NS=y\n", F_OPENAT2), "unknown");
	IS(have("CONFIG_UTS_NS=y\n", F_HOST_CLOCK), "unknown");
	IS(have("CONFIG_X=y\n", F_NS_MOUNT), "yes");
	/* one of two */
	IS(have("CONFIG_CGROUP_BPF=y\n", F_CG_DEVICES), "yes");
	IS(have("CONFIG_CGROUP_DEVICE=y\n", F_CG_DEVICES), "yes");
	IS(have("# CONFIG_CGROUP_DEVICE is not set\n", F_CG_DEVICES), "no");
	IS(have("CONFIG_BLK_CGROUP_IOCOST=y\n", F_CG_IO_WEIGHT), "yes");
	IS(have("CONFIG_BFQ_GROUP_IOSCHED=m\n", F_CG_IO_WEIGHT), "module");
	IS(have("x\n", F_NS_UTS), "not the configuration of a kernel: "
		"no line begins with CONFIG_");
	IS(have("", F_NS_UTS), "not the configuration of a kernel: "
		"no line begins with CONFIG_");
}

int
main(void)
{
	(void)literals;
	test_lines();
	test_files();
	test_table();
	test_configured();
	return done();
}
